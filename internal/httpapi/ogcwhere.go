package httpapi

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/ogc"
)

// itemBounds reads bbox in bbox-crs, in the order of its axes. A box that begins in the east of where it ends goes round the
// antimeridian: two boxes.
func itemBounds(c echo.Context) ([]orb.Bound, error) {
	system, err := systemIn(c, "bbox-crs")
	text := c.QueryParam("bbox")
	if err != nil || text == "" {
		return nil, err
	}
	n, err := corners(text)
	if err != nil {
		return nil, badParameter("bbox", text, err)
	}
	longitude := 0
	if system.URI != ogc.CRS84 {
		longitude = 1
	}
	if n[1-longitude] > n[3-longitude] || !system.Degrees && n[longitude] > n[2+longitude] {
		return nil, badParameter("bbox", text, nil)
	}
	if n[longitude] <= n[2+longitude] {
		return []orb.Bound{ogc.Bound(n, system.Back)}, nil
	}
	east, west := n, n
	east[2+longitude], west[longitude] = 180, -180
	return []orb.Bound{ogc.Bound(east, system.Back), ogc.Bound(west, system.Back)}, nil
}

// corners are the numbers of a box; heights are left out.
func corners(text string) (n [4]float64, err error) {
	parts := strings.Split(text, ",")
	places := []int{0, 1, 2, 3}
	switch len(parts) {
	case 4:
	case 6:
		places = []int{0, 1, 3, 4}
	default:
		return n, strconv.ErrSyntax
	}
	for i, at := range places {
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(parts[at]), 64); err != nil {
			return n, err
		}
		if math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return n, strconv.ErrRange
		}
	}
	return n, nil
}

// checkDatetime refuses what is no time and no interval. No property of a feature is its time: all features match.
func checkDatetime(text string) error {
	if text == "" {
		return nil
	}
	begin, end, interval := strings.Cut(text, "/")
	from, known := instant(begin, interval)
	if !known {
		return badParameter("datetime", text, nil)
	}
	if !interval {
		return nil
	}
	until, known := instant(end, true)
	if !known || !from.IsZero() && !until.IsZero() && until.Before(from) {
		return badParameter("datetime", text, nil)
	}
	return nil
}

// instant reads a time or a day; an end of an interval may be open.
func instant(text string, mayBeOpen bool) (t time.Time, known bool) {
	if mayBeOpen && (text == "" || text == "..") {
		return t, true
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return t, false
}
