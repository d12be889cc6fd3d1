package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/landtxt"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// landText is 国土TXT, the boundary points of a land survey (勘测定界).
type landText struct{}

func (landText) name() string { return "landtxt" }

// content looks for the two section titles in UTF-8, GBK and UTF-16.
func (landText) content(u *upload) bool {
	for _, mark := range []string{
		"[属性描述]", "[地块坐标]", "[\xca\xf4\xd0\xd4\xc3\xe8\xca\xf6]", "[\xb5\xd8\xbf\xe9\xd7\xf8\xb1\xea]",
		"[\x00\x5e\x5c\x27\x60", "[\x00\x30\x57\x57\x57", "\x00[\x5c\x5e\x60\x27", "\x00[\x57\x30\x57\x57",
	} {
		if bytes.Contains(u.head, []byte(mark)) {
			return true
		}
	}
	return false
}

func (landText) called(*upload) bool { return false } // a .txt without the titles is a table, if anything

func (landText) open(_ context.Context, j *job, u *upload) (*opened, error) {
	const most = 64 << 20 // the whole text is held in memory
	if u.size > most {
		return nil, fileTooLarge(most)
	}
	b, err := os.ReadFile(u.path)
	if err != nil {
		return nil, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	doc, err := landtxt.Decode(b, landOptions(j))
	if err != nil {
		return nil, landFault(err)
	}
	o := &opened{source: &landPlots{doc.Plots}, crs: landReference(doc), encoding: doc.Encoding, columns: landColumns(), total: len(doc.Plots)}
	for _, w := range doc.Warnings {
		o.findings = append(o.findings, Finding{Code: "landtxt", Text: Text{w.ZH, w.EN}})
	}
	// The points are longitude and latitude already, whatever system was named for the file.
	j.opts.CRS = ""
	return o, nil
}

// landOptions answers what the file may leave open from the system the sender named.
func landOptions(j *job) landtxt.Options {
	o := landtxt.Options{MaxPoints: j.limits.Vertices, MaxPlots: j.limits.Features}
	ref, ok := namedReference(j.opts.CRS)
	if !ok || ref.toLonLat == nil {
		return o
	}
	code, err := strconv.Atoi(strings.TrimPrefix(ref.name, "EPSG:"))
	if err != nil {
		return o
	}
	o.CGCS2000 = code == storedEPSG || code >= 4491 && code <= 4554
	switch {
	case code >= 4513 && code <= 4533:
		o.Zone = code - 4513 + 25
	case code >= 4534 && code <= 4554:
		o.Zone = code - 4534 + 25
	case code >= 4491 && code <= 4501:
		o.Zone = code - 4491 + 13
	case code >= 4502 && code <= 4512:
		o.Zone = code - 4502 + 13
	}
	return o
}

// landReference names the system of the points, which were converted when they were read.
func landReference(doc *landtxt.Document) *reference {
	code := storedEPSG
	switch {
	case doc.Zone >= 25 && doc.Prefixed:
		code = 4513 + doc.Zone - 25
	case doc.Zone >= 25:
		code = 4534 + doc.Zone - 25
	case doc.Zone >= 13 && doc.Prefixed:
		code = 4491 + doc.Zone - 13
	case doc.Zone >= 13:
		code = 4502 + doc.Zone - 13
	}
	return &reference{name: "EPSG:" + strconv.Itoa(code), toLonLat: identity, exact: true}
}

// landFault gives an error of the file the form all have here.
func landFault(err error) error {
	var e *landtxt.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("read the land TXT: %w", err)
	}
	code := "landtxt_" + e.Code
	if e.Code == landtxt.CodeNeedsCRS || e.Code == landtxt.CodeNeedsZone {
		code = "needs_crs"
	}
	return invalid(code, e.ZH, e.EN).Because(err)
}

const (
	landNumber, landName = "地块编号", "地块名称"
	landSheet, landUse   = "图幅号", "地块用途"
	landHectares         = "面积（公顷）"
)

func landColumns() []string {
	return []string{landNumber, landName, landSheet, landUse, landHectares}
}

// landPlots are the plots of a file.
type landPlots struct{ plots []landtxt.Plot }

// each implements source.
func (l *landPlots) each(ctx context.Context, fn func(*record) error) error {
	for i := range l.plots {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p := &l.plots[i]
		s := feature.Shape{Kind: "Polygon", Polygons: orb.MultiPolygon{p.Polygon}}
		s.Vertices = vertices(s.Polygons)
		if err := fn(&record{row: i + 1, attrs: landAttributes(p), shape: s}); err != nil {
			return err
		}
	}
	return nil
}

func landAttributes(p *landtxt.Plot) []feature.Attribute {
	var out []feature.Attribute
	add := func(name, value string) {
		if value != "" {
			out = append(out, feature.Attribute{Name: name, Value: value})
		}
	}
	add(landNumber, p.Number)
	add(landName, p.Name)
	add(landSheet, p.Sheet)
	add(landUse, p.Use)
	if p.Hectares != 0 {
		add(landHectares, strconv.FormatFloat(p.Hectares, 'f', -1, 64))
	}
	for i, x := range p.Extra {
		add("其他"+strconv.Itoa(i+1), x)
	}
	return out
}
