package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// strip is a rectangle as broad as a parcel of the tests and so many times as high.
func strip(code, class string, share float64) ledger.ReferenceDraft {
	west, south, side := 120.60, 30.65, 0.0005
	east, north := west+side, south+side*share
	return ledger.ReferenceDraft{Code: code, Name: "示意", Class: class, Geometry: orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func (h *house) layOver(t *testing.T, cases ...int64) (ledger.Outcome, error) {
	t.Helper()
	return h.Apply(t.Context(), auth.System(), operation(ledger.NewLayOver(cases)))
}

// found is what the overlays of an enterprise came to.
func (h *house) found(t *testing.T, id int64) map[string]string {
	t.Helper()
	return h.sheets(t, ledger.NounEnterprise, id)[campaign.SheetOverlay].Values
}

// firm is an operator with a case on a parcel, of which rules R1 and R2 say no.
func (h *house) firm(t *testing.T) (enterprise, caseID int64) {
	t.Helper()
	draft := rated(map[string]string{"2019": "A", "2018": "A", "2017": "A"})
	out := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01", Unit: "honghe", Operator: &draft})
	for _, e := range out.Entries {
		switch e.Noun {
		case ledger.NounEnterprise:
			enterprise = e.NounID
		case ledger.NounCase:
			caseID = e.NounID
		}
	}
	h.apply(t, shen, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: enterprise, Values: values("legal_land", "yes", "policy", "yes")})
	return enterprise, caseID
}

// TestOverlaysAreMeasuredKeptAndSaidInWords: the share of the parcels in the zones of
// the imported layers, with both days, decides what nobody has decided.
func TestOverlaysAreMeasuredKeptAndSaidInWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id, caseID := h.firm(t)
	result, _ := h.verdict(t, id)
	require.Empty(t, result, "nothing is known yet")
	_, err := h.layOver(t)
	require.ErrorIs(t, err, ledger.ErrNothingNew, "a layer that was not imported has no say")

	h.apply(t, lu, ledger.ReplaceReference{Layer: "planning", Whole: true, Features: []ledger.ReferenceDraft{
		strip("a", "building", 0.25), strip("b", "industrial", 0.125), strip("farm", "farmland", 1), // what two zones share counts once
	}}, ledger.ReplaceReference{Layer: "env_zones", Whole: true, Features: []ledger.ReferenceDraft{strip("red", "red_line", 0.1)}})
	h.now = h.now.Add(24 * time.Hour)
	out, err := h.layOver(t, caseID)
	require.NoError(t, err)
	require.Len(t, out.Entries, 2, "the overlay and the verdict")
	assert.Equal(t, map[string]string{
		"planning": "25", "planning.layer_on": "2020-09-30", "planning.on": "2020-10-01",
		"zoning": "10", "zoning.layer_on": "2020-09-30", "zoning.on": "2020-10-01",
	}, h.found(t, id))
	result, why := h.verdict(t, id)
	assert.Equal(t, "yes", result)
	assert.Equal(t, "符合：R4 不符合规划、区划、产业政策（规划建设用地内：占25%（2020-09-30版图层，2020-10-01叠加））", why)
	_, err = h.layOver(t)
	require.ErrorIs(t, err, ledger.ErrNothingNew, "and once")
	require.NoError(t, h.verify(t))
}

// TestOverlaysFollowLayersAndParcels: another layer, another shape of the parcel and
// their undo are measured again; what came to the same keeps its day.
func TestOverlaysFollowLayersAndParcels(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id, _ := h.firm(t)
	layer := func(share float64) ledger.Outcome {
		return h.apply(t, lu, ledger.ReplaceReference{Layer: "planning", Whole: true, Features: []ledger.ReferenceDraft{strip("a", "building", share)}})
	}
	share := func() string {
		_, err := h.layOver(t)
		require.NoError(t, err)
		return fmt.Sprint(h.found(t, id)["planning"], " ", h.found(t, id)["planning.on"])
	}
	layer(0.25)
	assert.Equal(t, "25 2020-09-30", share())
	h.now = h.now.Add(24 * time.Hour)
	grown := layer(0.75)
	assert.Equal(t, "75 2020-10-01", share())
	result, _ := h.verdict(t, id)
	assert.Equal(t, "open", result, "the place is not known: R1 and R3 stay open")
	h.apply(t, lu, ledger.UndoBatch{Batch: grown.BatchID, Reason: "图层版本有误"})
	assert.Equal(t, "25 2020-10-01", share())

	larger := square(120.60, 30.65, 0.0005)
	larger[0][0][2][1], larger[0][0][3][1] = 30.651, 30.651 // twice as high
	h.apply(t, auth.System(), drafts(ledger.ParcelDraft{Row: 1, Code: "P00001", Label: "凤桥村作坊1号", Geometry: larger}))
	assert.Equal(t, "12.5 2020-10-01", share())

	h.apply(t, lu, ledger.ReplaceReference{Layer: "planning", Whole: true})
	_, err := h.layOver(t)
	require.NoError(t, err)
	assert.Empty(t, h.found(t, id), "a layer that is gone has no say any more")
	require.NoError(t, h.verify(t))
}

// TestWhatAPersonDecidedStandsBesideTheOverlay: both are said.
func TestWhatAPersonDecidedStandsBesideTheOverlay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id, caseID := h.firm(t)
	h.apply(t, lu, ledger.ReplaceReference{Layer: "planning", Whole: true, Features: []ledger.ReferenceDraft{strip("a", "building", 0.25)}},
		ledger.ReplaceReference{Layer: "village_clusters", Whole: true, Features: []ledger.ReferenceDraft{strip("v", "cluster", 1)}})
	_, err := h.layOver(t, caseID)
	require.NoError(t, err)
	facts := h.sheets(t, ledger.NounEnterprise, id)["facts"]
	h.apply(t, office, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: id, BaseVersion: facts.Version, Values: values("planning", "no")})
	_, why := h.verdict(t, id)
	assert.Equal(t, "符合：R4 不符合规划、区划、产业政策（不符合城乡（土地）利用总体规划：是，规划建设用地内占25%（2020-09-30版图层，2020-09-30叠加））", why)
	h.apply(t, office, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: id, BaseVersion: facts.Version + 1, Values: values("planning", "yes", "zoning", "yes", "legal_land", "no")})
	_, why = h.verdict(t, id)
	assert.Equal(t, "符合：R3 原村级工业集聚区无合法用地（原村级工业集聚区内：占100%（2020-09-30版图层，2020-09-30叠加）；无合法用地：是）", why)
	h.refused(t, "unknown_sheet", office, ledger.FillSheet{Sheet: campaign.SheetOverlay, Of: "enterprise", OfID: id, Values: values("planning", "100")})
	require.NoError(t, h.verify(t))
}
