package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Sheets reads sheets; see ledger.Tx.
func (t *tx) Sheets(ctx context.Context, q ledger.SheetQuery) ([]campaign.Filled, error) {
	rows, err := t.Query(ctx, statement("sheets"), orNone(q.IDs), q.Noun, orNone(q.Nouns), q.Codes)
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[campaign.Filled])
}

// EnterprisesAll reads every enterprise; see ledger.Tx.
func (t *tx) EnterprisesAll(ctx context.Context) ([]ledger.Enterprise, error) {
	rows, err := t.Query(ctx, statement("enterprises"), nil)
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

func queueSheets(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedSheets) > 0 {
		b.Queue(`DELETE FROM sheet WHERE id = ANY($1)`, w.RemovedSheets)
	}
	for _, s := range w.Sheets {
		b.Queue(statement("write_sheet"), s.ID, s.Version, s.Sheet, s.Of, s.OfID, s.Single, s.Unit, orEmptyMap(s.Values))
	}
}

func scanSheetState(row pgx.CollectableRow) (ledger.NounState, error) {
	f, err := pgx.RowToStructByPos[campaign.Filled](row)
	return state(f.ID, f.Version, err, func() (ledger.Fields, error) { return ledger.SheetFields(f) })
}
