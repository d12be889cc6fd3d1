package simulate

import (
	"context"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// errUnsimulated says that a change went where the simulation does not: files of
// parcels, reference layers and polygons of land are the database's, not the field's.
var errUnsimulated = errors.New("not part of the simulation")

// simulated refuses to forget silently what this database does not keep.
func simulated(w ledger.Writes, end ledger.Ending) error {
	n := len(w.Parcels) + len(w.RemovedParcels) + len(w.Enterprises) + len(w.RemovedEnterprises) + len(w.ReferenceShapes) + len(w.References) +
		len(w.RemovedReferences) + len(w.Lands) + len(w.RemovedLands) + len(w.Sheets) + len(w.RemovedSheets) + len(w.Contacts) + len(w.Secrets) +
		len(w.DestroyedKeys) + len(w.Waivers) + len(w.RemovedWaivers)
	if n > 0 || w.Staged || end.Parts != nil {
		return fmt.Errorf("write %d rows of other nouns: %w", n, errUnsimulated)
	}
	return nil
}

// unsimulated is the part of ledger.Tx that no change of the simulation asks for.
type unsimulated struct{}

func (unsimulated) ParcelsNow(context.Context, []int64) (map[int64]ledger.LockedParcel, error) {
	return nil, errUnsimulated
}

func (unsimulated) References(context.Context, []int64, []string) (map[int64]ledger.Reference, error) {
	return nil, errUnsimulated
}

func (unsimulated) EnterprisesAll(context.Context) ([]ledger.Enterprise, error) {
	return nil, errUnsimulated
}

func (unsimulated) Overlays(context.Context, []campaign.Overlay, []int64, []int64) (map[int64][]campaign.Overlaid, error) {
	return nil, errUnsimulated
}

func (unsimulated) ParcelsUnion(context.Context, int64) (orb.MultiPolygon, error) {
	return nil, errUnsimulated
}

func (unsimulated) Deduct(context.Context, orb.MultiPolygon, orb.MultiPolygon, []campaign.Exclusion) (ledger.Deducted, error) {
	return ledger.Deducted{}, errUnsimulated
}

func (unsimulated) LandFaults(context.Context, []ledger.Land, map[string]orb.MultiPolygon, []int64) ([]ledger.LandFault, error) {
	return nil, errUnsimulated
}

func (unsimulated) ShapeAreas(context.Context, [][]byte) (map[string]geo.Area, error) {
	return nil, errUnsimulated
}

func (unsimulated) FindingNow(context.Context, string, int64, int64) (geo.Area, ledger.Waiver, bool, error) {
	return 0, ledger.Waiver{}, false, errUnsimulated
}

func (unsimulated) Waivers(context.Context, []int64) (map[int64]ledger.Waiver, error) {
	return nil, errUnsimulated
}

func (unsimulated) CasesOfLand(context.Context, []int64) ([]int64, error) {
	return nil, errUnsimulated
}

func (unsimulated) Stage(context.Context, func(each func(ledger.ParcelDraft) error) error) error {
	return errUnsimulated
}

func (unsimulated) Staged(context.Context, func([]ledger.StagedParcel) error) error {
	return errUnsimulated
}

func (unsimulated) StagedSummary(context.Context) (ledger.StagedSummary, error) {
	return ledger.StagedSummary{}, errUnsimulated
}

func (unsimulated) StagedChanged(context.Context, int) ([]ledger.ParcelChange, error) {
	return nil, errUnsimulated
}

func (unsimulated) StagedGone(context.Context, int) ([]ledger.ParcelGone, int64, error) {
	return nil, 0, errUnsimulated
}

func (unsimulated) StagedOverlaps(context.Context, int) (ledger.StagedOverlaps, error) {
	return ledger.StagedOverlaps{}, errUnsimulated
}

func (unsimulated) StagedSample(context.Context, int) ([]ledger.ParcelPlace, error) {
	return nil, errUnsimulated
}

func (unsimulated) PlacesMatch(context.Context, []ledger.ParcelPlace, func(orb.Point) orb.Point) (int, error) {
	return 0, errUnsimulated
}
