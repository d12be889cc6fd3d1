package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/block"
)

var _ block.Source = (*Store)(nil)

// Joined numbers shapes that lie near each other; see block.Source.
func (s *Store) Joined(ctx context.Context, shapes []string, gap float64) (map[string]int, error) {
	rows, err := s.reader.Query(ctx, statement("blocks_joined"), shapes, gap)
	if err != nil {
		return nil, translate(err)
	}
	numbers := make(map[string]int, len(shapes))
	var name string
	var number int
	_, err = pgx.ForEachRow(rows, []any{&name, &number}, func() error {
		numbers[name] = number
		return nil
	})
	return numbers, translate(err)
}

// Outline fills the gaps between shapes; see block.Source.
func (s *Store) Outline(ctx context.Context, shapes []string, gap float64) (orb.MultiPolygon, error) {
	var wire []byte
	if err := s.reader.QueryRow(ctx, statement("blocks_outline"), shapes, gap).Scan(&wire); err != nil {
		return nil, translate(fmt.Errorf("outline of a block: %w", err))
	}
	return ground(wire)
}
