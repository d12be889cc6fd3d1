package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCaseSplit is the kind of entries that splitting a case makes.
const KindCaseSplit = "case.split"

// SplitCase makes two cases of one (分户): another firm on the same ground, with part of its land. What both count together is
// what the one counted. The new case has gone as far as the old one, and nothing of its photos, boxes and accepted figures.
type SplitCase struct {
	Case       int64            `json:"case"`
	Label      string           `json:"label,omitempty"`
	Enterprise int64            `json:"enterprise,omitempty"` // one that is known,
	Operator   *EnterpriseDraft `json:"operator,omitempty"`   // or one to make
	// Parts are what goes along; none: the new case counts only the firm (只计家数).
	Parts       []SplitPart `json:"parts,omitempty"`
	Reason      string      `json:"reason"`
	BaseVersion int64       `json:"base_version"`
}

// SplitPart is land of a parcel that goes along: all that the case counts of it, or some.
type SplitPart struct {
	Parcel int64    `json:"parcel"`
	Area   geo.Area `json:"area,omitempty"` // 0: all
}

func (SplitCase) kind() string   { return KindCaseSplit }
func (c SplitCase) content() any { return c }
func (c SplitCase) names(l *Locks) {
	namesLand(l, c.Case)
	if c.Enterprise != 0 {
		l.Enterprises = append(l.Enterprises, c.Enterprise)
	}
	for _, p := range c.Parts {
		l.Parcels = append(l.Parcels, p.Parcel)
	}
}

func (c SplitCase) decide(ctx context.Context, w *work) error {
	cw, err := w.seen(ctx, c.Case, c.BaseVersion, c.Reason)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	if err := c.check(w, track, cw.now); err != nil {
		return err
	}
	old, next := cw.now, c.branch(cw.now)
	if next, err = (ListCase{Enterprise: c.Enterprise, Operator: c.Operator}).operated(ctx, w, track, next); err != nil {
		return err
	}
	if old.Shares, next.Shares, err = c.shares(cw.now.Shares); err != nil {
		return err
	}
	if next.ID, err = w.newID(ctx); err != nil {
		return err
	}
	if next.Code, err = w.newCode(ctx, next, track); err != nil {
		return err
	}
	if err := w.record(cw, old, Entry{Kind: KindCaseSplit, BaseVersion: c.BaseVersion, Body: Body{Note: strings.TrimSpace(c.Reason), Into: []int64{next.ID}}}); err != nil {
		return err
	}
	if err := w.record(&caseWork{fields: Fields{}}, next, Entry{Kind: KindCaseSplit, Body: Body{Note: strings.TrimSpace(c.Reason), From: []int64{old.ID}}}); err != nil {
		return err
	}
	return c.land(ctx, w, old.ID, next)
}

// check refuses cases whose figures stand: splitting them would have to split what somebody has signed.
func (c SplitCase) check(w *work, track campaign.Track, old campaign.Case) error {
	if err := track.MayMeasure(old); err != nil {
		return err
	}
	if old.Recovered > 0 && len(c.Parts) > 0 {
		return fault.New(fault.KindConflict, "split_measured", old.Code+" 已有认定面积，分户会使它与土地不符，请先撤销面积认定", old.Code+" has an accepted area already; please take that back first")
	}
	_, hasLand := w.there.Lands[old.ID]
	if hasLand && slices.ContainsFunc(c.Parts, func(p SplitPart) bool { return p.Area != 0 }) {
		return fault.New(fault.KindConflict, "split_land", "该事项已登记腾退范围，按面积分出无法确定位置，请先分割图斑", "land is recorded for the case; split the parcel first, so that it is known where the part lies")
	}
	if c.Enterprise == 0 && c.Operator == nil && strings.TrimSpace(c.Label) == "" {
		return fault.New(fault.KindInvalid, "label_missing", "请填写企业（作坊）名称", "please give the name of the firm or workshop")
	}
	return nil
}

// branch is the new case before it has an operator: what it shares with the old one.
func (c SplitCase) branch(old campaign.Case) campaign.Case {
	next := campaign.Case{
		Campaign: old.Campaign, Track: old.Track, Unit: old.Unit, Village: old.Village, Batch: old.Batch, Disposal: old.Disposal, Responsible: old.Responsible,
		Label: strings.TrimSpace(c.Label), Marks: maps.Clone(old.Marks),
	}
	if next.Label == "" && c.Operator != nil {
		next.Label = c.Operator.label()
	}
	return next
}

// shares divides the land, parcel by parcel; where nothing goes along, the new case counts only the firm on the same parcels.
func (c SplitCase) shares(old []campaign.Share) (stays, goes []campaign.Share, err error) {
	wanted := map[int64]geo.Area{}
	for _, p := range c.Parts {
		i := slices.IndexFunc(old, func(s campaign.Share) bool { return s.Parcel == p.Parcel })
		if i < 0 || p.Area < 0 || p.Area > old[i].Area {
			return nil, nil, fault.New(fault.KindConflict, "split_beyond", "分出的面积超过该事项在这个图斑上计入的面积", "more would go along than the case counts of the parcel")
		}
		if wanted[p.Parcel] = p.Area; p.Area == 0 {
			wanted[p.Parcel] = old[i].Area
		}
	}
	for _, s := range old {
		part, named := wanted[s.Parcel]
		if !named || part < s.Area {
			stays = append(stays, campaign.Share{Parcel: s.Parcel, Area: s.Area - part})
		}
		if named || len(c.Parts) == 0 {
			goes = append(goes, campaign.Share{Parcel: s.Parcel, Area: part})
		}
	}
	if len(stays) == 0 && len(old) > 0 {
		return nil, nil, fault.New(fault.KindConflict, "split_all", "土地不能全部分出，请至少留下一部分", "not all of the land can go along; leave some")
	}
	return stays, goes, nil
}

// land divides recorded land along the parcels that go.
func (c SplitCase) land(ctx context.Context, w *work, oldID int64, next campaign.Case) error {
	l, has := w.there.Lands[oldID]
	if !has || len(c.Parts) == 0 {
		return nil
	}
	def, err := w.definition(next.Campaign)
	if err != nil {
		return err
	}
	var names [][]byte
	for _, p := range c.Parts {
		names = append(names, w.there.Parcels[p.Parcel].Shape)
	}
	joined, err := w.tx.Join(ctx, names)
	if err != nil {
		return err
	}
	stays, err := w.tx.Trim(ctx, l, []orb.MultiPolygon{joined.Ground})
	if err != nil || stays.Off <= scrap {
		return err
	}
	if stays.Recovered == nil {
		return fault.New(fault.KindConflict, "split_land_gone", "登记的腾退范围都在分出的图斑上，请先删除腾退范围", "all recorded land lies on the parcels that go; please remove it first")
	}
	goes, err := w.tx.Trim(ctx, l, []orb.MultiPolygon{stays.Recovered})
	if err != nil {
		return err
	}
	if err := w.relayLand(ctx, def.LandRule(), l, stays, "随事项分户"); err != nil {
		return err
	}
	return w.relayLand(ctx, def.LandRule(), Land{Case: next.ID, Use: l.Use}, goes, "随事项分户")
}
