package parcelimport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/parcelimport"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// desk imports files into a database of its own with one unit around everything.
type desk struct {
	*interchange.Importer
	ledger *ledger.Ledger
	store  *postgres.Store
	db     *dbtest.DB
}

func newDesk(t *testing.T) desk {
	t.Helper()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	at := time.Date(2020, 9, 30, 6, 12, 0, 0, time.UTC)
	book := ledger.New(store, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	def, err := campaign.Rectify2020()
	require.NoError(t, err)
	_, err = book.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.SetUpCampaign{
		Definition: def,
		Units:      []ledger.UnitDraft{{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: campaign.Text{ZH: "洪合镇", EN: "Honghe"}, Short: campaign.Text{ZH: "洪合", EN: "Honghe"}}, Boundary: orb.MultiPolygon{box(120.5, 30.5, 0.5)}}},
	}}})
	require.NoError(t, err)
	reader, err := interchange.NewReader(interchange.Config{})
	require.NoError(t, err)
	return desk{interchange.NewImporter(reader, parcelimport.Door{Ledger: book}, store), book, store, db}
}

// box has its south-west corner at lon, lat and the given side in degrees.
func box(lon, lat, side float64) orb.Polygon {
	return orb.Polygon{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}
}

// row is a parcel of a file.
type row struct {
	code, name string
	shape      orb.Polygon
	more       map[string]any
}

// imports brings these rows in as a GeoJSON file.
func (d desk) imports(t *testing.T, rows ...row) interchange.Outcome {
	t.Helper()
	return d.request(t, interchange.Request{OpID: uuid.New()}, rows...)
}

func (d desk) request(t *testing.T, req interchange.Request, rows ...row) interchange.Outcome {
	t.Helper()
	type feature struct {
		Type       string         `json:"type"`
		Properties map[string]any `json:"properties"`
		Geometry   map[string]any `json:"geometry"`
	}
	var features []feature
	for _, r := range rows {
		f := feature{"Feature", map[string]any{"parcel_no": r.code, "名称": r.name}, map[string]any{"type": "Polygon", "coordinates": r.shape}}
		maps.Copy(f.Properties, r.more)
		features = append(features, f)
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	require.NoError(t, err)
	req.Path, req.Filename, req.Device = filepath.Join(t.TempDir(), "f.geojson"), "f.geojson", "test"
	require.NoError(t, os.WriteFile(req.Path, text, 0o600))
	req.Options.Map = map[string]string{"code": "parcel_no", "label": "名称"}
	out, err := d.Import(t.Context(), auth.System(), req)
	require.NoError(t, err)
	require.Nil(t, out.Refusal)
	return out
}

func codes(out interchange.Outcome) map[string]int {
	n := map[string]int{}
	for _, f := range out.Findings {
		n[f.Code]++
	}
	return n
}

func TestASecondImportTellsWhatItChanges(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	land := map[string]any{"土地性质": "集体", "占地": "5.80"}
	first := d.imports(t,
		row{"P1", "凤桥村作坊1号", box(120.60, 30.60, 0.0005), land},
		row{"P2", "凤桥村作坊2号", box(120.61, 30.60, 0.0005), land},
		row{"P3", "凤桥村作坊3号", box(120.62, 30.60, 0.0005), land},
		row{"P4", "凤桥村作坊4号", box(120.63, 30.60, 0.0005), land})
	require.EqualValues(t, 4, first.Created)
	require.Empty(t, first.Changes)
	other := d.imports(t, row{"Q1", "另一份文件", box(120.70, 30.60, 0.0005), nil})
	require.Zero(t, other.Gone, "another file's parcels are no business of this one")

	rows := []row{
		{"P1", "凤桥村作坊1号", box(120.60, 30.60, 0.0005), land},
		{"P2", "凤桥村作坊2号", box(120.61, 30.60, 0.0006), land},
		{"P3", "凤桥村3号", box(120.62, 30.60, 0.0005), map[string]any{"土地性质": "国有", "备注": "已收储"}},
		{"P5", "凤桥村作坊5号", box(120.64, 30.60, 0.0005), land},
	}
	preview := d.request(t, interchange.Request{OpID: uuid.New(), DryRun: true}, rows...)
	second := d.imports(t, rows...)
	preview.BatchID, preview.Revision, preview.DryRun = second.BatchID, second.Revision, false
	require.Equal(t, preview, second, "the preview says what the import does")
	require.Len(t, second.New, 1)
	assert.Equal(t, interchange.NewParcel{Row: 4, Code: "P5", Label: "凤桥村作坊5号", Unit: "honghe", Area: second.New[0].Area, Ground: orb.MultiPolygon{box(120.64, 30.60, 0.0005)}}, second.New[0])

	assert.Equal(t, []int64{1, 2, 1, 1, 1, 1}, []int64{second.Created, second.Changed, second.Unchanged, second.ChangedGeometry, second.ChangedFields, second.Gone})
	require.Len(t, second.Changes, 2)
	reshaped, renamed := second.Changes[0], second.Changes[1]
	assert.Equal(t, "P2", reshaped.Code)
	assert.True(t, reshaped.Reshaped)
	assert.Empty(t, reshaped.Fields)
	assert.Less(t, reshaped.Before, reshaped.After)
	assert.Equal(t, []orb.MultiPolygon{{box(120.61, 30.60, 0.0005)}, {box(120.61, 30.60, 0.0006)}}, []orb.MultiPolygon{reshaped.OldGround, reshaped.Ground})
	assert.Equal(t, interchange.Change{
		Row: 3, Code: "P3", Label: "凤桥村3号", Before: renamed.Before, After: renamed.Before,
		Fields: []interchange.FieldChange{
			{Field: "label", Before: "凤桥村作坊3号", After: "凤桥村3号"},
			{Field: "占地", Before: "5.80"},
			{Field: "名称", Before: "凤桥村作坊3号", After: "凤桥村3号"},
			{Field: "土地性质", Before: "集体", After: "国有"},
			{Field: "备注", After: "已收储"},
		},
	}, renamed)
	require.Len(t, second.GoneParcels, 1)
	assert.Equal(t, "P4", second.GoneParcels[0].Code)

	third := d.imports(t, rows...)
	assert.EqualValues(t, 4, third.Unchanged)
	assert.Zero(t, third.Created+third.Changed)
	d.undo(t, second.BatchID)
	left := d.request(t, interchange.Request{OpID: uuid.New(), DryRun: true, Options: interchange.Options{LeaveOut: []int{2, 4}}}, rows...)
	assert.Equal(t, []int64{0, 1, 1, 2, 1}, []int64{left.Created, left.Changed, left.Unchanged, left.LeftOut, left.Gone},
		"what a person leaves out stays as it is, and is not missing from the file")
	back := d.imports(t, rows...)
	assert.Equal(t, []int64{1, 2, 1}, []int64{back.Created, back.Changed, back.Unchanged}, "the batch was taken back whole")
	report, err := d.store.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, report.Findings)
}

func TestAnOldFileDoesNotBringBackWhatWasSplit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	old := []row{{"P1", "老厂", box(120.60, 30.60, 0.001), nil}, {"P2", "新厂", box(120.61, 30.60, 0.001), nil}}
	first := d.imports(t, old...)
	require.Empty(t, first.Retired, "a code that was never there is none that ended")
	d.undo(t, first.BatchID)
	require.Empty(t, d.imports(t, old...).Retired, "nor one whose import was taken back")
	p1 := d.db.Numbers(t, "postgres", `SELECT ARRAY[id] FROM guatu.parcel WHERE code = 'P1'`)[0]
	_, err := d.ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{
		ledger.SplitParcel{Parcel: p1, Line: orb.LineString{{120.6004, 30.59}, {120.6004, 30.61}}, Reason: "分户"},
	}})
	require.NoError(t, err)
	again := d.imports(t, old...)
	assert.Equal(t, 1, codes(again)["code_retired"])
	assert.Equal(t, "第 1 行的编号 P1 于 2020-09-30 已分割为 P1-1、P1-2，导入会使旧编号重新出现、与新地块重叠", again.Findings[0].Text.ZH)
	assert.Equal(t, 2, codes(again)["overlap_stored"])
}

func TestWhatWasSaidOfASourceIsRemembered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	send := func(columns map[string]string, dry bool, content string) interchange.Outcome {
		path := filepath.Join(t.TempDir(), "f.csv")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		out, err := d.Import(t.Context(), auth.System(), interchange.Request{OpID: uuid.New(), Device: "test", Path: path, Filename: "f.csv", DryRun: dry, Options: interchange.Options{Map: columns, CRS: map[bool]string{true: "4549"}[columns != nil]}})
		require.NoError(t, err)
		return out
	}
	const table = "甲,乙,WKT\nA1,老厂,\"POLYGON((480000 3400000,480100 3400000,480100 3400100,480000 3400000))\"\n"
	said := map[string]string{"code": "甲", "label": "乙"}
	require.Nil(t, send(said, true, table).Refusal)
	require.Equal(t, []string{"crs"}, send(nil, true, table).Needs, "a preview is not kept")
	require.EqualValues(t, 1, send(said, false, table).Created)
	again := send(nil, true, table)
	require.Nil(t, again.Refusal)
	assert.True(t, again.Remembered)
	assert.Equal(t, said, again.Fields)
	assert.EqualValues(t, 1, again.Unchanged)
	other := send(nil, true, "甲,丙,WKT\nA1,老厂,\"POLYGON((480000 3400000,480100 3400000,480100 3400100,480000 3400000))\"\n")
	assert.Equal(t, []string{"crs"}, other.Needs, "another source says for itself")
}

func (d desk) undo(t *testing.T, batch uuid.UUID) {
	t.Helper()
	_, err := d.ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.UndoBatch{Batch: batch, Reason: "导错文件"}}})
	require.NoError(t, err)
}

func TestParcelsWithoutCodesAreNamedByTheirShape(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := []row{
		{"", "东间", box(120.60, 30.60, 0.0005), nil},
		{"", "西间", box(120.60, 30.60, 0.0005), nil},
		{"", "别处", box(120.61, 30.60, 0.0005), nil},
	}
	require.EqualValues(t, 3, d.imports(t, rows...).Created, "one shape with two names is two parcels")
	again := d.imports(t, rows...)
	require.EqualValues(t, 3, again.Unchanged)
	require.Zero(t, again.Created+again.Changed+again.Gone)
}

func TestOverlapsWithStoredParcelsArePointedOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.imports(t, row{"P1", "", box(120.60, 30.60, 0.001), nil}, row{"P2", "", box(120.601, 30.60, 0.001), nil})
	out := d.imports(t,
		row{"N1", "", box(120.6005, 30.6005, 0.001), nil}, // on both
		row{"N2", "", box(120.60, 30.601, 0.0003), nil},   // touches P1 only
		row{"N3", "", box(120.62, 30.62, 0.001), nil})
	require.Equal(t, 2, codes(out)["overlap_stored"])
	require.EqualValues(t, 3, out.Created, "an overlap is a finding, not a refusal")
	for i, f := range out.Findings {
		assert.Equal(t, 1, f.Row)
		assert.Equal(t, fmt.Sprintf("第 1 行与已有地块 P%d 重叠 3.99 亩", i+1), f.Text.ZH)
		require.NotNil(t, f.Place)
	}
	// A parcel that the file itself moves is not in its own way, nor in that of its neighbours in the file.
	moved := d.imports(t, row{"P1", "", box(120.6002, 30.59, 0.001), nil}, row{"N4", "", box(120.6001, 30.6001, 0.0003), nil})
	require.Zero(t, codes(moved)["overlap_stored"], moved.Findings)
	again := d.imports(t, row{"N1", "", box(120.6005, 30.6005, 0.001), nil})
	require.Zero(t, codes(again)["overlap_stored"], "unchanged land was pointed out before")
	thin := d.imports(t, row{"N5", "", box(120.602-2.09e-6, 30.6002, 0.0003), nil}) // 20 cm of 33 m
	require.Len(t, thin.Findings, 1)
	assert.Equal(t, "第 1 行与已有地块 P2 重叠 0.01 亩", thin.Findings[0].Text.ZH)
}

func TestAnOffsetOfGCJ02IsPointedOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var stored, sent, baidu, plain []row
	for i := range 30 {
		shape := box(120.60+0.002*float64(i%6), 30.60+0.002*float64(i/6), 0.0005+0.00002*float64(i))
		stored = append(stored, row{fmt.Sprint("S", i), "", shape, nil})
		plain = append(plain, row{fmt.Sprint("R", i), "", shape, nil})
		sent = append(sent, row{fmt.Sprint("G", i), "", crs.Polygon(shape, crs.ToGCJ02), nil})
		baidu = append(baidu, row{fmt.Sprint("S", i), "", crs.Polygon(shape, crs.ToBD09), nil})
	}
	require.Zero(t, codes(d.imports(t, stored...))["looks_shifted"])
	dry := interchange.Request{OpID: uuid.New(), DryRun: true}
	out := d.request(t, dry, sent...)
	require.Equal(t, "GCJ-02", out.Shifted, "by shape, whatever the codes")
	require.Equal(t, "looks_shifted", out.Findings[0].Code)
	require.Contains(t, out.Findings[0].Text.ZH, "高德（GCJ-02）")
	require.Equal(t, "BD-09", d.request(t, dry, baidu...).Shifted)
	require.Empty(t, d.request(t, dry, plain...).Shifted, "the same shapes in their place")
	dry.Options.CRS = "GCJ-02"
	require.Empty(t, d.request(t, dry, sent...).Shifted, "taken back, they lie right")
}

func TestProgressOfReadingThenOfWriting(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := make([]row, 4500)
	for i := range rows {
		rows[i] = row{fmt.Sprintf("P%04d", i), "", box(120.60+0.001*float64(i%100), 30.60+0.001*float64(i/100), 0.0005), nil}
	}
	type step struct {
		phase       string
		done, total int
	}
	var steps []step
	out := d.request(t, interchange.Request{OpID: uuid.New(), Progress: func(phase string, done, total int) {
		steps = append(steps, step{phase, done, total})
	}}, rows...)
	require.EqualValues(t, 4500, out.Created)
	require.Equal(t, step{interchange.PhaseWrite, 4500, 4500}, steps[len(steps)-1])
	for i := 1; i < len(steps); i++ {
		a, b := steps[i-1], steps[i]
		require.True(t, a.phase == b.phase && a.done <= b.done || a.phase == interchange.PhaseRead && b.phase == interchange.PhaseWrite, "%v then %v", a, b)
	}
}
