package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/ledger"
)

type madeToken struct {
	Token struct {
		ID    int64
		State string
	}
	Secret string
}

func (h *house) makeToken(t *testing.T, as string, want fields) madeToken {
	t.Helper()
	a := h.send(t, h.session(t, as), http.MethodPost, "/tokens", want)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var m madeToken
	a.into(t, &m)
	return m
}

// bearer asks as a program does.
func (h *house) bearer(t *testing.T, secret, method, path string, body fields) answer {
	t.Helper()
	header := map[string]string{"Authorization": "Bearer " + secret, "Content-Type": "application/json"}
	return h.ask(t, request{method: method, path: "/api/v1" + path, as: nobody, header: header, body: strings.NewReader(text(t, body))})
}

// onScreen shows a token as a screen does, and gives its cookie.
func (h *house) onScreen(t *testing.T, secret string) *http.Cookie {
	t.Helper()
	header := map[string]string{"Content-Type": "application/json"}
	a := h.ask(t, request{method: http.MethodPost, path: "/api/v1/session/wall", as: nobody, header: header, body: strings.NewReader(text(t, fields{"token": secret}))})
	return sessionCookie(t, a)
}

type heldSession struct {
	Person  *struct{ ID string }
	Wall    *struct{ Name, Unit string }
	Device  bool
	Refusal *struct{ ZH string }
}

func (h *house) heldBy(t *testing.T, cookie *http.Cookie) heldSession {
	t.Helper()
	var s heldSession
	h.send(t, cookie, http.MethodGet, "/session", nil).into(t, &s)
	return s
}

func TestAScreenShowsAndDoesNothingElse(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	made := h.makeToken(t, "lu", fields{"kind": "wall", "name": "一楼大厅", "unit": "honghe"})
	cookie := h.onScreen(t, made.Secret)
	assert.Equal(t, "guatu_wall", cookie.Name)
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, "honghe", h.heldBy(t, cookie).Wall.Unit)
	for _, path := range []string{"/campaign", "/cases", "/units", "/layers/parcels", "/layers/parcels/flat", "/figures"} {
		assert.Equal(t, http.StatusOK, h.send(t, cookie, http.MethodGet, path, nil).status, path)
	}
	listed := string(h.send(t, h.session(t, "lu"), http.MethodGet, "/cases", nil).body)
	shown := string(h.send(t, cookie, http.MethodGet, "/cases", nil).body)
	assert.Contains(t, listed, `"label"`)
	assert.NotContains(t, shown, `"label":"`+"华", "no names of firms")
	for _, refused := range [][2]string{
		{http.MethodGet, "/people"},
		{http.MethodGet, "/enterprises"},
		{http.MethodGet, "/search?q=hl"},
		{http.MethodGet, "/cases/" + number(cases[0])},
		{http.MethodGet, "/cases?columns=responsible"},
		{http.MethodGet, "/tokens"},
		{http.MethodGet, "/campaign/definition"},
		{http.MethodPost, "/changes"},
		{http.MethodPost, "/tokens/enrolment"},
	} {
		a := h.send(t, cookie, refused[0], refused[1], fields{})
		assert.Equal(t, "wall_only_shows", a.problem(t).Code, refused)
	}
	wall := h.bearer(t, made.Secret, http.MethodGet, "/cases", nil)
	assert.Equal(t, "token_unknown", wall.problem(t).Code, "a screen's token is no program's")
}

// TestAScreenOfOneUnitIsToldOfThatUnit: whatever it asks for. One of the campaign is told of all, or of the unit it asks for.
func TestAScreenOfOneUnitIsToldOfThatUnit(t *testing.T) {
	t.Parallel()
	h, _, _ := town(t)
	narrow := h.onScreen(t, h.makeToken(t, "lu", fields{"kind": "wall", "name": "镇政府", "unit": "honghe"}).Secret)
	whole := h.onScreen(t, h.makeToken(t, "lu", fields{"kind": "wall", "name": "一楼大厅"}).Secret)
	read := func(as *http.Cookie, path string) string {
		a := h.send(t, as, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
		return string(a.body)
	}
	questions := []string{"/cases?sort=code", "/villages?x=1", "/targets?x=1", "/figures?by=unit", "/figures/burn-up?metric=rectified", "/figures/moves?from=2020-01-01&to=2020-06-01", "/wall?x=1"}
	different := 0
	for _, path := range questions {
		own := read(whole, path+"&unit=honghe")
		assert.Equal(t, own, read(narrow, path), path)
		assert.Equal(t, own, read(narrow, path+"&unit=honghe"), path)
		if read(whole, path) != own {
			different++
		}
		for _, other := range []string{"&unit=wangdian", "&unit=honghe&unit=wangdian"} {
			assert.Equal(t, "wall_other_unit", h.send(t, narrow, http.MethodGet, path+other, nil).problem(t).Code, path)
		}
	}
	assert.GreaterOrEqual(t, different, 3, "there is something of other units")
}

// TestTheSystemAdministratorKeepsEverybodysTokens: gives out screens, sees and ends whatever is anybody's, and gets none to work with.
func TestTheSystemAdministratorKeepsEverybodysTokens(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.administrators(t)
	theirs := h.makeToken(t, "shen", fields{"kind": "api", "name": "周报", "days": 30})
	made := h.makeToken(t, "xi", fields{"kind": "wall", "name": "大厅", "unit": "honghe", "networks": []string{"127.0.0.0/8"}})
	assert.Equal(t, "honghe", h.heldBy(t, h.onScreen(t, made.Secret)).Wall.Unit)
	xi := h.session(t, "xi")
	var list []struct {
		Name, Login, Unit string
		Networks          []string
		UsedFrom          string `json:"used_from"`
	}
	h.send(t, xi, http.MethodGet, "/tokens", nil).into(t, &list)
	require.Len(t, list, 2)
	assert.Equal(t, []string{"127.0.0.0/8"}, list[0].Networks)
	assert.Equal(t, "127.0.0.1", list[0].UsedFrom)
	assert.Equal(t, "shen", list[1].Login)
	require.Equal(t, http.StatusNoContent, h.send(t, xi, http.MethodDelete, "/tokens/"+number(theirs.Token.ID), nil).status)
	assert.Equal(t, "token_revoked", h.bearer(t, theirs.Secret, http.MethodGet, "/cases", nil).problem(t).Code)
	for want, body := range map[string]fields{
		"token_of_administrator": {"kind": "api", "name": "x", "days": 1},
		"unit_unknown":           {"kind": "wall", "name": "x", "unit": "nowhere"},
		"network_unread":         {"kind": "wall", "name": "x", "networks": []string{"10.12.0.300"}},
		"token_name":             {"kind": "wall", "name": " "},
		"wall_only_shows":        {"kind": "wall", "name": "x", "days": 3},
	} {
		assert.Equal(t, want, h.send(t, xi, http.MethodPost, "/tokens", body).problem(t).Code)
	}
}

func TestARevokedScreenGoesDark(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	h := serve(t, rooms, log)
	h.Pace(5*time.Millisecond, time.Second)
	made := h.makeToken(t, "lu", fields{"kind": "wall", "name": "大厅"})
	cookie := h.onScreen(t, made.Secret)
	s := h.streamAs(t, cookie)
	assert.Equal(t, "hello", s.next(t).kind)
	a := h.send(t, h.session(t, "lu"), http.MethodDelete, "/tokens/"+number(made.Token.ID), nil)
	require.Equal(t, http.StatusNoContent, a.status, "%s", a.body)
	require.NoError(t, s.drained(), "the server ended the stream in order")
	held := h.heldBy(t, cookie)
	assert.Nil(t, held.Wall)
	assert.Equal(t, "此大屏已停用，请联系区整治办", held.Refusal.ZH)
	assert.Equal(t, "wall_revoked", h.send(t, cookie, http.MethodGet, "/layers/parcels", nil).problem(t).Code)
}

func TestAProgramHasItsTokensRightsAndNoMore(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	mark := operation(milestone(cases[0], "filed", "2020-03-25").and("base_version", 1))
	reads := h.makeToken(t, "shen", fields{"kind": "api", "name": "周报", "days": 30})
	assert.Equal(t, http.StatusOK, h.bearer(t, reads.Secret, http.MethodGet, "/cases", nil).status)
	assert.Equal(t, "token_only_reads", h.bearer(t, reads.Secret, http.MethodPost, "/changes", mark).problem(t).Code)

	changes := h.makeToken(t, "shen", fields{"kind": "api", "name": "同步", "days": 30, "may_change": true})
	done := h.bearer(t, changes.Secret, http.MethodPost, "/changes", mark)
	require.Equal(t, http.StatusOK, done.status, "%s", done.body)
	for _, refused := range [][2]string{{http.MethodGet, "/tokens"}, {http.MethodPost, "/tokens"}, {http.MethodPut, "/session/password"}} {
		a := h.bearer(t, changes.Secret, refused[0], refused[1], fields{"kind": "api", "name": "x", "days": 1, "old": "x", "new": "y"})
		assert.Equal(t, "token_not_for_this", a.problem(t).Code, "%v: a token makes no tokens", refused)
	}
	other := h.makeToken(t, "lu", fields{"kind": "api", "name": "王店", "days": 30, "may_change": true, "unit": "wangdian"})
	beyond := operation(milestone(cases[0], "valued", "2020-04-25").and("base_version", 2))
	assert.Equal(t, http.StatusForbidden, h.bearer(t, other.Secret, http.MethodPost, "/changes", beyond).status, "the token's unit bounds its owner's rights")

	elsewhere := h.makeToken(t, "lu", fields{"kind": "api", "name": "机房", "days": 1, "networks": []string{"10.12.0.0/16"}})
	assert.Equal(t, "token_elsewhere", h.bearer(t, elsewhere.Secret, http.MethodGet, "/cases", nil).problem(t).Code)
	for _, forged := range []string{"x", reads.Secret + "x", strings.ToLower(reads.Secret), reads.Secret[:len(reads.Secret)-8] + "AAAAAAAA"} {
		assert.Equal(t, "token_unknown", h.bearer(t, forged, http.MethodGet, "/cases", nil).problem(t).Code)
	}
	assert.NotContains(t, h.log.String(), reads.Secret)
}

// watched is the ledger, with the device of the last operation.
type watched struct {
	httpapi.Ledger

	device string
}

func (w *watched) Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error) {
	w.device = op.Device
	return w.Ledger.Apply(ctx, actor, op)
}

// TestAPhoneIsEnrolledAndNamedInTheJournal: the code from the screen, then the phone's own cookie.
func TestAPhoneIsEnrolledAndNamedInTheJournal(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	spy := &watched{Ledger: rooms.Ledger}
	rooms.Ledger = spy
	h := serve(t, rooms, log)
	parcel := h.parcels(t, "地块甲")[0]
	var made struct{ Code string }
	h.send(t, h.session(t, "mei"), http.MethodPost, "/tokens/enrolment", nil).into(t, &made)
	enrol := func() answer {
		header := map[string]string{"Content-Type": "application/json"}
		return h.ask(t, request{method: http.MethodPost, path: "/api/v1/session/device", as: nobody, header: header, body: strings.NewReader(text(t, fields{"code": made.Code, "name": "Mate 60"}))})
	}
	phone := sessionCookie(t, enrol())
	assert.Equal(t, "guatu_device", phone.Name)
	assert.Equal(t, "二维码已使用或已过期，请在电脑上重新生成", enrol().problem(t).Detail)
	assert.Equal(t, "mei", h.heldBy(t, phone).Person.ID)
	assert.True(t, h.heldBy(t, phone).Device)

	mark := operation(fields{"kind": "case.list", "parcel_ids": []int64{parcel}, "date": "2020-03-01"})
	done := h.send(t, phone, http.MethodPost, "/changes", mark)
	require.Equal(t, http.StatusOK, done.status, "%s", done.body)
	var list []struct {
		ID             int64
		Kind, Name     string
		UsedFrom       string `json:"used_from"`
		State, Revoked string
	}
	h.send(t, h.session(t, "mei"), http.MethodGet, "/tokens", nil).into(t, &list)
	require.Len(t, list, 1)
	assert.Equal(t, "device:"+number(list[0].ID), spy.device, "not what the page says it is")
	assert.Equal(t, "Mate 60", list[0].Name)
	assert.Equal(t, "127.0.0.1", list[0].UsedFrom)

	type told struct {
		Unsent   *int
		UnsentAt *time.Time `json:"unsent_at"`
	}
	says := func(n string) told {
		a := h.ask(t, request{path: "/api/v1/cases", as: nobody, header: map[string]string{"Cookie": phone.Name + "=" + phone.Value, "Guatu-Unsent": n}})
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		var list []told
		h.send(t, h.session(t, "lu"), http.MethodGet, "/tokens", nil).into(t, &list)
		return list[0]
	}
	for _, nothing := range []string{"", "x", "-1", "99999999999"} {
		assert.Nil(t, says(nothing).Unsent, nothing)
	}
	assert.Equal(t, 3, *says("3").Unsent)
	assert.NotNil(t, says("3").UnsentAt)
	assert.Equal(t, 0, *says("0").Unsent, "everything has been sent")

	out := h.send(t, phone, http.MethodDelete, "/session", nil)
	assert.Equal(t, http.StatusNoContent, out.status)
	assert.Nil(t, h.heldBy(t, phone).Person, "the cookie is worth nothing, whoever kept it")
	h.send(t, h.session(t, "mei"), http.MethodGet, "/tokens", nil).into(t, &list)
	assert.Equal(t, "revoked", list[0].State)
}
