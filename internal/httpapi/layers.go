package httpapi

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/layer"
)

const (
	geoJSON      = "application/geo+json"
	crsHeader    = "Content-Crs"
	crs4490      = "<http://www.opengis.net/def/crs/EPSG/0/4490>; axis order longitude, latitude"
	revisionWait = 5 * time.Second
)

// getLayer serves a layer as GeoJSON.
func (s *Server) getLayer(c echo.Context) error {
	return s.answerLayer(c, geoJSON, func(selected layer.Selection) (layer.Selection, error) { return selected, nil })
}

// answerLayer serves a layer from memory in one of its forms; 304 comes before any other work.
func (s *Server) answerLayer(c echo.Context, kind string, in func(layer.Selection) (layer.Selection, error)) error {
	scope := scopeIn(c.Request().Context())
	snapshot, err := s.snapshotAt(c, scope)
	if err != nil {
		return err
	}
	selected, err := selectLayer(c, snapshot, scope)
	if err != nil {
		return err
	}
	if selected, err = in(selected); err != nil {
		return err
	}
	coding, fresh := keptTag(c, selected.ETag)
	if fresh {
		return notModified(c)
	}
	answer, err := selected.Encode(c.Request().Context(), coding)
	if err != nil {
		return err
	}
	c.Response().Header().Set(crsHeader, crs4490)
	return writeAnswer(c, kind, answer)
}

// keptTag sends the tag of what is to be answered, and says in which coding it goes out and whether the reader has it already.
func keptTag(c echo.Context, tag func(layer.Coding) string) (coding layer.Coding, fresh bool) {
	coding = acceptedCoding(c.Request().Header.Get("Accept-Encoding"))
	etag := tag(coding)
	h := c.Response().Header()
	h["Etag"], h["Cache-Control"], h["Vary"] = []string{etag}, askAgain, byCoding
	return coding, matches(c.Request().Header.Get("If-None-Match"), etag)
}

func writeAnswer(c echo.Context, kind string, a layer.Answer) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, kind)
	if a.Length >= 0 {
		h.Set(echo.HeaderContentLength, strconv.Itoa(a.Length))
	}
	if a.Coding != layer.Identity {
		h.Set(echo.HeaderContentEncoding, string(a.Coding))
	}
	c.Response().WriteHeader(http.StatusOK)
	if _, err := a.Send(c.Request().Context(), c.Response()); err != nil && a.Length < 0 {
		panic(http.ErrAbortHandler) // a layer that ends early must not look whole
	}
	return nil // who went away needs no answer
}

// selectLayer reads what part of a layer is asked for: what a filter selects, or what changed.
func selectLayer(c echo.Context, snapshot *layer.Snapshot, scope auth.Scope) (layer.Selection, error) {
	name := c.Param("layer")
	if c.Request().URL.RawQuery == "" {
		return snapshot.Select(scope, name, layer.Query{})
	}
	stated := c.QueryParam("since")
	if stated == "" {
		q, err := layerQuery(c)
		if err != nil {
			return layer.Selection{}, err
		}
		return snapshot.Select(scope, name, q)
	}
	for _, other := range []string{"as_of", "bbox", "unit", "stage"} {
		if c.QueryParam(other) != "" {
			return layer.Selection{}, badParameter("since", stated+" + "+other, nil)
		}
	}
	revision, err := parseRevision("since", stated)
	if err != nil {
		return layer.Selection{}, err
	}
	return snapshot.Since(scope, name, revision)
}

func parseRevision(parameter, text string) (int64, error) {
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 0 {
		return 0, badParameter(parameter, text, err)
	}
	return revision, nil
}

// snapshotAt is the map of the day the reader names, or now; it waits for the revision the reader states, if any.
func (s *Server) snapshotAt(c echo.Context, scope auth.Scope) (*layer.Snapshot, error) {
	if c.Request().URL.RawQuery == "" {
		return s.Layers.Now(), nil
	}
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
	revision, err := parseRevision("min_revision", stated)
	if err != nil {
		return nil, err
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

// acceptedCoding is the one an Accept-Encoding header likes best of those there are; of equal ones the smaller bytes.
func acceptedCoding(header string) layer.Coding {
	best, most := layer.Identity, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
		coding := layer.Coding(strings.ToLower(strings.TrimSpace(name)))
		q := quality(parameter)
		if (coding == layer.Gzip || coding == layer.Zstd) && (q > most || q == most && q > 0 && coding == layer.Zstd) {
			best, most = coding, q
		}
	}
	return best
}

// quality reads q of a header's list: 1 without it, 0 where it cannot be read.
func quality(parameter string) float64 {
	name, value, given := strings.Cut(strings.TrimSpace(parameter), "=")
	if !given || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
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
