package interchange

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
)

// prepare makes what must be known before the first row is handed over: that
// there is a coordinate system at all, and what the child has to work out.
func (in *intake) prepare(ctx context.Context) error {
	if in.ref == nil {
		return in.ask(ctx)
	}
	var err error
	if in.job.opts.Repair {
		if in.mended, err = in.mend(ctx); err != nil {
			return err
		}
	}
	if in.ref.toLonLat == nil {
		err = in.place(ctx)
	}
	return err
}

// ask counts what could be imported if the coordinate system were known; where
// that is nothing, the file is refused rather than the sender asked.
func (in *intake) ask(ctx context.Context) error {
	good := 0
	err := in.src.source.each(ctx, func(r *record) error {
		j, err := in.judge(r)
		if err != nil {
			return err
		}
		if j.refused != nil && (!j.refused.mendable || !in.job.opts.Repair) {
			in.reject(r.row, strings.TrimSpace(r.attr(in.code)), j.refused)
			return nil
		}
		good++
		return nil
	})
	switch {
	case err != nil:
		return err //nolint:wrapcheck // passed on as it is
	case good == 0:
		return noPolygons()
	}
	return needCRS()
}

// judge counts a row and judges its geometry.
func (in *intake) judge(r *record) (judged, error) {
	in.report.Features++
	if in.report.Features > in.job.limits.Features {
		return judged{}, tooManyFeatures(in.job.limits.Features)
	}
	j := judge(r, in.src.closedLines)
	if in.vertices += j.vertices; in.vertices > in.job.limits.Vertices {
		return j, tooManyVerticesInAll(in.job.limits.Vertices)
	}
	if j.z {
		in.heights++
	}
	return j, nil
}

// rows hands over every row.
func (in *intake) rows(ctx context.Context) error {
	in.twins, in.overlaps = newTwins(), &overlaps{}
	in.report.Features, in.vertices, in.heights = 0, 0, 0
	for _, s := range []*rowSpool{in.mended, in.placed, in.drawn} {
		s.rewind()
	}
	defer func() {
		in.mended.close()
		in.placed.close()
		in.drawn.close()
	}()
	err := in.src.source.each(ctx, func(r *record) error {
		const step = 500
		if in.report.Features%step == 0 {
			in.tell()
		}
		return in.row(r)
	})
	if err != nil {
		return err //nolint:wrapcheck // passed on as it is
	}
	in.tell()
	return in.finish()
}

// tell reports how far the reading is.
func (in *intake) tell() {
	if in.progress != nil {
		in.progress(in.report.Features, max(in.src.total, in.report.Features*min(in.src.total, 1)))
	}
}

// row takes one row in or rejects it.
func (in *intake) row(r *record) error {
	in.columns(r)
	code := strings.TrimSpace(r.attr(in.code))
	j, err := in.judge(r)
	if err != nil {
		return err
	}
	before, why := j.polygons, j.refused
	if err := in.repair(r.row, &j); err != nil {
		return err
	}
	if j.refused == nil {
		j.refused = nulInText(r)
	}
	if j.refused != nil {
		in.reject(r.row, code, j.refused)
		return nil
	}
	placed, refused, err := in.convert(r.row, j.polygons)
	if err != nil {
		return err
	}
	var note *Finding
	if why != nil && refused == nil {
		if note, err = in.repairNote(r.row, why, before, placed); err != nil {
			return err
		}
	}
	if refused == nil {
		refused = in.twins.check(r, code, placed, in.find)
	}
	if refused != nil {
		in.reject(r.row, code, refused)
		return nil
	}
	return in.accept(r, code, placed, note)
}

// convert brings a shape to longitude and latitude, here or from what the child worked out.
func (in *intake) convert(row int, mp orb.MultiPolygon) (orb.MultiPolygon, *rejection, error) {
	if in.placed == nil {
		out, refused := convert(mp, in.ref)
		return out, refused, nil
	}
	s, ok, err := in.placed.take(row)
	if err != nil {
		return nil, nil, err
	}
	if !ok || !s.Area() {
		return nil, outOfRange(mp[0][0][0]), nil
	}
	out := geo.Normalise(s.Polygons)
	if p, ok := degrees(out); !ok {
		return nil, outOfRange(p), nil
	}
	if fs := geo.Validate(out); len(fs) > 0 {
		return nil, invalidShape(fs), nil
	}
	return out, nil, nil
}

// accept hands a feature over and looks whom it overlaps.
func (in *intake) accept(r *record, code string, mp orb.MultiPolygon, note *Finding) error {
	f := Feature{Row: r.row, Code: code, Label: r.attr(in.label), Geometry: mp, Attributes: make(map[string]string, len(r.attrs))}
	for _, a := range r.attrs {
		f.Attributes[a.Name] = a.Value
	}
	if err := in.each(f); err != nil {
		return eachError{err}
	}
	bound := boundOf(mp)
	if in.report.Accepted == 0 {
		in.report.Bound = bound
	}
	in.report.Accepted++
	in.report.Bound = in.report.Bound.Union(bound)
	if note != nil {
		in.report.Repaired++
		in.find(*note)
	}
	in.overlaps.add(r.row, mp, bound, in.find)
	return nil
}

// finish reports what is only known at the end.
func (in *intake) finish() error {
	if in.heights > 0 {
		in.find(heightsDropped(in.heights))
	}
	if in.report.Accepted == 0 {
		return noPolygons()
	}
	if in.code == "" {
		in.find(Finding{Code: "no_code_column", Text: Text{
			"没有认出地块编号字段，请指定哪一个字段是编号", "No column of parcel codes was recognised; say which column holds them.",
		}})
	}
	in.lookAround()
	return nil
}

func heightsDropped(n int) Finding {
	return Finding{Code: "z_dropped", Text: Text{
		fmt.Sprintf("%d 个图形带有高程（Z 值），已舍去", n),
		fmt.Sprintf("%d shapes carry heights (Z), which were dropped.", n),
	}}
}
