package ledger

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// sheets takes the sheets of the duplicate along. Of a form that both have filled in, the one that stays keeps its own
// unless the other's was chosen; what was not chosen stays with the duplicate, to be read. Verdicts are made anew.
func (c MergeEnterprises) sheets(ctx context.Context, w *work, stays Enterprise) error {
	theirs, err := w.filledOf(ctx, NounEnterprise, c.Duplicate)
	if err != nil {
		return err
	}
	ours, err := w.filledOf(ctx, NounEnterprise, c.Into)
	if err != nil {
		return err
	}
	for _, f := range theirs {
		if err := c.sheet(w, f, ours, stays); err != nil {
			return err
		}
	}
	return nil
}

func (c MergeEnterprises) sheet(w *work, f campaign.Filled, ours []campaign.Filled, stays Enterprise) error {
	switch f.Sheet {
	case campaign.SheetEligibility:
		return w.dropSheet(f, Entry{Kind: KindSheetJudge, Body: noted(c.Reason)})
	case campaign.SheetOverlay:
		return w.dropSheet(f, Entry{Kind: KindSheetOverlay, Body: noted(c.Reason)})
	}
	_, s, err := w.sheet(f.Sheet)
	if err != nil {
		return err
	}
	next := f
	next.OfID, next.Unit = stays.ID, stays.Unit
	i := slices.IndexFunc(ours, func(o campaign.Filled) bool { return o.Sheet == f.Sheet })
	switch {
	case s.Many || i < 0:
		return w.writeSheet(s, f, next, Entry{Kind: KindEnterpriseMerge, Body: noted(c.Reason)})
	case slices.Contains(c.Take, f.Sheet):
		next = ours[i]
		next.Values = f.Values
		return w.writeSheet(s, ours[i], next, Entry{Kind: KindEnterpriseMerge, Body: noted(c.Reason)})
	}
	return nil
}

// contact brings the duplicate's contact where there is none, or where it was chosen; the two are exchanged then, for what
// is sealed of a person stays theirs.
func (c MergeEnterprises) contact(w *work) error {
	ours, theirs := w.there.Contacts[c.Into], w.there.Contacts[c.Duplicate]
	if theirs.ID == 0 || theirs.Erased || ours.ID != 0 && !slices.Contains(c.Take, TakeContact) {
		return nil
	}
	delete(w.there.Contacts, c.Duplicate)
	if err := w.handContact(theirs, c.Into, Entry{Kind: KindEnterpriseMerge, Body: noted(c.Reason)}); err != nil || ours.ID == 0 {
		return err
	}
	return w.handContact(ours, c.Duplicate, Entry{Kind: KindEnterpriseMerge, Body: noted(c.Reason)})
}

// handContact makes a contact another enterprise's.
func (w *work) handContact(before Contact, enterprise int64, e Entry) error {
	after := before
	after.Version, after.Enterprise = before.Version+1, enterprise
	return w.recordContact(before, after, e)
}
