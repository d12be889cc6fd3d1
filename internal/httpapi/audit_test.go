package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// logged are the entries of the log, oldest first, after everything noted so far is in it.
func (h *house) logged(t *testing.T, kinds ...audit.Kind) []audit.Row {
	t.Helper()
	require.NoError(t, h.rooms.Audit.Record(t.Context(), audit.Entry{Kind: audit.LogRead, Object: "test"}))
	store, ok := h.rooms.Catalogue.(*postgres.Store)
	require.True(t, ok)
	rows, err := store.AccessEntries(context.WithoutCancel(t.Context()), auth.System(), audit.Query{Kinds: kinds, Limit: 1000})
	require.NoError(t, err)
	for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
		rows[i], rows[j] = rows[j], rows[i]
	}
	return rows
}

// told is an entry in short.
func told(r audit.Row) string {
	return strings.TrimSpace(strings.Join([]string{string(r.Kind), r.Outcome, r.Actor, r.Login, r.Object}, " "))
}

func toldAll(rows []audit.Row) []string {
	var list []string
	for _, r := range rows {
		list = append(list, told(r))
	}
	return list
}

func TestEverySignInIsInTheLogAndNoPasswordIs(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.session(t, "shen")
	for range 6 {
		h.signIn(t, "shen", "wrong")
	}
	h.signIn(t, "Chuangye-2020", "typed into the wrong field")
	gate := h.gate(t)
	require.NoError(t, gate.SetDisabled(t.Context(), "shen", true))
	rows := h.logged(t, audit.SignIn, audit.AccountCreated, audit.AccountClosed)
	assert.Equal(t, []string{
		"account.create done   account/shen", // the machine's owner, who has no session
		"session.begin done shen shen",
		"session.begin sign_in_wrong  shen", "session.begin sign_in_wrong  shen", "session.begin sign_in_wrong  shen", "session.begin sign_in_wrong  shen",
		"session.begin sign_in_locked  shen", "session.begin sign_in_locked  shen",
		"session.begin sign_in_wrong  sha256:" + rows[8].Login[7:],
		"account.disable done   account/shen",
	}, strip(toldAll(rows), "system"))
	assert.Len(t, rows[8].Login, len("sha256:")+16)
	assert.Equal(t, "127.0.0.1", rows[1].Address)
	assert.NotEmpty(t, rows[1].Request)
	for _, r := range h.logged(t) {
		assert.NotContains(t, strings.ToLower(told(r)+r.Text), "chuangye", "no password, wherever it was typed")
	}
}

// strip takes a word out.
func strip(list []string, word string) []string {
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], word, "")
	}
	return list
}

func (h *house) gate(t *testing.T) *auth.Gate {
	t.Helper()
	gate, ok := h.rooms.Gate.(*auth.Gate)
	require.True(t, ok)
	return gate
}

func TestWhatIsRefusedIsInTheLog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "甲")...)
	h.post(t, "zhou", text(t, operation(milestone(id, "filed", "2020-03-25"))))
	h.ask(t, request{path: "/api/v1/cases/424242", as: "mei"})
	h.ask(t, request{path: "/api/v1/cases?q=%E6%9F%90%E4%BA%BA", as: "mei"})
	h.ask(t, request{path: "/api/v1/nowhere", as: "mei"})
	h.ask(t, request{path: "/api/v1/cases", as: nobody})
	h.ask(t, request{path: "/api/v1/cases", as: nobody, header: map[string]string{"Authorization": "Guatu-Tool guess"}})
	h.ask(t, request{method: http.MethodPost, path: "/api/v1/changes", as: "mei", header: map[string]string{"Sec-Fetch-Site": "cross-site"}})
	h.ask(t, request{path: "/api/v1/audit/entries", as: "lu"})
	assert.Equal(t, []string{
		"request.refused no_right zhou zhou POST /api/v1/changes",
		"request.refused case_not_found mei mei GET /api/v1/cases/424242",
		"request.foreign tool_unknown   GET /api/v1/cases",
		"request.foreign foreign_origin   POST /api/v1/changes",
		"request.refused no_right lu lu GET /api/v1/audit/entries",
	}, toldAll(h.logged(t, audit.Refused, audit.Foreign)))
}

func TestOnesOwnSessionAndPasswordAreInTheLog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.session(t, "shen")
	h.send(t, first, http.MethodPut, "/session/password", fields{"old": "x", "new": "Xin-mima-77"})
	second := sessionCookie(t, h.send(t, first, http.MethodPut, "/session/password", fields{"old": password, "new": "Xin-mima-77"}))
	h.send(t, second, http.MethodDelete, "/session", nil)
	third := sessionCookie(t, h.signIn(t, "shen", "Xin-mima-77"))
	h.send(t, third, http.MethodDelete, "/session?everywhere=true", nil)
	assert.Equal(t, []string{
		"session.begin done shen shen", "password.change sign_in_wrong shen shen", "password.change done shen shen",
		"session.end done shen shen", "session.begin done shen shen", "session.end_all done shen shen",
	}, toldAll(h.logged(t, audit.SignIn, audit.SignOut, audit.SessionsEnded, audit.PasswordChange)))
}

// administrators enters the three, and gives their roles by code.
func (h *house) administrators(t *testing.T) map[string]string {
	t.Helper()
	three := map[string]string{"xi": campaign.RoleSystemAdmin, "an": campaign.RoleSecurityAdmin, "shenji": campaign.RoleAuditor}
	for code, role := range three {
		h.apply(t, auth.System(), ledger.PutPerson{Code: code, Name: "某", Role: role})
	}
	return three
}

// TestTheThreeHaveTheirOwnDesksAndNoOther walks every route as each of them, and theirs as everybody else.
func TestTheThreeHaveTheirOwnDesksAndNoOther(t *testing.T) {
	t.Parallel()
	h := setup(t)
	three := h.administrators(t)
	// Written by hand: who has which desk.
	desks := map[string]string{
		"GET /audit/entries": "shenji", "GET /audit/export": "shenji", "GET /audit/state": "shenji",
		"GET /accounts": "xi an", "POST /accounts": "xi", "PUT /accounts/:login/disabled": "xi", "POST /accounts/:login/password": "xi", "DELETE /accounts/:login/sessions": "xi",
		"POST /accounts/:login/approval": "an", "GET /staff": "xi an", "PUT /staff/:code": "an",
		"GET /tokens": "xi an lu mei", "POST /tokens": "xi an lu mei", "DELETE /tokens/:id": "xi an lu mei",
	}
	walked := 0
	for _, r := range h.Routes() {
		name := r.Method + " " + strings.TrimPrefix(r.Path, "/api/v1")
		if !strings.HasPrefix(r.Path, "/api/v1/") || r.Method == "echo_route_not_found" || strings.Contains(strings.Join(documentation, " "), r.Method+" "+r.Path) || strings.Contains(r.Path, "/session") || r.Path == "/api/v1/health" {
			continue
		}
		for _, who := range []string{"xi", "an", "shenji", "lu", "mei"} {
			if _, administers := three[who]; !administers && desks[name] == "" {
				continue // the campaign's own table says who may do that
			}
			a := h.ask(t, request{method: r.Method, path: strings.NewReplacer(":id", "1", ":layer", "parcels", ":login", "none", ":code", "none").Replace(r.Path), as: who})
			refused := a.status == http.StatusForbidden && (r.Method == http.MethodHead || strings.Contains(string(a.body), `"no_right"`))
			has := strings.Contains(" "+desks[name]+" ", " "+who+" ")
			assert.Equal(t, !has, refused, "%s as %s: %d %s", name, who, a.status, a.body)
			walked++
		}
	}
	assert.Greater(t, walked, 100)
}
