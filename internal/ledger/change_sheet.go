package ledger

import (
	"context"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about sheets.
const (
	KindSheetFill   = "sheet.fill"
	KindSheetRemove = "sheet.remove"
	KindSheetJudge  = "sheet.judge" // the program's own: what the rules of eligibility say now
)

// FillSheet fills fields of a sheet of a noun, or of one row of it.
type FillSheet struct {
	Sheet string `json:"sheet"`
	Of    string `json:"of"` // noun
	OfID  int64  `json:"of_id"`
	// Row is the row to change; 0 makes a new one, or fills the one that the noun has.
	Row    int64             `json:"row,omitempty"`
	Values map[string]string `json:"values"` // changed fields; "" clears one
	Reason string            `json:"reason,omitempty"`
	// BaseVersion is the version of the sheet that its author saw; 0 with a row that is there is refused.
	BaseVersion int64 `json:"base_version,omitempty"`
}

func (FillSheet) kind() string     { return KindSheetFill }
func (c FillSheet) content() any   { return c }
func (c FillSheet) names(l *Locks) { lockSheet(l, c.Sheet, c.Of, c.OfID) }

// lockSheet locks the noun a sheet belongs to, and the rows of the sheet as one.
func lockSheet(l *Locks, sheet, noun string, id int64) {
	l.Sheets = append(l.Sheets, sheet)
	switch noun {
	case NounCase:
		l.Cases = append(l.Cases, id)
	case NounEnterprise:
		l.Enterprises = append(l.Enterprises, id)
	case NounReference:
		l.References = true
	}
}

func (c FillSheet) decide(ctx context.Context, w *work) error {
	def, s, err := w.sheet(c.Sheet)
	if err != nil {
		return err
	}
	unit, err := w.owner(ctx, s, c.Of, c.OfID)
	if err != nil {
		return err
	}
	old, err := w.rowOf(ctx, s, c)
	if err != nil {
		return err
	}
	next := old
	if old.ID == 0 {
		if next.ID, err = w.newID(ctx); err != nil {
			return err
		}
		next.Sheet, next.Of, next.OfID = s.Code, c.Of, c.OfID
	}
	next.Unit = unit
	if next.Values, err = def.Fill(s, old.Values, c.Values); err != nil {
		return err
	}
	entry := Entry{Kind: KindSheetFill, BaseVersion: c.BaseVersion, Body: Body{Note: strings.TrimSpace(c.Reason)}}
	if err := w.writeSheet(s, old, next, entry); err != nil {
		return err
	}
	if err := w.balanced(ctx, s); err != nil {
		return err
	}
	if err := w.reopen(def, s, old, next); err != nil {
		return err
	}
	if c.Of == NounEnterprise {
		w.unjudged[c.OfID] = true
	}
	return nil
}

// sheet finds a sheet of the running campaign.
func (w *work) sheet(code string) (campaign.Definition, campaign.Sheet, error) {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return def, campaign.Sheet{}, err
	}
	s, ok := def.Sheet(code)
	if !ok {
		return def, s, unknownSheet(code)
	}
	return def, s, nil
}

// owner is the unit of what a sheet belongs to, which must be there and of the sheet's kind.
func (w *work) owner(ctx context.Context, s campaign.Sheet, noun string, id int64) (unit string, err error) {
	if noun != s.Of {
		return "", notOfSheet(s)
	}
	switch noun {
	case NounCase:
		cw, err := w.caseNow(id)
		if err != nil {
			return "", err
		}
		if !s.On(cw.now.Track) {
			return "", notOfSheet(s)
		}
		return cw.now.Unit, nil
	case NounEnterprise:
		e, err := w.enterprise(id)
		return e.Unit, err
	case NounReference:
		return w.ownerArea(ctx, s, id)
	}
	units, err := w.tx.UnitCodes(ctx)
	if err != nil {
		return "", err
	}
	if units[id] == "" {
		return "", fault.New(fault.KindNotFound, "unit_not_found", "没有这个责任主体", "there is no such unit")
	}
	return units[id], nil
}

// ownerArea is the unit an area says it lies in.
func (w *work) ownerArea(ctx context.Context, s campaign.Sheet, id int64) (string, error) {
	found, err := w.tx.References(ctx, []int64{id}, nil)
	if err != nil {
		return "", err
	}
	area, ok := found[id]
	if !ok || s.Layer != "" && area.Layer != s.Layer {
		return "", notOfSheet(s)
	}
	return area.Attributes["unit"], nil
}

func notOfSheet(s campaign.Sheet) error {
	return fault.New(fault.KindInvalid, "not_of_sheet", "“"+s.Name.ZH+"”不用于这一对象", s.Name.EN+" is not kept for this")
}

// rowOf is the row to change as it is; empty for one to make.
func (w *work) rowOf(ctx context.Context, s campaign.Sheet, c FillSheet) (campaign.Filled, error) {
	if err := w.readSheets(ctx); err != nil {
		return campaign.Filled{}, err
	}
	if c.Of != NounCase && c.Of != NounEnterprise {
		if err := w.take(ctx, SheetQuery{Noun: c.Of, Nouns: []int64{c.OfID}}); err != nil {
			return campaign.Filled{}, err
		}
	}
	old, found := w.sheets.byID[c.Row]
	if c.Row == 0 && !s.Many {
		for _, f := range w.sheets.byID {
			if f.Sheet == s.Code && f.Of == c.Of && f.OfID == c.OfID {
				old, found = f, true
			}
		}
	}
	switch {
	case !found && c.Row == 0:
		return campaign.Filled{}, nil
	case !found || old.Sheet != s.Code || old.Of != c.Of || old.OfID != c.OfID:
		return old, noRow()
	case old.Version != c.BaseVersion:
		return old, w.changedByAnother(ctx, NounSheet, old.ID, c.BaseVersion)
	}
	return old, nil
}

func noRow() error {
	return fault.New(fault.KindNotFound, "row_not_found", "没有这一行，可能已被删除", "there is no such row; it may have been removed")
}

// RemoveRow takes a row out of a ledger; it stays in the journal.
type RemoveRow struct {
	Row         int64  `json:"row"`
	Reason      string `json:"reason"`
	BaseVersion int64  `json:"base_version"`

	found *found
}

// found is what a change learns of its row before it is locked.
type found struct{ row campaign.Filled }

// NewRemoveRow is the change that removes a row.
func NewRemoveRow(row, base int64, reason string) RemoveRow {
	return RemoveRow{Row: row, Reason: reason, BaseVersion: base, found: &found{}}
}

func (RemoveRow) kind() string   { return KindSheetRemove }
func (c RemoveRow) content() any { return c }
func (RemoveRow) names(*Locks)   {}

// looksUp reads what the row belongs to.
func (c RemoveRow) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	rows, err := tx.Sheets(ctx, SheetQuery{IDs: []int64{c.Row}})
	if err != nil {
		return err
	}
	for _, r := range rows {
		c.found.row = r
		lockSheet(l, r.Sheet, r.Of, r.OfID)
	}
	return nil
}

func (c RemoveRow) decide(ctx context.Context, w *work) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写原因", "please give the reason")
	}
	if c.found.row.ID == 0 {
		return noRow()
	}
	if unit := c.found.row.Unit; w.actor.Unit != "" && unit != "" && unit != w.actor.Unit {
		return w.otherUnit(ctx, c.found.row.Unit)
	}
	_, s, err := w.sheet(c.found.row.Sheet)
	if err != nil {
		return err
	}
	if !s.Many {
		return notOfSheet(s)
	}
	old, err := w.rowOf(ctx, s, FillSheet{Of: c.found.row.Of, OfID: c.found.row.OfID, Row: c.Row, BaseVersion: c.BaseVersion})
	if err != nil {
		return err
	}
	if err := s.MayRemove(old); err != nil {
		return err
	}
	if err := w.dropSheet(old, Entry{Kind: KindSheetRemove, BaseVersion: c.BaseVersion, Body: Body{Note: strings.TrimSpace(c.Reason)}}); err != nil {
		return err
	}
	return w.balanced(ctx, s)
}

// dropSheet removes a sheet.
func (w *work) dropSheet(old campaign.Filled, e Entry) error {
	before, err := SheetFields(old)
	if err != nil {
		return err
	}
	e.Body.Before = before
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounSheet, old.ID, old.Version+1
	delete(w.sheets.byID, old.ID)
	w.gone[old.ID] = true
	w.writes.RemovedSheets = append(w.writes.RemovedSheets, old.ID)
	w.entries = append(w.entries, e)
	return nil
}
