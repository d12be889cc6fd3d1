package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/landtxt"
	"github.com/guatu/guatu/internal/fault"
)

// landZone is the 3° zone of 120°E; its number stands before the eastings (EPSG:4528), as land offices have it.
const landZone = 40

// writeLandTXT writes 国土TXT: a plot for each polygon; of a shape with several they are numbered -1, -2, ….
func writeLandTXT(ctx context.Context, j *job, w io.Writer) error {
	t, out := j.table(), bufio.NewWriter(w)
	var text io.Writer = out
	if !j.utf8() {
		text = transform.NewWriter(out, simplifiedchinese.GB18030.NewEncoder())
	}
	document, err := landtxt.NewWriter(text, landtxt.Document{Version: "1.0", Producer: j.head.line(t.Title.ZH), Date: string(j.head.day), Zone: landZone, Prefixed: true})
	if err != nil {
		return landFault(err)
	}
	err = j.each(ctx, t, true, func(r Row) error { return landFault(writePlots(document, r)) })
	if err != nil {
		return err
	}
	return out.Flush()
}

func writePlots(document *landtxt.Writer, r Row) error {
	for i, polygon := range r.Shape {
		plot := landtxt.Plot{Number: r.Code, Name: r.Label, Hectares: r.Hectares, Polygon: polygon}
		if len(r.Shape) > 1 {
			plot.Number = fmt.Sprintf("%s-%d", r.Code, i+1)
			plot.Hectares = geo.GeodesicAreaOfPolygon(polygon).Hectares()
		}
		if err := document.Plot(&plot); err != nil {
			return err
		}
	}
	return nil
}

// landFault is an error of the format in the user's words.
func landFault(err error) error {
	if e, ok := errors.AsType[*landtxt.Error](err); ok {
		return fault.New(fault.KindInvalid, "bad_landtxt", e.ZH, e.EN)
	}
	return err
}
