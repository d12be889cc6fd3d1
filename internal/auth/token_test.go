package auth_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// told keeps what was written down.
type told struct {
	mu     sync.Mutex
	events []auth.TokenEvent
	fails  error
}

// Token implements auth.TokenWitness.
func (w *told) Token(_ context.Context, e auth.TokenEvent) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
	return w.fails
}

// keyHouse is the house with keys: shen is a field officer of 洪合 with an account, lu of the district office has one too.
type keyHouse struct {
	*house

	keys *auth.Keys
	told *told
	shen auth.Holder
	lu   auth.Holder
}

func keySetup(t *testing.T) *keyHouse {
	t.Helper()
	h := setup(t)
	h.db.Exec(t, "postgres", `INSERT INTO guatu.person (id, version, code, sort, name, role) VALUES (2, 1, 'lu', 2, '陆某', 'district')`)
	require.NoError(t, h.Add(t.Context(), auth.Draft{Login: "lu", Person: "lu", Password: right}))
	k := &keyHouse{house: h, told: &told{}}
	k.keys = auth.NewKeys(h.store, k.told, func() time.Time { return h.now })
	k.shen = auth.Holder{Actor: auth.Actor{ID: "shen", Name: "沈某", Role: "field", Unit: "honghe"}, Login: "shen", Address: here}
	k.lu = auth.Holder{Actor: auth.Actor{ID: "lu", Name: "陆某", Role: "district"}, Login: "lu", Address: here}
	return k
}

func wall() auth.Wanted { return auth.Wanted{Kind: auth.WallToken, Name: "一楼大厅"} }

func script() auth.Wanted { return auth.Wanted{Kind: auth.APIToken, Name: "周报脚本", Days: 30} }

func (k *keyHouse) make(t *testing.T, h auth.Holder, w auth.Wanted) (string, auth.Token) {
	t.Helper()
	secret, made, err := k.keys.Make(t.Context(), h, w)
	require.NoError(t, err)
	return secret, made
}

func TestATokenIsShownOnceAndKeptAsItsHash(t *testing.T) {
	t.Parallel()
	k := keySetup(t)
	secret, made := k.make(t, k.lu, wall())
	assert.True(t, strings.HasPrefix(secret, "guatu_wall_"), secret)
	assert.True(t, auth.LooksLikeToken(secret), "a finder of a leaked one knows what it is")
	assert.False(t, auth.LooksLikeToken(secret[:len(secret)-1]+"x"))
	k.db.Exec(t, "postgres", `DO $$ BEGIN
		ASSERT (SELECT count(*) FROM guatu.token t WHERE t::text LIKE '%一楼大厅%') = 1;
		ASSERT (SELECT count(*) FROM guatu.token t WHERE t::text LIKE '%`+secret[11:]+`%') = 0;
	END $$`)
	used, err := k.keys.Use(t.Context(), secret, here, auth.WallToken)
	require.NoError(t, err)
	assert.Equal(t, made.ID, used.ID)
	assert.Equal(t, auth.Actor{ID: "wall", Name: "一楼大厅", Role: "wall"}, used.Actor())
	assert.False(t, auth.ScopeOf(used.Actor()).Sees("honghe", ""), "a screen sees what everybody sees")
	require.Error(t, used.Actor().May("case.milestone"))
}

func TestATokenThatIsNoGood(t *testing.T) {
	t.Parallel()
	k := keySetup(t)
	secret, made := k.make(t, k.lu, auth.Wanted{Kind: auth.WallToken, Name: "大厅", Networks: []netip.Prefix{netip.MustParsePrefix("10.12.0.7/32")}})
	refused := func(code, secret, address string, kinds ...auth.TokenKind) {
		t.Helper()
		_, err := k.keys.Use(t.Context(), secret, address, kinds...)
		require.True(t, fault.Is(err, code), "%v", err)
		assert.Equal(t, fault.KindUnidentified, fault.KindOf(err))
	}
	refused("token_unknown", "", here, auth.WallToken)
	refused("token_unknown", "guatu_wall_"+strings.Repeat("A", 33), here, auth.WallToken)
	refused("token_unknown", secret, here, auth.APIToken)
	refused("token_elsewhere", secret, there, auth.WallToken)
	_, err := k.keys.Use(t.Context(), secret, "::ffff:10.12.0.7", auth.WallToken)
	require.NoError(t, err, "the same address as IPv6 writes it")
	k.now = k.now.AddDate(2, 0, 0)
	_, err = k.keys.Use(t.Context(), secret, here, auth.WallToken)
	require.NoError(t, err, "a screen does not end by itself, at midnight or later")
	require.NoError(t, k.keys.Revoke(t.Context(), k.lu, made.ID))
	refused("wall_revoked", secret, here, auth.WallToken)
	_, err = k.keys.Stands(t.Context(), made.ID, here)
	require.Error(t, err)

	api, _ := k.make(t, k.shen, script())
	k.now = k.now.AddDate(0, 0, 31)
	refused("token_expired", api, here, auth.APIToken)
	api, _ = k.make(t, k.shen, script())
	require.NoError(t, k.SetDisabled(t.Context(), "shen", true))
	refused("account_disabled", api, here, auth.APIToken)
}

func TestNobodyHandsOnMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	k := keySetup(t)
	admin := auth.Holder{Actor: auth.Actor{ID: "xi", Role: campaign.RoleSystemAdmin}, Login: "xi", Address: here}
	auditor := auth.Holder{Actor: auth.Actor{ID: "shenji", Role: campaign.RoleAuditor}, Login: "shenji", Address: here}
	machine := auth.Holder{Actor: auth.System(), Address: here} // guatu token
	for name, c := range map[string]struct {
		by   auth.Holder
		want auth.Wanted
		code string
	}{
		"a wall by a field officer":         {k.shen, wall(), "no_right"},
		"another's token":                   {k.shen, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1, Login: "lu"}, "no_right"},
		"another unit":                      {k.shen, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1, Unit: "wangdian"}, "no_right"},
		"a wall that changes":               {k.lu, auth.Wanted{Kind: auth.WallToken, Name: "x", MayChange: true}, "wall_only_shows"},
		"a token without end":               {k.shen, auth.Wanted{Kind: auth.APIToken, Name: "x"}, "token_days"},
		"a token for years":                 {k.shen, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 4000}, "token_days"},
		"a phone without its code":          {k.lu, auth.Wanted{Kind: auth.DeviceToken, Name: "x"}, "token_kind"},
		"a token without name":              {k.shen, auth.Wanted{Kind: auth.APIToken, Name: " ", Days: 1}, "token_name"},
		"a name that breaks lines of a log": {k.shen, auth.Wanted{Kind: auth.APIToken, Name: "a\nb", Days: 1}, "token_name"},
		"a token to act as another":         {k.lu, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1, Login: "shen"}, "no_right"},
		"an administrator's program":        {admin, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1}, "token_of_administrator"},
		"an auditor's wall":                 {auditor, wall(), "no_right"},
		"a token for nobody":                {machine, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1, Login: "ghost"}, "account_not_found"},
	} {
		_, _, err := k.keys.Make(t.Context(), c.by, c.want)
		assert.True(t, fault.Is(err, c.code), "%s: %v", name, err)
	}
	_, made := k.make(t, machine, auth.Wanted{Kind: auth.APIToken, Name: "x", Days: 1, Login: "shen", Unit: "honghe"})
	assert.Equal(t, "field", made.Actor().Role, "a token acts as its owner, whoever made it")
	assert.Equal(t, "honghe", made.Actor().Unit)
	_, theirs := k.make(t, k.lu, script())
	require.True(t, fault.Is(k.keys.Revoke(t.Context(), k.shen, theirs.ID), "token_not_found"))
	list, err := k.keys.List(t.Context(), k.shen)
	require.NoError(t, err)
	assert.Len(t, list, 1)
	all, err := k.keys.List(t.Context(), k.lu)
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

func TestACodeEnrolsOnePhoneOnceWithinTenMinutes(t *testing.T) {
	t.Parallel()
	k := keySetup(t)
	code, expires, err := k.keys.Enrolment(t.Context(), k.shen)
	require.NoError(t, err)
	assert.Equal(t, k.now.Add(10*time.Minute), expires)
	var enrolled atomic.Int32
	var phone atomic.Value
	var wg sync.WaitGroup
	for range 8 { // at once
		wg.Go(func() {
			if secret, _, err := k.keys.Enrol(t.Context(), code, "Mate 60", here); err == nil {
				enrolled.Add(1)
				phone.Store(secret)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, enrolled.Load())
	secret, ok := phone.Load().(string)
	require.True(t, ok)
	used, err := k.keys.Use(t.Context(), secret, there, auth.DeviceToken)
	require.NoError(t, err)
	assert.Equal(t, "shen", used.Actor().ID)
	k.now = k.now.Add(29 * 24 * time.Hour)
	_, err = k.keys.Use(t.Context(), secret, there, auth.DeviceToken)
	require.NoError(t, err, "offline for 29 days")
	k.now = k.now.Add(29 * 24 * time.Hour)
	_, err = k.keys.Use(t.Context(), secret, there, auth.DeviceToken)
	require.NoError(t, err, "each use begins the 30 days anew")
	k.now = k.now.Add(31 * 24 * time.Hour)
	_, err = k.keys.Use(t.Context(), secret, there, auth.DeviceToken)
	require.True(t, fault.Is(err, "token_expired"), err)

	late, _, err := k.keys.Enrolment(t.Context(), k.shen)
	require.NoError(t, err)
	k.now = k.now.Add(10 * time.Minute)
	_, _, err = k.keys.Enrol(t.Context(), late, "x", here)
	require.True(t, fault.Is(err, "enrolment_unknown"), err)
	first, _, err := k.keys.Enrolment(t.Context(), k.shen)
	require.NoError(t, err)
	_, _, err = k.keys.Enrolment(t.Context(), k.shen)
	require.NoError(t, err)
	_, _, err = k.keys.Enrol(t.Context(), first, "x", here)
	require.True(t, fault.Is(err, "enrolment_unknown"), "a new code replaces the one before")
}

func TestWhatHappensToTokensIsWrittenDownFirst(t *testing.T) {
	t.Parallel()
	k := keySetup(t)
	secret, made := k.make(t, k.lu, wall())
	_, _ = k.keys.Use(t.Context(), secret, here, auth.WallToken)
	_, _ = k.keys.Use(t.Context(), secret, here, auth.WallToken) // the same use goes on
	_, _ = k.keys.Use(t.Context(), secret, there, auth.WallToken)
	_, _, _ = k.keys.Make(t.Context(), k.shen, wall())
	require.NoError(t, k.keys.Revoke(t.Context(), k.lu, made.ID))
	_, _ = k.keys.Use(t.Context(), secret, here, auth.WallToken)
	var said []string
	for _, e := range k.told.events {
		said = append(said, strings.TrimSpace(string(e.Deed)+" "+e.By+" "+e.Address+" "+e.Refusal))
	}
	assert.Equal(t, []string{
		"token.create lu 10.12.0.7", "token.use wall 10.12.0.7", "token.use wall 10.12.0.8", "token.create shen 10.12.0.7 no_right",
		"token.revoke lu 10.12.0.7", "token.use wall 10.12.0.7 wall_revoked",
	}, said)

	k.told.fails = fault.New(fault.KindUnavailable, "log_away", "日志不可用", "the log is away")
	_, _, err := k.keys.Make(t.Context(), k.lu, wall())
	require.True(t, fault.Is(err, "log_away"), "what cannot be written down does not happen")
	list, err := k.keys.List(t.Context(), k.lu)
	require.NoError(t, err)
	assert.Len(t, list, 1)
}
