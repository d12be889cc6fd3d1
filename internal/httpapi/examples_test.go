package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

var update = flag.Bool("update", false, "write the examples of openapi.yaml anew, from the demo")

// examplesBegin is the line of openapi.yaml from which on the examples are made.
const examplesBegin = "  # Answers of the demo, shortened: lists with one or two entries; made by `go test ./internal/httpapi -run Examples -update`.\n"

// TestExamplesAreAnswersOfTheDemo writes them; that they are as specified is held by TestEveryAnswerHasAnExample.
func TestExamplesAreAnswersOfTheDemo(t *testing.T) {
	t.Parallel()
	if !*update {
		t.Skip("writes a file: run it with -update after a change of what is answered")
	}
	r := &recorder{house: showing(t), examples: map[string]any{}}
	r.readings(t)
	r.figures(t)
	r.acts(t)
	r.files(t)
	r.write(t)
}

// recorder asks and keeps what is answered, shortened.
type recorder struct {
	*house
	examples map[string]any
}

// asks keeps an answer under the name of its operation.
func (r *recorder) asks(t *testing.T, name string, q request) any {
	t.Helper()
	q.path = "/api/v1" + q.path
	if q.as == "" {
		q.as = "zhou"
	}
	a := r.ask(t, q)
	require.Less(t, a.status, http.StatusInternalServerError, "%s: %s", name, a.body)
	return r.keep(t, name, settled(a.body))
}

func (r *recorder) keep(t *testing.T, name string, body []byte) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(body, &value), "%s: %s", name, body)
	r.examples[name] = shortened(value, "")
	return value
}

// shortened leaves one or two entries of each list, and the first ring of a shape.
func shortened(value any, key string) any {
	switch v := value.(type) {
	case []any:
		most := 1
		if len(v) > 0 {
			if _, nested := v[0].(map[string]any); !nested {
				most = 3
			}
		}
		if key == "items" || key == "groups" {
			most = 2
		}
		list := []any{}
		for _, item := range v[:min(most, len(v))] {
			if key == "coordinates" {
				list = append(list, item)
				continue
			}
			list = append(list, shortened(item, key))
		}
		return list
	case map[string]any:
		fewer := map[string]any{}
		for name, item := range v {
			fewer[name] = shortened(item, name)
		}
		return fewer
	}
	return value
}

func (r *recorder) readings(t *testing.T) {
	t.Helper()
	for name, path := range map[string]string{
		"getHealth": "/health", "listPeople": "/people", "getSession": "/session", "getCampaign": "/campaign", "listCases": "/cases?late=true&sort=-late&limit=1",
		"getTodo": "/todo", "listFindings": "/findings", "search": "/search?q=hlzz", "listEnterprises": "/enterprises?q=hlzz&limit=1", "checkEnterprise": "/enterprises/check?code=" + badCode,
		"listParcels": "/parcels?sort=-area&limit=1", "listUnits": "/units", "listVillages": "/villages?unit=honghe", "listTargets": "/targets?unit=district&metric=recovered",
		"listLayers": "/layers", "getHistory": "/history", "getCampaignHistory": "/campaign/history", "getBasemap": "/basemap", "getLayer": "/layers/parcels?unit=honghe",
	} {
		r.asks(t, name, request{path: path})
	}
	c := r.late(t)
	r.asks(t, "getCase", request{path: "/cases/" + number(c.Id)})
	r.asks(t, "getParcel", request{path: "/parcels/" + number(r.parcelOf(t, c.Id))})
	r.asks(t, "getEnterprise", request{path: "/enterprises/" + number(*c.Enterprise)})

	upgraded := asDistrict[gen.CasePage](t, r.house, "/cases?track=upgrade&limit=1").Items[0]
	r.asks(t, "listSheets", request{path: "/sheets?of=case&id=" + number(upgraded.Id)})
	r.asks(t, "getTrack", request{path: "/tracks/rectify"})
	r.asks(t, "getWatch", request{path: "/watches/to_class_d"})
	for name, path := range map[string]string{"getRevisits": "/revisits", "getElectricity": "/electricity", "getEnforcement": "/enforcement", "getAssurance": "/assurance", "getAppraisal": "/appraisal", "getAppraisalFacts": "/appraisal/facts?unit=honghe&item=recovered"} {
		r.asks(t, name, request{path: path})
	}
	modes := `{"modes":{"R1":"any"}}`
	r.asks(t, "previewEligibility", request{method: http.MethodPost, path: "/eligibility/preview", header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(modes)})
	r.keep(t, "previewEligibilityRequest", []byte(modes))

	whole := r.asks(t, "getDefinition", request{path: "/campaign/definition"}).(map[string]any) //nolint:forcetypeassert // an object
	some := map[string]any{}
	for _, key := range []string{"code", "year", "name", "title", "lights", "targets"} {
		some[key] = shortened(whole["definition"].(map[string]any)[key], key) //nolint:forcetypeassert // an object
	}
	r.examples["getDefinition"] = map[string]any{"version": whole["version"], "definition": some}
	r.settings(t)
}

// settings asks what a darker light would do.
func (r *recorder) settings(t *testing.T) {
	t.Helper()
	now := read[held](t, r.house, "/campaign/definition")
	now.Definition.Lights.Red = -50
	r.asks(t, "previewCampaign", request{method: http.MethodPost, path: "/campaign/preview", header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(text(t, fields{"base_version": now.Version, "definition": now.Definition}))})
	r.examples["previewCampaignRequest"] = fields{"base_version": now.Version, "definition": fields{"code": now.Definition.Code, "lights": now.Definition.Lights}}
}

// late is the case that is late the longest.
func (r *recorder) late(t *testing.T) gen.CaseSummary {
	t.Helper()
	return asDistrict[gen.CasePage](t, r.house, "/cases?late=true&sort=-late&limit=1").Items[0]
}

func (r *recorder) figures(t *testing.T) {
	t.Helper()
	r.asks(t, "getFigures", request{path: "/figures"})
	r.asks(t, "getWall", request{path: "/wall"})
	b := read[gen.BurnUp](t, r.house, "/figures/burn-up?metric=recovered&as_of=2020-01-03")
	now := read[gen.BurnUp](t, r.house, "/figures/burn-up?metric=recovered")
	now.From, now.Done, now.Baseline = b.From, now.Done[:3], now.Baseline[:3]
	r.keep(t, "getBurnUp", []byte(text(t, now)))
	m := read[gen.Moves](t, r.house, "/figures/moves?from=2020-08-31&to=2020-09-30&unit=xincheng")
	i := slices.IndexFunc(m.Cases, func(c gen.Move) bool { return len(c.Milestones) > 0 && c.Milestones[0].Late })
	require.GreaterOrEqual(t, i, 0, "what was reported late")
	m.Cases = m.Cases[i:]
	r.keep(t, "getMoves", []byte(text(t, m)))
}

// acts changes something, with a contradiction and a refusal.
func (r *recorder) acts(t *testing.T) {
	t.Helper()
	post := func(name, as string, change fields) {
		op := fields{"op_id": uuid.NewSHA1(uuid.NameSpaceOID, []byte(name+as)), "device": "desk", "changes": []fields{change}}
		r.keep(t, name, settled(r.post(t, as, text(t, op)).body))
		r.keep(t, name+"Request", []byte(text(t, op)))
	}
	c := r.late(t)
	before := read[gen.Health](t, r.house, "/health").Revision
	post("Problem", "mei", milestone(c.Id, "demolished", "2020-09-30"))
	delete(r.examples, "ProblemRequest")
	post("postChanges", "mei", fields{"kind": "case.leave", "case_id": c.Id, "side": "blocked", "note": "补偿已谈拢"})
	stream := r.stream(t, number(before))
	stream.next(t)
	r.keep(t, "getLive", settled([]byte(stream.next(t).data)))
	for _, who := range []struct{ as, name string }{{"mei", "梅某"}, {"zhou", "周某"}} {
		r.change(t, who.as, fields{"kind": "case.amend", "case_id": c.Id, "base_version": c.Version + 1, "fields": fields{"responsible": who.name}})
	}
	r.asks(t, "listConflicts", request{path: "/conflicts"})
	draft := text(t, fields{"case_id": c.Id})
	land := r.asks(t, "previewLand", request{method: http.MethodPost, path: "/land/effective", header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(draft)})
	r.keep(t, "previewLandRequest", []byte(draft))
	r.splits(t, c.Id, land)
	id := r.change(t, "zhou", fields{"kind": "bulletin.freeze", "monthly": true, "date": "2020-08-31", "until": "2020-09-30"}).Entries[0].NounID
	r.asks(t, "listBulletins", request{path: "/bulletins"})
	r.asks(t, "getBulletin", request{path: "/bulletins/" + number(id)})
	r.asks(t, "getMessage", request{path: "/bulletins/message"})
	r.change(t, "zhou", fields{"kind": "order.issue", "unit": c.Unit, "reason": "进度落后，请逐件落实并反馈", "case_ids": []int64{c.Id}, "until": "2020-10-09"})
	r.asks(t, "listOrders", request{path: "/orders"})
	r.change(t, "zhou", fields{"kind": "meeting.call", "meeting": "regular", "date": "2020-10-09"})
	r.asks(t, "listMeetings", request{path: "/meetings"})
	r.asks(t, "listBlockers", request{path: "/blockers"})
	r.asks(t, "listReminders", request{path: "/reminders"})
}

// splits asks what cutting the parcel of a case in two, from south to north through the middle of its land, would do.
func (r *recorder) splits(t *testing.T, caseID int64, land any) {
	t.Helper()
	var p gen.LandPreview
	require.NoError(t, json.Unmarshal([]byte(text(t, land)), &p))
	mp, err := geojson.DecodeMultiPolygon([]byte(text(t, p.Recovered.Geometry)))
	require.NoError(t, err)
	box := mp.Bound()
	lon := math.Round(box.Center()[0]*1e6) / 1e6
	draft := text(t, fields{"parcel_id": r.parcelOf(t, caseID), "line": [][]float64{{lon, box.Min[1] - 0.001}, {lon, box.Max[1] + 0.001}}})
	r.asks(t, "previewSuccession", request{method: http.MethodPost, path: "/parcels/succession", header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(draft)})
	r.keep(t, "previewSuccessionRequest", []byte(draft))
}

// settled gives an answer the batch it has in every run.
func settled(body []byte) []byte {
	return regexp.MustCompile(`"batch_id":"[0-9a-f-]{36}"`).ReplaceAll(body, []byte(`"batch_id":"`+uuid.NewSHA1(uuid.NameSpaceOID, []byte("batch")).String()+`"`))
}

func (r *recorder) files(t *testing.T) {
	t.Helper()
	good, kind := upload(t, map[string]string{"地块.geojson": twoParcels}, "dry_run", "true")
	r.asks(t, "postImport", request{method: http.MethodPost, path: "/imports", header: map[string]string{"Content-Type": kind}, body: good})
	lacking, kind := upload(t, map[string]string{"地块.csv": "wkt,code\n\"POLYGON((560000 3400000,560100 3400000,560100 3400100,560000 3400000))\",B1\n"})
	r.asks(t, "postImportNeeds", request{method: http.MethodPost, path: "/imports", header: map[string]string{"Content-Type": kind}, body: lacking})
	books, kind := upload(t, map[string]string{"洪合镇台账.xlsx": ledgerBook(t, []string{"宏盛毛衫厂", "企业", "2020.5.1", "5.79"}, []string{"良三织造加工点", "作坊", "去年", "3860"})}, "dry_run", "true")
	r.asks(t, "postLedgers", request{method: http.MethodPost, path: "/imports/ledger", header: map[string]string{"Content-Type": kind}, body: books})
	readings, kind := upload(t, map[string]string{"九月用电.csv": "用电户号,月份,用电量\n330400012000,2020-08,1260.5\n3304999,2020年9月,80\n"}, "dry_run", "true")
	r.asks(t, "postElectricity", request{method: http.MethodPost, path: "/imports/electricity", header: map[string]string{"Content-Type": kind}, body: readings})
	r.examples["postImportProgress"] = map[string]any{"phase": "read", "done": 1200, "total": 0}
}

// write puts the examples at the end of openapi.yaml; JSON is YAML.
func (r *recorder) write(t *testing.T) {
	t.Helper()
	spec, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	kept, made, _ := strings.Cut(string(spec), "  # Answers of the demo, shortened")
	for line := range strings.Lines(made) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": {value: ")
		// What is not asked here stays as it was written by hand: passwords, keys, addresses and times differ with each run.
		if _, asked := r.examples[name]; !asked && strings.Contains(kept, "#/components/examples/"+name+"\"") {
			require.NoError(t, json.Unmarshal([]byte(strings.TrimSuffix(value, "}")), new(any)), name)
			r.examples[name] = json.RawMessage(strings.TrimSuffix(value, "}"))
		}
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(kept, "\n") + "\n" + examplesBegin + "  examples:\n")
	names := make([]string, 0, len(r.examples))
	for name := range r.examples {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(r.examples[name]))
		fmt.Fprintf(&b, "    %s: {value: %s}\n", name, strings.TrimSpace(line.String()))
	}
	require.NoError(t, os.WriteFile("openapi.yaml", []byte(b.String()), 0o600))
}
