package httpapi

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/layer"
)

const (
	geoJSON       = "application/geo+json"
	crsHeader     = "Content-Crs"
	crs4490       = "<http://www.opengis.net/def/crs/EPSG/0/4490>; axis order longitude, latitude"
	revisionWait  = 5 * time.Second
	gzipThreshold = 1400 // bytes; below, compressing saves no packet
)

// getLayer serves a layer as GeoJSON from memory; 304 comes before any other work.
func (s *Server) getLayer(c echo.Context) error {
	scope, name := scopeIn(c.Request().Context()), c.Param("layer")
	snapshot, err := s.snapshotAt(c, scope)
	if err != nil {
		return err
	}
	tag, err := snapshot.ETag(scope, name)
	if err != nil {
		return err
	}
	zip, fresh := keptTag(c, tag)
	if fresh {
		return c.NoContent(http.StatusNotModified)
	}
	q, err := layerQuery(c)
	if err != nil {
		return err
	}
	encoded, err := snapshot.Encode(c.Request().Context(), scope, name, q)
	if err != nil {
		return err
	}
	c.Response().Header().Set(crsHeader, crs4490)
	return writeKept(c, geoJSON, encoded, zip)
}

// keptTag sends the tag of what is to be answered, and says whether it goes out compressed and whether the reader has it already.
func keptTag(c echo.Context, tag string) (zip, fresh bool) {
	zip = acceptsGzip(c.Request())
	etag := `"` + tag + `"`
	if zip {
		etag = `"` + tag + `-gz"`
	}
	h := c.Response().Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding, Cookie")
	return zip, matches(c.Request().Header.Get("If-None-Match"), etag)
}

// writeKept answers with bytes that are kept encoded.
func writeKept(c echo.Context, kind string, b layer.Bytes, zip bool) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, kind)
	if !zip {
		return c.Blob(http.StatusOK, kind, b.Plain)
	}
	h.Set(echo.HeaderContentEncoding, "gzip")
	if b.Gzip != nil {
		return c.Blob(http.StatusOK, kind, b.Gzip)
	}
	c.Response().WriteHeader(http.StatusOK)
	w, err := gzip.NewWriterLevel(c.Response(), gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := w.Write(b.Plain); err != nil {
		return err
	}
	return w.Close()
}

// snapshotAt is the map of the day the reader names, or now; it waits for the revision the reader states, if any.
func (s *Server) snapshotAt(c echo.Context, scope auth.Scope) (*layer.Snapshot, error) {
	if day := c.QueryParam("as_of"); day != "" {
		asOf, err := campaign.ParseDate(day)
		if err != nil {
			return nil, badParameter("as_of", day, err)
		}
		view, err := s.Report.View(scope, asOf)
		if err != nil {
			return nil, err
		}
		return s.Layers.AsOf(c.Request().Context(), view)
	}
	stated := c.QueryParam("min_revision")
	if stated == "" {
		return s.Layers.Now(), nil
	}
	revision, err := strconv.ParseInt(stated, 10, 64)
	if err != nil || revision < 0 {
		return nil, badParameter("min_revision", stated, err)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), revisionWait)
	defer cancel()
	return s.Layers.At(ctx, revision)
}

func badParameter(name, value string, cause error) error {
	return fault.New(fault.KindInvalid, "bad_parameter", "参数 "+name+" 有误："+value, "the parameter "+name+" is wrong: "+value).Because(cause)
}

func layerQuery(c echo.Context) (layer.Query, error) {
	q := layer.Query{Unit: c.QueryParam("unit")}
	if text := c.QueryParam("bbox"); text != "" {
		bound, err := parseBound(text)
		if err != nil {
			return q, err
		}
		q.Bound = &bound
	}
	if text := c.QueryParam("stage"); text != "" {
		for part := range strings.SplitSeq(text, ",") {
			stage, err := strconv.Atoi(part)
			if err != nil || stage < 0 || stage > 9 {
				return q, badParameter("stage", text, err)
			}
			q.Stages = append(q.Stages, stage)
		}
	}
	return q, nil
}

// parseBound reads west,south,east,north in degrees.
func parseBound(text string) (orb.Bound, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return orb.Bound{}, badParameter("bbox", text, nil)
	}
	var n [4]float64
	for i, p := range parts {
		f, err := strconv.ParseFloat(p, 64)
		if err != nil || math.IsNaN(f) || f < -360 || f > 360 {
			return orb.Bound{}, badParameter("bbox", text, err)
		}
		n[i] = f
	}
	if n[0] > n[2] || n[1] > n[3] {
		return orb.Bound{}, badParameter("bbox", text, nil)
	}
	return orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}, nil
}

// acceptsGzip reads Accept-Encoding; q=0 refuses.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" || strings.TrimSpace(name) == "*" {
			return strings.ReplaceAll(q, " ", "") != "q=0"
		}
	}
	return false
}

// matches implements If-None-Match: a list of tags, weak or not, or *.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}
