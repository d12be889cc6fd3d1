package demo_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waters has PostGIS look at rivers, lakes and roads: lakes lie in the district,
// lines run through it, none crosses itself, and every plot keeps clear of them.
func (d told) waters(t *testing.T) {
	t.Helper()
	d.db.Exec(t, "postgres", `SET search_path = guatu, public`, `DO $$
DECLARE district geometry; found text;
BEGIN
	SELECT ST_Union(ST_Buffer(s.geom, 1e-9)) INTO district FROM unit u JOIN shape s ON s.hash = u.shape;
	ASSERT (SELECT count(*) FROM reference WHERE layer = 'water') >= 12;
	ASSERT (SELECT count(*) FROM reference WHERE layer = 'roads') >= 6;
	ASSERT (SELECT bool_and(attributes->>'说明' = '示意' AND name <> '') FROM reference);
	SELECT string_agg(r.name, ' ') INTO found FROM reference r JOIN reference_shape s ON s.hash = r.shape
	WHERE r.layer IN ('water', 'roads') AND (NOT ST_IsValid(s.geom) OR NOT ST_IsSimple(s.geom)
		OR NOT CASE WHEN r.class = 'lake' THEN ST_CoveredBy(s.geom, district) ELSE ST_Length(ST_Intersection(s.geom, district)::geography) > 3000 END
		OR NOT ST_CoveredBy(s.geom, ST_Buffer(district, 0.06)));
	ASSERT found IS NULL, found || ' lie wrong';
	SELECT string_agg(p.code || ' ' || r.name, ' ') INTO found FROM parcel p JOIN shape a ON a.hash = p.shape
	JOIN reference_shape b ON ST_DWithin(a.geom, b.geom, 0.001) AND ST_DWithin(a.geom::geography, b.geom::geography, 25)
	JOIN reference r ON r.shape = b.hash AND r.layer IN ('water', 'roads');
	ASSERT found IS NULL, found || ' come too near';
END $$`)
	layers, err := d.store.ReferenceLayers(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, layers, 7) // clusters, env_zones, planning, retained, roads, village_clusters, water
	for _, l := range layers {
		for _, f := range l.Features {
			if line, is := f.Geometry.(orb.LineString); is {
				assert.Less(t, sharpest(line), 40.0, "%s runs smoothly", f.Name)
			}
		}
	}
}

// sharpest is the greatest turn of a line, in degrees.
func sharpest(line orb.LineString) float64 {
	most := 0.0
	shrink := math.Cos(line[0][1] * math.Pi / 180)
	for i := 1; i < len(line)-1; i++ {
		a, b, c := line[i-1], line[i], line[i+1]
		turn := math.Atan2(c[1]-b[1], (c[0]-b[0])*shrink) - math.Atan2(b[1]-a[1], (b[0]-a[0])*shrink)
		most = max(most, math.Abs(math.Remainder(turn, 2*math.Pi))*180/math.Pi)
	}
	return most
}
