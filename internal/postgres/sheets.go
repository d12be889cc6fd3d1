package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/register"
)

// Sheets reads sheets; see ledger.Tx.
func (t *tx) Sheets(ctx context.Context, q ledger.SheetQuery) ([]campaign.Filled, error) {
	rows, err := t.Query(ctx, statement("sheets"), orNone(q.IDs), q.Noun, orNone(q.Nouns), q.Codes)
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[campaign.Filled])
}

// CasesOfEnterprises reads the cases of operators; see ledger.Tx.
func (t *tx) CasesOfEnterprises(ctx context.Context, ids []int64) ([]int64, error) {
	return collect(ctx, t, pgx.RowTo[int64], `SELECT id FROM case_file WHERE enterprise_id = ANY($1) ORDER BY id`, ids)
}

// EnterprisesAll reads every enterprise; see ledger.Tx.
func (t *tx) EnterprisesAll(ctx context.Context) ([]ledger.Enterprise, error) {
	rows, err := t.Query(ctx, every("enterprises"))
	if err != nil {
		return nil, fmt.Errorf("read enterprises: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Enterprise])
}

// UnitCodes reads the codes of the units; see ledger.Tx.
func (t *tx) UnitCodes(ctx context.Context) (map[int64]string, error) {
	rows, err := t.Query(ctx, `SELECT id, code FROM unit`)
	if err != nil {
		return nil, fmt.Errorf("read the units: %w", err)
	}
	codes := map[int64]string{}
	var id int64
	var code string
	_, err = pgx.ForEachRow(rows, []any{&id, &code}, func() error {
		codes[id] = code
		return nil
	})
	return codes, err
}

// sheetRow is a sheet as write_sheets reads it.
type sheetRow struct {
	ID      int64             `json:"id"`
	Version int64             `json:"version"`
	Code    string            `json:"code"`
	Noun    string            `json:"noun"`
	NounID  int64             `json:"noun_id"`
	Single  bool              `json:"single"`
	Unit    string            `json:"unit"`
	Filled  map[string]string `json:"filled"`
}

func queueSheets(b *pgx.Batch, w ledger.Writes) error {
	if len(w.RemovedSheets) > 0 {
		b.Queue(`DELETE FROM sheet WHERE id = ANY($1)`, w.RemovedSheets)
	}
	if len(w.Sheets) == 0 {
		return nil
	}
	place := make(map[int64]int, len(w.Sheets))
	var rows []sheetRow
	for _, s := range w.Sheets {
		row := sheetRow{s.ID, s.Version, s.Sheet, s.Of, s.OfID, s.Single, s.Unit, orEmptyMap(s.Values)}
		if i, again := place[s.ID]; again { // the last state is the one that stays
			rows[i] = row
			continue
		}
		place[s.ID] = len(rows)
		rows = append(rows, row)
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode sheets: %w", err)
	}
	b.Queue(statement("write_sheets"), string(text))
	return nil
}

func scanSheetState(row pgx.CollectableRow) (ledger.NounState, error) {
	f, err := pgx.RowToStructByPos[campaign.Filled](row)
	return state(f.ID, f.Version, err, func() (ledger.Fields, error) { return ledger.SheetFields(f) })
}

var _ register.Source = (*Store)(nil)

// Areas reads the areas of a reference layer; see register.Source.
func (s *Store) Areas(ctx context.Context, layer string) ([]register.Area, error) {
	var areas []register.Area
	err := s.program().inside(ctx, func(t reading, _ int64) (err error) {
		areas, err = collect(ctx, t, pgx.RowToStructByPos[register.Area], statement("areas"), layer)
		return err
	})
	return areas, translate(err)
}

// SheetsSince reads what is past a revision; see register.Source.
func (s *Store) SheetsSince(ctx context.Context, after int64) (register.News, error) {
	var n register.News
	err := s.program().inside(ctx, func(t reading, revision int64) error {
		n.Revision = revision
		var touched []int64 // nil: all
		if after > 0 {
			var err error
			touched, err = collect(ctx, t, pgx.RowTo[int64], `SELECT DISTINCT noun_id FROM journal WHERE noun = 'sheet' AND id > $1`, after)
			if err != nil || len(touched) == 0 {
				return err
			}
		}
		found, err := collect(ctx, t, pgx.RowToStructByPos[campaign.Filled], statement("sheets_since"), touched)
		there := make(map[int64]bool, len(found))
		for _, f := range found {
			there[f.ID] = true
		}
		n.Changed = found
		for _, id := range touched {
			if !there[id] {
				n.Gone = append(n.Gone, id)
			}
		}
		return err
	})
	return n, translate(err)
}
