package interchange

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/interchange/feature"
)

// vertexTable is a table with a vertex in each row; rows that follow each
// other with the same code make a parcel, with the same ring number a ring.
type vertexTable struct {
	rows              source
	east, north       string
	code, ring        string
	swapped, numbered bool
	limits            feature.Limits
	current           *record
	key               string
	rings             []orb.Ring
	ringKey           string
	vertices, parcels int
	bad               bool
}

func ringColumns() []string {
	return []string{"圈号", "环号", "圈", "环", "ringno", "ringid", "ringnumber", "part", "partno", "partid"}
}

func pointColumns() []string {
	return []string{"点号", "界址点号", "顶点号", "点序", "点序号", "pointno", "vertex", "vertexno", "vertexindex", "seq", "pointorder"}
}

// vertexTable finds out how the vertices are grouped.
func (j *job) vertexTable(ctx context.Context, o *opened, s source, columns []string, east, north string) error {
	t := &vertexTable{rows: s, east: east, north: north, ring: pick(columns, ringColumns()), limits: j.textLimits()}
	if t.code = j.opts.Map[fieldCode]; t.code == "" {
		t.code = pick(columns, append(append(sureCodes(), "地块", "parcel", "polygon", "polygonid"), likelyCodes()...))
	}
	if t.code == "" && t.ring == "" {
		return tableWithoutGeometry()
	}
	t.numbered = t.ring != "" || pick(columns, pointColumns()) != ""
	err := some(ctx, s, 1, func(r *record) error {
		x, _ := coordinate(r.attr(east))
		y, _ := coordinate(r.attr(north))
		t.swapped = surveyors(x, y)
		return nil
	})
	if t.swapped {
		o.findings = append(o.findings, Finding{Code: "axes_swapped", Text: Text{
			"“" + east + "”一栏是北坐标，“" + north + "”一栏是东坐标（测量习惯），已按此读取",
			"The column \"" + east + "\" holds northings and \"" + north + "\" eastings, as surveyors write; they were read so.",
		}})
	}
	o.source = t
	o.columns = slices.DeleteFunc(slices.Clone(columns), func(n string) bool { return n == east || n == north })
	return err
}

// surveyors tells whether x is a northing of China in metres and y an easting:
// the two ranges have nothing in common.
func surveyors(x, y float64) bool {
	return x > 1.5e6 && x < 6.5e6 && (y > 1e5 && y < 1.2e6 || y > 13e6 && y < 46e6)
}

func coordinate(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") { // as tables of much of Europe write it
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// each implements source.
func (t *vertexTable) each(ctx context.Context, fn func(*record) error) error {
	t.current, t.parcels = nil, 0
	err := t.rows.each(ctx, func(r *record) error {
		key := r.attr(t.code)
		if t.current == nil || key != t.key {
			if err := t.flush(fn); err != nil {
				return err
			}
			t.start(r, key)
		}
		return t.add(r)
	})
	if err != nil {
		return err //nolint:wrapcheck // passed on as it is
	}
	return t.flush(fn)
}

// start begins a parcel with the attributes of its first vertex.
func (t *vertexTable) start(r *record, key string) {
	attrs := slices.DeleteFunc(slices.Clone(r.attrs), func(a feature.Attribute) bool { return a.Name == t.east || a.Name == t.north })
	t.parcels++
	t.current = &record{row: t.parcels, attrs: attrs}
	t.key, t.rings, t.ringKey, t.vertices, t.bad = key, nil, "", 0, false
}

// add puts a vertex into its ring.
func (t *vertexTable) add(r *record) error {
	x, okX := coordinate(r.attr(t.east))
	y, okY := coordinate(r.attr(t.north))
	if !okX || !okY {
		t.bad = true
		return nil
	}
	if t.swapped {
		x, y = y, x
	}
	t.vertices++
	if t.vertices > t.limits.Vertices {
		return feature.TooManyVertices(t.limits.Vertices)
	}
	if k := r.attr(t.ring); len(t.rings) == 0 || t.ring != "" && k != t.ringKey {
		t.rings, t.ringKey = append(t.rings, nil), k
	}
	last := len(t.rings) - 1
	t.rings[last] = append(t.rings[last], orb.Point{x, y})
	return nil
}

// flush hands the parcel over.
func (t *vertexTable) flush(fn func(*record) error) error {
	if t.current == nil {
		return nil
	}
	s := feature.Shape{Kind: "Polygon", Polygons: assemble(t.rings), Vertices: t.vertices}
	if t.bad {
		s.Fault = invalid("bad_coordinate", "有顶点的坐标不是数字，请改正", "A vertex's coordinate is no number; correct it.")
	}
	if !t.numbered && !t.closed() {
		s.Fault = invalid("ring_open", "各点没有首尾闭合，也没有点号或圈号一栏，不能确定是地块的边界；请补上", "The points do not close, and there is no column of point or ring numbers, so they may be no boundary; add it.")
	}
	t.current.shape = s
	return fn(t.current)
}

// closed tells whether every ring ends where it began: without numbers only
// that tells a boundary from a list of places.
func (t *vertexTable) closed() bool {
	for _, r := range t.rings {
		if len(r) < 4 || r[0] != r[len(r)-1] {
			return false
		}
	}
	return true
}
