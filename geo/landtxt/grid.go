package landtxt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
)

// header is what [属性描述] says about the coordinates.
type header struct {
	datum, band, zone             string
	datumLine, bandLine, zoneLine int
}

// headerLine reads key=value; keys that mean nothing here are passed over.
func (d *decoder) headerLine(line string) error {
	key, value, ok := strings.Cut(line, "=")
	if !ok {
		return nil
	}
	value = strings.TrimSpace(value)
	switch strings.TrimSpace(key) {
	case "格式版本号":
		d.doc.Version = value
	case "数据产生单位":
		d.doc.Producer = value
	case "数据产生日期":
		d.doc.Date = value
	case "坐标系":
		d.header.datum, d.header.datumLine = value, d.line
	case "几度分带", "分带":
		d.header.band, d.header.bandLine = strings.TrimRight(value, "度分带"), d.line
	case "带号":
		d.header.zone, d.header.zoneLine = strings.TrimSuffix(value, "带"), d.line
	case "投影类型":
		return d.projection(value)
	case "计量单位":
		return d.unit(value)
	}
	return nil
}

func (d *decoder) projection(value string) error {
	switch value {
	case "", "高斯克吕格", "高斯-克吕格", "高斯—克吕格", "高斯·克吕格", "高斯克里格", "高斯投影", "无", "经纬度":
		return nil
	}
	return d.fault(CodeUnit, "投影类型不是高斯克吕格，请先转换", "the projection is not Gauss-Krüger; convert first")
}

func (d *decoder) unit(value string) error {
	switch value {
	case "", "米", "m", "M", "度", "十进制度":
		return nil
	}
	return d.fault(CodeUnit, "计量单位须为米或度", "the unit must be metres or degrees")
}

// applyHeader turns what the header says into the grid, before the first point is read.
func (d *decoder) applyHeader() error {
	h := d.header
	switch {
	case h.datum == "" && !d.options.CGCS2000:
		return fault(CodeNeedsCRS, 0, "文件没有写明坐标系，请指明是否为2000国家大地坐标系", "the file does not say its datum; say whether it is CGCS2000")
	case h.datum != "" && !strings.Contains(h.datum, "2000") && !strings.EqualFold(h.datum, "EPSG:4490"):
		return fault(CodeDatum, h.datumLine, "坐标系不是2000国家大地坐标系，请先转换", "the datum is not CGCS2000; convert first")
	}
	if h.zone != "" {
		zone, err := strconv.Atoi(h.zone)
		if err != nil || bandOf(zone) == 0 {
			return fault(CodeZone, h.zoneLine, "带号不存在：3度带为25至45，6度带为13至23", "there is no such zone: 25–45 for 3°, 13–23 for 6°")
		}
		if d.grid.zone != 0 && d.grid.zone != zone {
			return fault(CodeZone, h.zoneLine, fmt.Sprintf("文件写明带号%d，与指定的%d不同", zone, d.grid.zone), fmt.Sprintf("the file names zone %d, the option %d", zone, d.grid.zone))
		}
		d.grid.zone = zone
	}
	if d.grid.zone != 0 && bandOf(d.grid.zone) == 0 {
		return fault(CodeZone, 0, "带号不存在：3度带为25至45，6度带为13至23", "there is no such zone: 25–45 for 3°, 13–23 for 6°")
	}
	d.grid.band = 0
	if h.band == "" {
		return nil
	}
	band, err := strconv.Atoi(h.band)
	if err != nil || (band != 3 && band != 6) || (d.grid.zone != 0 && bandOf(d.grid.zone) != band) {
		return fault(CodeZone, h.bandLine, "几度分带须为3或6，并与带号相符", "the width of the zone must be 3 or 6 and agree with its number")
	}
	d.grid.band = band
	return nil
}

// bandOf is the width in degrees of a zone of China, 0 if there is none of that number.
func bandOf(zone int) int {
	switch {
	case zone >= 25 && zone <= 45:
		return 3
	case zone >= 13 && zone <= 23:
		return 6
	}
	return 0
}

// grid finds out how points are written, from the first of them, and holds the others to it.
type grid struct {
	zone, band   int
	known        bool
	degrees      bool
	prefixed     bool
	eastingFirst bool
}

// The least and greatest northing of China in m, its eastings without zone
// number, and its degrees. No value of one kind is one of another, so the
// order of a pair is never in doubt.
func isNorthing(v float64) bool { return v >= 1_800_000 && v <= 6_000_000 }
func isEasting(v float64) bool  { return v >= 100_000 && v <= 900_000 }
func isPrefixed(v float64) bool {
	return v >= 13_100_000 && v <= 45_900_000 && isEasting(v-1e6*float64(int(v/1e6)))
}
func isLatitude(v float64) bool  { return v >= 3 && v <= 54 }
func isLongitude(v float64) bool { return v >= 73 && v <= 136 }

// place turns a pair of numbers into a point with the easting, without its
// zone number, or the longitude first.
func (g *grid) place(first, second float64, line int) (orb.Point, error) {
	seen := grid{zone: g.zone, band: g.band, known: true}
	north, east := first, second
	if !isNorthing(north) && !isLatitude(north) {
		north, east = second, first
		seen.eastingFirst = true
	}
	switch {
	case isNorthing(north) && isEasting(east):
	case isNorthing(north) && isPrefixed(east):
		seen.prefixed = true
		zone := int(east / 1e6)
		east -= 1e6 * float64(zone)
		if (g.zone != 0 && g.zone != zone) || bandOf(zone) == 0 || (g.band != 0 && bandOf(zone) != g.band) {
			return orb.Point{}, fault(CodeZone, line, fmt.Sprintf("东坐标前的带号%d与文件的带号不符", zone), fmt.Sprintf("zone %d before the easting is not the zone of the file", zone))
		}
		seen.zone = zone
	case isLatitude(north) && isLongitude(east):
		seen.degrees = true
	default:
		return orb.Point{}, fault(CodeCoordinate, line, "坐标不在中国的高斯平面或经纬度范围内", "the coordinates are no place in China, neither on a Gauss plane nor in degrees")
	}
	if !seen.degrees && seen.zone == 0 {
		return orb.Point{}, fault(CodeNeedsZone, 0, "文件没有写明带号，坐标前也没有带号，请指明带号", "neither header nor eastings name the zone; say which it is")
	}
	if g.known && *g != seen {
		return orb.Point{}, fault(CodePointLine, line, "此点的写法（坐标顺序、带号或单位）与前面的点不同", "the point is written otherwise (order, zone number or unit) than those before it")
	}
	*g = seen
	return orb.Point{east, north}, nil
}

// finish converts every ring to longitude, latitude.
func (d *decoder) finish() error {
	if len(d.plots) == 0 {
		return fault(CodeNoPlots, 0, "“[地块坐标]”一节没有地块", "the section [地块坐标] has no plots")
	}
	convert := func(p orb.Point) orb.Point { return p }
	if !d.grid.degrees {
		convert = projection(d.grid.zone).Inverse
		d.doc.Zone = d.grid.zone
	}
	d.doc.Prefixed, d.doc.EastingFirst = d.grid.prefixed, d.grid.eastingFirst
	if d.grid.eastingFirst {
		d.warn(d.plots[0].rings[0].line, "坐标按“东，北”排列，规定应为“北，东”；已按数值识别", "the points are written easting first, the rule is northing first; they were told apart by their size")
	}
	for _, raw := range d.plots {
		plot := raw.Plot
		for _, r := range raw.rings {
			plot.Polygon = append(plot.Polygon, r.points)
		}
		plot.Polygon = crs.Polygon(plot.Polygon, convert)
		d.doc.Plots = append(d.doc.Plots, plot)
	}
	return nil
}

// projection of a zone of either width, without zone number before the easting.
func projection(zone int) *crs.TransverseMercator {
	if bandOf(zone) == 6 {
		return crs.GaussKruger6(zone, false)
	}
	return crs.GaussKruger3(zone, false)
}
