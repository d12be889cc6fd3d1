package interchange

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// The ways a geometry is written into a cell.
const (
	notationWKT = iota
	notationGeoJSON
	notationWKB
	notationList // x,y;x,y or x y,x y or [[x,y],…]
)

// notation tells how a cell is written, takes an EWKT's SRID off, and gives it (0: none).
func notation(text string) (kind int, rest string, srid int) {
	if len(text) > 5 && strings.EqualFold(text[:5], "SRID=") {
		number, after, ok := strings.Cut(text[5:], ";")
		if n, err := strconv.Atoi(strings.TrimSpace(number)); ok && err == nil {
			text, srid = strings.TrimSpace(after), n
		}
	}
	text = strings.TrimPrefix(text, `\x`) // PostgreSQL's way to write bytes
	switch {
	case text == "":
		return notationWKT, text, srid
	case text[0] == '{':
		return notationGeoJSON, text, srid
	case len(text) >= 18 && (strings.HasPrefix(text, "00") || strings.HasPrefix(text, "01")) && isHex(text):
		return notationWKB, text, srid
	case strings.IndexByte("[(+-.0123456789", text[0]) >= 0:
		return notationList, text, srid
	}
	return notationWKT, text, srid
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// cellShape reads a cell that is not WKT.
func cellShape(kind int, text string, limits feature.Limits) feature.Shape {
	switch kind {
	case notationGeoJSON:
		return feature.ParseShape([]byte(text), limits)
	case notationWKB:
		return fromWKB(text, limits)
	}
	return fromList(text, limits)
}

func fromWKB(text string, limits feature.Limits) feature.Shape {
	b, err := hex.DecodeString(text)
	if err != nil {
		return feature.Shape{Fault: badCell().Because(err)}
	}
	l := ewkb.DefaultLimits()
	l.Vertices = limits.Vertices
	g, _, err := ewkb.UnmarshalLimited(b, l)
	if err != nil {
		return feature.Shape{Fault: badCell().Because(err)}
	}
	s := feature.Shape{Kind: g.GeoJSONType()}
	switch g := g.(type) {
	case orb.Polygon:
		s.Polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		s.Polygons = g
	}
	s.Vertices = vertices(s.Polygons)
	return s
}

// fromList reads pairs of numbers, whatever stands between them; a bar or the
// end of an inner bracket ends a ring.
func fromList(text string, limits feature.Limits) feature.Shape {
	var rings []orb.Ring
	var ring orb.Ring
	var numbers []float64
	endRing := func() {
		if len(ring) > 0 {
			rings = append(rings, ring)
		}
		ring = nil
	}
	s := feature.Shape{Kind: "Polygon"}
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("+-.eE0123456789", r) })
		switch {
		case n != 0:
			if n < 0 {
				n = len(text)
			}
			v, err := strconv.ParseFloat(text[:n], 64)
			if err != nil {
				return feature.Shape{Fault: badCell().Because(err)}
			}
			if numbers = append(numbers, v); len(numbers) == 2 {
				ring, numbers = append(ring, orb.Point{numbers[0], numbers[1]}), nil
				s.Vertices++
				if s.Vertices > limits.Vertices {
					return feature.Shape{Fault: feature.TooManyVertices(limits.Vertices)}
				}
			}
			text = text[n:]
			continue
		case text[0] == '|', text[0] == '#', strings.HasPrefix(text, "]]"), strings.HasPrefix(text, "))"):
			endRing()
		}
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	endRing()
	if len(numbers) != 0 || len(rings) == 0 {
		return feature.Shape{Fault: badCell()}
	}
	s.Polygons = assemble(rings)
	return s
}

func badCell() *fault.Error {
	return invalid("bad_cell", "图形一栏无法识别，请写成 WKT 或 “经度,纬度;经度,纬度;…”", "The geometry cell is not understood; write WKT or \"lon,lat;lon,lat;…\".")
}

// wktSeen is what the cells of a table say besides their shapes.
type wktSeen struct {
	wkt, all, heights, measured, curved int
	srids                               map[int]int
}

func (s *wktSeen) note(kind int, text string, srid int) {
	s.all++
	if srid != 0 {
		s.srids[srid]++
	}
	if kind != notationWKT {
		return
	}
	s.wkt++
	tag, _, _ := strings.Cut(strings.ToUpper(text), "(")
	tag = strings.TrimSpace(tag)
	if strings.HasSuffix(tag, "M") {
		s.measured++
	} else if strings.HasSuffix(tag, "Z") || numbersOfFirst(text) > 2 {
		s.heights++
	}
	if strings.HasPrefix(tag, "CURVE") || strings.HasPrefix(tag, "MULTISURFACE") {
		s.curved++
	}
}

// reference is the coordinate system where every row states the same one.
func (s *wktSeen) reference() (*reference, error) {
	if len(s.srids) == 0 {
		return nil, nil //nolint:nilnil // no SRID is no error
	}
	if len(s.srids) > 1 {
		return nil, invalid("mixed_crs", "表格各行的 SRID 不一致，请统一坐标系后再导入", "The rows state different SRIDs; bring them to one coordinate system.")
	}
	for srid, n := range s.srids {
		if n == s.all {
			return byEPSG(srid), nil
		}
	}
	return nil, nil //nolint:nilnil // some rows say nothing, so the file does not
}

// numbersOfFirst counts the numbers of the first position.
func numbersOfFirst(text string) int {
	from := strings.LastIndexByte(text[:max(strings.IndexAny(text, ",)"), 0)], '(')
	end := strings.IndexAny(text, ",)")
	if end < 0 {
		return 0
	}
	return len(strings.Fields(text[from+1 : end]))
}

func (s *wktSeen) findings() []Finding {
	l := layer{}
	var out []Finding
	if s.heights > 0 {
		out = append(out, heightsDropped(s.heights))
	}
	if s.measured > 0 {
		l.geometry += "measured "
	}
	if s.curved > 0 {
		l.geometry += "curve"
	}
	return append(out, dimensions(l)...)
}
