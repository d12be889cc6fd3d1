package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/layer"
)

// history keeps the last answer of /history for each scope class; it changes once a day.
type history struct {
	mu      sync.Mutex
	byClass map[string]keptHistory
}

type keptHistory struct {
	tag  string
	kept *layer.Kept
}

// getHistory serves the days that are over as changes of what lists and layer would say of them.
func (s *Server) getHistory(c echo.Context) error {
	scope := scopeIn(c.Request().Context())
	past, err := s.Report.Past(scope)
	if err != nil {
		return err
	}
	span, _ := past.Span()
	tag := fmt.Sprintf("history-%d-%s-%s", past.Revision(), span.To, scope.Class())
	coding, fresh := keptTag(c, func(coding layer.Coding) string { return coding.Tag(tag) })
	if fresh {
		return notModified(c)
	}
	kept, err := s.past.once(scope.Class(), tag, func() (*layer.Kept, error) {
		plain, err := s.encodeHistory(c.Request().Context(), past)
		return s.Layers.Keep(plain), err
	})
	if err != nil {
		return err
	}
	return writeAnswer(c, echo.MIMEApplicationJSON, kept.In(coding))
}

// once keeps what was encoded; a failure is not kept.
func (h *history) once(class, tag string, encode func() (*layer.Kept, error)) (*layer.Kept, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if known := h.byClass[class]; known.tag == tag {
		return known.kept, nil
	}
	kept, err := encode()
	if err == nil {
		if h.byClass == nil {
			h.byClass = map[string]keptHistory{}
		}
		h.byClass[class] = keptHistory{tag, kept}
	}
	return kept, err
}

func (s *Server) encodeHistory(ctx context.Context, past *chronicle.Past) ([]byte, error) {
	out := gen.History{Revision: past.Revision(), Cases: []gen.HistoryOf{}, Parcels: []gen.HistoryOf{}}
	if span, ok := past.Span(); ok {
		from, to := toDate(span.From), toDate(span.To)
		out.From, out.To = &from, &to
	}
	var failed error
	past.Cases(func(id int64, turns []*chronicle.View) {
		of := course{}
		for _, v := range turns {
			failed = first(failed, of.turn(v, caseThen(v, id)))
		}
		out.Cases = append(out.Cases, of.told(id))
	})
	shapes := map[string][]byte{}
	past.Parcels(func(id int64, turns []*chronicle.View) {
		of := course{}
		for _, v := range turns {
			then, err := s.parcelThen(ctx, v, id, shapes)
			failed = first(failed, first(err, of.turn(v, then)))
		}
		out.Parcels = append(out.Parcels, of.told(id))
	})
	if failed != nil {
		return nil, failed
	}
	return json.Marshal(out)
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// caseThen is what a list would say of a case, but for its days late, which pass by themselves; nil: there was none.
func caseThen(v *chronicle.View, id int64) any {
	c := v.Case(id)
	if c == nil {
		return nil
	}
	summary := toCaseSummary(v, c)
	summary.Late = nil
	return summary
}

// parcelThen is a parcel's feature in the layer of its day, nil where there was none. `shapes` keeps geometries read before.
func (s *Server) parcelThen(ctx context.Context, v *chronicle.View, id int64, shapes map[string][]byte) (any, error) {
	p := v.Parcel(id)
	if p == nil {
		return nil, nil //nolint:nilnil // there was no such parcel
	}
	if shapes[p.Shape] == nil {
		found, err := s.Layers.Geometries(ctx, []string{p.Shape})
		if err != nil {
			return nil, err
		}
		shapes[p.Shape] = found[p.Shape]
	}
	return struct {
		gen.ParcelProperties

		Geometry json.RawMessage `json:"geometry,omitempty"`
	}{toProperties(layer.PropertiesAt(v, p)), shapes[p.Shape]}, nil
}

// course gathers what changed from day to day.
type course struct {
	was  map[string]json.RawMessage // nil: not there
	days []gen.HistoryDay
}

// turn notes what is another at the end of a day, as a merge patch (RFC 7396) of the day before.
func (c *course) turn(v *chronicle.View, then any) error {
	text, err := json.Marshal(then)
	if err != nil {
		return err
	}
	var is map[string]json.RawMessage
	if err := json.Unmarshal(text, &is); err != nil {
		return err
	}
	if patch, changed := mergePatch(c.was, is); changed {
		c.days = append(c.days, gen.HistoryDay{On: toDate(v.Day), Patch: patch})
	}
	c.was = is
	return nil
}

func (c *course) told(id int64) gen.HistoryOf {
	if c.days == nil {
		c.days = []gen.HistoryDay{}
	}
	return gen.HistoryOf{Id: id, Days: c.days}
}

// mergePatch makes the one object of the other; a nil object is none at all. A field
// that is an object itself is compared as a whole.
func mergePatch(was, is map[string]json.RawMessage) (found *map[string]any, changed bool) { //nolint:gocritic // the field as generated: nil is null
	if is == nil {
		return nil, was != nil
	}
	patch := map[string]any{}
	for name, value := range is {
		if !bytes.Equal(was[name], value) {
			patch[name] = value
		}
	}
	for name := range was {
		if _, still := is[name]; !still {
			patch[name] = nil
		}
	}
	return &patch, was == nil || len(patch) > 0
}
