package auth_test

import (
	"context"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// cheap hashes at once: the tests are about the gate, not about argon2id.
var cheap = auth.Cost{MemoryKiB: 8, Iterations: 1, Parallelism: 1}

const (
	here  = "10.12.0.7"
	there = "10.12.0.8"
	right = "Chuangye-2020"
)

// house is a gate over a database of its own, with the account shen and a clock that stands.
type house struct {
	*auth.Gate
	store *postgres.Store
	db    *dbtest.DB
	now   time.Time
}

func setup(t *testing.T) *house {
	t.Helper()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	db.Exec(t, "postgres", `INSERT INTO guatu.person (id, version, code, sort, name, role) VALUES (1, 1, 'shen', 1, '沈某', 'field')`)
	h := &house{store: store, db: db, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	h.Gate = h.gate(t, cheap)
	require.NoError(t, h.Add(t.Context(), auth.Draft{Login: "shen", Person: "shen", Password: right}))
	return h
}

func (h *house) gate(t *testing.T, cost auth.Cost) *auth.Gate {
	t.Helper()
	g, err := auth.NewGate(t.Context(), h.store, auth.UsualRules(), cost, func() time.Time { return h.now })
	require.NoError(t, err)
	return g
}

func (h *house) try(t *testing.T, login, password, address string) error {
	t.Helper()
	_, err := h.SignIn(t.Context(), auth.Attempt{Login: login, Password: password, Address: address})
	return err
}

func (h *house) signIn(t *testing.T) auth.Session {
	t.Helper()
	s, err := h.SignIn(t.Context(), auth.Attempt{Login: "shen", Password: right, Address: here, Agent: "test"})
	require.NoError(t, err)
	return s
}

func code(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	return f.Code
}

func TestWhoSignsInIsThePersonOfTheAccount(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s, err := h.SignIn(t.Context(), auth.Attempt{Login: " Shen ", Password: right, Address: here})
	require.NoError(t, err)
	assert.Equal(t, auth.Actor{ID: "shen", Name: "沈某", Role: "field"}, s.Actor)
	assert.Equal(t, auth.NotDue, s.Due)
	seen, err := h.Visit(t.Context(), s.Token, 0)
	require.NoError(t, err)
	assert.Equal(t, s.Actor, seen.Actor)
	list, err := h.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, h.now, list[0].SignedInAt.UTC())
}

func TestWrongAttemptsAreCountedAndSaid(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, said := range []string{"账号或密码不正确，还可尝试 4 次", "账号或密码不正确，还可尝试 3 次", "账号或密码不正确，还可尝试 2 次", "账号或密码不正确，还可尝试 1 次", "连续 5 次输错，账号已锁定 30 分钟"} {
		f, ok := fault.As(h.try(t, "shen", "wrong", here))
		require.True(t, ok)
		assert.Equal(t, said, f.ZH)
	}
	assert.Equal(t, "sign_in_locked", code(h.try(t, "shen", right, here)), "the right password opens nothing while it is locked")
	require.NoError(t, h.try(t, "shen", right, there), "nobody locks the commander out from another address")

	h.now = h.now.Add(30*time.Minute - time.Second)
	assert.Equal(t, "sign_in_locked", code(h.try(t, "shen", right, here)), "attempts while it is locked do not matter, either way")
	h.now = h.now.Add(time.Second)
	require.NoError(t, h.try(t, "shen", right, here), "thirty minutes after the fifth")
}

func TestARightAttemptEndsTheRow(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for range 3 {
		for range 4 {
			assert.Equal(t, "sign_in_wrong", code(h.try(t, "shen", "wrong", here)))
		}
		require.NoError(t, h.try(t, "shen", right, here))
	}
}

func TestAnUnknownAccountAnswersLikeAKnownOne(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, login := range []string{"nobody", "'; DROP TABLE account; --", strings.Repeat("x", 5000), ""} {
		g := setup(t)
		for range 6 {
			wrong, unknown := h.try(t, "shen", "wrong", login+"0"), g.try(t, login, right, here)
			assert.Equal(t, wrong, unknown, login)
		}
	}
}

// TestAnUnknownAccountTakesTheSameWork: no clock tells it from a known one, since a password is hashed at the same cost either way. What
// is counted is the memory that hashing takes.
//
//nolint:paralleltest // it counts what the whole process allocates
func TestAnUnknownAccountTakesTheSameWork(t *testing.T) {
	const cost = 64 << 20
	h := setup(t)
	h.Gate = h.gate(t, auth.Cost{MemoryKiB: cost >> 10, Iterations: 1, Parallelism: 1})
	require.NoError(t, h.Reset(t.Context(), "shen", right))
	for _, login := range []string{"shen", "nobody", "shen@qq.com", "", strings.Repeat("x", 5000)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.Error(t, h.try(t, login, "wrong", here), login)
		runtime.ReadMemStats(&after)
		work := after.TotalAlloc - before.TotalAlloc
		assert.Greater(t, work, uint64(cost), login)
		assert.Less(t, work, uint64(2*cost), login)
	}
}

// TestManyAttemptsAtOnceAreNoMoreThanFive: counting comes before judging.
func TestManyAttemptsAtOnceAreNoMoreThanFive(t *testing.T) {
	t.Parallel()
	h := setup(t)
	var wg sync.WaitGroup
	codes := make([]string, 40)
	for i := range codes {
		wg.Go(func() { codes[i] = code(h.try(t, "shen", "wrong", here)) })
	}
	wg.Wait()
	assert.Equal(t, 4, strings.Count(strings.Join(codes, " "), "sign_in_wrong"))
	assert.Equal(t, "sign_in_locked", code(h.try(t, "shen", right, here)))
}

func TestASessionEndsWithoutActivityOfTheUser(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.signIn(t)
	visit := func(after, quiet time.Duration) error {
		h.now = h.now.Add(after)
		_, err := h.Visit(t.Context(), s.Token, quiet)
		return err
	}
	require.NoError(t, visit(29*time.Minute, 0))
	require.NoError(t, visit(29*time.Minute, auth.Background), "a stream looks and is no activity")
	f, ok := fault.As(visit(time.Minute, 0))
	require.True(t, ok)
	assert.Equal(t, "30 分钟未操作，已退出；未保存的内容已保留", f.ZH)
	assert.Equal(t, fault.KindUnidentified, f.Kind)
	assert.Equal(t, "session_over", code(visit(time.Hour, 0)), "it stays over")

	s = h.signIn(t)
	require.NoError(t, visit(20*time.Minute, 5*time.Minute), "the page says when its user last did something")
	require.NoError(t, visit(24*time.Minute, auth.Background))
	assert.Equal(t, "session_over", code(visit(time.Minute, auth.Background)))
}

func TestASessionEndsAfterADaysWork(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.signIn(t)
	for range 35 {
		h.now = h.now.Add(20 * time.Minute)
		_, err := h.Visit(t.Context(), s.Token, 0)
		require.NoError(t, err)
	}
	h.now = h.now.Add(20 * time.Minute)
	_, err := h.Visit(t.Context(), s.Token, 0)
	assert.Equal(t, "session_over", code(err))
	assert.ErrorContains(t, err, "signed in for 12 hours")
}

func TestSigningOutHereAndEverywhere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	a, b, c := h.signIn(t), h.signIn(t), h.signIn(t)
	require.NoError(t, h.SignOut(t.Context(), a.Token, false))
	_, err := h.Visit(t.Context(), a.Token, 0)
	assert.Equal(t, "not_signed_in", code(err))
	_, err = h.Visit(t.Context(), b.Token, 0)
	require.NoError(t, err)
	require.NoError(t, h.SignOut(t.Context(), b.Token, true))
	for _, s := range []auth.Session{b, c} {
		_, err = h.Visit(t.Context(), s.Token, 0)
		assert.Equal(t, "not_signed_in", code(err))
	}
}

// TestNoTokenSurvivesASignIn: what an attacker planted before is worth nothing afterwards.
func TestNoTokenSurvivesASignIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	planted := h.signIn(t)
	s, err := h.SignIn(t.Context(), auth.Attempt{Login: "shen", Password: right, Address: here, Token: planted.Token})
	require.NoError(t, err)
	assert.NotEqual(t, planted.Token, s.Token)
	_, err = h.Visit(t.Context(), planted.Token, 0)
	assert.Equal(t, "not_signed_in", code(err))
	_, err = h.Visit(t.Context(), "made up", 0)
	assert.Equal(t, "not_signed_in", code(err))
}

func TestAGivenPasswordMustBeChanged(t *testing.T) {
	t.Parallel()
	h := setup(t)
	require.NoError(t, h.Reset(t.Context(), "shen", "Xin-mima-88x"))
	s, err := h.SignIn(t.Context(), auth.Attempt{Login: "shen", Password: "Xin-mima-88x", Address: here})
	require.NoError(t, err)
	assert.Equal(t, auth.DueFirst, s.Due)
	for wanted, says := range map[string]string{"short": "password_weak", "Xin-mima-88x": "password_same"} {
		_, err = h.ChangePassword(t.Context(), s, "Xin-mima-88x", wanted)
		assert.Equal(t, says, code(err))
	}
	_, err = h.ChangePassword(t.Context(), s, "not the old one", right)
	assert.Equal(t, "sign_in_wrong", code(err))
	assert.Equal(t, fault.KindDenied, fault.KindOf(err), "who asks is signed in all the same")
	next, err := h.ChangePassword(t.Context(), s, "Xin-mima-88x", right)
	require.NoError(t, err)
	assert.Equal(t, auth.NotDue, next.Due)
	_, err = h.Visit(t.Context(), s.Token, 0)
	assert.Equal(t, "not_signed_in", code(err), "sessions under the old password end")
	require.NoError(t, h.try(t, "shen", right, here))
}

func TestAPasswordExpires(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.now = h.now.Add(90*24*time.Hour - time.Second)
	assert.Equal(t, auth.NotDue, h.signIn(t).Due)
	h.now = h.now.Add(time.Second)
	assert.Equal(t, auth.DueExpired, h.signIn(t).Due)
}

func TestADisabledAccountIsClosedAtOnceAndOpensAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.signIn(t)
	require.NoError(t, h.SetDisabled(t.Context(), "shen", true))
	_, err := h.Visit(t.Context(), s.Token, 0)
	assert.Equal(t, "not_signed_in", code(err))
	assert.Equal(t, "sign_in_wrong", code(h.try(t, "shen", "wrong", here)), "only who knows the password learns that it is disabled")
	assert.Equal(t, "account_disabled", code(h.try(t, "shen", right, here)))
	require.NoError(t, h.SetDisabled(t.Context(), "shen", false))
	require.NoError(t, h.try(t, "shen", right, here))
	assert.Equal(t, "account_not_found", code(h.SetDisabled(t.Context(), "nobody", true)))
}

func TestAnAccountIsMadeProperlyOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := setup(t)
	good := auth.Draft{Login: "he", Person: "shen", Password: right}
	for says, bad := range map[string]auth.Draft{
		"login_taken":      {Login: "SHEN", Person: "shen", Password: right},
		"person_not_found": {Login: "lu", Person: "lu", Password: right},
		"password_weak":    {Login: "lu", Person: "shen", Password: "12345678"},
		"login_not_plain":  {Login: "沈某", Person: "shen", Password: right},
	} {
		assert.Equal(t, says, code(h.Add(t.Context(), good, bad)))
	}
	list, err := h.List(t.Context())
	require.NoError(t, err)
	assert.Len(t, list, 1, "all or none")
}

func TestAPasswordIsHashedAnewWhenTheCostChanges(t *testing.T) {
	t.Parallel()
	h := setup(t)
	before, err := h.store.Account(t.Context(), "shen")
	require.NoError(t, err)
	h.Gate = h.gate(t, auth.Cost{MemoryKiB: 16, Iterations: 2, Parallelism: 1})
	h.signIn(t)
	after, err := h.store.Account(t.Context(), "shen")
	require.NoError(t, err)
	assert.Contains(t, before.Password, "m=8,t=1,p=1")
	assert.Contains(t, after.Password, "m=16,t=2,p=1")
	assert.Equal(t, before.ChangedAt, after.ChangedAt)
	h.signIn(t)
}

// TestTheDatabaseKeepsNoSecretThatLetsIn: neither token nor password is in it.
func TestTheDatabaseKeepsNoSecretThatLetsIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.signIn(t)
	require.Error(t, h.try(t, right, right, here), "a password typed into the wrong field")
	h.db.Exec(t, "postgres", `DO $$ BEGIN
		IF EXISTS (SELECT FROM guatu.account a WHERE a::text LIKE '%`+right+`%')
		OR EXISTS (SELECT FROM guatu.session s WHERE s::text LIKE '%`+s.Token+`%' OR encode(s.token, 'escape') LIKE '%`+s.Token+`%')
		OR EXISTS (SELECT FROM guatu.sign_in_attempt a WHERE lower(a::text) LIKE lower('%`+right+`%'))
		THEN RAISE 'found'; END IF; END $$`)
}
