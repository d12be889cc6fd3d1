package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// valueKey begins the names of a sheet's fields.
const valueKey = "value/"

// SheetWrite is a sheet as it is stored.
type SheetWrite struct {
	campaign.Filled

	Single bool // one for each noun
}

// SheetQuery selects sheets: by id, of nouns, or all of a code. What is empty selects nothing.
type SheetQuery struct {
	IDs   []int64
	Noun  string
	Nouns []int64
	Codes []string
}

// SheetFields are the journalled fields of a sheet.
func SheetFields(f campaign.Filled) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("sheet", f.Sheet)
	s.put("of", f.Of)
	s.put("of_id", f.OfID)
	s.putText("unit", f.Unit)
	for code, value := range f.Values {
		s.putText(valueKey+code, value)
	}
	return s.fields, s.err
}

// SheetOf is the sheet that has these fields.
func SheetOf(id, version int64, f Fields) (campaign.Filled, error) {
	filled := campaign.Filled{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("sheet", &filled.Sheet)
	r.get("of", &filled.Of)
	r.get("of_id", &filled.OfID)
	r.get("unit", &filled.Unit)
	for key := range f {
		if strings.HasPrefix(key, valueKey) {
			filled.Values = into(r, key, valueKey, filled.Values)
		}
	}
	return filled, r.err
}

// sheets are those of the nouns an operation has locked, as it has changed them so far.
type sheets struct {
	byID map[int64]campaign.Filled
	read bool
}

// filledOf are the sheets of a noun that the operation has locked or made.
func (w *work) filledOf(ctx context.Context, noun string, id int64) ([]campaign.Filled, error) {
	if err := w.readSheets(ctx); err != nil {
		return nil, err
	}
	var found []campaign.Filled
	for _, f := range w.sheets.byID {
		if f.Of == noun && f.OfID == id {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b campaign.Filled) int { return int(a.ID - b.ID) })
	return found, nil
}

// readSheets reads the sheets of everything locked, once.
func (w *work) readSheets(ctx context.Context) error {
	if w.sheets.read {
		return nil
	}
	w.sheets = sheets{byID: map[int64]campaign.Filled{}, read: true}
	for noun, ids := range map[string][]int64{NounCase: keysOf(w.there.Cases), NounEnterprise: keysOf(w.there.Enterprises)} {
		if len(ids) == 0 {
			continue
		}
		if err := w.take(ctx, SheetQuery{Noun: noun, Nouns: ids}); err != nil {
			return err
		}
	}
	return nil
}

// take reads more sheets; those changed by the operation stay as they are.
func (w *work) take(ctx context.Context, q SheetQuery) error {
	found, err := w.tx.Sheets(ctx, q)
	if err != nil {
		return err
	}
	for _, f := range found {
		if _, known := w.sheets.byID[f.ID]; !known && !w.gone[f.ID] {
			w.sheets.byID[f.ID] = f
		}
	}
	return nil
}

func keysOf[V any](m map[int64]V) []int64 {
	ids := make([]int64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	return ids
}

// writeSheet takes a sheet's new state and appends the entry that says what changed.
func (w *work) writeSheet(s campaign.Sheet, old, next campaign.Filled, e Entry) error {
	before := Fields{}
	var err error
	if old.ID != 0 {
		if before, err = SheetFields(old); err != nil {
			return err
		}
	}
	after, err := SheetFields(next)
	if err != nil {
		return err
	}
	said := e.Body
	if e.Body = diff(before, after); e.Body.Empty() {
		return nil
	}
	e.Body.Note = said.Note
	next.Version = old.Version + 1
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounSheet, next.ID, next.Version
	w.sheets.byID[next.ID] = next
	w.writes.Sheets = append(w.writes.Sheets, SheetWrite{next, !s.Many})
	w.entries = append(w.entries, e)
	return nil
}

// balanced refuses what would leave a ledger with less than nothing: it reads all rows of the sheet, which the operation has locked.
func (w *work) balanced(ctx context.Context, s campaign.Sheet) error {
	if s.Balance == nil {
		return nil
	}
	if err := w.take(ctx, SheetQuery{Codes: []string{s.Code}}); err != nil {
		return err
	}
	var rows []campaign.Filled
	for _, f := range w.sheets.byID {
		if f.Sheet == s.Code {
			rows = append(rows, f)
		}
	}
	slices.SortFunc(rows, func(a, b campaign.Filled) int { return int(a.ID - b.ID) })
	return s.MayStand(rows)
}

func unknownSheet(code string) error {
	return fault.New(fault.KindInvalid, "unknown_sheet", "没有“"+code+"”这张表", "there is no sheet "+code)
}
