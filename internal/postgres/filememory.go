package postgres

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/interchange"
)

var (
	_ caseimport.Memory  = (*Store)(nil)
	_ interchange.Memory = (*Store)(nil)
)

// Recall gives what was said of files with these signatures; see caseimport.Memory and interchange.Memory.
func (s *Store) Recall(ctx context.Context, scope auth.Scope, signatures []string) (map[string]json.RawMessage, error) {
	rows, err := s.as(scope).Query(ctx, `SELECT signature, said FROM file_memory WHERE $1::text[] IS NULL OR signature = ANY($1)`, signatures)
	if err != nil {
		return nil, translate(err)
	}
	found := map[string]json.RawMessage{}
	var signature string
	var said json.RawMessage
	_, err = pgx.ForEachRow(rows, []any{&signature, &said}, func() error {
		found[signature], said = said, nil
		return nil
	})
	return found, translate(err)
}

// Remember keeps what was said of files, each under its signature.
func (s *Store) Remember(ctx context.Context, scope auth.Scope, said map[string]json.RawMessage) error {
	signatures := slices.Sorted(maps.Keys(said))
	values := make([]json.RawMessage, len(signatures))
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
