package httpapi_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// The attacks that have no other place; docs/security.md has the table of all of them.

// injections are SQL that would do or show something wherever a text became part of a statement.
func injections() []string {
	return []string{
		`' OR '1'='1`, `x') OR ('1'='1`, `"; DELETE FROM guatu.journal; --`, `'; DROP TABLE guatu.parcel CASCADE; --`, `0 UNION SELECT login, password FROM guatu.account`,
		`1; SET guatu.context = 'program'`, `%' ESCAPE '_`, `\'; SELECT pg_sleep(9); --`, `$1`, `{x}`, "a\x00b", "\xff\xfe",
	}
}

// harmless answers a parameter of a path or a query that must be there.
func (l *library) harmless(name string) string {
	s := l.shelves["own"]
	known := map[string]string{
		"id": number(s.file), "photo": number(s.photo), "layer": "parcels", "login": "lu", "code": "lu", "track": "parks", "list": "eligible", "sha256": strings.Repeat("ab", 32),
		"z": "1", "x": "1", "y": "1", "q": "hl", "metric": "recovered", "from": "2020-09-01", "of": "case", "name": "x", "batch_id": "00000000-0000-4000-8000-000000000000",
	}
	if value, ok := known[name]; ok {
		return value
	}
	return "1"
}

// target is an operation's address with one of its parameters given.
func (l *library) target(path string, o *openapi3.Operation, given, value string) string {
	query := url.Values{}
	for _, p := range o.Parameters {
		use := l.harmless(p.Value.Name)
		if p.Value.Name == given {
			use = value
		}
		switch {
		case p.Value.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", url.PathEscape(use))
		case p.Value.In == "query" && (p.Value.Required || p.Value.Name == given):
			query.Set(p.Value.Name, use)
		}
	}
	return "/api/v1" + path + "?" + query.Encode()
}

// TestSQLInEveryParameter asks every operation of the contract with every injection in each parameter of path, query and header, as
// somebody of one unit, as the district office and as the administrators: nothing breaks, nothing changes, nobody hears of another unit.
func TestSQLInEveryParameter(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, []string{"town", "district"})
	l.administrators(t)
	spec := l.spec(t)
	before, revision := l.get(t, "/cases?limit=100").body, l.revision(t)
	asked, parameters := 0, 0
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			if path == "/live" || method == http.MethodPost && path == "/changes" { // a stream does not end; changes are the next test
				continue
			}
			for _, p := range append(slices.Clone(item.Parameters), operation.Parameters...) {
				parameters++
				for i, evil := range injections() {
					// The town asks with all of them, the district office and the three administrators take turns.
					for _, as := range []string{"r_town", []string{"lu", "xi", "an", "shenji"}[(i+parameters)%4]} {
						q := request{method: method, path: l.target(path, operation, p.Value.Name, evil), as: as}
						if p.Value.In == "header" {
							q.header = map[string]string{p.Value.Name: strings.NewReplacer("\x00", "", "\xff\xfe", "").Replace(evil)}
						}
						a := l.ask(t, q)
						asked++
						assert.Less(t, a.status, http.StatusInternalServerError, "%s %s as %s: %s", method, q.path, as, a.body)
						assert.NotContains(t, string(a.body), "SQLSTATE")
						if as == "r_town" {
							l.hides(t, a, reading{route: method + " " + path, request: q.path}, "town", l.foreign("town"))
						}
					}
				}
			}
		}
	}
	assert.Greater(t, asked, 2000)
	assert.Equal(t, revision, l.revision(t), "nothing was changed")
	assert.JSONEq(t, string(before), string(l.get(t, "/cases?limit=100").body))
}

// TestSQLInEveryTextOfAChange sends every kind of change, each of its texts in turn an injection: it is refused or kept as it was written.
func TestSQLInEveryTextOfAChange(t *testing.T) {
	t.Parallel()
	h := setup(t)
	table := readRights(t)
	s := newStage(t, h, table.roles)
	kinds := map[string]bool{}
	for _, row := range table.rows {
		if row.scope != "own" || row.kind == "import" || row.kind == "preview" || kinds[row.kind] {
			continue
		}
		kinds[row.kind] = true
		whole := s.act(t, row, "lu")
		for _, evil := range injections()[:11] {
			for _, change := range poisoned(t, whole, evil) {
				a := h.post(t, "lu", text(t, operation(change)))
				assert.Less(t, a.status, http.StatusInternalServerError, "%s: %s", text(t, change), a.body)
			}
		}
	}
	assert.Greater(t, len(kinds), 20)
	p := s.ground["own"]
	const evil = `'; DROP TABLE guatu.parcel CASCADE; --`
	h.change(t, "lu", fields{"kind": "case.amend", "case_id": p.file, "base_version": h.file(t, "lu", p.file).Case.Version, "fields": fields{"note": evil}})
	assert.Contains(t, string(h.get(t, "/cases/"+number(p.file)).body), evil, "kept as it was written")
	typed := fields{"kind": "case.amend", "case_id": p.file, "base_version": h.file(t, "lu", p.file).Case.Version, "fields": fields{"note": `\u0000 \\u0000`}}
	h.change(t, "lu", typed)
	assert.Contains(t, string(h.get(t, "/cases/"+number(p.file)).body), `\\u0000 \\\\u0000`, "six letters that somebody typed are a text")
	assert.Equal(t, http.StatusOK, h.get(t, "/layers/parcels").status)
}

// poisoned are copies of a change, each with another of its texts replaced; its kind stays.
func poisoned(t *testing.T, change fields, evil string) []fields {
	t.Helper()
	var all []fields
	for _, name := range slices.Sorted(maps.Keys(change)) {
		switch value := change[name].(type) {
		case string:
			if name != "kind" {
				all = append(all, change.and(name, evil))
			}
		case fields:
			for _, inner := range poisoned(t, value, evil) {
				all = append(all, change.and(name, inner))
			}
		case json.RawMessage:
			all = append(all, change.and(name, evil))
		}
	}
	return all
}

// TestNoSecondaryRouteReachesAnotherUnit: a field officer of 洪合 who goes by another door than the one that is watched.
func TestNoSecondaryRouteReachesAnotherUnit(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := newStage(t, h, []string{campaign.RoleField, campaign.RoleTown})
	own, other := s.ground["own"], s.ground["other"]
	picture := h.get(t, "/cases/"+number(own.file)).status
	require.Equal(t, http.StatusOK, picture)
	note := func(id int64) fields {
		return fields{"kind": "case.amend", "case_id": id, "base_version": 1, "fields": fields{"note": "越权"}}
	}
	attached := h.apply(t, auth.Actor{ID: "lu", Role: campaign.RoleDistrict}, ledger.AttachPhoto{Case: other.file, Milestone: "vacated", SHA256: photoName("theirs")}).Entries[0].NounID
	before := s.revision(t)
	for name, c := range map[string]struct {
		code    string
		changes []fields
	}{
		"hidden among one's own":                    {"other_unit", []fields{note(own.file), note(other.file)}},
		"a firm taken over by naming one's unit":    {"other_unit", []fields{{"kind": "enterprise.amend", "enterprise_id": other.enterprise, "base_version": 1, "enterprise": fields{"name": "改", "kind": "enterprise", "unit": "honghe"}}}},
		"a firm given away to another unit":         {"other_unit", []fields{{"kind": "enterprise.amend", "enterprise_id": own.enterprise, "base_version": 1, "enterprise": fields{"name": "改", "kind": "enterprise", "unit": "wangdian"}}}},
		"another's parcel in a case with one's own": {"other_unit", []fields{{"kind": "case.list", "parcel_ids": []int64{own.parcel, other.parcel}, "date": "2020-03-01"}}},
		"another's photo by one's own case":         {"", []fields{{"kind": "photo.remove", "case_id": own.file, "photo_id": attached, "reason": "越权"}}},
		"another's sheet by its row":                {"", []fields{{"kind": "sheet.remove", "row": s.sheetRow(t, "wangdian"), "base_version": 1, "reason": "越权"}}},
		"another's batch":                           {"not_your_own", []fields{{"kind": "batch.undo", "batch_id": other.batch, "reason": "越权"}}},
		"what contradicts there":                    {"other_unit", []fields{{"kind": "conflict.resolve", "conflict_id": other.contested, "choose": "standing", "reason": "越权"}}},
	} {
		at := s.revision(t)
		a := h.post(t, "r_town", text(t, operation(c.changes...)))
		assert.GreaterOrEqual(t, a.status, http.StatusBadRequest, name)
		if code := a.problem(t).Code; c.code != "" {
			assert.Equal(t, c.code, code, name)
		}
		assert.Equal(t, at, s.revision(t), name)
	}
	require.LessOrEqual(t, before, s.revision(t))
	forged := operation(note(own.file)).and("actor", "lu")
	assert.Equal(t, http.StatusBadRequest, h.post(t, "r_town", text(t, forged)).status, "nobody says who they are")
	as := note(own.file).and("actor", "lu")
	assert.Equal(t, http.StatusBadRequest, h.post(t, "r_town", text(t, operation(as))).status)
}

// TestAMethodInAHeaderIsNone: what a door judges is the method that came.
func TestAMethodInAHeaderIsNone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	made := h.makeToken(t, "shen", fields{"kind": "api", "name": "周报", "days": 30})
	secret := map[string]string{"Authorization": "Bearer " + made.Secret}
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"} {
		asked := maps.Clone(secret)
		asked[header] = http.MethodPost
		if strings.HasSuffix(header, "URL") {
			asked[header] = "/api/v1/accounts"
		}
		plain := h.ask(t, request{path: "/api/v1/units", as: nobody, header: secret})
		a := h.ask(t, request{path: "/api/v1/units", as: nobody, header: asked})
		assert.Equal(t, plain.status, a.status, header)
		assert.True(t, bytes.Equal(plain.body, a.body), header)
	}
}
