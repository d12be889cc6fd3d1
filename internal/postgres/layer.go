package postgres

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/live"
)

var (
	_ layer.Source = (*Store)(nil)
	_ live.Source  = (*Store)(nil)
)

// EachShape reads geometries by name; see layer.Source.
func (s *Store) EachShape(ctx context.Context, names []string, put func(i int, mp orb.MultiPolygon)) error {
	hashes := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if hashes[i], err = hex.DecodeString(name); err != nil {
			return fmt.Errorf("name of a shape: %w", err)
		}
	}
	rows, err := s.reader.Query(ctx, `SELECT n.i - 1, ST_AsEWKB(s.geom, 'NDR') FROM unnest($1::bytea[]) WITH ORDINALITY AS n(hash, i) JOIN shape s USING (hash)`, hashes)
	if err != nil {
		return translate(err)
	}
	var i int64
	var wire []byte
	_, err = pgx.ForEachRow(rows, []any{&i, &wire}, func() error {
		mp, err := multiPolygon(wire)
		if err != nil {
			return fmt.Errorf("shape %s: %w", names[i], err)
		}
		put(int(i), mp)
		return nil
	})
	return translate(err)
}

func multiPolygon(wire []byte) (orb.MultiPolygon, error) {
	g, _, err := ewkb.Unmarshal(wire)
	if err != nil {
		return nil, err
	}
	mp, ok := g.(orb.MultiPolygon)
	if !ok {
		return nil, fmt.Errorf("it is a %s", g.GeoJSONType())
	}
	return mp, nil
}

// Operations reads what was committed after a revision; see live.Source.
func (s *Store) Operations(ctx context.Context, after int64, limit int) ([]live.Operation, error) {
	rows, err := s.reader.Query(ctx, statement("operations"), after, limit)
	if err != nil {
		return nil, translate(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (live.Operation, error) {
		var o live.Operation
		err := row.Scan(&o.First, &o.Last, &o.RecordedAt, &o.HappenedAt, &o.Actor, &o.ActorName, &o.ActorUnit, &o.BatchID, &o.Kinds, &o.Cases, &o.Parcels, &o.Geometry, &o.Units, &o.References, &o.Land, &o.Foremost, &o.Campaign)
		return o, err
	})
	if err != nil || len(found) == 0 {
		return nil, translate(err)
	}
	return found, translate(s.tell(ctx, found))
}

// tell gives operations what their foremost entries did. The reader sees no
// journal bodies, so the application asks, for the names of fields alone.
func (s *Store) tell(ctx context.Context, operations []live.Operation) error {
	ids := make([]int64, len(operations))
	for i, o := range operations {
		ids[i] = o.Foremost
	}
	rows, err := s.program().Query(ctx, statement("told"), ids)
	if err != nil {
		return fmt.Errorf("read what was done: %w", err)
	}
	deeds, subjects := make(map[int64]dossier.Deed, len(ids)), make(map[int64]int64, len(ids))
	var id, subject int64
	var d dossier.Deed
	_, err = pgx.ForEachRow(rows, []any{&id, &d.Kind, &subject, &d.Before, &d.After}, func() error {
		deeds[id], subjects[id] = d, subject
		d = dossier.Deed{}
		return nil
	})
	for i := range operations {
		o := &operations[i]
		o.Deed, o.Subject = deeds[o.Foremost], subjects[o.Foremost]
	}
	return err
}

// Listen wakes at each notification; see live.Source.
func (s *Store) Listen(ctx context.Context, wake func()) error {
	return s.listen(ctx, RoleReader, "guatu_journal", wake)
}

// listen wakes once when it listens to the channel, so that what was committed before is caught up, and then at each notification.
func (s *Store) listen(ctx context.Context, role, channel string, wake func()) error {
	cfg, err := s.server.config(role)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return translate(err)
	}
	for {
		wake()
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return translate(err)
		}
	}
}
