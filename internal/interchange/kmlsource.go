package interchange

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

const (
	// kmlToken is the longest tag or text: the coordinates of some 400,000 vertices.
	kmlToken = 16 << 20
	// kmlDepth is how deep elements may nest.
	kmlDepth = 1000
)

// kmlSource reads the placemarks of a KML file.
type kmlSource struct {
	path   string
	set    charset.Charset
	limits Limits
	// only, if not empty, is the folder whose placemarks are read.
	only string
	// folders are the names of those that hold placemarks, as found by the last reading.
	folders []string
}

// each implements source.
func (s *kmlSource) each(ctx context.Context, fn func(*record) error) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	w := newKMLWalk(ctx, s.set.Reader(f), s.limits)
	s.folders = nil
	row := 0
	err = w.placemarks(func(folder string) error {
		rec, err := w.placemark()
		if err != nil {
			return err
		}
		if folder != "" && !slices.Contains(s.folders, folder) && len(s.folders) < s.limits.Listed {
			s.folders = append(s.folders, folder)
		}
		if s.only != "" && s.only != folder {
			return nil
		}
		row++
		rec.row = row
		return fn(rec)
	})
	return err
}

// kmlWalk steps through the elements of a KML file.
type kmlWalk struct {
	ctx     context.Context //nolint:containedctx // the walk lives as long as one reading of the file
	d       *xml.Decoder
	bounded *boundedReader
	limits  Limits
	depth   int
}

func newKMLWalk(ctx context.Context, r io.Reader, limits Limits) *kmlWalk {
	b := &boundedReader{r: r, most: kmlToken, left: kmlToken}
	d := xml.NewDecoder(b)
	d.Entity = xml.HTMLEntity // descriptions are pages
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return &kmlWalk{ctx: ctx, d: d, bounded: b, limits: limits}
}

// next is the next tag or text; io.EOF ends the file.
func (w *kmlWalk) next() (xml.Token, error) {
	t, err := w.d.Token()
	w.bounded.left = w.bounded.most
	if err != nil {
		return nil, w.wrong(err)
	}
	switch t.(type) {
	case xml.StartElement:
		w.depth++
		if w.depth > kmlDepth {
			return nil, invalid("too_deep", fmt.Sprintf("KML 嵌套超过 %d 层，请重新导出", kmlDepth), fmt.Sprintf("The KML nests deeper than %d levels; export it again.", kmlDepth))
		}
	case xml.EndElement:
		w.depth--
	}
	return t, nil
}

// wrong explains what the file cannot be read for.
func (w *kmlWalk) wrong(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, errRowTooLong):
		return invalid("feature_too_big", "KML 里有一段文字或坐标过长，请拆分或简化", "A text or a list of coordinates in the KML is too long; split or simplify it.")
	case w.bounded.failed != nil:
		return fmt.Errorf("read the KML: %w", err)
	}
	line, _ := w.d.InputPos()
	return invalid("kml_syntax", fmt.Sprintf("KML 第 %d 行附近 XML 语法有误，文件已损坏或不完整；请重新导出", line),
		fmt.Sprintf("The XML of the KML is malformed near line %d: it is damaged or incomplete. Export it again.", line)).Because(err)
}

// placemarks calls fn at the beginning of each placemark with the name of its folder.
func (w *kmlWalk) placemarks(fn func(folder string) error) error {
	var folders []string
	for n := 0; ; n++ {
		t, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n&0xFF == 0 && w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = w.container(t.Name.Local, &folders, fn)
		case xml.EndElement:
			folders = folders[:max(len(folders)-1, 0)]
		}
		if err != nil {
			return err
		}
	}
}

// container takes in one element outside of placemarks.
func (w *kmlWalk) container(name string, folders *[]string, fn func(string) error) error {
	inside := *folders
	switch {
	case name == "Placemark":
		return fn(nearestName(inside))
	case name == "kml" || name == "Document" || name == "Folder":
		*folders = append(*folders, "")
		return nil
	case w.depth == 1:
		return invalid("wrong_content", "文件不是 KML：最外层是 <"+clip(name)+">；请导出为 KML 再导入",
			"The file is no KML: its outermost element is <"+clip(name)+">. Export it as KML.")
	case name == "name" && len(inside) > 0:
		text, err := w.text(w.limits.FieldBytes)
		inside[len(inside)-1] = strings.TrimSpace(text)
		return err
	}
	return w.skip()
}

// nearestName is that of the innermost folder; the document around all has none of its own.
func nearestName(folders []string) string {
	const outside = 2 // kml and Document
	for i := len(folders) - 1; i >= outside; i-- {
		if folders[i] != "" {
			return folders[i]
		}
	}
	return ""
}

// children calls fn for each element inside the one that just began; fn reads it to its end.
func (w *kmlWalk) children(fn func(xml.StartElement) error) error {
	for {
		t, err := w.next()
		if err != nil {
			return unended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := fn(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// unended turns the end of the file inside an element into a fault.
func unended(err error) error {
	if errors.Is(err, io.EOF) {
		return damagedFile()
	}
	return err
}

func (w *kmlWalk) skip() error {
	return w.children(func(xml.StartElement) error { return w.skip() })
}

// text is what stands inside the element that just began, at most so many bytes.
func (w *kmlWalk) text(most int) (string, error) {
	var b strings.Builder
	for depth := w.depth; ; {
		t, err := w.next()
		if err != nil {
			return "", unended(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
			if b.Len() > most {
				return "", feature.FieldTooLong("KML", most)
			}
		case xml.EndElement:
			if w.depth < depth {
				return b.String(), nil
			}
		}
	}
}

// placemark reads the placemark that just began.
func (w *kmlWalk) placemark() (*record, error) {
	rec, g := &record{}, &kmlGeometry{w: w}
	err := w.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "name":
			return w.attribute(rec, "Name")
		case "description":
			return w.attribute(rec, "description")
		case "ExtendedData":
			return w.extended(rec)
		}
		return g.element(e.Name.Local)
	})
	rec.shape = g.shape()
	return rec, err
}

// attribute reads the text of an element as a column; blank text is none.
func (w *kmlWalk) attribute(rec *record, name string) error {
	text, err := w.text(w.limits.FieldBytes)
	if f, ok := fault.As(err); ok && f.Code == "field_too_long" {
		return feature.FieldTooLong(name, w.limits.FieldBytes)
	}
	text = strings.TrimSpace(text)
	if err != nil || text == "" || name == "" {
		return err
	}
	if len(rec.attrs) >= w.limits.Columns {
		return feature.TooManyColumns(w.limits.Columns)
	}
	rec.attrs = append(rec.attrs, feature.Attribute{Name: name, Value: text})
	return nil
}

// extended reads Data with its value, and SimpleData of a schema.
func (w *kmlWalk) extended(rec *record) error {
	return w.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "Data":
			return w.children(func(v xml.StartElement) error {
				if v.Name.Local != "value" {
					return w.skip()
				}
				return w.attribute(rec, attributeOf(e, "name"))
			})
		case "SchemaData":
			return w.extended(rec)
		case "SimpleData":
			return w.attribute(rec, attributeOf(e, "name"))
		}
		return w.skip()
	})
}

func attributeOf(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
