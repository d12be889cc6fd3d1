// Package caseimport takes in ledgers as offices keep them (Excel 台账): several files at once, each of its town. It reads
// their heads by the campaign's own words, asks where it would have to guess, finds the case of each row, and brings
// everything in through the ledger as one batch. Rows that are refused go back to the town as a workbook with reasons.
package caseimport

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// File is an uploaded workbook.
type File struct{ Path, Name string }

// Request asks for an import.
type Request struct {
	Files   []File
	Answers Answers
	OpID    uuid.UUID
	Device  string
	DryRun  bool
	// View is what is known now, as the actor sees it.
	View *chronicle.View
	// Progress, if not nil, is told how many rows are decided.
	Progress func(done, total int)
}

// Answers are what somebody says of the files. Places are named “file/sheet”, columns “file/sheet/C”, cells “file/sheet/C14”.
type Answers struct {
	Units   map[string]string    `json:"units,omitempty"`   // the unit of a place
	Columns map[string]string    `json:"columns,omitempty"` // the key of what a column is read as; "-" leaves it out
	Areas   map[string]grid.Unit `json:"areas,omitempty"`   // the unit of a column, or of one cell
	// Skip says of a place that milestones which it has no column for are not applicable, where a later one is done.
	Skip map[string]bool `json:"skip,omitempty"`
}

// What a row can come to.
const (
	RowNew       = "new"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowRefused   = "refused"
	RowAsked     = "asked" // waits for an answer; it is not let in
)

// Report says what the files amount to.
type Report struct {
	Sheets   []SheetReport
	Rows     []RowReport
	Counts   map[string]int // rows by what they come to
	DryRun   bool
	BatchID  uuid.UUID
	Revision int64
	Targets  []Target // what columns can be read as
	units    units
}

// SheetReport says how one sheet was read.
type SheetReport struct {
	Place, File, Sheet string
	// Unit is the code of the unit of rows that name none, and UnitFrom where that is from: title, sheet, file, answer, actor; "" for none.
	Unit, UnitFrom string
	Columns        []ColumnReport
	Rows           int
	Totals         []TotalReport
	Notes          []grid.Note
	// Asks are what must be said before its rows are let in: unit, label.
	Asks []string
	// Missing are milestones that may be not applicable and have no column, though later ones have: Answers.Skip is about them.
	Missing []campaign.Text
	// Remembered says that columns were read as somebody said before.
	Remembered bool
	signature  string
}

// ColumnReport is a column and what it was read as.
type ColumnReport struct {
	Place  string
	Letter string
	Head   string
	Key    string // of the target; "" for none
	Unit   grid.Unit
	// AskUnit says that the unit is missing or doubtful; Unit is the guess then, and Why says why.
	AskUnit bool
	Why     campaign.Text
	Samples []string
	// Left says why a column that is known is left out.
	Left   campaign.Text
	column int
}

// TotalReport is a row of the sheet that adds up others, checked.
type TotalReport struct {
	Row    int
	Label  string
	Checks int // columns that were compared
	Wrong  []campaign.Text
}

// RowReport is what becomes of a row.
type RowReport struct {
	Place, File, Sheet string
	Row                int
	Code, Label, Unit  string
	Verdict            string
	Changes            []Change
	Reasons            []campaign.Text // of a refusal
	Notices            []campaign.Text // to look at
	Asks               []Ask
	cells              []string
}

// Change is a field as it is and as the row has it, in words.
type Change struct {
	Field         campaign.Text
	Before, After campaign.Text
}

// Ask is a cell that is doubtful: 第 14 行面积 3,860 疑为平方米（约 5.79 亩），请确认.
type Ask struct {
	Cell   string // file/sheet/C14
	Text   campaign.Text
	Amount string    // as it stands
	Meant  grid.Unit // what it seems to be in
	Said   grid.Unit // what the column is in
	InMu   string    // the amount in mu, if it is as it seems
}

// Door is the ledger as this room sees it.
type Door interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// Directory knows the enterprises.
type Directory interface {
	Everybody(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]ledger.Enterprise, error)
}

// Memory keeps what was said of files with the same heads.
type Memory interface {
	// Recall gives what was said of sheets with these heads, by signature.
	Recall(ctx context.Context, scope auth.Scope, signatures []string) (map[string]json.RawMessage, error)
	// Remember keeps it.
	Remember(ctx context.Context, scope auth.Scope, said map[string]json.RawMessage) error
}

// Said is what was said of a sheet: what its columns are read as and their units, by letter.
type Said struct {
	Columns map[string]string    `json:"columns,omitempty"`
	Areas   map[string]grid.Unit `json:"areas,omitempty"`
}

// Importer brings files in.
type Importer struct {
	Door      Door
	Directory Directory
	Memory    Memory
}

func invalid(code, zh, en string) *fault.Error { return fault.New(fault.KindInvalid, code, zh, en) }
