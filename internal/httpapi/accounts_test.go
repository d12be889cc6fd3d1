package httpapi_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// act sends JSON as somebody.
func (h *house) act(t *testing.T, as, method, path string, body fields) answer {
	t.Helper()
	return h.send(t, h.session(t, as), method, path, body)
}

// TestAnAccountTakesTwoAdministrators: one gives the right, one makes the account, the first approves it; neither can do the
// other's part, and every step is in the log.
func TestAnAccountTakesTwoAdministrators(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.administrators(t)
	refused := func(a answer, code string) {
		t.Helper()
		assert.Equal(t, code, a.problem(t).Code)
	}
	refused(h.act(t, "xi", http.MethodPut, "/staff/he", fields{"name": "何某", "role": "field", "unit": "honghe"}), "no_right")
	put := h.act(t, "an", http.MethodPut, "/staff/he", fields{"name": "何某", "role": "field", "unit": "honghe"})
	require.Equal(t, http.StatusOK, put.status, "%s", put.body)
	refused(h.act(t, "an", http.MethodPut, "/staff/he", fields{"name": "何某", "role": "auditor"}), "administrators_on_the_machine")
	refused(h.act(t, "an", http.MethodPut, "/staff/xi", fields{"name": "某", "role": "sysadmin"}), "administrators_on_the_machine")
	refused(h.act(t, "an", http.MethodPut, "/staff/he", fields{"name": "何某", "role": "emperor"}), "role_unknown")

	refused(h.act(t, "an", http.MethodPost, "/accounts", fields{"login": "he", "person": "he"}), "no_right")
	var given gen.GivenPassword
	made := h.act(t, "xi", http.MethodPost, "/accounts", fields{"login": "He", "person": "he"})
	require.Equal(t, http.StatusOK, made.status, "%s", made.body)
	made.into(t, &given)
	refused(h.signIn(t, "he", given.Password), "account_not_approved")
	refused(h.act(t, "xi", http.MethodPost, "/accounts/he/approval", nil), "no_right")
	require.Equal(t, http.StatusNoContent, h.act(t, "an", http.MethodPost, "/accounts/he/approval", nil).status)
	cookie := sessionCookie(t, h.signIn(t, "he", given.Password))
	assert.Equal(t, "first", h.visit(t, cookie).Due)

	require.Equal(t, http.StatusNoContent, h.act(t, "xi", http.MethodDelete, "/accounts/he/sessions", nil).status)
	assert.Nil(t, h.visit(t, cookie).Person)
	require.Equal(t, http.StatusNoContent, h.act(t, "xi", http.MethodPut, "/accounts/he/disabled", fields{"disabled": true}).status)
	refused(h.signIn(t, "he", given.Password), "account_disabled")
	require.Equal(t, http.StatusNoContent, h.act(t, "xi", http.MethodPut, "/accounts/he/disabled", fields{"disabled": false}).status)
	var again gen.GivenPassword
	h.act(t, "xi", http.MethodPost, "/accounts/he/password", nil).into(t, &again)
	assert.NotEqual(t, given.Password, again.Password)
	sessionCookie(t, h.signIn(t, "he", again.Password))
	for _, admin := range []string{"an", "shenji", "xi"} {
		h.session(t, admin)
		refused(h.act(t, "xi", http.MethodPost, "/accounts/"+admin+"/password", nil), "administrators_on_the_machine")
	}

	var list []gen.Account
	h.act(t, "an", http.MethodGet, "/accounts", nil).into(t, &list)
	assert.Equal(t, "an he shenji xi", strings.Join(logins(list), " "))
	assert.True(t, list[1].Approved && list[1].MustChange && list[1].KeptHere)
	assert.Equal(t, "xi an", list[1].CreatedBy+" "+*list[1].ApprovedBy)
	assert.False(t, list[0].KeptHere)

	var steps []string
	for _, r := range h.logged(t, audit.RightsAssigned, audit.AccountCreated, audit.AccountApproved, audit.SessionsEnded, audit.AccountClosed, audit.AccountOpened, audit.PasswordReset) {
		if strings.HasSuffix(r.Object, "/he") {
			steps = append(steps, told(r))
		}
	}
	assert.Equal(t, []string{
		"rights.assign done an an person/he", "rights.assign administrators_on_the_machine an an person/he", "rights.assign role_unknown an an person/he",
		"account.create done xi xi account/he", "account.approve done an an account/he", "session.end_all done xi xi account/he",
		"account.disable done xi xi account/he", "account.enable done xi xi account/he", "account.reset done xi xi account/he",
	}, steps)
}

func logins(list []gen.Account) []string {
	var all []string
	for _, a := range list {
		all = append(all, a.Login)
	}
	return all
}

func TestEverybodySeesAndEndsTheirOwnSessions(t *testing.T) {
	t.Parallel()
	h := setup(t)
	here := h.session(t, "shen")
	there := sessionCookie(t, h.signIn(t, "shen", password))
	h.session(t, "mei")
	list := h.sessions(t, "shen")
	require.Len(t, list, 2, "not those of others")
	other := list[0]
	if other.Own {
		other = list[1]
	}
	assert.Equal(t, "127.0.0.1", other.Address)
	foreign := h.sessions(t, "mei")[0].Name
	assert.Equal(t, "session_not_found", h.send(t, here, http.MethodDelete, "/sessions/"+foreign, nil).problem(t).Code)
	assert.Equal(t, http.StatusNoContent, h.send(t, here, http.MethodDelete, "/sessions/"+other.Name, nil).status)
	assert.Nil(t, h.visit(t, there).Person)
	assert.NotNil(t, h.visit(t, here).Person)
	assert.Len(t, h.sessions(t, "shen"), 1)
}

func (h *house) sessions(t *testing.T, as string) []gen.OpenSession {
	t.Helper()
	var list []gen.OpenSession
	h.act(t, as, http.MethodGet, "/sessions", nil).into(t, &list)
	return list
}

func TestTheAuditorFiltersTheLog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.administrators(t)
	for range 3 {
		h.signIn(t, "shen", "wrong")
	}
	h.session(t, "shen")
	h.ask(t, request{path: "/api/v1/cases/424242", as: "shen"})
	page := func(query string) gen.AuditPage {
		t.Helper()
		a := h.act(t, "shenji", http.MethodGet, "/audit/entries"+query, nil)
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		var p gen.AuditPage
		a.into(t, &p)
		return p
	}
	h.logged(t)
	whole := page("?limit=500")
	assert.Greater(t, len(whole.Items), 8)
	assert.Greater(t, whole.Items[0].Id, whole.Items[1].Id, "the newest first")
	assert.Len(t, whole.Kinds, len(audit.Kinds()))
	assert.Nil(t, whole.NextBefore)
	for query, n := range map[string]int{
		"?kind=session.begin&person=shen": 1, "?kind=session.begin&outcome=refused": 3, "?kind=session.begin,request.refused&outcome=refused": 4,
		"?outcome=case_not_found": 1, "?object=cases%2F424242": 1, "?person=shen&kind=request.refused": 1, "?address=10.9.9.9": 0,
		"?until=2020-01-01": 0, "?from=2020-01-01&kind=request.refused": 1, "?from=2999-01-01": 0,
	} {
		assert.Len(t, page(query).Items, n, query)
	}
	first := page("?limit=2&kind=session.begin")
	require.NotNil(t, first.NextBefore)
	second := page("?limit=2&kind=session.begin&before=" + number(*first.NextBefore))
	assert.Less(t, second.Items[0].Id, first.Items[1].Id)
	refusal := page("?outcome=case_not_found").Items[0]
	assert.Equal(t, "沈某", *refusal.ActorName)
	assert.Equal(t, "越权访问", refusal.KindName.Zh)
	assert.NotEmpty(t, refusal.Request)
	reads := h.logged(t, audit.LogRead)
	assert.Contains(t, reads[len(reads)-2].Text, `"outcome":"case_not_found"`, "who reads the log is in the log")
}

func TestTheExportOfTheLogIsInertAndLogged(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.administrators(t)
	evil := "=HYPERLINK(\"http://x\")"
	h.ask(t, request{path: "/api/v1/cases/424242", as: "shen", header: map[string]string{"User-Agent": evil}})
	h.ask(t, request{path: "/api/v1/cases/424243", as: "shen", header: map[string]string{"User-Agent": "@SUM(1)"}})
	h.logged(t)
	a := h.act(t, "shenji", http.MethodGet, "/audit/export?kind=request.refused", nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	assert.Contains(t, a.header.Get("Content-Disposition"), "access-log.csv")
	text := string(a.body)
	require.True(t, strings.HasPrefix(text, "\ufeff"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	assert.Equal(t, "'"+evil, rows[2][10])
	assert.Equal(t, "'@SUM(1)", rows[1][10])
	sheet := h.act(t, "shenji", http.MethodGet, "/audit/export?format=xlsx&kind=request.refused", nil)
	require.Equal(t, http.StatusOK, sheet.status, "%s", sheet.body)
	assert.Contains(t, sheet.header.Get("Content-Disposition"), "access-log.xlsx")
	cells := firstSheet(t, sheet.body)
	assert.Equal(t, 3, strings.Count(cells, "<row "))
	for _, words := range []string{"发生时间", "=HYPERLINK(&#34;http://x&#34;)", "@SUM(1)"} {
		assert.Contains(t, cells, words)
	}
	assert.NotContains(t, cells, "<f>", "texts, no formulas")
	assert.Equal(t, 3*12, strings.Count(cells, `t="inlineStr"`))
	assert.Equal(t, "bad_parameter", h.act(t, "shenji", http.MethodGet, "/audit/export?format=pdf", nil).problem(t).Code)
	exports := h.logged(t, audit.LogExport)
	require.Len(t, exports, 2)
	assert.Equal(t, `log.export done shenji shenji access_log`, told(exports[0]))
	assert.Equal(t, "bad_parameter", h.act(t, "shenji", http.MethodGet, "/audit/export?from=yesterday", nil).problem(t).Code)
}

// firstSheet is the XML of a spreadsheet's first sheet.
func firstSheet(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	f, err := z.Open("xl/worksheets/sheet1.xml")
	require.NoError(t, err)
	defer f.Close()
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(text)
}

func TestTheStateOfTheChains(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.administrators(t)
	require.NoError(t, h.rooms.Audit.Record(t.Context(), audit.Verified(3)))
	var s gen.AuditState
	h.act(t, "shenji", http.MethodGet, "/audit/state", nil).into(t, &s)
	assert.Positive(t, s.Journal.Id)
	assert.Len(t, s.Access.Hash, 64)
	assert.EqualValues(t, 400, s.KeepDays)
	require.NotNil(t, s.Verified)
	assert.EqualValues(t, 3, s.Verified.Findings)
	assert.Contains(t, s.PublicKey, "PUBLIC KEY")
}
