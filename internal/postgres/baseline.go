package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Baseline writes what a change writes, in one transaction, but without head
// lock, hash chain and history: what the chain costs is measured against it.
type Baseline struct{ store *Store }

// NewBaseline makes the table the baseline inserts into.
func (s *Store) NewBaseline(ctx context.Context) (*Baseline, error) {
	conn, err := pgx.Connect(ctx, s.server.DSN(RoleOwner))
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, `DROP TABLE IF EXISTS guatu.baseline;
		CREATE TABLE guatu.baseline (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, recorded_at timestamptz NOT NULL DEFAULT now(), actor text NOT NULL,
			device text NOT NULL, op_id uuid NOT NULL, kind text NOT NULL, noun text NOT NULL, noun_id bigint NOT NULL, version bigint NOT NULL, body text NOT NULL);
		GRANT INSERT ON guatu.baseline TO guatu_app`)
	return &Baseline{s}, err
}

// Insert does the same reading, locking and writing as a change, without the chain.
func (b *Baseline) Insert(ctx context.Context, caseID int64, n int) error {
	return pgx.BeginFunc(ctx, b.store.app, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, setContext, contextProgram); err != nil {
			return err
		}
		id := uuid.New()
		if _, err := t.Exec(ctx, statement("claim"), id, "system", "baseline", []byte{0}, id, "2020-09-30", "2020-09-30"); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(statement("lock_cases"), []int64{caseID})
		batch.Queue(casesByID(), []int64{caseID})
		if err := t.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		batch = &pgx.Batch{}
		batch.Queue(`UPDATE case_file SET note = note WHERE id = $1`, caseID)
		batch.Queue(`INSERT INTO baseline (actor, device, op_id, kind, noun, noun_id, version, body) VALUES ('system', 'baseline', $1, 'case.amend', 'case', $2, $3, $4)`,
			id, caseID, n, `{"after":{"note":"`+strconv.Itoa(n)+`"},"before":{"note":""}}`)
		batch.Queue(`UPDATE operation SET outcome = 'applied' WHERE op_id = $1`, id)
		return t.SendBatch(ctx, batch).Close()
	})
}
