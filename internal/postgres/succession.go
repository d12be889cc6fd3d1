package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/ledger"
)

// Cut takes a polygon apart; see ledger.Ground.
func (t *tx) Cut(ctx context.Context, shape []byte, line orb.LineString) (ledger.Cut, error) {
	var c ledger.Cut
	wire, err := ewkb.Marshal(line, srid)
	if err != nil {
		return c, err
	}
	var whole []byte
	var pieces [][]byte
	if err := t.QueryRow(ctx, statement("parcel_cut"), shape, wire).Scan(&c.Simple, &whole, &pieces, &c.Sliver); err != nil {
		return c, fmt.Errorf("cut a parcel: %w", err)
	}
	c.Whole, err = ground(whole)
	for _, p := range pieces {
		mp, pieceErr := ground(p)
		c.Pieces, err = append(c.Pieces, mp), errors.Join(err, pieceErr)
	}
	return c, err
}

// Join makes one ground of several; see ledger.Ground.
func (t *tx) Join(ctx context.Context, shapes [][]byte) (ledger.Joined, error) {
	var j ledger.Joined
	var wire []byte
	if err := t.QueryRow(ctx, statement("parcel_join"), shapes).Scan(&wire, &j.Touch, &j.Overlap, &j.Gap); err != nil {
		return j, fmt.Errorf("join parcels: %w", err)
	}
	var err error
	j.Ground, err = ground(wire)
	return j, err
}

// Trim takes ground off recorded land; see ledger.Ground.
func (t *tx) Trim(ctx context.Context, l ledger.Land, off []orb.MultiPolygon) (ledger.Trimmed, error) {
	var out ledger.Trimmed
	wires := make([][]byte, len(off))
	for i, mp := range off {
		var err error
		if wires[i], err = wireOf(mp); err != nil {
			return out, err
		}
	}
	var recovered, effective []byte
	var area geo.Area
	if err := t.QueryRow(ctx, statement("land_trim"), l.Recovered, l.Effective, wires).Scan(&area, &recovered, &effective); err != nil {
		return out, fmt.Errorf("take ground off recovered land: %w", err)
	}
	out.Off = area
	var errRecovered, errEffective error
	out.Recovered, errRecovered = ground(recovered)
	out.Effective, errEffective = ground(effective)
	return out, errors.Join(errRecovered, errEffective)
}

// ParcelCodes reads the history; see ledger.Parcels.
func (t *tx) ParcelCodes(ctx context.Context, prefix string) ([]string, error) {
	return collect(ctx, t, pgx.RowTo[string], `SELECT DISTINCT code FROM parcel_history WHERE starts_with(code, $1)`, prefix)
}
