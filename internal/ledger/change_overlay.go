package ledger

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindSheetOverlay is the program's own: how much of an enterprise's parcels lies in the zones of the overlays.
const KindSheetOverlay = "sheet.overlay"

// ErrNothingNew ends the transaction of a change that finds everything as it is: no operation is left behind.
var ErrNothingNew = errors.New("nothing new: nothing written")

// LayOver measures the overlays (叠加分析) of enterprises anew and keeps what came
// to something else, with the verdicts that follow. The program asks for it after
// parcels, cases or layers changed.
type LayOver struct {
	// Cases are those whose operators are looked at; nil: everybody is.
	Cases []int64

	stale *stale
}

// stale is what the change learns before it locks: whose overlays have changed.
type stale struct{ enterprises []int64 }

// NewLayOver is the change that brings overlays up to date.
func NewLayOver(cases []int64) LayOver { return LayOver{Cases: cases, stale: &stale{}} }

func (LayOver) kind() string   { return KindSheetOverlay }
func (c LayOver) content() any { return c.Cases }
func (LayOver) names(l *Locks) { l.Sheets = append(l.Sheets, campaign.SheetOverlay) }

// looksUp finds whose overlays have changed: they alone are locked.
func (c LayOver) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	running, err := tx.Lock(ctx, Locks{}) // nothing is locked: it tells the running campaign
	if err != nil {
		return err
	}
	def := running.Campaigns[running.Running].Definition
	found, err := tx.Overlays(ctx, def.Overlays, c.Cases, nil)
	if err != nil {
		return err
	}
	q := SheetQuery{Noun: NounEnterprise, Nouns: slices.Collect(maps.Keys(found))}
	if c.Cases == nil { // also those whose parcels, or whose layers, are gone
		q = SheetQuery{Codes: []string{campaign.SheetOverlay}}
	}
	kept, err := keptOverlays(ctx, tx, q)
	if err != nil {
		return err
	}
	known := maps.Clone(found)
	for id := range kept {
		known[id] = found[id]
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if !maps.Equal(def.Overlaid(kept[id].Values, found[id], ""), kept[id].Values) {
			c.stale.enterprises = append(c.stale.enterprises, id)
		}
	}
	l.Enterprises = append(l.Enterprises, c.stale.enterprises...)
	return nil
}

// keptOverlays are the overlay sheets there are, by enterprise.
func keptOverlays(ctx context.Context, tx Tx, q SheetQuery) (map[int64]campaign.Filled, error) {
	rows, err := tx.Sheets(ctx, q)
	kept := map[int64]campaign.Filled{}
	for _, f := range rows {
		if f.Sheet == campaign.SheetOverlay {
			kept[f.OfID] = f
		}
	}
	return kept, err
}

func (c LayOver) decide(ctx context.Context, w *work) error {
	def, err := w.definition(w.there.Running)
	if len(c.stale.enterprises) == 0 || fault.Is(err, "no_campaign") {
		return ErrNothingNew
	}
	found, err := w.tx.Overlays(ctx, def.Overlays, nil, c.stale.enterprises) // anew: they are locked now
	if err != nil {
		return err
	}
	kept, err := keptOverlays(ctx, w.tx, SheetQuery{Noun: NounEnterprise, Nouns: c.stale.enterprises})
	if err != nil {
		return err
	}
	for _, id := range c.stale.enterprises {
		if err := w.layOver(ctx, def, id, kept[id], found[id]); err != nil {
			return err
		}
	}
	if len(w.entries) == 0 {
		return ErrNothingNew
	}
	return nil
}

// layOver keeps what the overlays of one enterprise came to.
func (w *work) layOver(ctx context.Context, def campaign.Definition, id int64, old campaign.Filled, found []campaign.Overlaid) error {
	e, ok := w.there.Enterprises[id]
	if !ok {
		return nil
	}
	next := old
	next.Values = def.Overlaid(old.Values, found, w.today())
	if maps.Equal(next.Values, old.Values) {
		return nil
	}
	if err := w.readSheets(ctx); err != nil {
		return err
	}
	if old.ID == 0 {
		var err error
		if next.ID, err = w.newID(ctx); err != nil {
			return err
		}
		next.Sheet, next.Of, next.OfID = campaign.SheetOverlay, NounEnterprise, id
	}
	next.Unit = e.Unit
	w.unjudged[id] = true
	return w.writeSheet(campaign.Sheet{}, old, next, Entry{Kind: KindSheetOverlay})
}
