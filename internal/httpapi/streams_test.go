package httpapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

type featureCollection struct {
	Type             string
	Revision         int64
	CoordinateSystem string `json:"coordinate_system"`
	Features         []struct {
		ID         int64
		Properties map[string]any
		Geometry   struct {
			Type        string
			Coordinates [][][][2]float64
		}
	}
}

func (h *house) layer(t *testing.T, query string) featureCollection {
	t.Helper()
	a := h.get(t, "/layers/parcels"+query)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.Equal(t, "application/geo+json", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Content-Crs"), "4490")
	var fc featureCollection
	a.into(t, &fc)
	return fc
}

func TestTheParcelLayerIsAsSpecified(t *testing.T) {
	t.Parallel()
	h := setup(t)
	naughty := "“<script>alert('挂')</script>”\\ \u2028\u2029 🏭\t"
	ids := h.parcels(t, naughty, "凤桥村作坊2号", "凤桥村作坊3号")
	id := h.listed(t, ids[1])
	h.change(t, "shen", fields{"kind": "case.amend", "case_id": id, "base_version": 1, "fields": fields{"plan:filed": "2020-09-20"}})
	fc := h.layer(t, "")
	assert.Equal(t, "FeatureCollection", fc.Type)
	assert.Contains(t, fc.CoordinateSystem, "longitude latitude")
	require.Len(t, fc.Features, 3)
	assert.Equal(t, naughty, fc.Features[0].Properties["label"])
	p := fc.Features[1].Properties
	for _, name := range []string{"id", "code", "label", "unit", "stage", "m2", "mu", "deadline"} {
		assert.Contains(t, p, name)
	}
	assert.Equal(t, "2020-09-20", p["deadline"])
	assert.InDelta(t, 1, p["stage"], 0)
	assert.InDelta(t, 0, fc.Features[0].Properties["stage"], 0, "no case yet")
	assert.Equal(t, "MultiPolygon", fc.Features[1].Geometry.Type)
	assert.Equal(t, [2]float64{120.602, 30.651}, fc.Features[1].Geometry.Coordinates[0][0][0], "longitude first")

	assert.Len(t, h.layer(t, "?stage=1").Features, 1)
	assert.Len(t, h.layer(t, "?stage=0,1").Features, 3)
	assert.Len(t, h.layer(t, "?unit=honghe").Features, 3)
	assert.Empty(t, h.layer(t, "?unit=wangdian").Features)
	assert.Len(t, h.layer(t, "?bbox=120.6019,30.65,120.6021,30.66").Features, 1)
}

func TestTheLayersETagChangesExactlyWithTheLayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "凤桥村作坊1号")
	first := h.get(t, "/layers/parcels")
	etag := first.header.Get("ETag")
	zipped := h.ask(t, request{path: "/api/v1/layers/parcels", header: map[string]string{"Accept-Encoding": "gzip"}})
	r, err := gzip.NewReader(bytes.NewReader(zipped.body))
	require.NoError(t, err)
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, string(first.body), string(plain))
	assert.NotEqual(t, etag, zipped.header.Get("ETag"), "other bytes, another tag")
	unchanged := func() int {
		return h.ask(t, request{path: "/api/v1/layers/parcels", header: map[string]string{"If-None-Match": `"x", W/` + etag}}).status
	}
	assert.Equal(t, http.StatusNotModified, unchanged())
	units := h.get(t, "/layers/units").header.Get("ETag")

	id := h.listed(t, ids...)
	assert.Equal(t, http.StatusOK, unchanged(), "a case changed the parcel's stage")
	assert.Equal(t, units, h.get(t, "/layers/units").header.Get("ETag"), "the units did not change")

	out := h.change(t, "shen", milestone(id, "filed", "2020-03-25"))
	seen := h.layer(t, "?min_revision="+number(out.Revision))
	assert.GreaterOrEqual(t, seen.Revision, out.Revision, "who states a revision gets it")
}

// stream reads server-sent events.
type stream struct {
	lines *bufio.Scanner
	close func() error
}

type event struct{ id, kind, data string }

func (h *house) stream(t *testing.T, lastEventID string) *stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.web.URL+"/api/v1/live", http.NoBody)
	require.NoError(t, err)
	req.AddCookie(h.session(t, "lu"))
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	return h.open(t, req)
}

// streamAs follows with a cookie.
func (h *house) streamAs(t *testing.T, cookie *http.Cookie) *stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.web.URL+"/api/v1/live", http.NoBody)
	require.NoError(t, err)
	req.AddCookie(cookie)
	return h.open(t, req)
}

func (h *house) open(t *testing.T, req *http.Request) *stream {
	t.Helper()
	resp, err := h.web.Client().Do(req)
	require.NoError(t, err)
	require.Contains(t, resp.Header.Get("Content-Type"), "text/event-stream")
	t.Cleanup(func() { _ = resp.Body.Close() })
	return &stream{bufio.NewScanner(resp.Body), resp.Body.Close}
}

// drained reads to the end of the stream, which must come.
func (s *stream) drained() error {
	for s.lines.Scan() {
	}
	return s.lines.Err()
}

// next is the next event; a comment comes as an event of kind "comment".
func (s *stream) next(t *testing.T) event {
	t.Helper()
	var e event
	for s.lines.Scan() {
		line := s.lines.Text()
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && e.kind != "":
			return e
		case strings.HasPrefix(line, ":"):
			return event{kind: "comment"}
		case name == "id":
			e.id = value
		case name == "event":
			e.kind = value
		case name == "data":
			e.data = value
		}
	}
	t.Fatalf("the stream ended: %v", s.lines.Err())
	return e
}

func TestLiveGreetsThenTellsEachChangeOnceAndResumes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "凤桥村作坊1号", "凤桥村作坊2号")
	s := h.stream(t, "")
	hello := s.next(t)
	assert.Equal(t, "hello", hello.kind)
	assert.Contains(t, hello.data, "server_time")

	first := h.listed(t, ids[0])
	e := s.next(t)
	require.Equal(t, "change", e.kind)
	var c struct {
		Revision int64
		Kinds    []string
		Actor    struct{ Name string }
		Parcels  []struct{ ID, Stage int64 }
		Cases    []struct{ ID int64 }
	}
	require.NoError(t, json.Unmarshal([]byte(e.data), &c))
	assert.Equal(t, number(c.Revision), e.id)
	assert.Equal(t, []string{"case.list"}, c.Kinds)
	assert.Equal(t, "沈某", c.Actor.Name)
	assert.Equal(t, ids[0], c.Parcels[0].ID)
	assert.Equal(t, int64(1), c.Parcels[0].Stage)
	assert.Equal(t, first, c.Cases[0].ID)
	require.NoError(t, s.close())

	h.listed(t, ids[1])
	h.change(t, "shen", milestone(first, "filed", "2020-03-25"))
	resumed := h.stream(t, e.id)
	assert.Equal(t, "hello", resumed.next(t).kind)
	assert.Contains(t, resumed.next(t).data, "凤桥村作坊2号")
	assert.Contains(t, resumed.next(t).data, "case.milestone")
}

// TestAStreamEndsWhereItsPersonIsMoved: with the entry that moves them, before anything of the old unit is told; the next one is the new unit's.
func TestAStreamEndsWhereItsPersonIsMoved(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, []string{"town"})
	old := l.streamAs(t, l.session(t, "r_town"))
	assert.Equal(t, "hello", old.next(t).kind)
	note := func(of, words string) {
		id := l.shelves[of].file
		l.change(t, "lu", fields{"kind": "case.amend", "case_id": id, "base_version": l.file(t, "lu", id).Case.Version, "fields": fields{"note": words}})
	}
	note("own", "一")
	assert.Contains(t, old.next(t).data, l.shelves["own"].tag)
	l.apply(t, auth.System(), ledger.PutPerson{Code: "r_town", Name: "某", Role: campaign.RoleTown, Unit: "wangdian"})
	require.NoError(t, old.drained(), "it ended in order")

	moved := l.streamAs(t, l.session(t, "r_town"))
	assert.Equal(t, "hello", moved.next(t).kind)
	note("own", "二")
	assert.NotContains(t, moved.next(t).data, l.shelves["own"].tag)
	note("other", "三")
	assert.Contains(t, moved.next(t).data, l.shelves["other"].tag)
}

// TestAMovedPersonLosesTheOldUnitAtOnce: in the session they have, with what they hold of before.
func TestAMovedPersonLosesTheOldUnitAtOnce(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, []string{"town"})
	mine, other := l.shelves["own"], l.shelves["other"]
	as := func(path string, tag string) answer {
		return l.ask(t, request{path: "/api/v1" + path, as: "r_town", header: map[string]string{"If-None-Match": tag}})
	}
	before := as("/layers/parcels", "")
	assert.Contains(t, string(before.body), mine.tag)
	assert.Equal(t, http.StatusOK, as("/enterprises/"+number(mine.enterprise), "").status)
	assert.Equal(t, http.StatusNotFound, as("/enterprises/"+number(other.enterprise), "").status)
	version := l.file(t, "lu", mine.file).Case.Version
	l.apply(t, auth.System(), ledger.PutPerson{Code: "r_town", Name: "某", Role: campaign.RoleTown, Unit: "wangdian"})

	after := as("/layers/parcels", before.header.Get("Etag"))
	require.Equal(t, http.StatusOK, after.status, "what they hold is another unit's now")
	assert.NotContains(t, string(after.body), mine.tag)
	assert.Contains(t, string(after.body), other.tag)
	for _, path := range []string{"/cases", "/cases/" + number(mine.file), "/parcels/" + number(mine.parcel), "/search?q=" + url.QueryEscape(mine.tag)} {
		assert.NotContains(t, string(as(path, "").body), mine.tag, path)
	}
	assert.Equal(t, http.StatusNotFound, as("/enterprises/"+number(mine.enterprise), "").status)
	assert.Equal(t, http.StatusOK, as("/enterprises/"+number(other.enterprise), "").status)
	refused := l.post(t, "r_town", text(t, operation(fields{"kind": "case.amend", "case_id": mine.file, "base_version": version, "fields": fields{"note": "还在管"}})))
	assert.Equal(t, http.StatusForbidden, refused.status, "%s", refused.body)
}

func TestASilentStreamBeats(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	h := serve(t, rooms, log)
	h.Pace(5*time.Millisecond, time.Second)
	s := h.stream(t, "")
	assert.Equal(t, "hello", s.next(t).kind)
	assert.Equal(t, "comment", s.next(t).kind)
}

// TestMidnightIsToldAndTurnsLatenessOver: by the campaign's clock, to streams that are open; who comes later is greeted with the day.
func TestMidnightIsToldAndTurnsLatenessOver(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	rooms, log := openAt(t, func() time.Time { return afternoon().Add(time.Duration(later.Load())) })
	h := serve(t, rooms, log)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	h.change(t, "shen", fields{"kind": "case.amend", "case_id": id, "base_version": 1, "fields": fields{"plan:filed": "2020-09-30"}})
	late := func() int64 { return read[gen.CasePage](t, h, "/cases?late=true").Total }
	assert.Zero(t, late(), "due today")
	s := h.stream(t, "")
	assert.Contains(t, s.next(t).data, `"day":"2020-09-30"`)

	later.Store(int64(10 * time.Hour))
	h.parcels(t, "凤桥村作坊2号") // wakes the feed, which looks at the clock
	turned := s.next(t)
	if turned.kind == "change" {
		turned = s.next(t)
	}
	assert.Equal(t, "day", turned.kind)
	assert.Empty(t, turned.id, "it is no entry of the journal")
	assert.JSONEq(t, `{"day":"2020-10-01","server_time":"2020-10-01T00:12:00+08:00"}`, turned.data)
	assert.Equal(t, int64(1), late())
	assert.Contains(t, h.stream(t, "").next(t).data, `"day":"2020-10-01"`)
}
