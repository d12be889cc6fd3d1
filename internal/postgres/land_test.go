package postgres_test

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// field is a campaign with one unit of 5 by 5 km and cases without land in it.
type field struct {
	*ledger.Ledger
	db    *dbtest.DB
	store *postgres.Store
	cases []int64
}

var anybody = auth.System() // rights are not what these tests are about

func newField(t *testing.T, n int) *field {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	f := &field{db: server.Open(t)}
	var err error
	f.store, err = postgres.Open(t.Context(), postgres.Server{DSN: f.db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(f.store.Close)
	f.Ledger = ledger.New(f.store, time.Now, quiet)
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	name := campaign.Text{ZH: "洪合镇", EN: "Honghe"}
	unit := ledger.UnitDraft{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: name, Short: name}, Boundary: box(120.60, 30.60, 0.05)}
	require.NoError(t, f.apply(t, ledger.SetUpCampaign{Definition: d, Units: []ledger.UnitDraft{unit}}))
	for i := range n {
		out, err := f.Apply(t.Context(), anybody, op(ledger.ListCase{Unit: "honghe", Label: fmt.Sprintf("凤桥村作坊%d号", i)}))
		require.NoError(t, err)
		f.cases = append(f.cases, out.Entries[0].NounID)
	}
	return f
}

func op(changes ...ledger.Change) ledger.Operation {
	return ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes}
}

func (f *field) apply(t *testing.T, changes ...ledger.Change) error {
	t.Helper()
	_, err := f.Apply(t.Context(), anybody, op(changes...))
	return err
}

func box(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

// star is a polygon of spikes about a place, valid by its making, sometimes with a hole.
func star(r *rand.Rand) orb.MultiPolygon {
	centre, corners := orb.Point{120.62 + 0.006*r.Float64(), 30.62 + 0.006*r.Float64()}, 3+r.IntN(9)
	ring := func(least, most float64, corners int) orb.Ring {
		var points orb.Ring
		for i := range corners {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
			far := least + (most-least)*r.Float64()
			points = append(points, orb.Point{centre[0] + far*cos, centre[1] + far*sin})
		}
		return append(points, points[0])
	}
	p := orb.Polygon{ring(0.0002, 0.0008, corners)}
	if corners >= 6 && r.IntN(3) == 0 {
		p = append(p, ring(0.00002, 0.00008, 4))
	}
	return geo.Normalise(orb.MultiPolygon{p})
}

// TestRandomLandIsCountedOnce: whatever is recorded, removed and taken back, the
// land of the campaign is as large as the ground it covers, and effective land
// lies inside recovered; the figures are PostGIS's, not this program's.
func TestRandomLandIsCountedOnce(t *testing.T) {
	t.Parallel()
	f := newField(t, 30)
	r := rand.New(rand.NewPCG(2026, 11))
	conn := connect(t, f.db.DSN(postgres.RoleApp))
	var batches []uuid.UUID
	recorded, refused := 0, 0
	for step := range 400 {
		var c ledger.Change
		id := f.cases[r.IntN(len(f.cases))]
		switch n := r.IntN(10); {
		case n == 0:
			c = ledger.RemoveLand{Case: id, Reason: "重测"}
		case n <= 3 && len(batches) > 0:
			c = ledger.UndoBatch{Batch: batches[r.IntN(len(batches))], Reason: "误操作"}
		case n == 4:
			whole := star(r)
			c = ledger.RecordLand{Case: id, Recovered: whole, Effective: orb.MultiPolygon{{whole[0][0]}}, Reason: "现场核定"}
		default:
			c = ledger.RecordLand{Case: id, Recovered: star(r)}
		}
		out, err := f.Apply(t.Context(), anybody, op(c))
		if _, is := fault.As(err); is {
			refused++
			continue
		}
		require.NoError(t, err)
		recorded++
		batches = append(batches, out.BatchID)
		if step%20 == 0 {
			assertCountedOnce(t, conn)
		}
	}
	assert.Greater(t, recorded, 100)
	assert.Greater(t, refused, 50)
	assertCountedOnce(t, conn)
	report, err := f.store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

func assertCountedOnce(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	var lands int
	var sum, covered, beyond float64
	err := conn.QueryRow(t.Context(), `SELECT count(*), coalesce(sum(r.area), 0) / 10000.0, coalesce(ST_Area(ST_Union(r.geom)::geography), 0),
		coalesce(max(ST_Area(ST_Difference(e.geom, r.geom)::geography)), 0)
		FROM land l JOIN shape r ON r.hash = l.recovered LEFT JOIN shape e ON e.hash = l.effective`).Scan(&lands, &sum, &covered, &beyond)
	require.NoError(t, err)
	assert.InDelta(t, covered, sum, 0.05*float64(lands*lands)/2+0.01, "no ground twice")
	assert.LessOrEqual(t, beyond, 0.05)
}

// TestNoPathLetsLandOverlap writes past the ledger, as the application's role may.
func TestNoPathLetsLandOverlap(t *testing.T) {
	t.Parallel()
	f := newField(t, 4)
	require.NoError(t, f.apply(t, ledger.RecordLand{Case: f.cases[0], Recovered: box(120.62, 30.62, 0.001)}))
	require.NoError(t, f.apply(t, ledger.RecordLand{Case: f.cases[1], Recovered: box(120.622, 30.62, 0.001)}))
	conn := connect(t, f.db.DSN(postgres.RoleApp))
	shape := func(geom string) string {
		var hash string
		err := conn.QueryRow(t.Context(), `WITH g AS (SELECT ST_Multi(`+geom+`) AS geom)
			INSERT INTO shape (hash, geom, area, plane_area) SELECT sha256(ST_AsEWKB(geom, 'NDR')), geom, 0, 0 FROM g RETURNING encode(hash, 'hex')`).Scan(&hash)
		require.NoError(t, err)
		return `decode('` + hash + `', 'hex')`
	}
	over, away, half := shape(`ST_MakeEnvelope(120.6205, 30.62, 120.6215, 30.621, 4490)`), shape(`ST_MakeEnvelope(120.66, 30.62, 120.661, 30.621, 4490)`), shape(`ST_MakeEnvelope(120.63, 30.62, 120.6305, 30.621, 4490)`)
	bow := shape(`ST_GeomFromText('POLYGON((120.63 30.63,120.631 30.631,120.631 30.63,120.63 30.631,120.63 30.63))', 4490)`)
	insert := `INSERT INTO land (id, version, case_id, recovered, effective, origin) VALUES (nextval('noun_id_seq'), 1, $1, `
	for name, c := range map[string]struct{ sql, constraint string }{
		"insert":    {insert + over + `, NULL, 'drawn')`, "land_overlaps"},
		"outside":   {insert + away + `, NULL, 'drawn')`, "land_outside"},
		"effective": {insert + half + `, ` + away + `, 'drawn')`, "effective_outside"},
		"invalid":   {insert + bow + `, NULL, 'drawn')`, "land_valid"},
		"update":    {`UPDATE land SET recovered = ` + over + ` WHERE case_id <> $1 AND case_id = (SELECT max(case_id) FROM land)`, "land_overlaps"},
	} {
		_, err := conn.Exec(t.Context(), c.sql, f.cases[2])
		assertConstraint(t, c.constraint, err, name)
	}
	_, err := conn.Exec(t.Context(), `DELETE FROM case_file WHERE id = $1`, f.cases[0])
	assertConstraint(t, "land_case_fk", err, "a case with land stays")

	// COPY: under row-level security nothing comes in that way.
	_, err = conn.CopyFrom(t.Context(), pgx.Identifier{"land"}, []string{"id", "version", "case_id"}, pgx.CopyFromRows([][]any{{int64(9001), int64(1), f.cases[2]}}))
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg)
	assert.Equal(t, "0A000", pg.Code, "copy: %v", err)
	// Two rows of one statement that overlap each other, neither anybody else.
	left, right := shape(`ST_MakeEnvelope(120.64, 30.62, 120.641, 30.621, 4490)`), shape(`ST_MakeEnvelope(120.6405, 30.62, 120.6415, 30.621, 4490)`)
	both := `INSERT INTO land (id, version, case_id, recovered, origin) VALUES (9001, 1, $1, ` + left + `, 'drawn'), (9002, 1, $2, ` + right + `, 'drawn')`
	_, err = conn.Exec(t.Context(), both, f.cases[2], f.cases[3])
	assertConstraint(t, "land_overlaps", err, "two at once")
	_, err = conn.Exec(t.Context(), insert+left+`, NULL, 'drawn')`, f.cases[2])
	require.NoError(t, err, "one of them alone may come")
}

func assertConstraint(t *testing.T, constraint string, err error, name string) {
	t.Helper()
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg, name)
	assert.Equal(t, constraint, pg.ConstraintName, "%s: %v", name, err)
}

// TestNoRaceLetsLandOverlap: a transaction writes land, another writes overlapping
// land before the first has committed; under every isolation level only one of them comes through.
func TestNoRaceLetsLandOverlap(t *testing.T) {
	t.Parallel()
	for _, level := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead, pgx.Serializable} {
		t.Run(string(level), func(t *testing.T) {
			t.Parallel()
			f := newField(t, 2)
			begin := func() pgx.Tx {
				tx, err := connect(t, f.db.DSN(postgres.RoleApp)).BeginTx(t.Context(), pgx.TxOptions{IsoLevel: level})
				require.NoError(t, err)
				var now int
				require.NoError(t, tx.QueryRow(t.Context(), `SELECT count(*) FROM land`).Scan(&now), "its snapshot is taken")
				return tx
			}
			write := func(tx pgx.Tx, id int64, west float64) error {
				_, err := tx.Exec(t.Context(), `WITH g AS (SELECT ST_Multi(ST_MakeEnvelope($2::float8, 30.62, $2::float8 + 0.001, 30.621, 4490)) AS geom),
					s AS (INSERT INTO shape (hash, geom, area, plane_area) SELECT sha256(ST_AsEWKB(geom, 'NDR')), geom, 0, 0 FROM g RETURNING hash)
					INSERT INTO land (id, version, case_id, recovered, origin) SELECT nextval('noun_id_seq'), 1, $1, hash, 'drawn' FROM s`, id, west)
				return err
			}
			first, second := begin(), begin()
			require.NoError(t, write(first, f.cases[0], 120.62))
			failed := make(chan error, 1)
			go func() { failed <- write(second, f.cases[1], 120.6205) }()
			waitsForLock(t, f.db)
			require.NoError(t, first.Commit(t.Context()))
			require.Error(t, <-failed, "the second is told")
			require.NoError(t, second.Rollback(t.Context()))
			assertCountedOnceRaw(t, f.db)
		})
	}
}

// waitsForLock returns once a session waits for another.
func waitsForLock(t *testing.T, db *dbtest.DB) {
	t.Helper()
	conn := connect(t, db.DSN("postgres"))
	require.Eventually(t, func() bool {
		var waiting bool
		err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting)
		return err == nil && waiting
	}, 20*time.Second, 5*time.Millisecond)
}

func assertCountedOnceRaw(t *testing.T, db *dbtest.DB) {
	t.Helper()
	var n int
	require.NoError(t, connect(t, db.DSN(postgres.RoleApp)).QueryRow(t.Context(), `SELECT count(*) FROM land`).Scan(&n))
	assert.Equal(t, 1, n)
}
