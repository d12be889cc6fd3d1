package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/todo"
)

var _ todo.Source = (*Store)(nil)

// Waiting reads what was asked for, and the side states of one kind; see todo.Source.
func (s *Store) Waiting(ctx context.Context, scope auth.Scope, side string) ([]todo.Waiting, error) {
	found, err := collect(ctx, s.as(scope), pgx.RowToStructByPos[todo.Waiting], statement("waiting"), side)
	return found, translate(err)
}

// Contradictions reads what nobody resolved; see todo.Source.
func (s *Store) Contradictions(ctx context.Context, scope auth.Scope) ([]todo.Contradiction, error) {
	found, err := collect(ctx, s.as(scope), pgx.RowToStructByPos[todo.Contradiction], `SELECT q.noun_id, j.recorded_at
		FROM quarantine q JOIN journal j ON j.noun = 'quarantine' AND j.noun_id = q.id AND j.version = 1
		WHERE q.resolution = '' AND q.noun = 'case'`)
	return found, translate(err)
}

// OddPhotos reads photos that are not as they should be; see todo.Source.
func (s *Store) OddPhotos(ctx context.Context, scope auth.Scope) ([]int64, error) {
	found, err := collect(ctx, s.as(scope), pgx.RowTo[int64], statement("photos_odd"))
	return found, translate(err)
}

// Reminders reads those that stand; see todo.Source.
func (s *Store) Reminders(ctx context.Context, scope auth.Scope) ([]todo.Reminder, error) {
	found, err := collect(ctx, s.as(scope), pgx.RowToStructByPos[todo.Reminder], `SELECT n.case_id, n.rung, n.person, n.told_on::text`+standingNotices)
	return found, translate(err)
}

// InSide reads who is in a side state; see httpapi.Catalogue.
func (s *Store) InSide(ctx context.Context, scope auth.Scope, side string) (map[int64]campaign.Side, error) {
	rows, err := s.as(scope).Query(ctx, `SELECT id, sides->$1 FROM case_file WHERE sides ? $1`, side)
	if err != nil {
		return nil, translate(err)
	}
	found := map[int64]campaign.Side{}
	var id int64
	var in campaign.Side
	_, err = pgx.ForEachRow(rows, []any{&id, &in}, func() error {
		found[id], in = in, campaign.Side{}
		return nil
	})
	return found, translate(err)
}
