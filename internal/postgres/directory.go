package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/ledger"
)

var _ directory.Source = (*Store)(nil)

// EnterprisesSince reads what is past a revision; see directory.Source.
func (s *Store) EnterprisesSince(ctx context.Context, after int64) (directory.News, error) {
	var n directory.News
	err := s.program().inside(ctx, func(t reading, revision int64) error {
		n.Revision = revision
		var touched []int64 // nil: all
		if after > 0 {
			var err error
			touched, err = collect(ctx, t, pgx.RowTo[int64], `SELECT DISTINCT noun_id FROM journal WHERE noun = 'enterprise' AND id > $1`, after)
			if err != nil || len(touched) == 0 {
				return err
			}
		}
		sql, args := every("enterprises"), []any(nil)
		if touched != nil {
			sql, args = enterprisesByID(), []any{touched}
		}
		found, err := collect(ctx, t, pgx.RowToStructByPos[ledger.Enterprise], sql, args...)
		n.Changed, n.Gone = found, gone(touched, found)
		return err
	})
	return n, translate(err)
}

// Holdings reads what hangs on enterprises; see directory.Source.
func (s *Store) Holdings(ctx context.Context, scope auth.Scope, enterprises []int64) (map[int64]directory.Holdings, error) {
	rows, err := s.as(scope).Query(ctx, statement("holdings"), orNone(enterprises))
	if err != nil {
		return nil, translate(err)
	}
	found := map[int64]directory.Holdings{}
	var id int64
	var h directory.Holdings
	_, err = pgx.ForEachRow(rows, []any{&id, &h.Photos, &h.Lands, &h.Contact, &h.Sheets}, func() error {
		found[id] = h
		h.Sheets = nil
		return nil
	})
	return found, translate(err)
}

// gone are the ids of enterprises that were touched and are no longer there.
func gone(touched []int64, found []ledger.Enterprise) []int64 {
	there := make(map[int64]bool, len(found))
	for _, e := range found {
		there[e.ID] = true
	}
	var ids []int64
	for _, id := range touched {
		if !there[id] {
			ids = append(ids, id)
		}
	}
	return ids
}
