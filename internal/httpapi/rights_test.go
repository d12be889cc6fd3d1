package httpapi_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// verdicts is testdata/rights.csv: who may make which change, of their own unit
// and of another's. It is written and reviewed by hand, never from the code.
//
// A verdict is "yes", or a word of refusals.
type verdicts struct {
	roles []string
	rows  []verdict
}

type verdict struct {
	kind, what, scope string
	by                map[string]string // role → verdict
}

func readRights(t *testing.T) verdicts {
	t.Helper()
	f, err := os.Open("testdata/rights.csv")
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	require.NoError(t, err)
	v := verdicts{roles: lines[0][3:]}
	for _, line := range lines[1:] {
		row := verdict{kind: line[0], what: line[1], scope: line[2], by: map[string]string{}}
		for i, role := range v.roles {
			row.by[role] = line[3+i]
		}
		v.rows = append(v.rows, row)
	}
	return v
}

// ofUnit are roles whose people belong to a unit; the others are of the whole district.
func ofUnit(role string) bool {
	return slices.Contains([]string{campaign.RoleTown, campaign.RoleField, campaign.RoleVillage, campaign.RolePark}, role)
}

// TestEveryKindOfChangeHasItsVerdicts: a kind of the contract, or a role, that the table leaves out fails.
func TestEveryKindOfChangeHasItsVerdicts(t *testing.T) {
	t.Parallel()
	h := setup(t)
	spec, err := openapi3.NewLoader().LoadFromData(h.get(t, "/openapi.yaml").body)
	require.NoError(t, err)
	table := readRights(t)
	var roles []string
	for _, r := range campaign.Roles() {
		roles = append(roles, r.Code)
	}
	assert.ElementsMatch(t, roles, table.roles)
	seen := map[string]bool{}
	for _, row := range table.rows {
		seen[row.kind+" "+row.scope] = true
	}
	for _, kind := range spec.Components.Schemas["Change"].Value.Properties["kind"].Value.Enum {
		for _, scope := range []string{"own", "other"} {
			assert.True(t, seen[text(t, kind)[1:len(text(t, kind))-1]+" "+scope], "%v %s", kind, scope)
		}
	}
	assert.True(t, seen["import own"], "POST /imports")
	assert.True(t, seen["ledgers own"], "POST /imports/ledger")
}

// TestRightsAreAsTheTableSays drives every row through real HTTP, as a person of every role.
func TestRightsAreAsTheTableSays(t *testing.T) {
	t.Parallel()
	table := readRights(t)
	h := setup(t)
	s := newStage(t, h, table.roles)
	for _, row := range table.rows {
		for _, role := range table.roles {
			want := row.by[role]
			send := s.prepared(t, row, "r_"+role)
			before := s.revision(t)
			assert.Equal(t, want, said(t, send()), "%s %s of the %s unit, as %s", row.kind, row.what, row.scope, role)
			if want != "yes" {
				assert.Equal(t, before, s.revision(t), "%s %s as %s: what is refused leaves nothing", row.kind, row.what, role)
			}
		}
	}
}

// stage is what the rows are tried on: in each of two units a parcel, a case on
// another one, an enterprise, something kept because it contradicts, and a batch.
type stage struct {
	*house

	ground map[string]place // own, other
}

type place struct {
	unit                                string
	parcel, file, enterprise, contested int64
	batch                               string
}

func newStage(t *testing.T, h *house, roles []string) *stage {
	t.Helper()
	for _, role := range roles {
		put := ledger.PutPerson{Code: "r_" + role, Name: "某", Role: role}
		if ofUnit(role) {
			put.Unit = "honghe"
		}
		h.apply(t, auth.System(), put)
	}
	return &stage{h, map[string]place{"own": h.place(t, "honghe", 120.601), "other": h.place(t, "wangdian", 120.701)}}
}

// apply changes something past HTTP.
func (h *house) apply(t *testing.T, actor auth.Actor, changes ...ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := h.rooms.Ledger.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes})
	require.NoError(t, err)
	h.seen(t, out.Revision)
	return out
}

func (h *house) place(t *testing.T, unit string, lon float64) place {
	t.Helper()
	parcels := h.draft(t, func(i int) orb.MultiPolygon {
		return square(lon+0.001*float64(i), 30.651-0.05*(lon-120.601)*10, 0.0005)
	}, "甲", "乙")
	p := place{unit: unit, parcel: parcels[0]}
	listed := h.change(t, "lu", fields{"kind": "case.list", "parcel_ids": parcels[1:], "date": "2020-03-01", "enterprise": fields{"name": unit + "毛衫厂", "kind": "enterprise", "unit": unit}})
	for _, e := range listed.Entries {
		switch e.Noun {
		case ledger.NounCase:
			p.file = e.NounID
		case ledger.NounEnterprise:
			p.enterprise = e.NounID
		}
	}
	amend := func(who string) fields {
		return fields{"kind": "case.amend", "case_id": p.file, "base_version": 1, "fields": fields{"responsible": who}}
	}
	p.batch = h.change(t, "lu", amend("甲某")).BatchID.String()
	p.contested = h.change(t, "lu", amend("乙某")).Conflicts[0].ConflictID
	return p
}

func (s *stage) revision(t *testing.T) int64 {
	t.Helper()
	revision, _, err := s.rooms.Catalogue.Revision(t.Context())
	require.NoError(t, err)
	return revision
}

// refusals are the words of the table for what the rights refuse.
var refusals = map[string]string{"no_right": "no", "other_unit": "other", "not_your_own": "author"}

// said is an answer in a word of the table. What the rights let pass may still
// be refused by the campaign's rules: that is another table.
func said(t *testing.T, a answer) string {
	t.Helper()
	if a.status == http.StatusOK {
		return "yes"
	}
	p := a.problem(t)
	if slices.Contains([]string{"row_not_found", "order_not_found", "held_not_found"}, p.Code) { // a row of another unit: it is not even said to be there
		return "none"
	}
	if a.status != http.StatusForbidden {
		assert.True(t, a.status == http.StatusBadRequest || a.status == http.StatusConflict || slices.Contains([]string{"no_land", "no_contact", "bulletin_not_found", "meeting_not_found"}, p.Code), "%s", a.body)
		return "yes"
	}
	if p.Code == "other_unit" {
		assert.Equal(t, "该事项属王店镇，您的权限范围为洪合镇", p.Detail)
	}
	return refusals[p.Code]
}

// prepared is what a row says, ready to be sent by a person.
func (s *stage) prepared(t *testing.T, row verdict, as string) func() answer {
	t.Helper()
	q := request{method: http.MethodPost, as: as, header: map[string]string{"Content-Type": "application/json"}}
	switch row.kind {
	case "import":
		body, kind := upload(t, map[string]string{"地块.geojson": twoParcels}, "dry_run", "true")
		q.path, q.body, q.header["Content-Type"] = "/api/v1/imports", body, kind
	case "ledgers":
		body, kind := upload(t, map[string]string{"台账.xlsx": ledgerBook(t, []string{"甲厂", "企业", "2020.5.1", "5.79"})}, "dry_run", "true")
		q.path, q.body, q.header["Content-Type"] = "/api/v1/imports/ledger", body, kind
	case "readings":
		body, kind := upload(t, map[string]string{"用电.csv": "户号,月份,用电量\n3301,2020-09,5\n"}, "dry_run", "true")
		q.path, q.body, q.header["Content-Type"] = "/api/v1/imports/electricity", body, kind
	case "preview":
		q.path, q.body = "/api/v1/land/effective", bytes.NewBufferString(text(t, fields{"case_id": s.ground[row.scope].file}))
	default:
		q.path, q.body = "/api/v1/changes", bytes.NewBufferString(text(t, operation(s.act(t, row, as))))
	}
	return func() answer { return s.ask(t, q) }
}

// act is a change of the row's kind that concerns the row's unit.
func (s *stage) act(t *testing.T, row verdict, as string) fields {
	t.Helper()
	p := s.ground[row.scope]
	f := fields{"kind": row.kind, "case_id": p.file}
	switch row.kind {
	case ledger.KindCaseList:
		return fields{"kind": row.kind, "parcel_ids": []int64{p.parcel}, "date": "2020-03-01"}
	case ledger.KindCaseMilestone:
		return f.and("milestone", row.what).and("date", "2020-03-02")
	case ledger.KindCaseNotApplicable, ledger.KindCaseApplicable:
		return f.and("milestone", "planned").and("reason", "无需")
	case ledger.KindCaseTemplate:
		return f.and("template", "kept").and("reason", "保留")
	case ledger.KindCaseAmend:
		return f.and("base_version", 1).and("fields", fields{"note": as})
	case ledger.KindCaseMeasure:
		return f.and("recovered_m2", 100).and("effective_m2", 100).and("reason", "实测")
	case ledger.KindCaseAssign:
		return f.and("side", "blocked").and("owner", as)
	case ledger.KindCaseAsk, ledger.KindCaseDecide, ledger.KindCaseLeave:
		return f.and("side", "blocked").and("reason", "资金").and("approve", true)
	case ledger.KindEnterpriseEnter:
		return fields{"kind": row.kind, "enterprise": fields{"name": "新厂", "kind": "enterprise", "unit": p.unit}}
	case ledger.KindEnterpriseAmend:
		return fields{"kind": row.kind, "enterprise_id": p.enterprise, "base_version": 1, "enterprise": fields{"name": "改名厂", "kind": "enterprise", "unit": p.unit}}
	case ledger.KindEnterpriseMerge:
		return fields{"kind": row.kind, "enterprise_id": p.enterprise, "duplicate_id": p.enterprise, "base_version": 1, "duplicate_version": 1, "reason": "重复"}
	case ledger.KindSheetFill:
		if row.what == "replacement" {
			return fields{"kind": row.kind, "sheet": row.what, "of": "unit", "of_id": s.unitID(t, p.unit), "values": fields{"project": as}}
		}
		return fields{"kind": row.kind, "sheet": row.what, "of": "case", "of_id": p.file, "values": fields{"hazards": "2"}}
	case ledger.KindSheetRemove:
		return fields{"kind": row.kind, "row": s.sheetRow(t, p.unit), "base_version": 1, "reason": "重复"}
	case ledger.KindHeldDismiss:
		op := phoned(milestone(p.file, "demolished", "2020-09-30"))
		s.refuses(t, "prerequisite_missing", "lu", op)
		return fields{"kind": row.kind, "held": op["op_id"], "reason": "标错了"}
	case ledger.KindConflictResolve:
		return fields{"kind": row.kind, "conflict_id": p.contested, "choose": "standing", "reason": "核对"}
	case ledger.KindCampaignAmend:
		now := read[held](t, s.house, "/campaign/definition")
		return amendment(now.Version, now.Definition)
	case ledger.KindContactPut:
		return fields{"kind": row.kind, "enterprise_id": p.enterprise, "contact": fields{"phone": "13800001234"}}
	case ledger.KindContactErase:
		return fields{"kind": row.kind, "enterprise_id": p.enterprise, "reason": "本人要求"}
	case ledger.KindPhotoAttach:
		return f.and("milestone", "vacated").and("photo", fields{"sha256": photoName(as + row.scope)})
	case ledger.KindPhotoRemove:
		attached := s.apply(t, auth.Actor{ID: "lu", Role: campaign.RoleDistrict}, ledger.AttachPhoto{Case: p.file, Milestone: "vacated", SHA256: photoName(as + row.scope + "removed")})
		return f.and("photo_id", attached.Entries[0].NounID).and("reason", "拍错")
	case ledger.KindFindingWaive:
		return fields{"kind": row.kind, "rule": "land_overlaps", "one": p.file, "reason": "误差"}
	case ledger.KindCaseMove:
		return f.and("unit", p.unit).and("reason", "调整")
	case ledger.KindCaseSplit:
		return f.and("reason", "分户")
	case ledger.KindCaseMerge:
		return f.and("duplicates", []int64{p.file}).and("reason", "重复")
	case ledger.KindParcelSplit:
		return fields{"kind": row.kind, "parcel_id": p.parcel, "line": [][]float64{{120, 30}, {120, 30.1}}}
	case ledger.KindParcelMerge:
		return fields{"kind": row.kind, "parcel_ids": []int64{p.parcel, p.parcel}}
	case ledger.KindRevisitDraw:
		return fields{"kind": row.kind, "count": 1}
	case ledger.KindBulletinFreeze:
		return fields{"kind": row.kind, "date": "2020-09-24", "until": "2020-10-01"}
	case ledger.KindBulletinAnswer, ledger.KindBulletinReply:
		return fields{"kind": row.kind, "bulletin_id": 1, "unit": p.unit, "reason": "少计"}
	case ledger.KindBulletinDraft, ledger.KindBulletinReview, ledger.KindBulletinReturn, ledger.KindBulletinSign, ledger.KindBulletinIssue:
		return fields{"kind": row.kind, "bulletin_id": 1, "base_version": 1}
	case ledger.KindOrderIssue:
		return fields{"kind": row.kind, "unit": p.unit, "reason": "限期整治", "until": "2020-12-31"}
	case ledger.KindOrderSign, ledger.KindOrderAnswer, ledger.KindOrderReturn, ledger.KindOrderClose, ledger.KindOrderWithdraw:
		issued := s.apply(t, auth.System(), ledger.IssueOrder{Unit: p.unit, Matter: "限期整治", DueOn: "2020-12-31"})
		return fields{"kind": row.kind, "order_id": issued.Entries[0].NounID, "base_version": 1, "reason": "已办"}
	case ledger.KindMeetingCall:
		return fields{"kind": row.kind, "meeting": "regular", "date": "2020-09-30"}
	case ledger.KindMeetingAgenda, ledger.KindMeetingDecide, ledger.KindMeetingDone, ledger.KindMeetingClose:
		return fields{"kind": row.kind, "meeting_id": 1, "base_version": 1, "reason": "限期办结"}
	case ledger.KindUndo:
		return fields{"kind": row.kind, "batch_id": s.batch(t, row, as), "reason": "误操作"}
	}
	return f.and("reason", "测绘") // land.*
}

func (s *stage) unitID(t *testing.T, code string) int64 {
	t.Helper()
	running, err := s.rooms.Catalogue.Running(t.Context())
	require.NoError(t, err)
	units, err := s.rooms.Catalogue.Units(t.Context(), running.ID)
	require.NoError(t, err)
	return units[slices.IndexFunc(units, func(u ledger.Unit) bool { return u.Code == code })].ID
}

// sheetRow is a row of a ledger of the unit, which somebody of the district made.
func (s *stage) sheetRow(t *testing.T, unit string) int64 {
	t.Helper()
	row := ledger.FillSheet{Sheet: "five_un", Of: "unit", OfID: s.unitID(t, unit), Values: map[string]string{"place": "工业园北侧", "kind": "unused", "land": "12.5", "disposal": "限期动工", "due_on": "2020-12-31"}}
	return s.apply(t, auth.Actor{ID: "zhou", Role: campaign.RoleDistrict}, row).Entries[0].NounID
}

// batch is somebody's, or one that the person made.
func (s *stage) batch(t *testing.T, row verdict, as string) string {
	t.Helper()
	p := s.ground[row.scope]
	if row.what != "mine" {
		return p.batch
	}
	amend := ledger.AmendCase{Case: p.file, BaseVersion: 1, Fields: map[string]string{"note": as + "办"}}
	return s.apply(t, auth.Actor{ID: as, Role: campaign.RoleDistrict}, amend).BatchID.String()
}
