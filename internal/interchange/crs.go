package interchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
)

// reference is a coordinate system.
type reference struct {
	// name is what the report says, "EPSG:4549".
	name string
	// toLonLat converts to EPSG:4490; nil where only the child knows how.
	toLonLat func(orb.Point) orb.Point
	// definition is what the child is told: "EPSG:27700" or WKT.
	definition string
	// plane tells metres from degrees; prefixed that eastings carry the zone
	// number; exact that coordinates need no conversion at all.
	plane, prefixed, exact bool
}

// storedEPSG is the code of what parcels are stored in.
const storedEPSG = 4490

func identity(p orb.Point) orb.Point { return p }

// lonLatWGS84 is EPSG:4326, taken as CGCS2000 (the frames differ by centimetres).
func lonLatWGS84() *reference { return &reference{name: "EPSG:4326", toLonLat: identity, exact: true} }

// byEPSG makes the reference of a code; what geo/crs does not know goes through the child.
func byEPSG(code int) *reference {
	r := &reference{name: "EPSG:" + strconv.Itoa(code)}
	r.definition = r.name
	if p, ok := crs.Lookup(code); ok {
		r.toLonLat = p.Inverse
		r.exact = code == storedEPSG || code == 4326
		r.plane = !r.exact
		r.prefixed = code >= 4513 && code <= 4533 || code >= 4491 && code <= 4501
		return r
	}
	r.plane = true
	return r
}

// epsgName finds a code at the end of "EPSG:4549", "urn:ogc:def:crs:EPSG::4549",
// "http://www.opengis.net/def/crs/EPSG/0/4549" or "4549".
var epsgName = regexp.MustCompile(`(?i)^(?:.*epsg[:/].*[:/]|epsg[:/ ]*)?(\d{4,6})$`)

// namedReference finds a coordinate system by what files and people call it.
func namedReference(name string) (*reference, bool) {
	name = strings.TrimSpace(name)
	switch strings.ToUpper(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)) {
	case "CGCS2000":
		return byEPSG(storedEPSG), true
	case "WGS84", "CRS84", "OGC:CRS84":
		return lonLatWGS84(), true
	case "GCJ02", "GCJ":
		return &reference{name: "GCJ-02", toLonLat: crs.FromGCJ02}, true
	case "BD09", "BD09LL":
		return &reference{name: "BD-09", toLonLat: crs.FromBD09}, true
	}
	if strings.HasSuffix(strings.ToUpper(name), "CRS84") {
		return lonLatWGS84(), true
	}
	m := epsgName.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	code, err := strconv.Atoi(m[1])
	if err != nil || code < 1024 || code > 999999 {
		return nil, false
	}
	return byEPSG(code), true
}

// The parts of a WKT 2 definition that tell a Gauss-Krüger grid of CGCS2000.
var (
	wktID        = regexp.MustCompile(`\n {4}ID\["EPSG",(\d+)\]\]\s*$`)
	wktName      = regexp.MustCompile(`^\w+\["([^"]*)"`)
	wktMeridian  = regexp.MustCompile(`PARAMETER\["Longitude of natural origin",([-\d.]+)`)
	wktLatitude  = regexp.MustCompile(`PARAMETER\["Latitude of natural origin",([-\d.]+)`)
	wktEasting   = regexp.MustCompile(`PARAMETER\["False easting",([-\d.]+)`)
	wktNorthing  = regexp.MustCompile(`PARAMETER\["False northing",([-\d.]+)`)
	wktScale     = regexp.MustCompile(`PARAMETER\["Scale factor at natural origin",([-\d.]+)`)
	wktEllipsoid = regexp.MustCompile(`ELLIPSOID\["[^"]*",6378137,298\.2572(?:22101|22100)`)
	wktChina     = regexp.MustCompile(`(?i)cgcs[ _]?2000|china[ _](?:geodetic|2000)`)
)

// parseWKT makes the reference of the WKT that ogrinfo prints, nil if it says nothing.
func parseWKT(wkt string) *reference {
	if wkt == "" || strings.Contains(wkt, `["Undefined geographic SRS"`) || strings.HasPrefix(wkt, "ENGCRS") || strings.HasPrefix(wkt, "LOCAL_CS") {
		return nil
	}
	if m := wktID.FindStringSubmatch(wkt); m != nil {
		if code, err := strconv.Atoi(m[1]); err == nil {
			return byEPSG(code)
		}
	}
	if r := chineseGrid(wkt); r != nil {
		return r
	}
	name := "WKT"
	if m := wktName.FindStringSubmatch(wkt); m != nil {
		name = clip(m[1])
	}
	return &reference{name: name, definition: wkt, plane: strings.HasPrefix(wkt, "PROJCRS")}
}

// chineseGrid recognises CGCS2000 in degrees and its Gauss-Krüger grids by
// their parameters: desktop programs write them under names of their own.
func chineseGrid(wkt string) *reference {
	if !wktChina.MatchString(wkt) || !wktEllipsoid.MatchString(wkt) {
		return nil
	}
	if strings.HasPrefix(wkt, "GEOGCRS") {
		return byEPSG(storedEPSG)
	}
	meridian, easting := number(wktMeridian, wkt), number(wktEasting, wkt)
	if number(wktLatitude, wkt) != 0 || number(wktNorthing, wkt) != 0 || number(wktScale, wkt) != 1 || !strings.Contains(wkt, "Transverse Mercator") {
		return nil
	}
	zone := math.Round(meridian / 3)
	if zone*3 != meridian || zone < 25 || zone > 45 {
		return nil
	}
	switch easting {
	case 500000:
		return byEPSG(4534 + int(zone) - 25)
	case zone*1e6 + 500000:
		return byEPSG(4513 + int(zone) - 25)
	}
	return nil
}

// number is the value of a parameter, NaN if it is missing.
func number(re *regexp.Regexp, wkt string) float64 {
	m := re.FindStringSubmatch(wkt)
	if m == nil {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// sameReference tells whether two layers have the same coordinates.
func sameReference(a, b *reference) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.name == b.name && a.definition == b.definition
}

// fits tells whether a point can be of this system, generously.
func (r *reference) fits(p orb.Point) bool {
	if !r.plane {
		_, ok := degrees(orb.MultiPolygon{{{p}}})
		return ok
	}
	if r.toLonLat == nil {
		return true
	}
	const zoneStep = 1e6
	if r.prefixed != (p[0] > 13*zoneStep && p[0] < 46*zoneStep) && r.gauss() {
		return false
	}
	if r.gauss() && !r.prefixed && math.Abs(p[0]) > 1.5*zoneStep {
		return false
	}
	_, ok := degrees(orb.MultiPolygon{{{r.toLonLat(p)}}})
	return ok
}

// gauss tells a Gauss-Krüger grid of CGCS2000.
func (r *reference) gauss() bool { return r.plane && r.name != "EPSG:3857" && r.toLonLat != nil }

// number is the EPSG code, 0 where there is none.
func (r *reference) number() int {
	n, err := strconv.Atoi(strings.TrimPrefix(r.name, "EPSG:"))
	if err != nil {
		return 0
	}
	return n
}

// mismatch asks for the coordinate system, saying what does not fit.
func mismatch(r *reference, p orb.Point) error {
	hint, hintEN := "", ""
	const zoneStep = 1e6
	switch {
	case r.gauss() && !r.prefixed && p[0] > 13*zoneStep && p[0] < 46*zoneStep:
		zone := int(p[0] / zoneStep)
		hint = "；东坐标带有带号 " + strconv.Itoa(zone) + "，应选带带号的坐标系"
		hintEN = "; the eastings carry zone " + strconv.Itoa(zone) + ", so choose the grid with the prefix"
		if zone >= 25 && zone <= 45 {
			hint += "（" + strconv.Itoa(4513+zone-25) + "）"
			hintEN += " (" + strconv.Itoa(4513+zone-25) + ")"
		}
	case r.gauss() && r.prefixed && p[0] > 0 && p[0] < zoneStep && r.number() >= 4513:
		same := strconv.Itoa(r.number() - 4513 + 4534)
		hint, hintEN = "；东坐标没有带号，应选不带带号的坐标系（"+same+"）", "; the eastings carry no zone, so choose the grid without the prefix ("+same+")"
	case r.gauss() && p[0] > 1.5*zoneStep && p[1] < 1.5*zoneStep, r.gauss() && p[1] > 13*zoneStep:
		hint, hintEN = "；看来是北坐标在前，请改为东坐标在前再导入", "; northing seems to stand first, so put the easting first"
	case !r.plane && math.Abs(p[1]) > 90 && math.Abs(p[0]) <= 90:
		hint, hintEN = "；看来是纬度在前，请改为经度在前再导入", "; latitude seems to stand first, so put the longitude first"
	}
	return invalid("crs_mismatch",
		"坐标（"+plain(p[0])+"，"+plain(p[1])+"）与坐标系 "+r.name+" 不符"+hint+"；请重新选择坐标系",
		"The coordinate ("+plain(p[0])+", "+plain(p[1])+") does not fit "+r.name+hintEN+"; choose the coordinate system anew.")
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// oldDatum names the datum of a Chinese system from before CGCS2000, "" for
// any other. The parameters of the shift from there are not public, and PROJ
// takes it for none.
func (r *reference) oldDatum() string {
	code, err := strconv.Atoi(strings.TrimPrefix(r.name, "EPSG:"))
	text := strings.ToLower(strings.ReplaceAll(r.name+r.definition, "_", " "))
	switch {
	case err == nil && (code == 4610 || code >= 2327 && code <= 2390), strings.Contains(text, "xian 1980"), strings.Contains(text, "xian1980"):
		return "1980西安坐标系"
	case err == nil && (code == 4214 || code >= 2401 && code <= 2442 || code >= 21413 && code <= 21463), strings.Contains(text, "beijing 1954"), strings.Contains(text, "beijing1954"):
		return "1954北京坐标系"
	}
	return ""
}

func shiftUnknown(datum string) Finding {
	name := map[string]string{"1980西安坐标系": "Xian 1980", "1954北京坐标系": "Beijing 1954"}[datum]
	return Finding{Code: "datum_approximate", Text: Text{
		"文件为" + datum + "，到 CGCS2000 没有公开的转换参数，位置可能相差几十到一百多米；请先由测绘部门转换后再导入",
		"The file is in " + name + ", from which no public parameters lead to CGCS2000: positions may be off by tens of metres to more than a hundred. Have it converted by the survey office first.",
	}}
}
