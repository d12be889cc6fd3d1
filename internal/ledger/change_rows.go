package ledger

import (
	"context"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCaseImport is the right to bring ledgers of offices in; the entries have the kinds of what each row does.
const KindCaseImport = "case.import"

// ImportRows brings the rows of ledgers (台账) in as one batch. Each row is let in whole or not at all: what refuses it
// is its verdict, and the others are written all the same.
type ImportRows struct {
	// Digest names the files' content and how they are read; a repeat with the same operation must have the same.
	Digest string
	// DryRun decides and leaves nothing behind.
	DryRun bool
	Rows   []ImportedRow
	// Verdicts is filled in, one for each row.
	Verdicts *[]RowVerdict
	// Decided, if not nil, is told how many rows are decided.
	Decided func(done, total int)
}

// ImportedRow is what one row asks for: a new case, or changes of one that is there. What it does not say stays as it is.
type ImportedRow struct {
	List        *ListCase         // a new case,
	Case        int64             // or one that is there,
	BaseVersion int64             // at the version its author saw
	Fields      map[string]string // as AmendCase takes them
	Enterprise  int64             // whose facts Operator are; with List it is the new operator's own
	Operator    OperatorFacts
	Sheets      []SheetFacts
	Marks       []RowMark // in the order of the track
	Measure     *MeasureCase
}

// RowMark is a milestone that a row has: done on a day with its boxes, or not applicable for a reason.
type RowMark struct {
	Milestone     string
	On            campaign.Date
	Checks        []string
	NotApplicable string
}

// OperatorFacts are what a row says of an operator; what is zero is not said.
type OperatorFacts struct {
	Code, Name, Kind, Industry string
	AboveScale                 *bool
	Evaluations                map[string]string
	TaxPerMu                   map[string]float64
}

// SheetFacts are values of a sheet of the case or of its enterprise.
type SheetFacts struct {
	Sheet, Of string
	Values    map[string]string
}

// RowVerdict is what became of a row, or would.
type RowVerdict struct {
	Refusal *fault.Error // nil: let in
	Case    int64
	Entries []Entry
}

func (ImportRows) kind() string   { return KindCaseImport }
func (c ImportRows) content() any { return c.Digest }
func (c ImportRows) dry() bool    { return c.DryRun }

func (c ImportRows) names(l *Locks) {
	for _, r := range c.Rows {
		if r.List != nil {
			r.List.names(l)
		} else {
			l.Cases = append(l.Cases, r.Case)
		}
		if r.Enterprise != 0 {
			l.Enterprises = append(l.Enterprises, r.Enterprise)
		}
		for _, s := range r.Sheets {
			l.Sheets = append(l.Sheets, s.Sheet)
		}
	}
}

func (c ImportRows) decide(ctx context.Context, w *work) error {
	verdicts := make([]RowVerdict, len(c.Rows))
	for i, row := range c.Rows {
		before, err := w.before(ctx, row)
		if err != nil {
			return err
		}
		id, err := w.row(ctx, row)
		if refusal, refused := fault.As(err); refused {
			w.backTo(before)
			verdicts[i] = RowVerdict{Refusal: refusal, Case: row.Case}
		} else if err != nil {
			return err
		} else {
			verdicts[i] = RowVerdict{Case: id, Entries: w.entries[before.entries:]}
		}
		if c.Decided != nil {
			c.Decided(i+1, len(c.Rows))
		}
	}
	*c.Verdicts = verdicts
	if c.DryRun {
		return ErrDryRun
	}
	return nil
}

// row decides one row and gives its case.
func (w *work) row(ctx context.Context, r ImportedRow) (id int64, err error) {
	id = r.Case
	if r.List != nil {
		if id, r.Enterprise, err = w.rowListed(ctx, *r.List); err != nil {
			return 0, err
		}
	}
	if err := w.rowOperator(r); err != nil {
		return 0, err
	}
	cw, err := w.caseNow(id)
	if err != nil {
		return 0, err
	}
	if r.List != nil {
		r.BaseVersion = cw.now.Version
	}
	for _, change := range r.changes(id) {
		if err := w.may(ctx, change); err != nil {
			return 0, err
		}
		if err := change.decide(ctx, w); err != nil {
			return 0, err
		}
	}
	if now := w.cases[id]; now != nil && !w.actor.Has(now.now.Unit, now.now.Village) {
		return 0, w.otherUnit(ctx, now.now.Unit)
	}
	return id, nil
}

// rowListed makes the case and gives it with its operator.
func (w *work) rowListed(ctx context.Context, list ListCase) (id, operator int64, err error) {
	if err := w.may(ctx, list); err != nil {
		return 0, 0, err
	}
	if err := list.decide(ctx, w); err != nil {
		return 0, 0, err
	}
	id = w.entries[len(w.entries)-1].NounID
	operator = w.cases[id].now.Enterprise
	if e, entered := w.enterpriseNow(operator); entered {
		w.there.Enterprises[operator] = e
	}
	return id, operator, nil
}

// changes are those of a row beside listing and operator, in the order in which they may depend on each other.
func (r ImportedRow) changes(id int64) []Change {
	var changes []Change
	if len(r.Fields) > 0 {
		changes = append(changes, AmendCase{Case: id, Fields: r.Fields, BaseVersion: r.BaseVersion})
	}
	for _, s := range r.Sheets {
		of := id
		if s.Of == NounEnterprise {
			of = r.Enterprise
		}
		changes = append(changes, rowSheet{FillSheet{Sheet: s.Sheet, Of: s.Of, OfID: of, Values: s.Values}})
	}
	for _, m := range r.Marks {
		if m.NotApplicable != "" {
			changes = append(changes, MarkNotApplicable{Case: id, Milestone: m.Milestone, Reason: m.NotApplicable})
			continue
		}
		changes = append(changes, MarkMilestone{Case: id, Milestone: m.Milestone, On: m.On, Checks: m.Checks})
	}
	if r.Measure != nil {
		measure := *r.Measure
		measure.Case = id
		changes = append(changes, measure)
	}
	return changes
}

// rowSheet fills a sheet as it is now: a table states values, not the version it looked at.
type rowSheet struct{ FillSheet }

func (c rowSheet) decide(ctx context.Context, w *work) error {
	filled, err := w.filledOf(ctx, c.Of, c.OfID)
	if err != nil {
		return err
	}
	for _, f := range filled {
		if f.Sheet == c.Sheet {
			c.Row, c.BaseVersion = f.ID, f.Version
		}
	}
	return c.FillSheet.decide(ctx, w)
}

// rowOperator writes what the row says of an operator that is known.
func (w *work) rowOperator(r ImportedRow) error {
	old, known := w.enterpriseNow(r.Enterprise)
	if !known {
		return nil
	}
	next := r.Operator.over(old)
	entries := len(w.entries)
	kept := len(w.writes.Enterprises)
	next.Version = old.Version + 1
	if err := w.changeEnterprise(old, next, Entry{Kind: KindEnterpriseAmend, BaseVersion: old.Version}); err != nil || len(w.entries) == entries {
		return err
	}
	if err := w.actor.May(KindEnterpriseAmend); err != nil {
		return err
	}
	// One row of the state for each enterprise: the later version stands in the place of the earlier.
	if i := slices.IndexFunc(w.writes.Enterprises[:kept], func(e Enterprise) bool { return e.ID == next.ID }); i >= 0 {
		w.writes.Enterprises[i] = w.writes.Enterprises[kept]
		w.writes.Enterprises = w.writes.Enterprises[:kept]
	}
	return nil
}

// over lays what a row says over what is known.
func (f OperatorFacts) over(e Enterprise) Enterprise {
	for _, part := range []struct {
		said string
		into *string
	}{{f.Code, &e.Code}, {f.Name, &e.Name}, {f.Kind, &e.Kind}, {f.Industry, &e.Industry}} {
		if part.said != "" {
			*part.into = part.said
		}
	}
	if f.AboveScale != nil {
		e.AboveScale = *f.AboveScale
	}
	e.Evaluations, e.TaxPerMu = laid(e.Evaluations, f.Evaluations), laid(e.TaxPerMu, f.TaxPerMu)
	return e
}

func laid[V any](known, said map[string]V) map[string]V {
	if len(said) == 0 {
		return known
	}
	all := maps.Clone(known)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, said)
	return all
}

// standing is what a row could change, as it was before it.
type standing struct {
	entries, conflicts, kept, enterprises, sheets int
	caseThere                                     *caseWork
	caseID                                        int64
	written                                       map[int64]Enterprise // the row's enterprise, where an earlier row wrote it
	counted                                       map[int64]map[string]int64
	filled                                        map[int64]campaign.Filled
}

func (w *work) before(ctx context.Context, r ImportedRow) (standing, error) {
	s := standing{
		entries: len(w.entries), conflicts: len(w.conflicts), kept: len(w.writes.Conflicts), enterprises: len(w.writes.Enterprises), sheets: len(w.writes.Sheets),
		caseID: r.Case, written: map[int64]Enterprise{}, counted: map[int64]map[string]int64{}, filled: map[int64]campaign.Filled{},
	}
	if cw := w.cases[r.Case]; cw != nil {
		was := *cw
		s.caseThere = &was
	}
	for _, e := range w.writes.Enterprises {
		if e.ID == r.Enterprise {
			s.written[e.ID] = e
		}
	}
	if r.List != nil {
		for _, id := range r.List.Parcels {
			s.counted[id] = maps.Clone(w.there.Parcels[id].Counted)
		}
	}
	return s, w.sheetsBefore(ctx, r, s.filled)
}

func (w *work) sheetsBefore(ctx context.Context, r ImportedRow, into map[int64]campaign.Filled) error {
	if len(r.Sheets) == 0 {
		return nil
	}
	for noun, id := range map[string]int64{NounCase: r.Case, NounEnterprise: r.Enterprise} {
		filled, err := w.filledOf(ctx, noun, id)
		if err != nil {
			return err
		}
		for _, f := range filled {
			into[f.ID] = f
		}
	}
	return nil
}

// backTo takes back what a refused row had begun.
func (w *work) backTo(s standing) {
	for _, e := range w.entries[s.entries:] {
		w.forget(e, s)
	}
	w.entries, w.conflicts = w.entries[:s.entries], w.conflicts[:s.conflicts]
	w.writes.Conflicts, w.writes.Sheets = w.writes.Conflicts[:s.kept], w.writes.Sheets[:s.sheets]
	w.writes.Enterprises = w.writes.Enterprises[:s.enterprises]
	for i, e := range w.writes.Enterprises {
		if was, had := s.written[e.ID]; had {
			w.writes.Enterprises[i] = was
		}
	}
	for id, counted := range s.counted {
		p := w.there.Parcels[id]
		p.Counted = counted
		w.there.Parcels[id] = p
	}
}

func (w *work) forget(e Entry, s standing) {
	switch e.Noun {
	case NounCase:
		if e.Kind == KindCaseList {
			w.spareCode(w.cases[e.NounID].now)
		}
		delete(w.cases, e.NounID)
		if e.NounID == s.caseID && s.caseThere != nil {
			w.cases[e.NounID] = s.caseThere
		}
	case NounSheet:
		delete(w.sheets.byID, e.NounID)
		if was, had := s.filled[e.NounID]; had {
			w.sheets.byID[e.NounID] = was
		}
	case NounEnterprise:
		if e.Kind == KindEnterpriseEnter {
			delete(w.there.Enterprises, e.NounID)
		}
	}
}

// spareCode keeps the code of a case that did not come to be for the next one.
func (w *work) spareCode(c campaign.Case) {
	if w.spareCodes == nil {
		w.spareCodes = map[string][]string{}
	}
	w.spareCodes[c.Track] = append(w.spareCodes[c.Track], c.Code)
}
