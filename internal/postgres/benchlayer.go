package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
)

// DrainLayer reads all parcels as rows with EWKB and throws them away: the
// least that a server without a map in memory has to do. It gives their number.
func (s *Store) DrainLayer(ctx context.Context) (int, error) {
	rows, err := s.reader.Query(ctx, statement("bench_layer_rows"))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	n := 0
	var id, area int64
	var code, label, unit string
	var wire []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &code, &label, &unit, &area, &wire}, func() error { n++; return nil })
	return n, err
}

// EncodeLayer has PostGIS write parcels as GeoJSON: all, or those whose boxes meet a bound.
func (s *Store) EncodeLayer(ctx context.Context, b *orb.Bound) ([]byte, error) {
	box := make([]any, 4)
	if b != nil {
		box = []any{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	var text []byte
	err := s.reader.QueryRow(ctx, statement("bench_layer"), box...).Scan(&text)
	return text, err
}

// Versions names the database with its extension, for reports.
func (s *Store) Versions(ctx context.Context) (text string, err error) {
	err = s.reader.QueryRow(ctx, `SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version()`).Scan(&text)
	return text, translate(err)
}
