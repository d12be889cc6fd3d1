package ledger

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindParcelSplit is the kind of entries that the splitting of a parcel makes.
const KindParcelSplit = "parcel.split"

// SplitParcel cuts a parcel apart along a line (图斑分割). The old parcel ends, each piece is a parcel of its own; the cases
// that stood on it stand on the pieces that the author names, and their land is counted anew.
type SplitParcel struct {
	Parcel int64
	Line   orb.LineString // EPSG:4490
	// Stands are the pieces, from 0, that a case stands on; every case of the parcel must be named.
	Stands      []Stand
	Reason      string
	BaseVersion int64 // of the parcel; 0 if not stated
	// Preview, if not nil, is filled in; nothing is written, and Apply returns ErrDryRun.
	Preview *Succession
}

// Stand says on which successors of its parcel a case stands.
type Stand struct {
	Case   int64 `json:"case_id"`
	Pieces []int `json:"pieces"`
}

// Succession is what a split or merge would do, or what keeps it from being done.
type Succession struct {
	Old   []LockedParcel
	Next  []Successor
	Moved []Moved
	// Fault is why it cannot be done as it is; what was computed before it stands beside it.
	Fault *fault.Error
}

// MostPieces is how many parcels one may be cut into.
const MostPieces = 8

func (SplitParcel) kind() string { return KindParcelSplit }

func (c SplitParcel) content() any {
	return struct {
		Parcel int64          `json:"parcel"`
		Line   orb.LineString `json:"line"`
		Stands []Stand        `json:"stands"`
		Reason string         `json:"reason,omitempty"`
		Base   int64          `json:"base_version,omitempty"`
	}{c.Parcel, c.Line, c.Stands, c.Reason, c.BaseVersion}
}

func (c SplitParcel) names(l *Locks) { l.Parcels, l.Land = append(l.Parcels, c.Parcel), true }
func (c SplitParcel) dry() bool      { return c.Preview != nil }

func (c SplitParcel) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	return casesOfParcels(ctx, tx, []int64{c.Parcel}, l)
}

func (c SplitParcel) decide(ctx context.Context, w *work) error {
	s := &succession{work: w, kind: KindParcelSplit, note: c.Reason}
	return s.conclude(c.Preview, c.split(ctx, s))
}

// conclude writes, or tells what would be written.
func (s *succession) conclude(preview *Succession, err error) error {
	if preview == nil {
		if err != nil {
			return err
		}
		return s.settle()
	}
	f, isFault := fault.As(err)
	if err != nil && (!isFault || len(s.next) == 0 && len(s.old) == 0) {
		return err
	}
	*preview = Succession{s.old, s.next, s.moved, f}
	return ErrDryRun
}

func (c SplitParcel) split(ctx context.Context, s *succession) error {
	old, err := s.parcelThere(c.Parcel, c.BaseVersion)
	if err != nil {
		return err
	}
	s.old = []LockedParcel{old}
	pieces, sliver, err := c.pieces(ctx, s, old)
	if err != nil {
		return err
	}
	if err := s.heirs(ctx, old.Parcel, pieces); err != nil {
		return err
	}
	stands, err := c.stands(s, old)
	if err != nil {
		return err
	}
	if err := s.recount(stands); err != nil {
		return err
	}
	for i := range sliver {
		if sliver[i] {
			return s.sliverFault(i)
		}
	}
	if err := s.trimLands(ctx); err != nil {
		return err
	}
	if err := s.lockedStay(); err != nil {
		return err
	}
	return unanswered(s, old, stands)
}

// pieces cuts the parcel.
func (c SplitParcel) pieces(ctx context.Context, s *succession, old LockedParcel) ([]orb.MultiPolygon, []bool, error) {
	if len(c.Line) < 2 {
		return nil, nil, fault.New(fault.KindInvalid, "split_line", "请在图上画一条分割线", "please draw a line across the parcel")
	}
	cut, err := s.tx.Cut(ctx, old.Shape, c.Line)
	switch {
	case err != nil:
		return nil, nil, err
	case !cut.Simple:
		return nil, nil, fault.New(fault.KindConflict, "split_line_crosses_itself", "分割线自相交，请重画", "the line crosses itself; please draw it anew")
	case len(cut.Pieces) <= len(cut.Whole):
		return nil, nil, fault.New(fault.KindConflict, "split_not_crossed", "分割线没有穿过图斑 "+old.Code+"，请从边界外画到边界外", "the line does not cross parcel "+old.Code+"; please draw it from outside to outside")
	case len(cut.Pieces) > MostPieces:
		return nil, nil, fault.New(fault.KindConflict, "split_too_many", fmt.Sprintf("分割线把图斑分成了 %d 块，一次最多 %d 块", len(cut.Pieces), MostPieces), fmt.Sprintf("the line cuts the parcel into %d pieces; %d at most", len(cut.Pieces), MostPieces))
	}
	return onGrid(cut), cut.Sliver, nil
}

// stands are the pieces each case stands on, of those that are named.
func (c SplitParcel) stands(s *succession, old LockedParcel) (map[int64][]int, error) {
	stands := map[int64][]int{}
	for _, stand := range c.Stands {
		on := slices.Compact(slices.Sorted(slices.Values(stand.Pieces)))
		if !slices.Contains(old.Cases, stand.Case) {
			return nil, fault.New(fault.KindConflict, "parcel_changed", "有事项已不在图斑 "+old.Code+" 上，请重新打开", "a case is no longer on parcel "+old.Code+"; please open it again")
		}
		if len(on) == 0 || on[0] < 0 || on[len(on)-1] >= len(s.next) {
			return nil, fault.New(fault.KindInvalid, "split_pieces", "请为每个事项选择所在的地块", "please say on which piece each case stands")
		}
		stands[stand.Case] = on
	}
	return stands, nil
}

// unanswered refuses as long as a case of the parcel is not named.
func unanswered(s *succession, old LockedParcel, stands map[int64][]int) error {
	for _, id := range old.Cases {
		if _, named := stands[id]; !named {
			code := s.there.Cases[id].Code
			return fault.New(fault.KindConflict, "split_case_open", "请选择 "+code+" 在哪一块上", "please say on which piece "+code+" stands")
		}
	}
	return nil
}

func (s *succession) sliverFault(i int) *fault.Error {
	m2 := s.next[i].Area.SquareMetresText()
	return fault.New(fault.KindConflict, "split_sliver", "会留下 "+m2+" ㎡ 的碎片（不足 10 ㎡，或平均宽不足 0.5 米），请移动分割线",
		"it would leave a sliver of "+m2+" m² (less than 10 m², or narrower than 0.5 m); please move the line")
}

// onGrid rounds what the cut has added to the 9 decimals (0.1 mm) that layers tell, so that everybody who
// reads a corner has the same one; corners that were there stay to the bit, for neighbours share them.
func onGrid(cut Cut) []orb.MultiPolygon {
	const grid = 1e9
	there := map[orb.Point]bool{}
	eachPoint(cut.Whole, func(p *orb.Point) { there[*p] = true })
	for _, piece := range cut.Pieces {
		eachPoint(piece, func(p *orb.Point) {
			if !there[*p] {
				*p = orb.Point{math.Round(p[0]*grid) / grid, math.Round(p[1]*grid) / grid}
			}
		})
	}
	return cut.Pieces
}

func eachPoint(mp orb.MultiPolygon, visit func(*orb.Point)) {
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := range ring {
				visit(&ring[i])
			}
		}
	}
}

// trimLands takes off the recorded land of cases what lies on pieces that they no longer stand on.
func (s *succession) trimLands(ctx context.Context) error {
	for i := range s.moved {
		m := &s.moved[i]
		l, has := s.there.Lands[m.Case.ID]
		if !has || len(m.Stands) == len(s.next) {
			continue
		}
		var off []orb.MultiPolygon
		for n := range s.next {
			if !slices.Contains(m.Stands, n) {
				off = append(off, s.next[n].Ground)
			}
		}
		trimmed, err := s.tx.Trim(ctx, l, off)
		if err != nil {
			return err
		}
		if m.Off = trimmed.Off; m.Off <= scrap {
			m.Off = 0
			continue
		}
		if err := s.trimLand(ctx, *m, l, trimmed); err != nil {
			return err
		}
	}
	return nil
}

func (s *succession) trimLand(ctx context.Context, m Moved, l Land, trimmed Trimmed) error {
	if m.Locked {
		return fault.New(fault.KindConflict, "parcel_case_locked", m.Case.Code+" 已验收，数据已锁定，它的腾退范围不能变：请让它占原来的全部范围，或先申请解锁",
			m.Case.Code+" has been accepted and its data are locked: let it keep all of its ground, or ask for it to be unlocked")
	}
	if trimmed.Recovered == nil {
		return fault.New(fault.KindConflict, "split_land_gone", m.Case.Code+" 登记的腾退范围都在另一块上，请选那一块，或先删除腾退范围",
			"all land recorded for "+m.Case.Code+" lies on another piece; choose that one, or remove the land first")
	}
	def, err := s.definition(m.Case.Campaign)
	if err != nil {
		return err
	}
	return s.relayLand(ctx, def.LandRule(), l, trimmed, "随图斑分割")
}

// relayLand records land with other polygons than before, or land of a new case; the effective part is kept as it is.
func (w *work) relayLand(ctx context.Context, rules campaign.LandRules, l Land, t Trimmed, why string) error {
	shapes := landShapes{recovered: geo.Normalise(t.Recovered)}
	if t.Effective != nil {
		shapes.effective = geo.Normalise(t.Effective)
	}
	deducted, err := w.tx.Deduct(ctx, shapes.recovered, shapes.effective, rules.Exclusions)
	if err != nil {
		return err
	}
	after := Land{ID: l.ID, Version: l.Version + 1, Case: l.Case, Origin: LandDrawn, Use: l.Use}
	after.Deductions = settle(exclusionCodes(rules), deducted.ByRule, geo.GeodesicArea(shapes.recovered)-geo.GeodesicArea(shapes.effective))
	if err := after.name(shapes); err != nil {
		return err
	}
	w.writes.Shapes = append(w.writes.Shapes, shapes.list()...)
	return w.recordLand(ctx, l, after, Entry{Kind: KindLandRecord, Body: noted(why)})
}

// codesOf lists the codes of parcels for a sentence.
func codesOf(list []LockedParcel) string {
	codes := make([]string, len(list))
	for i, p := range list {
		codes[i] = p.Code
	}
	return strings.Join(codes, "、")
}
