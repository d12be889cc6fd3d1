package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/ledger"
)

const srid = 4490

// Stage copies drafts into the transaction and compares them; see ledger.Parcels.
func (t *tx) Stage(ctx context.Context, drafts func(each func(ledger.ParcelDraft) error) error) error {
	if _, err := t.Exec(ctx, statement("stage")); err != nil {
		return fmt.Errorf("stage: %w", err)
	}
	source := newDraftSource(drafts)
	_, err := t.CopyFrom(ctx, pgx.Identifier{"staged_draft"}, []string{"row", "code", "label", "wire", "attributes"}, source)
	if err := errors.Join(source.close(), err); err != nil {
		return err
	}
	// Parcels of the file that are there already stay as they are until the end of this transaction.
	if _, err := t.Exec(ctx, `SELECT id FROM parcel WHERE code IN (SELECT code FROM staged_draft) ORDER BY id FOR UPDATE`); err != nil {
		return fmt.Errorf("lock parcels: %w", err)
	}
	for _, name := range []string{"stage_compare", "stage_shapes"} {
		if _, err := t.Exec(ctx, statement(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	_, err = t.Exec(ctx, `ANALYZE staged`)
	return err
}

// draftSource turns a function that calls back into the rows CopyFrom pulls.
type draftSource struct {
	rows   chan []any
	stop   chan struct{}
	failed chan error
	now    []any
	err    error
}

var errCopyEnded = errors.New("copy ended")

func newDraftSource(drafts func(each func(ledger.ParcelDraft) error) error) *draftSource {
	s := &draftSource{rows: make(chan []any, 64), stop: make(chan struct{}), failed: make(chan error, 1)}
	go func() {
		defer close(s.rows)
		s.failed <- drafts(s.send)
	}()
	return s
}

func (s *draftSource) send(d ledger.ParcelDraft) error {
	wire, err := ewkb.MarshalMultiPolygon(d.Geometry, srid)
	if err != nil {
		return fmt.Errorf("encode parcel %s: %w", d.Code, err)
	}
	attributes, err := json.Marshal(d.Attributes)
	if err != nil {
		return fmt.Errorf("encode attributes of parcel %s: %w", d.Code, err)
	}
	if d.Attributes == nil {
		attributes = []byte("{}")
	}
	select {
	case s.rows <- []any{d.Row, d.Code, d.Label, wire, attributes}:
		return nil
	case <-s.stop:
		return errCopyEnded
	}
}

// Next implements pgx.CopyFromSource.
func (s *draftSource) Next() bool {
	row, more := <-s.rows
	if !more {
		s.err = <-s.failed
		s.failed <- nil
		return false
	}
	s.now = row
	return true
}

// Values implements pgx.CopyFromSource.
func (s *draftSource) Values() ([]any, error) { return s.now, nil }

// Err implements pgx.CopyFromSource.
func (s *draftSource) Err() error { return s.err }

// close lets the reading side end and gives its error.
func (s *draftSource) close() error {
	close(s.stop)
	for range s.rows {
	}
	if s.err != nil {
		return s.err
	}
	if err := <-s.failed; !errors.Is(err, errCopyEnded) {
		return err
	}
	return nil
}

// StagedSummary counts; see ledger.Parcels.
func (t *tx) StagedSummary(ctx context.Context) (ledger.StagedSummary, error) {
	var s ledger.StagedSummary
	err := t.QueryRow(ctx, statement("staged_summary")).Scan(&s.Created, &s.Changed, &s.Unchanged, &s.Area, &s.Outside)
	return s, err
}

// Staged gives what the drafts create or change; see ledger.Parcels.
func (t *tx) Staged(ctx context.Context, each func(ledger.StagedParcel) error) error {
	rows, err := t.Query(ctx, statement("staged"))
	if err != nil {
		return err
	}
	var after, before ledger.Parcel
	var attributes, oldAttributes map[string]string
	_, err = pgx.ForEachRow(rows, []any{
		&after.ID, &after.Code, &after.Label, &after.Unit, &after.Shape, &attributes,
		&before.Version, &before.Label, &before.Unit, &before.Shape, &oldAttributes,
	}, func() error {
		s := ledger.StagedParcel{After: after}
		s.After.Attributes, s.After.Version = attributes, before.Version+1
		if before.Version > 0 {
			old := before
			old.ID, old.Code, old.Attributes = after.ID, after.Code, oldAttributes
			s.Before = &old
		}
		after.Shape, before.Shape, attributes, oldAttributes = nil, nil, nil, nil
		return each(s)
	})
	return err
}
