package export

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/internal/fault"
)

// writeShapefile writes a zip of .shp, .shx, .dbf, .cpg and .prj with a list of the fields' full names. The rows are walked
// three times: for lengths, widths and what cannot be written; for the shapes; for the attributes. Nothing of it is held but
// where each record begins.
func writeShapefile(ctx context.Context, j *job, w io.Writer) error {
	t := j.table()
	s := &shapefile{job: j, table: t, fields: newDBFFields(t.Columns, j.dbfText()), forward: j.plane()}
	if err := j.each(ctx, t, true, s.measure); err != nil {
		return err
	}
	if s.bytes() > math.MaxInt32 {
		return fault.New(fault.KindInvalid, "shapefile_large", "超过 shp 格式的 2 GB 上限，请先筛选，或改用 GeoPackage", "a shapefile holds 2 GB at most; please filter, or take a GeoPackage")
	}
	z := zip.NewWriter(w)
	for _, part := range []struct {
		extension string
		write     func(context.Context, *bufio.Writer) error
	}{{".shp", s.writeSHP}, {".shx", s.writeSHX}, {".dbf", s.writeDBF}, {".cpg", s.writeCPG}, {".prj", s.writePRJ}, {"", s.writeNames}} {
		if err := s.entry(ctx, z, part.extension, part.write); err != nil {
			return err
		}
	}
	return z.Close()
}

// shapefile is one on its way.
type shapefile struct {
	*job

	table   *Table
	fields  []dbfField
	forward func(orb.Point) orb.Point
	bound   orb.Bound
	lengths []int32 // of each record's content, in words of two bytes
}

// namesFile is the list of full names in the zip.
const namesFile = "字段对照.csv"

func (s *shapefile) entry(ctx context.Context, z *zip.Writer, extension string, write func(context.Context, *bufio.Writer) error) error {
	h := &zip.FileHeader{Name: s.table.Name + extension, Method: zip.Deflate}
	if extension == "" {
		h.Name = namesFile
	}
	if on, err := time.Parse(time.DateOnly, string(s.head.day)); err == nil {
		h.Modified = on // the file is what was known then, whenever it is taken
	}
	file, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	if err := write(ctx, out); err != nil {
		return err
	}
	return out.Flush()
}

// plane is the projection that is asked for.
func (j *job) plane() func(orb.Point) orb.Point {
	if j.request.CRS == 4549 {
		return crs.GaussKruger3(40, false).Forward
	}
	return crs.LonLat{}.Forward
}

func (s *shapefile) measure(r Row) error {
	parts, points := 0, 0
	for _, p := range r.Shape {
		for _, ring := range p {
			parts, points = parts+1, points+len(ring)
			for _, at := range ring {
				s.extend(s.forward(at))
			}
		}
	}
	s.lengths = append(s.lengths, int32((44+4*parts+16*points)/2))
	for i := range s.fields {
		if err := s.fields[i].measure(r.Cells[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *shapefile) extend(p orb.Point) {
	if s.bound.IsZero() {
		s.bound = p.Bound()
		return
	}
	s.bound = s.bound.Extend(p)
}

const (
	shpHead    = 100 // bytes
	shpPolygon = 5
)

// bytes is how long the .shp becomes.
func (s *shapefile) bytes() int64 {
	n := int64(shpHead)
	for _, words := range s.lengths {
		n += 8 + 2*int64(words)
	}
	return n
}

// writeHead writes what .shp and .shx begin with.
func (s *shapefile) writeHead(w *bufio.Writer, length int64) {
	head := make([]byte, shpHead)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32(length/2)) //nolint:gosec // held against the limit
	binary.LittleEndian.PutUint32(head[28:], 1000)
	binary.LittleEndian.PutUint32(head[32:], shpPolygon)
	for i, v := range []float64{s.bound.Min[0], s.bound.Min[1], s.bound.Max[0], s.bound.Max[1]} {
		binary.LittleEndian.PutUint64(head[36+8*i:], math.Float64bits(v))
	}
	_, _ = w.Write(head) // a bufio.Writer keeps its error
}

func (s *shapefile) writeSHP(ctx context.Context, w *bufio.Writer) error {
	s.writeHead(w, s.bytes())
	number := 0
	var b []byte
	return s.each(ctx, s.table, true, func(r Row) error {
		b = binary.BigEndian.AppendUint32(b[:0], uint32(number+1))      //nolint:gosec // rows
		b = binary.BigEndian.AppendUint32(b, uint32(s.lengths[number])) //nolint:gosec // measured
		b = appendPolygon(b, rings(r.Shape, s.forward))
		number++
		_, err := w.Write(b)
		return err
	})
}

// rings are those of a shape as the format has them: outer ones clockwise, holes the other way round.
func rings(shape orb.MultiPolygon, forward func(orb.Point) orb.Point) []orb.Ring {
	var all []orb.Ring
	for _, p := range shape {
		for _, ring := range p {
			turned := make(orb.Ring, len(ring))
			for i, at := range ring {
				turned[len(ring)-1-i] = forward(at)
			}
			all = append(all, turned)
		}
	}
	return all
}

func appendPolygon(b []byte, rings []orb.Ring) []byte {
	points, bound := 0, orb.Bound{}
	for i, ring := range rings {
		points += len(ring)
		if i == 0 {
			bound = ring.Bound()
		}
		bound = bound.Union(ring.Bound())
	}
	le := binary.LittleEndian
	b = le.AppendUint32(b, shpPolygon)
	for _, v := range []float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]} {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	b = le.AppendUint32(le.AppendUint32(b, uint32(len(rings))), uint32(points)) //nolint:gosec // held against the limit
	start := 0
	for _, ring := range rings {
		b = le.AppendUint32(b, uint32(start))
		start += len(ring)
	}
	for _, ring := range rings {
		for _, at := range ring {
			b = le.AppendUint64(le.AppendUint64(b, math.Float64bits(at[0])), math.Float64bits(at[1]))
		}
	}
	return b
}

func (s *shapefile) writeSHX(_ context.Context, w *bufio.Writer) error {
	s.writeHead(w, shpHead+8*int64(len(s.lengths)))
	at := int32(shpHead / 2)
	for _, words := range s.lengths {
		if err := binary.Write(w, binary.BigEndian, [2]int32{at, words}); err != nil {
			return err
		}
		at += 4 + words
	}
	return nil
}

func (s *shapefile) writeCPG(_ context.Context, w *bufio.Writer) error {
	name := "GBK"
	if s.utf8() {
		name = "UTF-8"
	}
	_, err := w.WriteString(name)
	return err
}

// The coordinate systems in ESRI's words.
const (
	prj4490 = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	prj4549 = `PROJCS["CGCS2000_3_Degree_GK_CM_120E",` + prj4490 + `,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
)

func (s *shapefile) writePRJ(_ context.Context, w *bufio.Writer) error {
	text := prj4490
	if s.request.CRS == 4549 {
		text = prj4549
	}
	_, err := w.WriteString(text)
	return err
}
