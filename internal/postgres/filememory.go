package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/caseimport"
)

var _ caseimport.Memory = (*Store)(nil)

// Recall gives what was said of files with these heads; see caseimport.Memory.
func (s *Store) Recall(ctx context.Context, scope auth.Scope, signatures []string) (map[string]caseimport.Said, error) {
	rows, err := s.as(scope).Query(ctx, `SELECT signature, said FROM file_memory WHERE signature = ANY($1)`, signatures)
	if err != nil {
		return nil, translate(err)
	}
	found := map[string]caseimport.Said{}
	var signature string
	var said caseimport.Said
	_, err = pgx.ForEachRow(rows, []any{&signature, &said}, func() error {
		found[signature], said = said, caseimport.Said{}
		return nil
	})
	return found, translate(err)
}

// Remember keeps what was said of files, each under its heads; see caseimport.Memory.
func (s *Store) Remember(ctx context.Context, scope auth.Scope, said map[string]caseimport.Said) error {
	signatures := slices.Sorted(maps.Keys(said))
	values := make([]caseimport.Said, len(signatures))
	for i, signature := range signatures {
		values[i] = said[signature]
	}
	rows, err := s.as(scope).Query(ctx, `INSERT INTO file_memory (signature, unit, said) SELECT signature, $1, said FROM unnest($2::text[], $3::jsonb[]) AS f (signature, said)
		ON CONFLICT (signature, unit) DO UPDATE SET said = excluded.said`, scope.Actor().Unit, signatures, values)
	if err != nil {
		return translate(err)
	}
	rows.Close()
	return translate(rows.Err())
}
