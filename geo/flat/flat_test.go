package flat_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/flat"
)

var update = flag.Bool("update", false, "write the golden file anew")

func columns() []flat.Column {
	return []flat.Column{{Name: "stage", Kind: flat.Number}, {Name: "code", Kind: flat.Text}, {Name: "unit", Kind: flat.Word}, {Name: "cases", Kind: flat.Numbers}}
}

func ring(points ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(points); i += 2 {
		r = append(r, orb.Point{points[i], points[i+1]})
	}
	return append(r, r[0])
}

// golden is small and has everything: a hole, two parts, no shape, a list, a far id, texts of four bytes a letter.
func golden() (flat.Head, []flat.Feature) {
	values := func(stage uint64, code, unit string, cases ...int64) []flat.Value {
		return []flat.Value{{Number: stage}, {Text: code}, {Text: unit}, {Numbers: cases}}
	}
	return flat.Head{Layer: "parcels", Class: "all", Revision: 4711, Columns: columns()}, []flat.Feature{
		{ID: 7, Shape: flat.NewShape(orb.MultiPolygon{{ring(120.7, 30.7, 120.71, 30.7, 120.71, 30.71, 120.7, 30.71), ring(120.703, 30.703, 120.707, 30.703, 120.705, 30.7071234)}}), Values: values(3, "P-001", "honghe", 12, 15, 9)},
		{ID: 8, Values: values(0, "", "")},
		{ID: 300, Shape: flat.NewShape(orb.MultiPolygon{{ring(-120.1, -30.2, -120.09, -30.2, -120.1, -30.19)}, {ring(180, 85, 180, 85.0000001, 179.9999999, 85)}}), Values: values(9, "凤桥𠮷", "gaozhao")},
		{ID: 1 << 52, Shape: flat.NewShape(orb.MultiPolygon{{ring(0, 0, 1e-7, 0, 0, 1e-7)}}), Values: values(1<<40, "Z", "honghe", -5)},
	}
}

func invented(r *rand.Rand, n int) []flat.Feature {
	features := make([]flat.Feature, n)
	id := r.Int64N(100)
	for i := range features {
		id += 1 + r.Int64N(3)
		x, y := 120.5+r.Float64()/5, 30.6+r.Float64()/5
		var mp orb.MultiPolygon
		for range r.IntN(3) {
			p := orb.Polygon{}
			for range 1 + r.IntN(2) {
				var points []float64
				for range 3 + r.IntN(15) {
					points = append(points, x+r.Float64()/1000, y+r.Float64()/1000)
				}
				p = append(p, ring(points...))
			}
			mp = append(mp, p)
		}
		features[i] = flat.Feature{ID: id, Shape: flat.NewShape(mp), Values: []flat.Value{
			{Number: r.Uint64()}, {Text: strings.Repeat("地", r.IntN(4))}, {Text: "u" + string(rune('a'+r.IntN(9)))}, {Numbers: []int64{r.Int64() - 1<<61, r.Int64N(5)}[:r.IntN(3)]},
		}}
	}
	return features
}

func same(t *testing.T, want, got []flat.Feature) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, w := range want {
		g := got[i]
		require.Equal(t, w.ID, g.ID)
		require.True(t, w.Shape.Equal(g.Shape), "shape of %d", w.ID)
		for c, v := range w.Values {
			if len(v.Numbers) == 0 {
				v.Numbers = nil
			}
			require.Equal(t, v, g.Values[c])
		}
	}
}

// TestReadIsWhatWasWritten for files and deltas of any size.
func TestReadIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 7))
	for n := range 30 {
		head := flat.Head{Layer: "parcels", Class: "unit honghe", Revision: r.Int64(), Columns: columns()}
		if n%2 == 1 {
			head.Delta, head.Since, head.Removed = true, r.Int64(), []int64{-4, 0, 9}[:r.IntN(4)]
		}
		features := invented(r, n*n)
		b := flat.Encode(head, features)
		f, err := flat.Decode(b)
		require.NoError(t, err)
		same(t, features, f.Features)
		if len(head.Removed) == 0 {
			head.Removed = f.Removed
			require.Empty(t, f.Removed)
		}
		head.Counts = flat.CountsOf(features)
		require.Equal(t, head, f.Head)
		require.Equal(t, b, flat.Encode(f.Head, f.Features), "one meaning, one file")
	}
}

// TestCoordinatesAreWithinHalfAUnit of what was given, and exactly the decimals of a unit.
func TestCoordinatesAreWithinHalfAUnit(t *testing.T) {
	t.Parallel()
	given := orb.MultiPolygon{{ring(120.123456789, 30.987654321, 120.2, 30.98, 120.15, 31.000000049)}}
	got := flat.NewShape(given).MultiPolygon()
	assert.Equal(t, orb.MultiPolygon{{ring(120.1234568, 30.9876543, 120.2, 30.98, 120.15, 31)}}, got)
	assert.Nil(t, flat.NewShape(orb.MultiPolygon{{ring(1, 1, 1, 1.00000001, 1, 1)}}).MultiPolygon(), "nothing is left of it")
	assert.Nil(t, flat.NewShape(nil).MultiPolygon())
	odd := flat.NewShape(orb.MultiPolygon{{ring(math.NaN(), 1, math.Inf(1), 2, 3, 1e300)}})
	_, err := flat.Decode(flat.Encode(flat.Head{}, []flat.Feature{{Shape: odd}}))
	require.NoError(t, err)
}

// TestGolden holds the file that the page's reader is tested with, and what it says in JSON.
func TestGolden(t *testing.T) {
	t.Parallel()
	head, features := golden()
	b := flat.Encode(head, features)
	delta := head
	delta.Delta, delta.Since, delta.Removed, delta.Revision = true, 4711, []int64{8, 300}, 4712
	d := flat.Encode(delta, features[:1])
	type plain struct {
		ID     int64            `json:"id"`
		Shape  orb.MultiPolygon `json:"shape"`
		Values []any            `json:"values"`
	}
	told := []plain{}
	for _, f := range features {
		numbers := f.Values[3].Numbers
		if numbers == nil {
			numbers = []int64{}
		}
		told = append(told, plain{f.ID, f.Shape.MultiPolygon(), []any{f.Values[0].Number, f.Values[1].Text, f.Values[2].Text, numbers}})
	}
	text, err := json.MarshalIndent(told, "", " ")
	require.NoError(t, err)
	for name, want := range map[string][]byte{"layer.flat": b, "delta.flat": d, "layer.json": append(text, '\n')} {
		path := "testdata/" + name
		if *update {
			require.NoError(t, os.WriteFile(path, want, 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), "%s differs; go test ./geo/flat -update", name)
	}
}

// TestFaultsAreNamed: whatever byte is cut or changed, the reader says no or gives another file, and never more than it read.
func TestFaultsAreNamed(t *testing.T) {
	t.Parallel()
	b := flat.Encode(golden())
	for n := range b {
		_, err := flat.Decode(b[:n])
		var fault *flat.Error
		require.ErrorAs(t, err, &fault, "cut after %d", n)
		require.Contains(t, err.Error(), "flat: byte ")
	}
	_, err := flat.Decode(append(bytes.Clone(b), 1))
	require.ErrorContains(t, err, "after the end")
	for n := range b {
		for _, by := range []byte{1, 0x7f, 0x80, 0xff} {
			changed := bytes.Clone(b)
			changed[n] ^= by
			if f, err := flat.Decode(changed); err == nil {
				require.LessOrEqual(t, f.Counts.Points, len(b))
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(flat.Encode(golden()))
	f.Add(flat.Encode(flat.Head{Delta: true, Removed: []int64{1, 2}}, nil))
	f.Add([]byte("GFLT\x01\x00\x00\x00\x00\x00\x01\x01\x01\x0f\x06\x01\x00\x00\x00\x01\xff\xff\xff\xff\x0f\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, err := flat.Decode(b)
		runtime.ReadMemStats(&after)
		require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(256*len(b)+64<<10), "memory follows the bytes, not what they claim")
		if err != nil {
			return
		}
		again := flat.Encode(file.Head, file.Features)
		second, err := flat.Decode(again)
		require.NoError(t, err, "what was read can be written")
		same(t, file.Features, second.Features)
		for _, x := range file.Features {
			for _, p := range x.Shape.MultiPolygon() {
				for _, r := range p {
					require.GreaterOrEqual(t, len(r), 4)
				}
			}
		}
	})
}

// TestAHundredThousandParcels of 4 to 19 vertices packed are at most 4 MB, as the page fetches them.
func TestAHundredThousandParcels(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("packs 8 MB")
	}
	r := rand.New(rand.NewPCG(100, 1))
	features := make([]flat.Feature, 100_000)
	for i := range features {
		x, y := 120.55+0.0006*float64(i%400), 30.55+0.0004*float64(i/400)
		n := 5 + r.IntN(16)
		var points []float64
		for k := range n {
			angle := (float64(k) + 0.6*r.Float64()) / float64(n) * 2 * math.Pi
			points = append(points, x+0.0002*math.Cos(angle), y+0.00015*math.Sin(angle))
		}
		features[i] = flat.Feature{ID: int64(i), Shape: flat.NewShape(orb.MultiPolygon{{ring(points...)}}), Values: []flat.Value{{Number: uint64(i % 9)}, {}, {Text: "honghe"}, {Numbers: []int64{int64(i)}}}}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(flat.Encode(flat.Head{Columns: columns()}, features))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	t.Logf("%d bytes", packed.Len())
	assert.LessOrEqual(t, packed.Len(), 4<<20)
}
