package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

const heldColumns = `op_id, actor, device, happened_at, told_at, received_at, refusal::text, asked::text, cases, photos, settled, settled_by, settled_at, reason`

func scanHeld(row pgx.CollectableRow) (h ledger.HeldOperation, err error) {
	var refusal, asked string
	var settledAt *time.Time
	err = row.Scan(&h.OpID, &h.Actor, &h.Device, &h.HappenedAt, &h.ToldAt, &h.ReceivedAt, &refusal, &asked, &h.Cases, &h.Photos, &h.Settled, &h.SettledBy, &settledAt, &h.Reason)
	if err != nil {
		return h, err
	}
	if settledAt != nil {
		h.SettledAt = *settledAt
	}
	h.Asked = json.RawMessage(asked)
	return h, json.Unmarshal([]byte(refusal), &h.Refusal)
}

// queueHeldNow reads what is held under an operation's id and keeps it as it is until the end, and whether it was entered.
func queueHeldNow(b *pgx.Batch, l ledger.Locks, there *ledger.Locked) {
	if l.Held == uuid.Nil {
		return
	}
	b.Queue(`SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))`, l.Held.String())
	b.Queue(`SELECT `+heldColumns+` FROM held_operation WHERE op_id = $1`, l.Held).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, scanHeld)
		if len(found) > 0 {
			there.Held = &found[0]
		}
		return err
	})
	b.Queue(`SELECT EXISTS (SELECT FROM journal WHERE op_id = $1)`, l.Held).QueryRow(func(row pgx.Row) error { return row.Scan(&there.Entered) })
}

// queueHeld keeps an operation.
func queueHeld(b *pgx.Batch, h ledger.HeldOperation) {
	b.Queue(`INSERT INTO held_operation (op_id, actor, device, happened_at, told_at, received_at, refusal, asked, cases, photos, settled, settled_by, settled_at, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		h.OpID, h.Actor, h.Device, h.HappenedAt, h.ToldAt, h.ReceivedAt, h.Refusal, h.Asked, h.Cases, h.Photos, h.Settled, h.SettledBy, orNull(h.SettledAt), h.Reason)
}

// queueSettled settles held operations; one that came on a file is kept as settled.
func queueSettled(b *pgx.Batch, w ledger.Writes) {
	for _, h := range w.Settled {
		if h.Refusal.Code == "" {
			queueHeld(b, h)
			continue
		}
		b.Queue(`UPDATE held_operation SET settled = $2, settled_by = $3, settled_at = $4, reason = $5 WHERE op_id = $1`, h.OpID, h.Settled, h.SettledBy, h.SettledAt, h.Reason)
	}
}

// HeldOperations reads operations of phones that were refused, the newest first: those that wait, and the last that were settled; see httpapi.Catalogue.
func (s *Store) HeldOperations(ctx context.Context, scope auth.Scope) ([]ledger.HeldOperation, error) {
	found, err := collect(ctx, s.as(scope), scanHeld, `SELECT `+heldColumns+` FROM held_operation WHERE refusal ->> 'code' <> ''
		ORDER BY settled <> '', received_at DESC, op_id LIMIT 500`)
	return found, translate(err)
}

// HeldOperation reads one of them; none where the scope does not see it.
func (s *Store) HeldOperation(ctx context.Context, scope auth.Scope, op uuid.UUID) (ledger.HeldOperation, bool, error) {
	found, err := collect(ctx, s.as(scope), scanHeld, `SELECT `+heldColumns+` FROM held_operation WHERE op_id = $1`, op)
	if err != nil || len(found) == 0 {
		return ledger.HeldOperation{}, false, translate(err)
	}
	return found[0], true, nil
}
