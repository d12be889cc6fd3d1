package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
)

const (
	usualHeartbeat    = 15 * time.Second
	usualWriteTimeout = 10 * time.Second
)

// getLive streams what the journal records, from Last-Event-ID or ?after= on, until the session is over.
func (s *Server) getLive(c echo.Context) error {
	w := s.newEventWriter(c)
	w.scope = scopeIn(c.Request().Context())
	last, err := w.start(c)
	if err != nil {
		return err
	}
	beat := time.NewTicker(s.pulse(c.Request().Context()))
	defer beat.Stop()
	for {
		events, moved, err := s.Feed.After(c.Request().Context(), w.scope, last)
		if err != nil {
			return nil // the stream has begun: ending it makes the browser resume
		}
		if err := w.turn(s.Feed.Day()); err != nil {
			return nil // the client went away
		}
		for _, e := range events {
			// Whoever was moved hears nothing more of where they were, from that entry on.
			if slices.Contains(e.Kinds, ledger.KindPersonPut) && s.ended(c.Request().Context()) {
				return nil // who resumes is shown what they may see now
			}
			if err := w.change(c, e); err != nil {
				return nil // the client went away, or is too slow: it resumes
			}
			last = e.Last
		}
		if len(events) > 0 {
			continue
		}
		select {
		case <-moved:
		case <-beat.C:
			if s.ended(c.Request().Context()) {
				return nil // who resumes is told to sign in
			}
			err = w.write([]byte(": \n\n"))
		case <-c.Request().Context().Done():
			return nil
		}
		if err != nil {
			return nil // the client went away
		}
	}
}

type eventWriter struct {
	response http.ResponseWriter
	control  *http.ResponseController
	server   *Server
	scope    auth.Scope
	day      campaign.Date // as the reader was told it
}

func (s *Server) newEventWriter(c echo.Context) *eventWriter {
	return &eventWriter{response: c.Response(), control: http.NewResponseController(c.Response()), server: s}
}

// begin sends the headers of a stream of events.
func (w *eventWriter) begin(c echo.Context) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
}

// event sends one event without an id.
func (w *eventWriter) event(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, text))
}

// start sends the headers and the hello, and tells from which revision on.
func (w *eventWriter) start(c echo.Context) (int64, error) {
	now, err := w.server.Feed.Revision(w.scope)
	if err != nil {
		return 0, err
	}
	last, err := resumeFrom(c, now)
	if err != nil {
		return 0, err
	}
	w.begin(c)
	w.day = w.server.Feed.Day()
	hello, err := json.Marshal(map[string]any{"revision": now, "server_time": w.server.Clock(), "day": w.day, "build": w.server.Build})
	if err != nil {
		return 0, err
	}
	return last, w.write(fmt.Appendf(nil, "retry: 1000\nevent: hello\ndata: %s\n\n", hello))
}

// resumeFrom reads Last-Event-ID, then ?after=; without either the stream begins now.
func resumeFrom(c echo.Context, now int64) (int64, error) {
	text := c.Request().Header.Get("Last-Event-ID")
	if text == "" {
		text = c.QueryParam("after")
	}
	if text == "" {
		return now, nil
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, badParameter("after", text, err)
	}
	return min(after, now), nil
}

func (w *eventWriter) write(b []byte) error {
	if err := w.control.SetWriteDeadline(time.Now().Add(w.server.writeTimeout)); err != nil { //nolint:forbidigo // a deadline of the socket is real time
		return err
	}
	if _, err := w.response.Write(b); err != nil {
		return err
	}
	return w.control.Flush()
}

// turn tells that another day has begun: what is late is another matter now.
func (w *eventWriter) turn(today campaign.Date) error {
	if today == w.day {
		return nil
	}
	w.day = today
	return w.event("day", map[string]any{"day": today, "server_time": w.server.Clock()})
}

func (w *eventWriter) change(c echo.Context, e live.Event) error {
	d, err := w.server.definition(c.Request().Context())
	if err != nil {
		return err
	}
	text, err := json.Marshal(toLiveChange(d, &e))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %d\nevent: change\ndata: %s\n\n", e.Last, text)
	return w.write(b.Bytes())
}

func toLiveChange(d campaign.Definition, e *live.Event) gen.LiveChange {
	out := gen.LiveChange{
		Revision: e.Last, First: e.First, RecordedAt: e.RecordedAt, HappenedAt: &e.HappenedAt, BatchId: &e.BatchID,
		Kinds: e.Kinds, Cases: []gen.CaseSummary{}, Parcels: []gen.ParcelProperties{}, Text: toText(dossier.Sentence(d, e.Told())),
	}
	if e.Actor != "" {
		actor := toActor(e.Actor, e.ActorName, "")
		out.Actor = &actor
	}
	for _, c := range e.Touched {
		out.Cases = append(out.Cases, toCaseSummary(e.View, c))
	}
	for _, p := range e.Changed {
		out.Parcels = append(out.Parcels, toProperties(p))
	}
	if len(e.Reload) > 0 {
		out.Reload = &e.Reload
	}
	out.Campaign = orNil(e.Campaign)
	return out
}

func toProperties(p layer.Properties) gen.ParcelProperties {
	return gen.ParcelProperties{
		Id: p.ID, Code: p.Code, Label: p.Label, Reduced: orNil(p.Reduced), Unit: p.Unit, Stage: int32(p.Stage), //nolint:gosec // 0 to 9
		M2: m2(p.Area), Mu: mu(p.Area), Deadline: toDatePtr(campaign.Date(p.Deadline)),
		Cases: append([]int64{}, p.Cases...), // never null
	}
}
