package httpapi_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo/phototest"
)

// reading is a row of testdata/rights-read.csv: who reads what of one's own, of
// another village's and of another unit's. It is written and reviewed by hand.
type reading struct {
	route, request, of string
	by                 map[string]string // role → verdict
}

func readReadings(t *testing.T) (roles []string, rows []reading) {
	t.Helper()
	f, err := os.Open("testdata/rights-read.csv")
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	require.NoError(t, err)
	roles = lines[0][3:]
	for _, line := range lines[1:] {
		row := reading{line[0], line[1], line[2], map[string]string{}}
		for i, role := range roles {
			row.by[role] = line[3+i]
		}
		rows = append(rows, row)
	}
	return roles, rows
}

// TestEveryRouteHasItsReaders: a route of the contract, or a role, that the table leaves out fails.
func TestEveryRouteHasItsReaders(t *testing.T) {
	t.Parallel()
	spec := setup(t).spec(t)
	roles, rows := readReadings(t)
	known := []string{"grid"} // a village worker with one village
	for _, r := range campaign.Roles() {
		known = append(known, r.Code)
	}
	assert.ElementsMatch(t, known, roles)
	var routes []string
	for path, item := range spec.Paths.Map() {
		for method := range item.Operations() {
			routes = append(routes, method+" "+path)
		}
	}
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.route] = true
		assert.Contains(t, routes, row.route, "no such route")
	}
	for _, route := range routes {
		assert.True(t, seen[route], "%s has no verdicts", route)
	}
}

// TestReadingIsAsTheTableSays asks every row through real HTTP, as a person of every role, and looks for
// planted words and codes in the bytes that come back.
func TestReadingIsAsTheTableSays(t *testing.T) {
	t.Parallel()
	roles, rows := readReadings(t)
	l := newLibrary(t, roles)
	for _, row := range rows {
		for _, role := range roles {
			want := row.by[role]
			if want == "changes" || want == "open" || want == "desk" {
				continue
			}
			a := l.read(t, row, "r_"+role)
			if want == "same" {
				l.hides(t, a, row, role, l.shelves)
				continue
			}
			assert.Equal(t, want, l.said(a, row), "%s %s of %s, as %s: %d %.400s", row.route, row.request, row.of, role, a.status, a.body)
			l.hides(t, a, row, role, l.foreign(role))
		}
	}
}

// TestAPersonOfAnotherUnitHearsNoMoreByAsking: what is not shown is neither there to be found by trying its beginning, nor refused otherwise than what never was.
func TestAPersonOfAnotherUnitHearsNoMoreByAsking(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, []string{"town", "district"})
	s := l.shelves["other"]
	as := func(path string) answer { return l.ask(t, request{path: "/api/v1" + path, as: "r_town"}) }
	for _, path := range []string{"/search?q=", "/cases?q=", "/parcels?q=", "/enterprises?q="} {
		var found, nothing map[string]any
		as(path+url.QueryEscape(s.tag)).into(t, &found)
		as(path+url.QueryEscape("查无此厂")).into(t, &nothing)
		assert.Equal(t, nothing, found, path)
	}
	hidden, never := as("/enterprises/"+number(s.enterprise)), as("/enterprises/987654321")
	assert.Equal(t, never.problem(t).Code, hidden.problem(t).Code)
	assert.Equal(t, never.status, hidden.status)
}

// library is a district with three shelves: own, unit and other; everything of a shelf that is
// not for everybody carries its tag, or its credit code.
type library struct {
	*house

	shelves map[string]*shelved
	before  int64 // revision at the end of yesterday

	bulletin int64 // of yesterday; the units of the shelves object to it
}

type shelved struct {
	tag, credit                      string
	unit, village                    string
	parcel, free, file, park         int64
	enterprise, photo                int64
	held, heldPhoto                  string
	fileCode, parcelCode, freeParcel string
	initials                         string
}

func newLibrary(t *testing.T, roles []string) *library {
	t.Helper()
	var now atomic.Int64
	now.Store(afternoon().AddDate(0, 0, -1).UnixNano())
	rooms, log := openAt(t, func() time.Time { return time.Unix(0, now.Load()).In(campaign.Shanghai()) })
	l := &library{house: serve(t, rooms, log), shelves: map[string]*shelved{
		"own":   {tag: "宏璨", initials: "hcmsc", credit: "91330411MA0000001X", unit: "honghe", village: "330411106001"},
		"unit":  {tag: "岷骁", initials: "mxmsc", credit: "91330411MA0000002X", unit: "honghe", village: "330411106002"},
		"other": {tag: "旺燊", initials: "wsmsc", credit: "91330411MA0000003X", unit: "wangdian", village: "330411105001"},
	}}
	for _, role := range roles {
		l.apply(t, auth.System(), personOf(role))
	}
	for i, of := range []string{"own", "unit", "other"} {
		l.furnish(t, l.shelves[of], i)
	}
	l.before = l.revision(t)
	now.Store(afternoon().UnixNano())
	for _, of := range []string{"own", "unit", "other"} {
		l.change(t, "lu", milestone(l.shelves[of].file, "filed", "2020-09-30").and("note", l.shelves[of].tag+"备案"))
		// What comes next is late: the wall tells of it.
		id := l.shelves[of].file
		l.change(t, "lu", fields{"kind": "case.amend", "case_id": id, "base_version": l.file(t, "lu", id).Case.Version, "fields": fields{"plan:planned": "2020-09-01"}})
	}
	l.bulletin = l.change(t, "lu", fields{"kind": "bulletin.freeze", "date": "2020-09-29", "until": "2020-09-30"}).Entries[0].NounID
	for _, s := range []*shelved{l.shelves["own"], l.shelves["other"]} {
		l.apply(t, auth.Actor{ID: "p_" + s.initials, Role: campaign.RoleTown, Unit: s.unit}, ledger.AnswerBulletin{Bulletin: l.bulletin, Unit: s.unit, Reason: s.tag + "少计一家"})
		l.apply(t, auth.System(), ledger.CallMeeting{Kind: campaign.MeetingRegular, On: "2020-09-30", Agenda: []ledger.AgendaItem{{Of: campaign.AgendaOwn, Text: s.tag + "整治进度"}}})
		l.apply(t, auth.System(), ledger.IssueOrder{Unit: s.unit, Matter: s.tag + "限期整治", Cases: []int64{s.file}, DueOn: "2020-12-31"})
	}
	return l
}

func (l *library) revision(t *testing.T) int64 {
	t.Helper()
	revision, _, err := l.rooms.Catalogue.Revision(t.Context())
	require.NoError(t, err)
	return revision
}

// personOf is somebody of a role; of a unit, 洪合 it is.
func personOf(role string) ledger.PutPerson {
	put := ledger.PutPerson{Code: "r_" + role, Name: "某", Role: role}
	if role == "grid" {
		put.Role, put.Unit, put.Village = campaign.RoleVillage, "honghe", "330411106001"
	}
	if ofUnit(role) {
		put.Unit = "honghe"
	}
	return put
}

// furnish fills a shelf with everything that a case can carry.
func (l *library) furnish(t *testing.T, s *shelved, i int) {
	t.Helper()
	lon, lat := 120.601+0.01*float64(i), 30.651
	if s.unit == "wangdian" {
		lon, lat = 120.701, 30.601
	}
	l.apply(t, auth.System(), ledger.PutPerson{Code: "p_" + s.initials, Name: s.tag + "责任人", Role: campaign.RoleTown, Unit: s.unit})
	out := l.apply(t, auth.System(), ledger.ImportParcels{Digest: s.tag, Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for n, what := range []string{"空地", "厂房", "园区", "叠在空地上", "叠在园区上"} {
			ground := square(lon+[]float64{0, 0.001, 0.002, 0.0004, 0.0024}[n], lat, 0.0005)
			if err := each(ledger.ParcelDraft{Row: n + 1, Label: s.tag + what, Geometry: ground, Attributes: map[string]string{"权利人": s.tag + "户"}}); err != nil {
				return err
			}
		}
		return nil
	}})
	s.free, s.parcel = out.Entries[0].NounID, out.Entries[1].NounID
	listed := l.change(t, "lu", fields{"kind": "case.list", "parcel_ids": []int64{s.parcel}, "date": "2020-03-01", "village": s.village, "enterprise": fields{
		"name": s.tag + "毛衫厂", "code": s.credit, "kind": "enterprise", "unit": s.unit, "village": s.village,
	}})
	for _, e := range listed.Entries {
		switch e.Noun {
		case ledger.NounCase:
			s.file = e.NounID
		case ledger.NounEnterprise:
			s.enterprise = e.NounID
		}
	}
	l.change(t, "lu", fields{"kind": "sheet.fill", "sheet": "facts", "of": "enterprise", "of_id": s.enterprise, "values": fields{"location": "village_cluster", "cluster": s.tag + "集聚区", "legal_land": "no"}})
	l.supervise(t, s)
	s.park = l.change(t, "lu", fields{"kind": "case.list", "track": "parks", "label": s.tag + "小微园", "parcel_ids": []int64{out.Entries[2].NounID}, "date": "2020-03-01", "village": s.village}).Entries[0].NounID
	amend := func(who string) fields {
		return fields{"kind": "case.amend", "case_id": s.file, "base_version": 1, "fields": fields{"responsible": s.tag + who, "note": s.tag + "说明"}}
	}
	l.change(t, "lu", amend("甲"))
	l.change(t, "lu", amend("乙")) // contradicts
	l.change(t, "lu", fields{"kind": "case.ask", "case_id": s.file, "side": "held", "reason": s.tag + "缓办"}, fields{"kind": "case.ask", "case_id": s.file, "side": "blocked", "reason": s.tag + "卡点"},
		fields{"kind": "case.assign", "case_id": s.file, "side": "blocked", "owner": s.tag + "负责"})
	ground := square(lon+0.0011, lat+0.0001, 0.0003)
	l.apply(t, auth.System(), ledger.RecordLand{Case: s.file, Recovered: ground, Effective: square(lon+0.0011, lat+0.0001, 0.0002), Reason: "测绘"})
	l.change(t, "lu", fields{"kind": "contact.put", "enterprise_id": s.enterprise, "contact": fields{"name": s.tag + "嫂", "phone": "13800001234"}})
	picture := phototest.Shot{Model: s.tag, Trailer: s.tag}.JPEG()
	l.sent(t, "lu", picture)
	s.photo = l.change(t, "lu", attach(s.file, picture, "gate")).Entries[0].NounID
	l.holds(t, s, picture)
	v, err := l.rooms.Report.View(auth.Everything(), "")
	require.NoError(t, err)
	_, err = l.rooms.Findings.All(t.Context(), v.Revision)
	require.NoError(t, err)
	l.change(t, "lu", fields{"kind": "finding.waive", "rule": "parcels_overlap", "one": out.Entries[2].NounID, "other": out.Entries[4].NounID, "reason": s.tag + "界址误差"})
	s.fileCode, s.parcelCode, s.freeParcel = v.Case(s.file).Code, v.Parcel(s.parcel).Code, v.Parcel(s.free).Code
}

// holds has a phone say what a rule refuses.
func (l *library) holds(t *testing.T, s *shelved, picture []byte) {
	t.Helper()
	op := phoned(milestone(s.file, "demolished", "2020-09-29").and("note", s.tag+"已拆"), attach(s.file, picture, "gate"))
	l.refuses(t, "prerequisite_missing", "lu", op)
	s.held, s.heldPhoto = op["op_id"].(string), photoName(string(picture)) //nolint:forcetypeassert // of phoned
}

// supervise fills in what supervision keeps of a case.
func (l *library) supervise(t *testing.T, s *shelved) {
	t.Helper()
	unit := (&stage{house: l.house}).unitID(t, s.unit)
	l.change(t, "lu",
		fill("recheck", "case", s.file, fields{"on": "2020-09-28", "result": "held", "note": s.tag + "保持"}),
		fill("power", "case", s.file, fields{"account": "3301", "month": "2020-08", "kwh": "5", "read_on": "2020-09-28"}),
		fill("power_check", "case", s.file, fields{"through": "2020-08", "on": "2020-09-28", "outcome": "explained", "cause": "guard", "note": s.tag + "看护"}),
		fill("joint", "unit", unit, fields{"number": s.tag, "on": "2020-09-28", "lead": "fire", "departments": "fire,police", "matters": "safety", "plan": s.tag + "检查"}),
		fill("criticism", "unit", unit, fields{"on": "2020-09-28", "matter": s.tag + "扬尘", "level": "city"}),
		fill("joint_site", "case", s.file, fields{"action": s.tag, "outcome": "settled", "note": s.tag + "整改"}),
	)
}

// path is the request of a row about its shelf.
func (l *library) path(row reading) string {
	s := l.shelves[row.of]
	if s == nil {
		s = l.shelves["other"]
	}
	return strings.NewReplacer("{unit}", s.unit, "{bulletin}", number(l.bulletin), "{yesterday}", "2020-09-29", "{before}", number(l.before), "{tag}", url.QueryEscape(s.tag), "毛衫厂", url.QueryEscape("毛衫厂"), "{initials}", s.initials, "{credit}", s.credit,
		"{code}", s.fileCode, "{case}", number(s.file), "{photo}", number(s.photo), "{held}", s.held, "{picture}", s.heldPhoto, "{parcel}", number(s.parcel), "{free}", number(s.free), "{enterprise}", number(s.enterprise)).Replace(row.request)
}

func (l *library) read(t *testing.T, row reading, as string) answer {
	t.Helper()
	q := request{path: "/api/v1" + l.path(row), as: as}
	if row.route == "GET /live" {
		return l.listen(t, q)
	}
	a := l.ask(t, q)
	if strings.HasSuffix(row.route, "/flat") && a.status == http.StatusOK {
		f, err := flat.Decode(a.body)
		require.NoError(t, err)
		a.body = fmt.Appendf(a.body, "%v", f.Features) // in it a text may begin as the one before it
	}
	if row.route == "GET /export/{content}" && a.status == http.StatusOK {
		a.body = inWords(t, row.request, a.body)
	}
	return a
}

// inWords is a file as text: zips taken apart, a drawing's GBK decoded.
func inWords(t *testing.T, request string, body []byte) []byte {
	t.Helper()
	if strings.Contains(request, "dxf") {
		text, err := simplifiedchinese.GBK.NewDecoder().Bytes(body)
		require.NoError(t, err)
		return text
	}
	if !bytes.HasPrefix(body, []byte("PK")) {
		return body
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	var all []byte
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		part, err := io.ReadAll(r)
		require.NoError(t, err)
		all = append(all, part...)
	}
	return all
}

// listen reads live events up to the newest revision.
func (l *library) listen(t *testing.T, q request) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.web.URL+q.path, http.NoBody)
	require.NoError(t, err)
	req.AddCookie(l.session(t, q.as))
	resp, err := l.web.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	last := "id: " + number(l.revision(t))
	a := answer{status: resp.StatusCode, header: resp.Header}
	lines := bufio.NewReader(resp.Body)
	for found := false; ; {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		a.body = append(a.body, line...)
		if found = found || strings.TrimSpace(line) == last; found && line == "\n" {
			return a
		}
	}
}

// said is the verdict that an answer amounts to.
func (l *library) said(a answer, row reading) string {
	s, body := l.shelves[row.of], string(a.body)
	switch {
	case a.status == http.StatusForbidden:
		return "no"
	case strings.HasSuffix(row.route, "/contact") && a.status == http.StatusOK && strings.Contains(body, "138****"): // masked for everybody
		return "yes"
	case (strings.HasSuffix(row.route, "/photos/{photo}") || strings.HasPrefix(row.route, "GET /held/")) && a.status == http.StatusOK: // a picture has no words
		return "yes"
	case strings.Contains(body, s.tag), row.route == "GET /enterprises/check" && strings.Contains(body, "duplicate_firm"):
		return "yes"
	case a.status != http.StatusNotFound && s.shown(body):
		return "reduced"
	}
	return "none"
}

// shown tells whether a code of the shelf, or of its parcels, stands in a body.
func (s *shelved) shown(body string) bool {
	return slices.ContainsFunc([]string{s.fileCode, s.parcelCode, s.freeParcel, fmt.Sprintf(`"id":%d,`, s.park)}, func(code string) bool { return strings.Contains(body, code) })
}

// foreign are the shelves of which a role may see no names.
func (l *library) foreign(role string) map[string]*shelved {
	switch {
	case role == campaign.RolePark:
		return l.shelves
	case role == "grid":
		return map[string]*shelved{"unit": l.shelves["unit"], "other": l.shelves["other"]}
	case ofUnit(role):
		return map[string]*shelved{"other": l.shelves["other"]}
	}
	return nil
}

// hides looks for what may not be shown; people of their own unit are known to a village's worker too.
func (l *library) hides(t *testing.T, a answer, row reading, role string, shelves map[string]*shelved) {
	t.Helper()
	for of, s := range shelves {
		if row.route == "GET /people" && role == "grid" && of == "unit" {
			continue
		}
		for _, secret := range []string{s.tag, s.credit, "p_" + s.initials} {
			assert.NotContains(t, string(a.body), secret, "%s, %s, of %s, as %s", row.route, row.request, row.of, role)
		}
	}
}
