package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// settleVerdicts evaluates the rules of eligibility for the enterprises that an
// operation touched, as it leaves them, and keeps each verdict with its reason
// where it is another than before.
func (w *work) settleVerdicts(ctx context.Context) error {
	def, err := w.definition(w.there.Running)
	if len(w.unjudged) == 0 || fault.Is(err, "no_campaign") || len(def.Eligibility) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(w.unjudged)) {
		e, ok := w.enterpriseNow(id)
		if !ok || e.MergedInto != 0 { // it is another one, which is judged
			continue
		}
		filled, err := w.filledOf(ctx, NounEnterprise, id)
		if err != nil {
			return err
		}
		if err := w.keepVerdict(ctx, def, e, filled); err != nil {
			return err
		}
	}
	return nil
}

// enterpriseNow is an enterprise with its state so far in this operation.
func (w *work) enterpriseNow(id int64) (Enterprise, bool) {
	e, ok := w.there.Enterprises[id]
	for _, written := range w.writes.Enterprises {
		if written.ID == id {
			e, ok = written, true
		}
	}
	return e, ok
}

// Operator is what of the enterprise the rules of eligibility know.
func (e Enterprise) Operator() campaign.Operator {
	return campaign.Operator{Kind: e.Kind, Industry: e.Industry, AboveScale: e.AboveScale, Evaluations: e.Evaluations, TaxPerMu: e.TaxPerMu}
}

// keepVerdict writes the verdict; the day alone is no change.
func (w *work) keepVerdict(ctx context.Context, def campaign.Definition, e Enterprise, filled []campaign.Filled) error {
	var old campaign.Filled
	for _, f := range filled {
		if f.Sheet == campaign.SheetEligibility {
			old = f
		}
	}
	values := def.Judge(def.Facts(e.Operator(), filled)).Values(w.today())
	if old.ID == 0 && values[campaign.EligibleResult] == string(campaign.VerdictOpen) {
		return nil // nothing is known yet
	}
	if old.ID != 0 && values[campaign.EligibleWhy] == old.Values[campaign.EligibleWhy] && values[campaign.EligibleResult] == old.Values[campaign.EligibleResult] {
		return nil
	}
	next := old
	if old.ID == 0 {
		var err error
		if next.ID, err = w.newID(ctx); err != nil {
			return err
		}
		next.Sheet, next.Of, next.OfID = campaign.SheetEligibility, NounEnterprise, e.ID
	}
	next.Unit, next.Values = e.Unit, values
	return w.writeSheet(campaign.Sheet{}, old, next, Entry{Kind: KindSheetJudge})
}

// judgedAnew evaluates every enterprise, when the rules themselves have changed.
func (w *work) judgedAnew(ctx context.Context, def campaign.Definition) error {
	all, err := w.tx.EnterprisesAll(ctx)
	if err != nil {
		return err
	}
	if err := w.readSheets(ctx); err != nil {
		return err
	}
	codes := []string{campaign.SheetEligibility, campaign.SheetOverlay}
	for _, s := range def.Sheets {
		if s.Of == NounEnterprise {
			codes = append(codes, s.Code)
		}
	}
	if err := w.take(ctx, SheetQuery{Codes: codes}); err != nil {
		return err
	}
	of := map[int64][]campaign.Filled{}
	for _, f := range w.sheets.byID {
		if f.Of == NounEnterprise {
			of[f.OfID] = append(of[f.OfID], f)
		}
	}
	for _, e := range all {
		if e.MergedInto != 0 {
			continue
		}
		if err := w.keepVerdict(ctx, def, e, of[e.ID]); err != nil {
			return err
		}
	}
	return nil
}
