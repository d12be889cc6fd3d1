package layer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Query selects features; the zero Query selects all.
type Query struct {
	Bound  *orb.Bound // degrees
	Unit   string
	Stages []int
}

func (q Query) all() bool { return q.Bound == nil && q.Unit == "" && len(q.Stages) == 0 }

// Bytes is an encoded layer.
type Bytes struct {
	ETag string
	Plain,
	Gzip []byte // Gzip is nil where it was not worth keeping
}

// Properties of a parcel as live events carry them.
type Properties struct {
	ID       int64
	Code     string
	Label    string
	Unit     string
	Stage    int
	Area     geo.Area
	Deadline string
	Cases    []int64
}

// ETag names a layer at this snapshot for a scope: it changes exactly when the bytes may.
func (s *Snapshot) ETag(scope auth.Scope, name string) (string, error) {
	if err := scope.Check(); err != nil {
		return "", err
	}
	rev, err := s.revisionOf(name)
	return fmt.Sprintf("%s-%d-%s", name, rev, scope.Class()), err
}

func (s *Snapshot) revisionOf(name string) (int64, error) {
	switch name {
	case Parcels:
		return s.parcelsRev, nil
	case Units:
		return s.unitsRev, nil
	case Recovered, Effective, Blocks, Parks:
		return max(s.parcelsRev, s.view.DefinedAt), nil
	}
	if r := s.references[name]; r != nil {
		return r.revision, nil
	}
	return 0, fault.New(fault.KindNotFound, "layer_not_found", "没有这个图层", "there is no such layer")
}

// Encode is a layer as GeoJSON for a scope. The whole layer is encoded once per snapshot.
func (s *Snapshot) Encode(ctx context.Context, scope auth.Scope, name string, q Query) (Bytes, error) {
	etag, err := s.ETag(scope, name)
	if err != nil {
		return Bytes{}, err
	}
	if !q.all() {
		plain, err := s.encode(ctx, name, q)
		return Bytes{ETag: etag, Plain: plain}, err
	}
	return s.encoded.once(name, func() (Bytes, error) {
		plain, err := s.encode(ctx, name, q)
		if err != nil {
			return Bytes{}, err
		}
		return Kept(etag, plain), nil
	})
}

// Kept is what is encoded once and sent often.
func Kept(etag string, plain []byte) Bytes {
	return Bytes{ETag: etag, Plain: plain, Gzip: compress(plain)}
}

// encodings keeps whole layers of one snapshot.
type encodings struct {
	mu   sync.Mutex
	kept map[string]Bytes
}

// once keeps what was encoded; a failure is not kept.
func (e *encodings) once(name string, encode func() (Bytes, error)) (Bytes, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if b, ok := e.kept[name]; ok {
		return b, nil
	}
	if e.kept == nil {
		e.kept = map[string]Bytes{}
	}
	b, err := encode()
	if err == nil {
		e.kept[name] = b
	}
	return b, err
}

func compress(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is a constant that exists
	_, errWrite := w.Write(plain)
	if errClose := w.Close(); errWrite != nil || errClose != nil {
		return nil // a bytes.Buffer does not fail; plain bytes serve all the same
	}
	return b.Bytes()
}

func (s *Snapshot) encode(ctx context.Context, name string, q Query) ([]byte, error) {
	rev, _ := s.revisionOf(name) // the name was checked by ETag
	b := fmt.Appendf(nil, `{"type":"FeatureCollection","revision":%d,"coordinate_system":"CGCS2000 (EPSG:4490), longitude latitude, degrees","features":[`, rev)
	first := true
	err := s.features(ctx, name, q, func(feature []byte) {
		if !first {
			b = append(b, ",\n"...)
		}
		first = false
		b = append(b, feature...)
	})
	return append(b, "]}\n"...), err
}

// features gives the encoded features of a layer that a query selects.
func (s *Snapshot) features(ctx context.Context, name string, q Query, put func(feature []byte)) error {
	if r := s.references[name]; r != nil {
		r.matching(q, put)
		return nil
	}
	switch name {
	case Units:
		for _, u := range s.units {
			put(u.feature())
		}
	case Parcels:
		for _, p := range s.parcels {
			if p.matches(q) {
				put(p.feature)
			}
		}
	case Recovered:
		s.recovered(q, put)
	case Effective:
		s.effective(q, put)
	case Blocks:
		return s.contiguous(ctx, q, put)
	case Parks:
		s.parks(q, put)
	}
	return nil
}

func (p *parcel) matches(q Query) bool {
	return (q.Unit == "" || p.Unit == q.Unit) &&
		(len(q.Stages) == 0 || slices.Contains(q.Stages, p.Stage)) &&
		(q.Bound == nil || (p.shape != nil && q.Bound.Intersects(p.shape.bound)))
}

func newParcel(row ParcelRow, s *shape) *parcel {
	p := &parcel{ParcelRow: row, row: row, shape: s}
	p.Label = row.shownLabel()
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":`, row.ID)
	b = p.appendProperties(b)
	p.feature = appendGeometry(b, s)
	return p
}

// shownLabel says how many cases a shared parcel carries beside the one shown.
func (r ParcelRow) shownLabel() string {
	if n := len(r.Cases); n > 1 {
		return r.Label + "等" + strconv.Itoa(n) + "家"
	}
	return r.Label
}

func (p *parcel) appendProperties(b []byte) []byte {
	b = fmt.Appendf(b, `{"id":%d,"code":`, p.ID)
	b = appendString(b, p.Code)
	b = append(b, `,"label":`...)
	b = appendString(b, p.Label)
	b = append(b, `,"unit":`...)
	b = appendString(b, p.Unit)
	b = fmt.Appendf(b, `,"stage":%d,"m2":%s,"mu":%s`, p.Stage, p.Area.SquareMetresText(), p.Area.Mu())
	if p.Deadline != "" {
		b = fmt.Appendf(b, `,"deadline":"%s"`, p.Deadline)
	}
	b = append(b, `,"cases":[`...)
	for i, id := range p.Cases {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return append(b, "]}"...)
}

func (u *unit) feature() []byte {
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"id":%d,"code":`, u.ID, u.ID)
	b = appendString(b, u.Code)
	b = append(b, `,"label":`...)
	b = appendString(b, u.Short.ZH)
	b = append(b, `,"label_en":`...)
	b = appendString(b, u.Short.EN)
	b = fmt.Appendf(b, `,"order":%d,"outside":%t}`, u.Sort, u.Outside)
	return appendGeometry(b, u.shape)
}

func appendGeometry(b []byte, s *shape) []byte {
	b = append(b, `,"geometry":`...)
	if s == nil {
		return append(b, "null}"...)
	}
	b = append(b, s.json...)
	return append(b, '}')
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029' || r == '\uFFFD'
	}) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	text, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // a string always encodes
	}
	return append(b, text...)
}

// Properties are those of the named parcels that exist.
func (s *Snapshot) Properties(ids []int64) []Properties {
	found := make([]Properties, 0, len(ids))
	for _, id := range ids {
		i, ok := slices.BinarySearchFunc(s.parcels, id, func(p *parcel, id int64) int { return int(p.ID - id) })
		if ok {
			found = append(found, s.parcels[i].properties())
		}
	}
	return found
}

// PropertiesAt are those of a parcel of a view.
func PropertiesAt(v *chronicle.View, p *chronicle.Parcel) Properties {
	row := rowOf(v, p)
	row.Label = row.shownLabel()
	return row.properties()
}

func (r *ParcelRow) properties() Properties {
	return Properties{ID: r.ID, Code: r.Code, Label: r.Label, Unit: r.Unit, Stage: r.Stage, Area: r.Area, Deadline: string(r.Deadline), Cases: r.Cases}
}
