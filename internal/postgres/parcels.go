package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/ledger"
)

const (
	srid = 4490
	// partSize is how many rows of a large operation are under way at once.
	partSize = 10_000
)

// Stage copies drafts into the transaction and compares them; see ledger.Parcels.
// The file is read while the database works on the part before.
func (t *tx) Stage(ctx context.Context, drafts func(each func(ledger.ParcelDraft) error) error) error {
	b := &pgx.Batch{}
	b.Queue(`SELECT pg_advisory_xact_lock('shape'::regclass::oid::bigint)`)
	for _, name := range []string{"stage_draft", "stage_unit", "stage"} {
		b.Queue(statement(name))
	}
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("make room for an import: %w", err)
	}
	source := newDraftSource(drafts)
	err := t.stageParts(ctx, source)
	if err := errors.Join(source.close(), err); err != nil {
		return err
	}
	t.leftOut = source.leftOut
	// Parcels of the file that are there already stay as they are until the end of this transaction.
	for _, sql := range []string{"ANALYZE staged", statement("stage_lock"), statement("stage_refresh")} {
		if _, err := t.Exec(ctx, sql); err != nil {
			return fmt.Errorf("lock the parcels of the file: %w", err)
		}
	}
	return nil
}

func (t *tx) stageParts(ctx context.Context, source *draftSource) error {
	for !source.ended {
		source.part = 0
		if _, err := t.CopyFrom(ctx, pgx.Identifier{"staged_draft"}, draftColumns(), source); err != nil {
			return fmt.Errorf("stage: %w", err)
		}
		b := &pgx.Batch{}
		b.Queue(statement("stage_compare"))
		b.Queue(statement("stage_shapes"))
		b.Queue("TRUNCATE staged_draft")
		if err := t.SendBatch(ctx, b).Close(); err != nil {
			return fmt.Errorf("compare: %w", err)
		}
	}
	return nil
}

// draftSource turns a function that calls back into the rows CopyFrom pulls, a
// part at a time. One goroutine reads the file, one measures the parcels.
type draftSource struct {
	rows   chan []any
	stop   chan struct{}
	failed chan error
	now    []any
	part   int // rows of this part
	ended  bool
	err    error
	// leftOut are the codes of drafts that are not staged; the measuring goroutine's until it has ended.
	leftOut []string
}

var errCopyEnded = errors.New("copy ended")

func newDraftSource(drafts func(each func(ledger.ParcelDraft) error) error) *draftSource {
	s := &draftSource{rows: make(chan []any, partSize), stop: make(chan struct{}), failed: make(chan error, 2)}
	read := make(chan ledger.ParcelDraft, partSize/4)
	go func() {
		defer close(read)
		s.failed <- drafts(func(d ledger.ParcelDraft) error {
			select {
			case read <- d:
				return nil
			case <-s.stop:
				return errCopyEnded
			}
		})
	}()
	go func() {
		defer close(s.rows)
		s.failed <- s.measure(read)
	}()
	return s
}

// measure makes rows of drafts.
func (s *draftSource) measure(read <-chan ledger.ParcelDraft) error {
	var failed error
	nameless := map[string]int{}
	for d := range read {
		if failed != nil {
			continue // the reading side must not be left hanging
		}
		row, err := draftRow(d, nameless)
		if err != nil {
			failed = err
			continue
		}
		if d.LeftOut {
			s.leftOut = append(s.leftOut, row[1].(string)) //nolint:forcetypeassert // the code
			continue
		}
		select {
		case s.rows <- row:
		case <-s.stop:
			failed = errCopyEnded
		}
	}
	return failed
}

func draftColumns() []string {
	return []string{"row", "code", "label", "wire", "area", "plane_area", "attributes"}
}

// draftRow encodes and measures a draft. One without a code is named by its
// geometry, so that a second import finds it again; a shape that the file has
// twice is numbered, and nameless counts.
func draftRow(d ledger.ParcelDraft, nameless map[string]int) ([]any, error) {
	wire, err := ewkb.MarshalMultiPolygon(d.Geometry, srid)
	if err != nil {
		return nil, fmt.Errorf("encode parcel %s: %w", d.Code, err)
	}
	if d.Code == "" {
		sum := sha256.Sum256(wire)
		d.Code = "G" + strings.ToUpper(hex.EncodeToString(sum[:8]))
		nameless[d.Code]++
		if nameless[d.Code] > 1 {
			d.Code = fmt.Sprintf("%s-%d", d.Code, nameless[d.Code])
		}
	}
	attributes := json.RawMessage("{}")
	if d.Attributes != nil {
		if attributes, err = ledger.Canonical(d.Attributes); err != nil {
			return nil, fmt.Errorf("attributes of parcel %s: %w", d.Code, err)
		}
	}
	area, plane := measured(d.Geometry)
	return []any{d.Row, d.Code, d.Label, wire, area, plane, attributes}, nil
}

// measured gives the two areas of a shape in 0.0001 m²: on the ellipsoid, and in the plane of EPSG:4549.
func measured(mp orb.MultiPolygon) (area, plane int64) {
	return int64(geo.GeodesicArea(mp)), int64(geo.FromSquareMetres(crs.PlaneArea4549(mp)))
}

// Next implements pgx.CopyFromSource.
func (s *draftSource) Next() bool {
	if s.part == partSize {
		return false
	}
	row, more := <-s.rows
	if !more {
		s.ended = true
		s.err = s.outcome()
		return false
	}
	s.now = row
	s.part++
	return true
}

// Values implements pgx.CopyFromSource.
func (s *draftSource) Values() ([]any, error) { return s.now, nil }

// Err implements pgx.CopyFromSource.
func (s *draftSource) Err() error { return s.err }

// outcome waits for both goroutines and gives the first error that is not the stopping itself.
func (s *draftSource) outcome() error {
	var err error
	for range cap(s.failed) {
		if e := <-s.failed; err == nil && !errors.Is(e, errCopyEnded) {
			err = e
		}
	}
	return err
}

// close lets both goroutines end and gives their error.
func (s *draftSource) close() error {
	if s.ended {
		return s.err
	}
	close(s.stop)
	for range s.rows {
	}
	return s.outcome()
}

// StagedSummary counts; see ledger.Parcels.
func (t *tx) StagedSummary(ctx context.Context) (ledger.StagedSummary, error) {
	var s ledger.StagedSummary
	err := t.QueryRow(ctx, statement("staged_summary")).
		Scan(&s.Created, &s.Changed, &s.ChangedGeometry, &s.ChangedFields, &s.Unchanged, &s.Area, &s.Outside)
	s.LeftOut = int64(len(t.leftOut))
	return s, err
}

// StagedChanged gives the first changes; see ledger.Parcels.
func (t *tx) StagedChanged(ctx context.Context, most int) ([]ledger.ParcelChange, error) {
	return collect(ctx, t, func(row pgx.CollectableRow) (c ledger.ParcelChange, err error) {
		var before, after []byte
		err = row.Scan(&c.Row, &c.Code, &c.OldLabel, &c.Label, &c.OldUnit, &c.Unit, &c.OldAttributes, &c.Attributes,
			&c.LandChanged, &c.OldArea, &c.NewArea, &before, &after)
		if err != nil {
			return c, err
		}
		if c.OldGround, err = ground(before); err != nil {
			return c, err
		}
		c.Ground, err = ground(after)
		return c, err
	}, statement("staged_changed"), most, ledger.MostShown)
}

// StagedNew gives the first new parcels; see ledger.Parcels.
func (t *tx) StagedNew(ctx context.Context, most int) ([]ledger.ParcelNew, error) {
	return collect(ctx, t, func(row pgx.CollectableRow) (n ledger.ParcelNew, err error) {
		var wire []byte
		if err := row.Scan(&n.Row, &n.Code, &n.Label, &n.Unit, &n.Area, &wire); err != nil {
			return n, err
		}
		n.Ground, err = ground(wire)
		return n, err
	}, statement("staged_new"), most, ledger.MostShown)
}

// StagedRetired gives codes of parcels that ended; see ledger.Parcels.
func (t *tx) StagedRetired(ctx context.Context, most int) ([]ledger.ParcelRetired, error) {
	kinds := []string{ledger.KindParcelSplit, ledger.KindParcelMerge}
	return collect(ctx, t, pgx.RowToStructByPos[ledger.ParcelRetired], statement("staged_retired"), kinds, most)
}

// StagedGone gives the first parcels that are no longer in the file; see ledger.Parcels.
func (t *tx) StagedGone(ctx context.Context, most int) (gone []ledger.ParcelGone, total int64, err error) {
	rows, err := t.Query(ctx, statement("staged_gone"), most, t.leftOut)
	if err != nil {
		return nil, 0, err
	}
	var g ledger.ParcelGone
	_, err = pgx.ForEachRow(rows, []any{&g.Code, &g.Label, &g.Area, &total}, func() error {
		gone = append(gone, g)
		return nil
	})
	return gone, total, err
}

// mostPairs is how many pairs of parcels are cut to find overlaps: some seconds.
const mostPairs = 50_000

// StagedOverlaps gives the first overlaps with parcels that are there; see ledger.Parcels.
func (t *tx) StagedOverlaps(ctx context.Context, most int) (ledger.StagedOverlaps, error) {
	rows, err := t.Query(ctx, statement("staged_overlaps"), mostPairs, most)
	if err != nil {
		return ledger.StagedOverlaps{}, err
	}
	var out ledger.StagedOverlaps
	var o ledger.ParcelOverlap
	var pairs int64
	_, err = pgx.ForEachRow(rows, []any{&o.Row, &o.Code, &o.Area, &o.Place[0], &o.Place[1], &out.Total, &pairs}, func() error {
		out.First = append(out.First, o)
		return nil
	})
	out.Unfinished = pairs == mostPairs
	return out, err
}

// StagedSample gives parcels of the file, evenly spread; see ledger.Parcels.
func (t *tx) StagedSample(ctx context.Context, most int) ([]ledger.ParcelPlace, error) {
	rows, err := t.Query(ctx, statement("staged_sample"), most)
	if err != nil {
		return nil, err
	}
	var places []ledger.ParcelPlace
	var p ledger.ParcelPlace
	_, err = pgx.ForEachRow(rows, []any{&p.Code, &p.Area, &p.Inside[0], &p.Inside[1]}, func() error {
		places = append(places, p)
		return nil
	})
	return places, err
}

// PlacesMatch counts places that hit a parcel of their size; see ledger.Parcels.
func (t *tx) PlacesMatch(ctx context.Context, places []ledger.ParcelPlace, moved func(orb.Point) orb.Point) (n int, err error) {
	lon, lat, area := make([]float64, len(places)), make([]float64, len(places)), make([]int64, len(places))
	for i, p := range places {
		at := moved(p.Inside)
		lon[i], lat[i], area[i] = at[0], at[1], p.Area
	}
	err = t.QueryRow(ctx, statement("places_match"), lon, lat, area).Scan(&n)
	return n, err
}

// Staged gives what the drafts create or change, a part at a time; see ledger.Parcels.
func (t *tx) Staged(ctx context.Context, each func([]ledger.StagedParcel) error) error {
	if _, err := t.Exec(ctx, "DECLARE staged_parcel NO SCROLL CURSOR FOR "+statement("staged")); err != nil {
		return err
	}
	for {
		rows, err := t.Query(ctx, fmt.Sprintf("FETCH %d FROM staged_parcel", partSize))
		if err != nil {
			return err
		}
		part, err := scanStaged(rows)
		if err != nil {
			return err
		}
		if len(part) == 0 {
			_, err := t.Exec(ctx, "CLOSE staged_parcel")
			return err
		}
		if err := each(part); err != nil {
			return err
		}
	}
}

func scanStaged(rows pgx.Rows) ([]ledger.StagedParcel, error) {
	var part []ledger.StagedParcel
	var after, before ledger.Parcel
	var attributes json.RawMessage
	var oldAttributes map[string]string
	_, err := pgx.ForEachRow(rows, []any{
		&after.ID, &after.Code, &after.Label, &after.Unit, &after.Shape, &attributes,
		&before.Version, &before.Label, &before.Unit, &before.Shape, &oldAttributes,
	}, func() error {
		s := ledger.StagedParcel{After: after, Attributes: attributes}
		s.After.Version = before.Version + 1
		if before.Version > 0 {
			old := before
			old.ID, old.Code, old.Attributes = after.ID, after.Code, oldAttributes
			s.Before = &old
		}
		after.Shape, before.Shape, attributes, oldAttributes = nil, nil, nil, nil
		part = append(part, s)
		return nil
	})
	return part, err
}
