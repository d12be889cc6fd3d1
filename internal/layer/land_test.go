package layer_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// shown is what a layer of land says.
type shown struct {
	Features []struct {
		ID         int64
		Properties struct {
			ID           int64
			Code         string
			Label        string
			Unit         string
			M2           float64
			Mu           float64
			AcceptedM2   float64 `json:"accepted_m2"`
			Counted      bool
			Recorded     string
			Use          string
			Construction string
			FloorM2      float64 `json:"floor_m2"`
			Members      []struct {
				ID   int64
				Code string
				M2   float64
			}
		}
		Geometry struct {
			Type        string
			Coordinates orb.MultiPolygon
		}
	}
}

func (h *house) shown(t *testing.T, s *layer.Snapshot, name string, q layer.Query) shown {
	t.Helper()
	b := answer(t, s, name, q, layer.Identity)
	var out shown
	require.NoError(t, json.Unmarshal(b, &out), "%s", b)
	return out
}

// acceptedOn lists a case, records its land and accepts it.
func (h *house) acceptedOn(t *testing.T, land orb.MultiPolygon, accepted geo.Area) (id, revision int64) {
	t.Helper()
	id = h.apply(t, ledger.ListCase{Unit: "honghe", Label: "凤桥村作坊", On: "2020-03-01"}).Entries[0].NounID
	d, err := h.store.Running(t.Context())
	require.NoError(t, err)
	track, _ := d.Definition.Track("rectify")
	for i, m := range track.Milestones[1:11] {
		changes := []ledger.Change{ledger.MarkMilestone{Case: id, Milestone: m.Code, On: "2020-09-29", Checks: boxesOf(m)}}
		if m.Code == "accepted" {
			changes = append([]ledger.Change{ledger.MeasureCase{Case: id, Recovered: accepted, Effective: accepted}, ledger.RecordLand{Case: id, Recovered: land, Use: "reserve"}}, changes...)
		}
		out, err := h.book.Apply(t.Context(), auth.Actor{ID: m.Code, Role: append(m.By, "district")[0]}, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes})
		require.NoError(t, err, "%d %s", i, m.Code)
		revision = out.Revision
	}
	return id, revision
}

func boxesOf(m campaign.Milestone) []string {
	var codes []string
	for _, c := range m.Checks {
		codes = append(codes, c.Code)
	}
	return codes
}

// TestContiguousLandIsABlock: two pieces 20 m apart are one block as large as what
// their cases count; a third one 60 m off is in none; a rebound takes its land out.
func TestContiguousLandIsABlock(t *testing.T) {
	t.Parallel()
	least := geo.FromHundredths(10_00)
	h := setupWith(t, func(d *campaign.Definition) {
		d.Land = &campaign.LandRules{Uses: d.Land.Uses, Blocks: campaign.BlockRule{Gap: 30, Least: least}}
	})
	side := 0.0006 // about 57 by 67 m, 5.7 mu
	a, _ := h.acceptedOn(t, square(120.61, 30.61, side), geo.FromHundredths(5_70))
	b, _ := h.acceptedOn(t, square(120.61+side+0.0002, 30.61, side), geo.FromHundredths(5_71))
	_, last := h.acceptedOn(t, square(120.61+3*side+0.0009, 30.61, side), geo.FromHundredths(5_72))
	now, err := h.model.At(t.Context(), last)
	require.NoError(t, err)

	land := h.shown(t, now, layer.Recovered, layer.Query{})
	require.Len(t, land.Features, 3)
	p := land.Features[0].Properties
	assert.Equal(t, []any{a, "honghe", true, "reserve", 3800.0}, []any{p.ID, p.Unit, p.Counted, p.Use, p.AcceptedM2})
	assert.InDelta(t, geo.GeodesicArea(square(120.61, 30.61, side)).SquareMetres(), p.M2, 0.005, "its own area, measured")
	assert.Len(t, h.shown(t, now, layer.Effective, layer.Query{}).Features, 3)
	assert.Empty(t, h.shown(t, now, layer.Recovered, layer.Query{Unit: "wangdian"}).Features)
	box := orb.Bound{Min: orb.Point{120.6099, 30.61}, Max: orb.Point{120.6101, 30.611}}
	assert.Len(t, h.shown(t, now, layer.Recovered, layer.Query{Bound: &box}).Features, 1)

	blocks := h.shown(t, now, layer.Blocks, layer.Query{})
	require.Len(t, blocks.Features, 1)
	f := blocks.Features[0]
	assert.Equal(t, "洪合连片1", f.Properties.Label)
	assert.InDelta(t, 11.41, f.Properties.Mu, 1e-9)
	require.Len(t, f.Properties.Members, 2)
	assert.Equal(t, []int64{a, b}, []int64{f.Properties.Members[0].ID, f.Properties.Members[1].ID})
	require.Len(t, f.Geometry.Coordinates, 1, "one outline across the gap")
	whole := geo.GeodesicArea(f.Geometry.Coordinates).SquareMetres()
	assert.Greater(t, whole, geo.GeodesicArea(square(120.61, 30.61, side)).SquareMetres()*2+19*60)
	tag := etag(t, now, layer.Blocks)

	rebound := h.apply(t, ledger.AskSide{Case: b, Side: "rebounded", Reason: "恢复供电"})
	after, err := h.model.At(t.Context(), rebound.Revision)
	require.NoError(t, err)
	assert.Empty(t, h.shown(t, after, layer.Blocks, layer.Query{}).Features, "what is left is too small")
	assert.False(t, h.shown(t, after, layer.Recovered, layer.Query{}).Features[1].Properties.Counted)
	assert.NotEqual(t, tag, etag(t, after, layer.Blocks))
	assert.Len(t, h.shown(t, now, layer.Blocks, layer.Query{}).Features, 1, "an earlier snapshot stays what it was")
}

func TestParksAreShownWithHowFarTheyAre(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.apply(t, ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		return each(ledger.ParcelDraft{Row: 1, Code: "P1", Label: "园", Geometry: square(120.61, 30.61, 0.002)})
	}})
	id := h.apply(t, ledger.ListCase{Track: "parks", Parcels: []int64{parcels.Entries[0].NounID}, Label: "洪合镇毛衫小微企业园", Floor: 40_000 * geo.SquareMetre, On: "2020-01-10"}).Entries[0].NounID
	d, err := h.store.Running(t.Context())
	require.NoError(t, err)
	track, _ := d.Definition.Track("parks")
	h.apply(t, ledger.FillSheet{Sheet: "park", Of: "case", OfID: id, Values: map[string]string{
		"build": "new", "footprint": "37.5", "investor": "state", "lead": "毛衫", "operator": "园区运营公司", "admission_doc": "园办〔2020〕3号", "rental_doc": "园办〔2020〕4号",
	}})
	stages := []string{"planned"}
	for _, m := range track.Milestones[1:] {
		last := h.apply(t, ledger.MarkMilestone{Case: id, Milestone: m.Code, On: "2020-09-01", Checks: boxesOf(m)}).Revision
		require.NotZero(t, last, m.Code)
		now, err := h.model.At(t.Context(), last)
		require.NoError(t, err)
		f := h.shown(t, now, layer.Parks, layer.Query{}).Features
		require.Len(t, f, 1)
		assert.Equal(t, "洪合镇毛衫小微企业园", f[0].Properties.Label)
		assert.InDelta(t, 40_000, f[0].Properties.FloorM2, 0)
		stages = append(stages, f[0].Properties.Construction)
	}
	assert.Equal(t, []string{"planned", "building", "built", "built"}, stages)
}

func TestWhatAnOperationMakesStale(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id, last := h.acceptedOn(t, square(120.61, 30.61, 0.001), geo.FromHundredths(15_00))
	bare := h.apply(t, ledger.ListCase{Unit: "honghe", Label: "另一家", On: "2020-03-01"})
	_, err := h.model.At(t.Context(), max(last, bare.Revision))
	require.NoError(t, err)
	view := h.pages.Now(auth.Everything(), "2020-09-30")
	land := []string{layer.Recovered, layer.Effective, layer.Blocks}
	assert.Equal(t, land, layer.Stale(view, false, []int64{id}))
	assert.Equal(t, land, layer.Stale(view, true, []int64{bare.Entries[0].NounID}))
	assert.Empty(t, layer.Stale(view, false, []int64{bare.Entries[0].NounID}))
	assert.Equal(t, []string{layer.Parks}, layer.Stale(view, false, []int64{1 << 40}), "a case that is gone may have been a park's")
}
