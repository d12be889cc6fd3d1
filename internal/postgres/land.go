package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/ledger"
)

// ParcelsUnion is the ground of a case's parcels; see ledger.Ground.
func (t *tx) ParcelsUnion(ctx context.Context, caseID int64) (orb.MultiPolygon, error) {
	var wire []byte
	err := t.QueryRow(ctx, `SELECT ST_AsEWKB(ST_Multi(ST_Union(s.geom)), 'NDR')
		FROM case_parcel cp JOIN parcel p ON p.id = cp.parcel_id JOIN shape s ON s.hash = p.shape WHERE cp.case_id = $1 AND cp.share > 0`, caseID).Scan(&wire)
	if err != nil {
		return nil, fmt.Errorf("join the parcels of a case: %w", err)
	}
	return ground(wire)
}

// ground reads a multipolygon; nil for NULL.
func ground(wire []byte) (orb.MultiPolygon, error) {
	if wire == nil {
		return nil, nil
	}
	g, _, err := ewkb.Unmarshal(wire)
	if err != nil {
		return nil, err
	}
	mp, ok := g.(orb.MultiPolygon)
	if !ok {
		return nil, fmt.Errorf("ground is a %s", g.GeoJSONType())
	}
	return mp, nil
}

// wireOf is a multipolygon as EWKB, NULL for nil.
func wireOf(mp orb.MultiPolygon) ([]byte, error) {
	if mp == nil {
		return nil, nil
	}
	return ewkb.MarshalMultiPolygon(mp, srid)
}

// Deduct takes off what the rules exclude; see ledger.Ground.
func (t *tx) Deduct(ctx context.Context, recovered, given orb.MultiPolygon, rules []campaign.Exclusion) (ledger.Deducted, error) {
	var d ledger.Deducted
	whole, err := wireOf(recovered)
	if err != nil {
		return d, err
	}
	part, err := wireOf(given)
	if err != nil {
		return d, err
	}
	text, err := exclusions(rules)
	if err != nil {
		return d, err
	}
	var wire []byte
	var areas []int64
	err = t.QueryRow(ctx, `SELECT ST_AsEWKB(e.effective, 'NDR'), e.areas FROM land_effective(ST_GeomFromEWKB($1::bytea), ST_GeomFromEWKB($2::bytea), $3::jsonb) e`, whole, part, text).Scan(&wire, &areas)
	if err != nil {
		return d, fmt.Errorf("compute the effective land: %w", err)
	}
	for _, a := range areas {
		d.ByRule = append(d.ByRule, geo.Area(a))
	}
	if d.Effective = given; given == nil {
		d.Effective, err = ground(wire)
	}
	return d, err
}

// exclusions are the rules as land_effective reads them.
func exclusions(rules []campaign.Exclusion) (string, error) {
	type rule struct {
		Layer   string   `json:"layer"`
		Classes []string `json:"classes"`
		Metres  float64  `json:"metres"`
	}
	list := make([]rule, len(rules))
	for i, r := range rules {
		list[i] = rule{r.Layer, orNone(r.Classes), r.Metres}
	}
	text, err := json.Marshal(list)
	return string(text), err
}

// LandFaults asks what the triggers would; see ledger.Ground.
func (t *tx) LandFaults(ctx context.Context, lands []ledger.Land, shapes map[string]orb.MultiPolygon, gone []int64) ([]ledger.LandFault, error) {
	n := len(lands)
	cases, names, wires := make([]int64, n), [2][][]byte{make([][]byte, n), make([][]byte, n)}, [2][][]byte{make([][]byte, n), make([][]byte, n)}
	for i, l := range lands {
		cases[i] = l.Case
		for k, name := range [][]byte{l.Recovered, l.Effective} {
			wire, err := wireOf(shapes[string(name)])
			if err != nil {
				return nil, err
			}
			names[k][i], wires[k][i] = name, wire
		}
	}
	rows, err := t.Query(ctx, statement("land_faults"), cases, names[0], wires[0], names[1], wires[1], orNone(gone))
	if err != nil {
		return nil, fmt.Errorf("test recovered land: %w", err)
	}
	return pgx.CollectRows(rows, scanLandFault)
}

func scanLandFault(row pgx.CollectableRow) (f ledger.LandFault, err error) {
	var wire []byte
	if err := row.Scan(&f.Fault, &f.Case, &f.Other, &f.Area, &f.Place[0], &f.Place[1], &wire); err != nil {
		return f, err
	}
	f.Ground, err = ground(wire)
	return f, err
}

// ShapeAreas reads what was measured when they were stored; see ledger.Ground.
func (t *tx) ShapeAreas(ctx context.Context, names [][]byte) (map[string]geo.Area, error) {
	areas := map[string]geo.Area{}
	var name []byte
	var area geo.Area
	rows, err := t.Query(ctx, `SELECT hash, area FROM shape WHERE hash = ANY($1)`, names)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&name, &area}, func() error {
			areas[string(name)] = area
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the areas of polygons: %w", err)
	}
	return areas, nil
}

// CasesOfLand reads the history; see ledger.Ground.
func (t *tx) CasesOfLand(ctx context.Context, ids []int64) ([]int64, error) {
	return collect(ctx, t, pgx.RowTo[int64], `SELECT DISTINCT case_id FROM land_history WHERE land_id = ANY($1) ORDER BY 1`, ids)
}

func scanLand(row pgx.CollectableRow) (ledger.Land, error) {
	var l ledger.Land
	err := row.Scan(&l.ID, &l.Version, &l.Case, &l.Recovered, &l.Effective, &l.Origin, &l.Use, &l.Deductions)
	if len(l.Deductions) == 0 {
		l.Deductions = nil
	}
	return l, err
}

func scanMeasuredLand(row pgx.CollectableRow) (dossier.Land, error) {
	var l dossier.Land
	err := row.Scan(&l.ID, &l.Version, &l.Case, &l.Recovered, &l.Effective, &l.Origin, &l.Use, &l.Deductions, &l.Area, &l.PlaneArea, &l.EffectiveArea)
	return l, err
}

func scanLandState(row pgx.CollectableRow) (ledger.NounState, error) {
	l, err := scanLand(row)
	return state(l.ID, l.Version, err, func() (ledger.Fields, error) { return ledger.LandFields(l) })
}

func scanLandHistory(row pgx.CollectableRow) (ledger.NounHistory, error) {
	var h ledger.NounHistory
	var l ledger.Land
	if err := row.Scan(&h.ID, &h.FromRev, &h.ToRev, &h.Version, &l.Case, &l.Recovered, &l.Effective, &l.Use, &l.Deductions); err != nil {
		return h, err
	}
	fields, err := ledger.LandFields(l)
	delete(fields, "origin") // not kept in the history
	h.Fields = fields
	return h, err
}

// queueRemovedLands removes before cases are removed; queueLands writes after cases are written, in one
// statement, so that the triggers see the operation whole.
func queueRemovedLands(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedLands) > 0 {
		b.Queue(`DELETE FROM land WHERE id = ANY($1)`, w.RemovedLands)
	}
}

func queueLands(b *pgx.Batch, w ledger.Writes) error {
	n := len(w.Lands)
	if n == 0 {
		return nil
	}
	ids, versions, cases := make([]int64, n), make([]int64, n), make([]int64, n)
	recovered, effective := make([][]byte, n), make([][]byte, n)
	origins, uses, deductions := make([]string, n), make([]string, n), make([]string, n)
	for i, l := range w.Lands {
		text, err := json.Marshal(orNone(l.Deductions))
		if err != nil {
			return fmt.Errorf("encode deductions: %w", err)
		}
		ids[i], versions[i], cases[i], recovered[i], effective[i] = l.ID, l.Version, l.Case, l.Recovered, l.Effective
		origins[i], uses[i], deductions[i] = l.Origin, l.Use, string(text)
	}
	b.Queue(statement("write_lands"), ids, versions, cases, recovered, effective, origins, uses, deductions)
	return nil
}
