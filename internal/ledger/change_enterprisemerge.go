package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// MergeEnterprises joins two enterprises that are one, entered twice (合并重复企业). Everything that names the duplicate
// names the one that stays from then on: its cases with all that hangs on them, sheets, contact. The duplicate is kept and
// says which one it is.
type MergeEnterprises struct {
	Into             int64    `json:"into"`
	Duplicate        int64    `json:"duplicate"`
	Take             []string `json:"take,omitempty"` // fields that the one that stays gets from the duplicate (TakeFields), codes of forms
	Reason           string   `json:"reason"`
	BaseVersion      int64    `json:"base_version"`
	DuplicateVersion int64    `json:"duplicate_version"`
}

// TakeContact in MergeEnterprises.Take makes the duplicate's contact the one of the enterprise that stays.
const TakeContact = "contact"

func (MergeEnterprises) kind() string   { return KindEnterpriseMerge }
func (c MergeEnterprises) content() any { return c }
func (c MergeEnterprises) names(l *Locks) {
	l.Enterprises = append(l.Enterprises, c.Into, c.Duplicate)
}

// looksUp locks the cases of both: those of one move, those of the other are what they may contradict.
func (c MergeEnterprises) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	cases, err := tx.CasesOfEnterprises(ctx, []int64{c.Into, c.Duplicate})
	l.Cases = append(l.Cases, cases...)
	return err
}

func (c MergeEnterprises) decide(ctx context.Context, w *work) error {
	stays, goes, err := c.both(ctx, w)
	if err != nil {
		return err
	}
	of, err := c.cases(ctx, w)
	if err != nil {
		return err
	}
	if err := mayBeOne(w, stays, goes, of); err != nil {
		return err
	}
	for _, cw := range of[goes.ID] {
		next := cw.now
		next.Enterprise = stays.ID
		if err := w.record(cw, next, Entry{Kind: KindEnterpriseMerge, Body: noted(c.Reason)}); err != nil {
			return err
		}
	}
	if err := c.sheets(ctx, w, stays); err != nil {
		return err
	}
	if err := c.contact(w); err != nil {
		return err
	}
	return c.write(w, stays, goes)
}

// both are the two as the author saw them.
func (c MergeEnterprises) both(ctx context.Context, w *work) (stays, goes Enterprise, err error) {
	if stays, err = w.enterprise(c.Into); err != nil {
		return stays, goes, err
	}
	if goes, err = w.enterprise(c.Duplicate); err != nil {
		return stays, goes, err
	}
	switch {
	case c.Into == c.Duplicate:
		return stays, goes, fault.New(fault.KindInvalid, "merge_itself", "请选择两家不同的企业", "please choose two enterprises")
	case strings.TrimSpace(c.Reason) == "":
		return stays, goes, fault.New(fault.KindInvalid, "reason_missing", "请填写理由", "please give the reason")
	case stays.Version != c.BaseVersion:
		err = w.changedByAnother(ctx, NounEnterprise, c.Into, c.BaseVersion)
	case goes.Version != c.DuplicateVersion:
		err = w.changedByAnother(ctx, NounEnterprise, c.Duplicate, c.DuplicateVersion)
	}
	return stays, goes, err
}

// cases are those of both, by enterprise. The enterprises are locked: what came between looking and locking is seen now.
func (c MergeEnterprises) cases(ctx context.Context, w *work) (map[int64][]*caseWork, error) {
	ids, err := w.tx.CasesOfEnterprises(ctx, []int64{c.Into, c.Duplicate})
	if err != nil {
		return nil, err
	}
	of := map[int64][]*caseWork{}
	for _, id := range ids {
		if _, locked := w.there.Cases[id]; !locked {
			return nil, fault.New(fault.KindStale, "cases_since", "刚刚有新事项列入，请核对后再合并", "a case has just been listed; please compare and merge again")
		}
		cw, err := w.caseNow(id)
		if err != nil {
			return nil, err
		}
		of[cw.now.Enterprise] = append(of[cw.now.Enterprise], cw)
	}
	return of, nil
}

// mayBeOne refuses what says that the two are not one: two sound credit codes, or ground that was accepted of both.
func mayBeOne(w *work, stays, goes Enterprise, of map[int64][]*caseWork) error {
	if stays.Code != "" && goes.Code != "" && stays.Code != goes.Code && len(uscc.Check(stays.Code)) == 0 && len(uscc.Check(goes.Code)) == 0 {
		return fault.New(fault.KindConflict, "two_codes",
			fmt.Sprintf("两家的统一社会信用代码不同（%s、%s）且均有效，是两个主体，不能合并", stays.Code, goes.Code),
			fmt.Sprintf("their credit codes %s and %s are both sound: these are two firms", stays.Code, goes.Code))
	}
	for _, a := range of[stays.ID] {
		for _, b := range of[goes.ID] {
			if a.now.Campaign != b.now.Campaign || a.now.Track != b.now.Track || !shareGround(a.now, b.now) {
				continue
			}
			track, err := w.track(a.now)
			if err != nil {
				return err
			}
			if track.Locked(a.now) && track.Locked(b.now) {
				return fault.New(fault.KindConflict, "both_accepted",
					fmt.Sprintf("%s 与 %s 在同一图斑上均已验收，请先解锁其中一件并合并重复事项", a.now.Code, b.now.Code),
					fmt.Sprintf("%s and %s were both accepted on the same parcel; unlock one of them and merge the cases first", a.now.Code, b.now.Code))
			}
		}
	}
	return nil
}

func shareGround(a, b campaign.Case) bool {
	return slices.ContainsFunc(a.Shares, func(s campaign.Share) bool {
		return slices.ContainsFunc(b.Shares, func(o campaign.Share) bool { return s.Parcel == o.Parcel })
	})
}

// write gives the one that stays what was chosen of the other, and has the other say which one it is.
func (c MergeEnterprises) write(w *work, stays, goes Enterprise) error {
	next, gone := stays, goes
	for _, field := range c.Take {
		if take := takes[field]; take != nil {
			take(&next, goes)
		}
	}
	if next.Code == gone.Code {
		gone.Code = "" // a code is one enterprise's
	}
	if next.Label == stays.Name && next.Name != stays.Name {
		next.Label = next.Name // it was shown by its name
	}
	next.Version, gone.Version, gone.MergedInto = stays.Version+1, goes.Version+1, stays.ID
	body := noted(c.Reason)
	body.Into = []int64{stays.ID}
	if err := w.changeEnterprise(goes, gone, Entry{Kind: KindEnterpriseMerge, BaseVersion: c.DuplicateVersion, Body: body}); err != nil {
		return err
	}
	body.Into, body.From = nil, []int64{goes.ID}
	return w.changeEnterprise(stays, next, Entry{Kind: KindEnterpriseMerge, BaseVersion: c.BaseVersion, Body: body})
}

// takes are the fields that may be chosen of the duplicate; where it lies goes as one.
var takes = map[string]func(into *Enterprise, from Enterprise){ //nolint:gochecknoglobals // a dictionary
	"code":        func(into *Enterprise, from Enterprise) { into.Code = from.Code },
	"name":        func(into *Enterprise, from Enterprise) { into.Name = from.Name },
	"label":       func(into *Enterprise, from Enterprise) { into.Label = from.Label },
	"kind":        func(into *Enterprise, from Enterprise) { into.Kind = from.Kind },
	"place":       func(into *Enterprise, from Enterprise) { into.Unit, into.Village = from.Unit, from.Village },
	"industry":    func(into *Enterprise, from Enterprise) { into.Industry = from.Industry },
	"above_scale": func(into *Enterprise, from Enterprise) { into.AboveScale = from.AboveScale },
	"evaluations": func(into *Enterprise, from Enterprise) { into.Evaluations = from.Evaluations },
	"tax_per_mu":  func(into *Enterprise, from Enterprise) { into.TaxPerMu = from.TaxPerMu },
}

// enterprise is a locked enterprise that stands for itself.
func (w *work) enterprise(id int64) (Enterprise, error) {
	e, ok := w.enterpriseNow(id)
	switch {
	case !ok:
		return e, fault.New(fault.KindNotFound, "enterprise_not_found", "没有这家企业", "there is no such enterprise")
	case e.MergedInto != 0:
		return e, fault.New(fault.KindConflict, "enterprise_merged", e.Name+" 已作为重复企业并入他处，请用并入后的企业", e.Name+" was merged into another enterprise; please use that one")
	}
	return e, nil
}
