package ledger

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// locksOfSheets adds what the sheets of a batch belong to.
func locksOfSheets(ctx context.Context, tx Tx, touched Touched, l *Locks) error {
	ids := touched.Nouns[NounSheet]
	if len(ids) == 0 {
		return nil
	}
	entries, err := tx.Entries(ctx, Query{Noun: NounSheet, NounIDs: ids})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Version != 1 { // what a sheet belongs to, its first entry says
			continue
		}
		f, err := SheetOf(e.NounID, e.Version, e.Body.After)
		if err != nil {
			return err
		}
		lockSheet(l, f.Sheet, f.Of, f.OfID)
	}
	return nil
}

// allSheets puts the sheets of the batch back. Verdicts are none of its own: they
// are evaluated again.
func (u *undo) allSheets(ctx context.Context) error {
	ids := u.touched.Nouns[NounSheet]
	if len(ids) == 0 {
		return nil
	}
	if err := u.readSheets(ctx); err != nil {
		return err
	}
	if err := u.take(ctx, SheetQuery{IDs: ids}); err != nil {
		return err
	}
	if err := u.load(ctx, NounSheet, ids); err != nil {
		return err
	}
	touched := map[string]bool{}
	for _, id := range ids {
		if drawn := u.batch[id]; len(drawn) > 0 && drawn[0].Kind == KindRevisitDraw {
			return fault.New(fault.KindConflict, "draw_stays", "抽取结果不能撤销；不检查的，请在检查结果中写明原因", "a draw is not taken back; say in its result why a case was not looked at")
		}
		code, err := u.undoSheet(id)
		if err != nil {
			return err
		}
		touched[code] = true
	}
	if err := u.blocked(); err != nil {
		return err
	}
	return u.stillBalanced(ctx, touched)
}

func (u *undo) stillBalanced(ctx context.Context, codes map[string]bool) error {
	def, err := u.definition(u.there.Running)
	if err != nil {
		return err
	}
	for _, s := range def.Sheets {
		if codes[s.Code] {
			if err := u.balanced(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// undoSheet puts one sheet back as it was before the batch, and tells its code.
func (u *undo) undoSheet(id int64) (code string, err error) {
	old, exists := u.sheets.byID[id]
	now := Fields{}
	if exists {
		if campaign.KeptByProgram(old.Sheet) {
			return "", nil
		}
		if now, err = SheetFields(old); err != nil {
			return "", err
		}
	}
	if !exists && u.wasVerdict(id) {
		return "", nil
	}
	if !exists && len(u.batch[id][0].Body.After) > 0 {
		return "", u.gone(id, noRow())
	}
	before, version := u.before(id, now, "sheet")
	if len(u.inTheWay) > 0 {
		return "", nil
	}
	return u.restoreSheet(id, version, now, before)
}

// wasVerdict tells whether a sheet that is gone was one of the program's own.
func (u *undo) wasVerdict(id int64) bool {
	return slices.ContainsFunc(u.batch[id], func(e Recorded) bool { return e.Kind == KindSheetJudge || e.Kind == KindSheetOverlay })
}

func (u *undo) restoreSheet(id, version int64, now, before Fields) (string, error) {
	body, said := diff(now, before), u.said()
	body.Undoes, body.Note = said.Undoes, said.Note
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounSheet, NounID: id, Version: version + 1, Body: body})
	if len(before) == 0 {
		code := u.sheets.byID[id].Sheet
		delete(u.sheets.byID, id)
		u.work.gone[id] = true
		u.writes.RemovedSheets = append(u.writes.RemovedSheets, id)
		return code, nil
	}
	f, err := SheetOf(id, version+1, before)
	if err != nil {
		return "", err
	}
	_, s, err := u.sheet(f.Sheet)
	if err != nil {
		return "", err
	}
	u.sheets.byID[id] = f
	u.writes.Sheets = append(u.writes.Sheets, SheetWrite{f, !s.Many})
	if f.Of == NounEnterprise {
		u.unjudged[f.OfID] = true
	}
	return f.Sheet, nil
}

// withoutSheets lets a noun go: its verdict goes with it, sheets that somebody filled since keep it.
func (u *undo) withoutSheets(ctx context.Context, noun string, id int64) error {
	filled, err := u.filledOf(ctx, noun, id)
	if err != nil {
		return err
	}
	for _, f := range filled {
		if campaign.KeptByProgram(f.Sheet) {
			if err := u.dropSheet(f, Entry{Kind: KindUndo, Body: u.said()}); err != nil {
				return err
			}
			continue
		}
		if !slices.Contains(u.touched.Nouns[NounSheet], f.ID) {
			return fault.New(fault.KindConflict, "has_sheets", "不能撤销：之后已填报资料，请先撤销填报", "cannot take it back: sheets were filled since; please take those back first")
		}
	}
	return nil
}
