package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// KindParcelMerge is the kind of entries that the merging of parcels makes.
const KindParcelMerge = "parcel.merge"

// MostMerged is how many parcels may be merged at once.
const MostMerged = 20

// MergeParcels makes neighbouring parcels of one unit one parcel (图斑合并). The old ones end; cases stand on the new one and
// count what they counted.
type MergeParcels struct {
	Parcels []int64
	// Bases are the versions of the parcels that the author saw, in the same order; nil if not stated.
	Bases  []int64
	Reason string
	// Preview, if not nil, is filled in; nothing is written, and Apply returns ErrDryRun.
	Preview *Succession
}

func (MergeParcels) kind() string { return KindParcelMerge }

func (c MergeParcels) content() any {
	return struct {
		Parcels []int64 `json:"parcels"`
		Bases   []int64 `json:"bases,omitempty"`
		Reason  string  `json:"reason,omitempty"`
	}{c.Parcels, c.Bases, c.Reason}
}

func (c MergeParcels) names(l *Locks) { l.Parcels, l.Land = append(l.Parcels, c.Parcels...), true }
func (c MergeParcels) dry() bool      { return c.Preview != nil }

func (c MergeParcels) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	return casesOfParcels(ctx, tx, c.Parcels, l)
}

func (c MergeParcels) decide(ctx context.Context, w *work) error {
	s := &succession{work: w, kind: KindParcelMerge, note: c.Reason}
	return s.conclude(c.Preview, c.merge(ctx, s))
}

func (c MergeParcels) merge(ctx context.Context, s *succession) error {
	ids := slices.Compact(slices.Sorted(slices.Values(c.Parcels)))
	if len(ids) < 2 || len(ids) != len(c.Parcels) || len(ids) > MostMerged || c.Bases != nil && len(c.Bases) != len(ids) {
		return fault.New(fault.KindInvalid, "merge_parcels", fmt.Sprintf("请选择 2 到 %d 个图斑", MostMerged), fmt.Sprintf("please choose 2 to %d parcels", MostMerged))
	}
	for i, id := range c.Parcels {
		var base int64
		if c.Bases != nil {
			base = c.Bases[i]
		}
		p, err := s.parcelThere(id, base)
		if err != nil {
			return err
		}
		s.old = append(s.old, p)
	}
	ground, err := c.ground(ctx, s)
	if err != nil {
		return err
	}
	if err := s.heirs(ctx, rootOf(s.old), []orb.MultiPolygon{ground}); err != nil {
		return err
	}
	if err := s.recount(nil); err != nil {
		return err
	}
	return s.lockedStay()
}

// rootOf is the parcel whose name and attributes the merged one keeps: the one with the first code.
func rootOf(old []LockedParcel) Parcel {
	root := old[0].Parcel
	for _, p := range old {
		if p.Code < root.Code {
			root = p.Parcel
		}
	}
	return root
}

// ground is that of all of them, or why they are not one.
func (c MergeParcels) ground(ctx context.Context, s *succession) (orb.MultiPolygon, error) {
	shapes := make([][]byte, len(s.old))
	for i, p := range s.old {
		if shapes[i] = p.Shape; p.Unit != s.old[0].Unit {
			return nil, fault.New(fault.KindConflict, "merge_units", "图斑 "+s.old[0].Code+" 与 "+p.Code+" 不属同一责任主体，不能合并", "parcels "+s.old[0].Code+" and "+p.Code+" belong to different units")
		}
	}
	joined, err := s.tx.Join(ctx, shapes)
	switch {
	case err != nil:
		return nil, err
	case joined.Overlap > scrap:
		return nil, fault.New(fault.KindConflict, "merge_overlap", "图斑 "+codesOf(s.old)+" 相互重叠 "+muZH(joined.Overlap)+"，请先处理重叠", "the parcels overlap by "+muEN(joined.Overlap)+"; please settle that first")
	case !joined.Touch && joined.Gap > 0:
		return nil, fault.New(fault.KindConflict, "merge_apart", fmt.Sprintf("图斑 %s 不相邻（相距 %.2f 米），不能合并", codesOf(s.old), joined.Gap), fmt.Sprintf("the parcels do not touch (%.2f m apart)", joined.Gap))
	case !joined.Touch:
		return nil, fault.New(fault.KindConflict, "merge_apart", "图斑 "+codesOf(s.old)+" 没有共同的边，不能合并", "the parcels share no edge")
	}
	return joined.Ground, nil
}
