package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// References reads features of reference layers; see ledger.Tx.
func (t *tx) References(ctx context.Context, ids []int64, layers []string) (map[int64]ledger.Reference, error) {
	rows, err := t.Query(ctx, statement("references"), orNone(ids), orNone(layers))
	if err != nil {
		return nil, fmt.Errorf("read reference features: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Reference])
	byID := make(map[int64]ledger.Reference, len(found))
	for _, r := range found {
		byID[r.ID] = r
	}
	return byID, err
}

// orNone is an empty list for nil, which the statement takes for all.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func scanReferenceState(row pgx.CollectableRow) (ledger.NounState, error) {
	r, err := pgx.RowToStructByPos[ledger.Reference](row)
	return state(r.ID, r.Version, err, func() (ledger.Fields, error) { return ledger.ReferenceFields(r) })
}

// queueReferences removes before it writes: a code that became free may be given again.
func queueReferences(b *pgx.Batch, w ledger.Writes) error {
	if len(w.RemovedReferences) > 0 {
		b.Queue(`DELETE FROM reference WHERE id = ANY($1)`, w.RemovedReferences)
	}
	if len(w.ReferenceShapes) > 0 {
		wires := make([][]byte, len(w.ReferenceShapes))
		for i, s := range w.ReferenceShapes {
			wires[i] = s.EWKB
		}
		b.Queue(statement("write_reference_shapes"), wires)
	}
	n := len(w.References)
	if n == 0 {
		return nil
	}
	ids, versions, shapes := make([]int64, n), make([]int64, n), make([][]byte, n)
	texts := [5][]string{}
	for i := range texts {
		texts[i] = make([]string, n)
	}
	for i, r := range w.References {
		attributes, err := json.Marshal(orEmptyMap(r.Attributes))
		if err != nil {
			return fmt.Errorf("encode attributes: %w", err)
		}
		ids[i], versions[i], shapes[i] = r.ID, r.Version, r.Shape
		texts[0][i], texts[1][i], texts[2][i], texts[3][i], texts[4][i] = r.Layer, r.Code, r.Name, r.Class, string(attributes)
	}
	b.Queue(statement("write_references"), ids, versions, texts[0], texts[1], texts[2], texts[3], shapes, texts[4])
	return nil
}

// ReferenceLayers reads reference layers in one view; see layer.Source.
func (s *Store) ReferenceLayers(ctx context.Context, codes []string) ([]layer.ReferenceLayer, error) {
	var found []layer.ReferenceLayer
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.reader, options, func(t pgx.Tx) error {
		var err error
		found, err = referenceLayers(ctx, t, codes)
		return err
	})
	return found, translate(err)
}

// referenceLayers reads these layers, or all for nil. A layer all of whose features are gone is there, and empty.
func referenceLayers(ctx context.Context, q rowsQuerier, codes []string) ([]layer.ReferenceLayer, error) {
	rows, err := q.Query(ctx, statement("reference_revisions"), codes)
	if err != nil {
		return nil, fmt.Errorf("read the revisions of reference layers: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l layer.ReferenceLayer, err error) {
		return l, row.Scan(&l.Code, &l.Revision)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	at := make(map[string]int, len(found))
	for i, l := range found {
		at[l.Code] = i
	}
	if rows, err = q.Query(ctx, statement("reference_rows"), codes); err != nil {
		return nil, fmt.Errorf("read reference features: %w", err)
	}
	var code string
	var r layer.ReferenceRow
	var wire []byte
	_, err = pgx.ForEachRow(rows, []any{&code, &r.ID, &r.Code, &r.Name, &r.Class, &r.Attributes, &wire}, func() error {
		var err error
		if r.Geometry, _, err = ewkb.Unmarshal(wire); err != nil {
			return fmt.Errorf("reference feature %d: %w", r.ID, err)
		}
		found[at[code]].Features = append(found[at[code]].Features, r)
		r.Attributes = nil
		return nil
	})
	return found, err
}

// ReferenceLayersAt folds the journal up to a revision; see layer.Source.
func (s *Store) ReferenceLayersAt(ctx context.Context, revision int64) ([]layer.ReferenceLayer, error) {
	recorded, err := collect(ctx, s.program(), scanRecorded, statement("reference_entries"), revision)
	if err != nil {
		return nil, translate(err)
	}
	layers, features, err := foldReferences(recorded)
	if err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, r := range features {
		hashes = append(hashes, r.Shape)
	}
	shapes, err := s.referenceShapes(ctx, hashes)
	if err != nil {
		return nil, translate(err)
	}
	for _, r := range features {
		l := layers[r.Layer]
		l.Features = append(l.Features, layer.ReferenceRow{ID: r.ID, Code: r.Code, Name: r.Name, Class: r.Class, Attributes: r.Attributes, Geometry: shapes[string(r.Shape)]})
	}
	list := make([]layer.ReferenceLayer, 0, len(layers))
	for _, code := range slices.Sorted(maps.Keys(layers)) {
		list = append(list, *layers[code])
	}
	return list, nil
}

// foldReferences are the layers with their last revision, and the features by id, after these entries, which come by feature and revision.
func foldReferences(recorded []ledger.Recorded) (map[string]*layer.ReferenceLayer, []ledger.Reference, error) {
	layers := map[string]*layer.ReferenceLayer{}
	var features []ledger.Reference
	fields, code := ledger.Fields{}, ""
	for i, e := range recorded {
		if i == 0 || recorded[i-1].NounID != e.NounID {
			fields, code = ledger.Fields{}, ""
		}
		fields = e.Body.Apply(fields)
		r, err := ledger.ReferenceOf(e.NounID, e.Version, fields)
		if err != nil {
			return nil, nil, err
		}
		if r.Layer != "" {
			code = r.Layer // a feature that is gone has none
		}
		if layers[code] == nil {
			layers[code] = &layer.ReferenceLayer{Code: code}
		}
		layers[code].Revision = max(layers[code].Revision, e.ID)
		if last := i == len(recorded)-1 || recorded[i+1].NounID != e.NounID; last && len(fields) > 0 {
			features = append(features, r)
		}
	}
	return layers, features, nil
}

func (s *Store) referenceShapes(ctx context.Context, hashes [][]byte) (map[string]orb.Geometry, error) {
	rows, err := s.reader.Query(ctx, `SELECT hash, ST_AsEWKB(geom, 'NDR') FROM reference_shape WHERE hash = ANY($1)`, hashes)
	if err != nil {
		return nil, err
	}
	found := map[string]orb.Geometry{}
	var hash, wire []byte
	_, err = pgx.ForEachRow(rows, []any{&hash, &wire}, func() error {
		g, _, err := ewkb.Unmarshal(wire)
		found[string(hash)] = g
		return err
	})
	return found, err
}
