package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCaseMerge is the kind of entries that merging duplicate cases makes.
const KindCaseMerge = "case.merge"

// MergeCases joins cases that are one matter, listed twice (合并重复事项). The one that stays counts the land of all; the
// others are struck out as duplicates of it, with everything that is recorded of them.
type MergeCases struct {
	Into        int64   `json:"into"`
	Duplicates  []int64 `json:"duplicates"`
	Reason      string  `json:"reason"`
	BaseVersion int64   `json:"base_version"` // of the one that stays
}

func (MergeCases) kind() string   { return KindCaseMerge }
func (c MergeCases) content() any { return c }
func (c MergeCases) names(l *Locks) {
	l.Cases, l.Land = append(append(l.Cases, c.Into), c.Duplicates...), true
}

func (c MergeCases) decide(ctx context.Context, w *work) error {
	stays, err := w.seen(ctx, c.Into, c.BaseVersion, c.Reason)
	if err != nil {
		return err
	}
	ids := slices.Compact(slices.Sorted(slices.Values(c.Duplicates)))
	if len(ids) == 0 || slices.Contains(ids, c.Into) {
		return fault.New(fault.KindInvalid, "merge_cases", "请选择与它重复的事项", "please choose the cases that are duplicates of it")
	}
	track, err := w.track(stays.now)
	if err != nil {
		return err
	}
	next := stays.now
	next.Shares = slices.Clone(next.Shares)
	for _, id := range ids {
		if next.Shares, err = c.strike(w, track, next, id); err != nil {
			return err
		}
	}
	if next.Land() != stays.now.Land() {
		if err := track.MayMeasure(next); err != nil {
			return err
		}
	}
	if len(next.Shares) == len(stays.now.Shares) && next.Land() == stays.now.Land() {
		return nil // it had all of the land before
	}
	return w.record(stays, next, Entry{Kind: KindCaseMerge, BaseVersion: c.BaseVersion, Body: Body{Note: strings.TrimSpace(c.Reason), From: ids}})
}

// strike strikes one duplicate out and gives its land to the one that stays.
func (c MergeCases) strike(w *work, track campaign.Track, stays campaign.Case, id int64) ([]campaign.Share, error) {
	cw, err := w.caseNow(id)
	if err != nil {
		return nil, err
	}
	next := cw.now
	switch _, hasLand := w.there.Lands[id]; {
	case next.Campaign != stays.Campaign || next.Track != stays.Track || next.Unit != stays.Unit:
		return nil, fault.New(fault.KindConflict, "merge_apart", next.Code+" 与 "+stays.Code+" 不属同一条线、同一责任主体，不能合并", next.Code+" is of another track or unit than "+stays.Code)
	case hasLand:
		return nil, fault.New(fault.KindConflict, "merge_has_land", next.Code+" 已登记腾退范围，请先删除，或以它为保留的事项", "land is recorded for "+next.Code+"; remove it first, or let that case be the one that stays")
	}
	if err := track.MayMeasure(next); err != nil {
		return nil, fault.New(fault.KindConflict, "locked", next.Code+" 已验收，数据已锁定，请申请解锁，或以它为保留的事项", next.Code+" has been accepted and its data are locked")
	}
	side, err := duplicateSide(track)
	if err != nil {
		return nil, err
	}
	shares := gathered(stays.Shares, next.Shares)
	next.Shares = emptied(next.Shares)
	next.Recovered, next.Effective = 0, 0
	next = next.Beside(side.Code, campaign.Side{Since: w.today(), Reason: "与 " + stays.Code + " 重复，已合并", Code: side.duplicate, By: w.actor.ID, Approved: w.actor.ID})
	return shares, w.record(cw, next, Entry{Kind: KindCaseMerge, Body: Body{Note: strings.TrimSpace(c.Reason), Into: []int64{stays.ID}}})
}

// gathered adds land to land, parcel by parcel. What one counted of a parcel the other did not, so nothing is counted twice.
func gathered(into, from []campaign.Share) []campaign.Share {
	for _, s := range from {
		if i := slices.IndexFunc(into, func(each campaign.Share) bool { return each.Parcel == s.Parcel }); i >= 0 {
			into[i].Area += s.Area
		} else {
			into = append(into, s)
		}
	}
	slices.SortFunc(into, func(a, b campaign.Share) int { return int(a.Parcel - b.Parcel) })
	return into
}

// emptied counts nothing of the same parcels.
func emptied(shares []campaign.Share) []campaign.Share {
	out := make([]campaign.Share, len(shares))
	for i, s := range shares {
		out[i] = campaign.Share{Parcel: s.Parcel, Area: geo.Area(0)}
	}
	return out
}

// struckSide is the side state of what is out of every figure, with its reason for duplicates.
type struckSide struct {
	campaign.SideState
	duplicate string
}

// duplicateSide is the campaign's first side state that excludes; its reason “twice” where it has one.
func duplicateSide(track campaign.Track) (struckSide, error) {
	for _, s := range track.Sides() {
		if !s.Excludes {
			continue
		}
		found := struckSide{SideState: s}
		for _, r := range s.Reasons {
			if r.Code == "twice" {
				found.duplicate = r.Code
			}
		}
		return found, nil
	}
	return struckSide{}, fault.New(fault.KindConflict, "no_struck", "专项行动没有“剔除”这个状态，不能合并事项", "the campaign has no side state that strikes a case out")
}
