package interchange

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// intake takes one file in: it opens it, asks what it must, and hands over
// feature by feature.
type intake struct {
	job    *job
	report *Report
	each   func(Feature) error
	// progress may be nil.
	progress Progress

	src         *opened
	ref         *reference
	code, label string

	// Results of the child by row, nil where not needed: mended holds repaired
	// shapes, placed and drawn those in longitude and latitude, drawn as they
	// were before the repair.
	mended, placed, drawn *rowSpool
	twins                 *twins
	overlaps              *overlaps
	asked                 bool // whether what was said before was looked for
	vertices              int
	heights               int
}

// sampled is how many rows are looked at before the first is handed over.
const sampled = 200

// file reads the upload from its name to its last row.
func (in *intake) file(ctx context.Context, path, filename string) (err error) {
	u, err := newUpload(path, filename, in.job.limits.FileBytes)
	if err != nil {
		return err
	}
	in.job.size = u.size
	if in.src, err = openUpload(ctx, in.job, u); err != nil {
		return err
	}
	in.report.Encoding = in.src.encoding
	in.report.Columns = slices.Clone(in.src.columns)
	for _, f := range in.src.findings {
		in.find(f)
	}
	for _, step := range []func() error{in.recalled, in.reference, func() error { return in.sample(ctx) }, in.recalled} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := in.fields(ctx); err != nil {
		return err
	}
	in.report.Fields = chosenFields(in.code, in.label)
	if err := in.prepare(ctx); err != nil {
		return err
	}
	return in.rows(ctx)
}

func chosenFields(code, label string) map[string]string {
	out := map[string]string{}
	if code != "" {
		out[fieldCode] = code
	}
	if label != "" {
		out[fieldLabel] = label
	}
	return out
}

// reference decides the coordinate system: what the sender says, then the
// file, then longitude and latitude where the format has nothing else.
func (in *intake) reference() error {
	in.ref = in.src.crs
	if in.ref == nil && in.src.degrees {
		in.ref = lonLatWGS84()
	}
	if name := in.job.opts.CRS; name != "" {
		ref, ok := namedReference(name)
		if !ok {
			return unknownCRS(name)
		}
		if in.src.crs != nil && in.src.crs.name != ref.name {
			in.find(Finding{Code: "crs_overridden", Text: Text{
				"文件自称坐标系为 " + in.src.crs.name + "，已按指定的 " + ref.name + " 读取",
				"The file states " + in.src.crs.name + "; it was read as " + ref.name + " as you said.",
			}})
		}
		in.ref = ref
	}
	if in.ref != nil {
		in.report.CRS = in.ref.name
		if datum := in.ref.oldDatum(); datum != "" {
			in.find(shiftUnknown(datum))
		}
	}
	return nil
}

// sample looks at the first rows: their columns, and whether their numbers fit the coordinate system.
func (in *intake) sample(ctx context.Context) error {
	var points []orb.Point
	err := some(ctx, in.src.source, sampled, func(r *record) error {
		in.columns(r)
		s := &r.shape
		if len(s.Polygons) > 0 && s.Fault == nil {
			points = append(points, s.Polygons[0][0][0])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return in.plausible(points)
}

// columns adds the columns of a row to those known.
func (in *intake) columns(r *record) {
	for _, a := range r.attrs {
		if len(in.report.Columns) < in.job.limits.Columns && !slices.Contains(in.report.Columns, a.Name) {
			in.report.Columns = append(in.report.Columns, a.Name)
		}
	}
}

// plausible asks for the coordinate system where most numbers cannot be of the
// one stated. Nothing is guessed: metres say nothing of their meridian.
func (in *intake) plausible(points []orb.Point) error {
	if in.ref == nil || len(points) == 0 {
		return nil
	}
	bad := 0
	var seen orb.Point
	for _, p := range points {
		if !in.ref.fits(p) {
			bad++
			seen = p
		}
	}
	if bad*2 <= len(points) {
		return nil
	}
	if in.job.opts.CRS == "" && in.src.crs == nil {
		in.ref, in.report.CRS = nil, ""
		return nil
	}
	return mismatch(in.ref, seen)
}

// find adds a finding to the report.
func (in *intake) find(f Finding) {
	if len(in.report.Findings) >= in.job.limits.Listed {
		in.report.FindingsMore++
		return
	}
	in.report.Findings = append(in.report.Findings, f)
}

// reject adds a rejected row to the report.
func (in *intake) reject(row int, code string, why *rejection) {
	if len(in.report.Rejected) >= in.job.limits.Listed {
		in.report.RejectedMore++
		return
	}
	r := Rejected{Row: row, Code: code, Reason: why.reason}
	if why.place != nil && in.ref != nil && in.ref.toLonLat != nil {
		p := in.ref.toLonLat(*why.place)
		if _, ok := degrees(orb.MultiPolygon{{{p}}}); ok {
			r.Place = &p
		}
	}
	in.report.Rejected = append(in.report.Rejected, r)
}

// needs says which question a refusal asks.
func needs(f *fault.Error) []string {
	switch f.Code {
	case "needs_crs", "crs_mismatch":
		return []string{"crs"}
	case "needs_layer":
		return []string{"layer"}
	}
	return []string{}
}
