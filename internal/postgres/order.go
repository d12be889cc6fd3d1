package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

const orderColumns = `id, version, campaign, year, number, unit, matter, cases, due_on::text, stage, answer, reason, acts, meeting`

func scanOrder(row pgx.CollectableRow) (ledger.Order, error) {
	return pgx.RowToStructByPos[ledger.Order](row)
}

func scanOrderState(row pgx.CollectableRow) (ledger.NounState, error) {
	o, err := scanOrder(row)
	return state(o.ID, o.Version, err, func() (ledger.Fields, error) { return ledger.OrderFields(o) })
}

// OrdersBegun reads the last number of a year; see ledger.Tx.
func (t *tx) OrdersBegun(ctx context.Context, campaign string, year int, unit string) (last int, known bool, err error) {
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock('supervision_order'::regclass::oid::bigint)`); err != nil {
		return 0, false, err
	}
	err = t.QueryRow(ctx, `SELECT coalesce((SELECT max(number) FROM supervision_order WHERE campaign = $1 AND year = $2), 0), EXISTS (SELECT FROM unit WHERE code = $3 AND NOT outside)`,
		campaign, year, unit).Scan(&last, &known)
	return last, known, err
}

// OrderNow reads an order and keeps it; see ledger.Tx.
func (t *tx) OrderNow(ctx context.Context, id int64) (o ledger.Order, err error) {
	found, err := collect(ctx, t, scanOrder, `SELECT `+orderColumns+` FROM supervision_order WHERE id = $1 FOR UPDATE`, id)
	if err == nil && len(found) == 1 {
		o = found[0]
	}
	return o, err
}

// Orders reads all of them as somebody sees them, the newest first; see httpapi.Catalogue.
func (s *Store) Orders(ctx context.Context, scope auth.Scope) ([]ledger.Order, error) {
	found, err := collect(ctx, s.as(scope), scanOrder, `SELECT `+orderColumns+` FROM supervision_order ORDER BY year DESC, number DESC`)
	return found, translate(err)
}

// queueOrders inserts none that is there: a unit leads an order on without the right to make one.
func queueOrders(b *pgx.Batch, w ledger.Writes) {
	for _, o := range w.Orders {
		if o.Version > 1 {
			b.Queue(`UPDATE supervision_order SET version = $2, stage = $3, answer = $4, reason = $5, acts = $6 WHERE id = $1`, o.ID, o.Version, o.Stage, o.Answer, o.Reason, o.Acts)
			continue
		}
		b.Queue(`INSERT INTO supervision_order (id, version, campaign, year, number, unit, matter, cases, due_on, stage, answer, reason, acts, meeting)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::date, $10, $11, $12, $13, $14)`,
			o.ID, o.Version, o.Campaign, o.Year, o.Number, o.Unit, o.Matter, orNone(o.Cases), string(o.DueOn), o.Stage, o.Answer, o.Reason, o.Acts, o.Meeting)
	}
}
