package layer

import (
	"slices"
	"strconv"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// row is a parcel as the map shows it: the versions that the chronicle holds, which never
// change. Its colour is that of the least advanced case on it; stage 0 is a parcel without a case.
type row struct {
	parcel *chronicle.Parcel
	on     []*chronicle.Case // the least advanced first; the page shows one track of them
}

// parcelFeature is a feature with its row; they are made many in a piece.
type parcelFeature struct {
	feature
	row row
}

func newParcel(r row, s *shape) *feature { return (&parcelFeature{row: r}).made(s) }

func (f *parcelFeature) made(s *shape) *feature {
	f.key, f.shape, f.face = f.row.parcel.ID, s, &f.row
	return &f.feature
}

// parcels are those of a view: the features that are here where they show just that, else new ones
// that have no shapes yet.
func (s *Snapshot) parcels(v *chronicle.View) (features []*feature, fresh []*parcelFeature) {
	features = make([]*feature, 0, v.ParcelsMost())
	here := s.layers[Parcels].walk()
	var room []parcelFeature
	v.EachParcel(func(p *chronicle.Parcel, on []*chronicle.Case) {
		r := row{p, on}
		if f := here(p.ID); f != nil && f.same(&r) {
			features = append(features, f)
			return
		}
		if len(room) == 0 {
			room = make([]parcelFeature, chunkSize)
		}
		made := &room[0]
		made.row, room = r, room[1:]
		features, fresh = append(features, made.made(nil)), append(fresh, made)
	})
	return features, fresh
}

func (r *row) in() (unit string, stage int) {
	if len(r.on) == 0 {
		return r.parcel.Unit, 0
	}
	return r.parcel.Unit, r.on[0].Stage
}

func (r *row) owner() owner {
	if len(r.on) == 0 {
		return owner{unit: r.parcel.Unit}
	}
	return ownerOf(r.on[0])
}

func (r *row) named() (of owner, ok bool) { return r.owner(), true }

func (r *row) deadline() campaign.Date {
	if len(r.on) == 0 {
		return ""
	}
	return r.on[0].Deadline
}

// label is that of the case shown; on a shared parcel it says how many others there are.
func (r *row) label() string {
	if len(r.on) == 0 {
		return r.parcel.Label
	}
	if n := len(r.on); n > 1 {
		return r.on[0].Label + "等" + strconv.Itoa(n) + "家"
	}
	return r.on[0].Label
}

// cases are the ids of those on it, rising; nil for none.
func (r *row) cases() []int64 {
	if len(r.on) == 0 {
		return nil
	}
	ids := make([]int64, len(r.on))
	for i, c := range r.on {
		ids[i] = c.ID
	}
	slices.Sort(ids)
	return ids
}

func (r *row) same(o face) bool {
	other, ok := o.(*row)
	return ok && (r.parcel == other.parcel || sameParcel(r.parcel, other.parcel)) && (slices.Equal(r.on, other.on) || r.sameCases(other))
}

func sameParcel(a, b *chronicle.Parcel) bool {
	return a.ID == b.ID && a.Code == b.Code && a.Label == b.Label && a.Unit == b.Unit && a.Area == b.Area && a.Shape == b.Shape
}

// sameCases: versions of cases differ in much that no map shows.
func (r *row) sameCases(o *row) bool {
	_, stage := r.in()
	_, other := o.in()
	return stage == other && r.deadline() == o.deadline() && r.owner() == o.owner() && r.label() == o.label() && slices.Equal(r.cases(), o.cases())
}

func (r *row) append(b []byte, named bool) []byte {
	p := r.parcel
	b = strconv.AppendInt(append(b, `{"type":"Feature","id":`...), p.ID, 10)
	b = strconv.AppendInt(append(b, `,"properties":{"id":`...), p.ID, 10)
	b = appendString(append(b, `,"code":`...), p.Code)
	if named {
		b = appendString(append(b, labelKey...), r.label())
	} else {
		b = append(b, hiddenLabel...)
	}
	_, stage := r.in()
	b = appendString(append(b, `,"unit":`...), p.Unit)
	b = strconv.AppendInt(append(b, `,"stage":`...), int64(stage), 10)
	b = append(append(b, `,"m2":`...), p.Area.SquareMetresText()...)
	b = append(append(b, `,"mu":`...), p.Area.Mu()...)
	if d := r.deadline(); d != "" {
		b = append(append(append(b, `,"deadline":"`...), d...), '"')
	}
	return append(appendNumbers(append(b, `,"cases":[`...), r.cases()), "]}"...)
}

func appendNumbers(b []byte, numbers []int64) []byte {
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return b
}

// appendFlat adds the values of a parcel as somebody sees it, in the order of FlatColumns.
func (r *row) appendFlat(values []flat.Value, scope auth.Scope) []flat.Value {
	label, reduced := r.label(), uint64(0)
	if !r.owner().seenBy(scope) {
		label, reduced = "", 1
	}
	_, stage := r.in()
	return append(values,
		flat.Value{Text: r.parcel.Code}, flat.Value{Text: label}, flat.Value{Text: r.parcel.Unit},
		flat.Value{Number: uint64(stage)}, flat.Value{Number: uint64(r.parcel.Area)}, //nolint:gosec // neither is below 0
		flat.Value{Text: string(r.deadline())}, flat.Value{Numbers: r.cases()}, flat.Value{Number: reduced},
	)
}

// Properties of a parcel as live events carry them.
type Properties struct {
	ID       int64
	Code     string
	Label    string // "" where it is not shown
	Reduced  bool   // the label is not shown
	Unit     string
	Stage    int
	Area     geo.Area
	Deadline string
	Cases    []int64

	owner owner
}

// For is what somebody sees of the properties.
func (p Properties) For(scope auth.Scope) Properties {
	if !p.owner.seenBy(scope) {
		p.Label, p.Reduced = "", true
	}
	return p
}

// Properties are those of the named parcels that exist, as somebody sees them.
func (s *Snapshot) Properties(scope auth.Scope, ids []int64) []Properties {
	found := make([]Properties, 0, len(ids))
	for _, id := range ids {
		if f := s.layers[Parcels].find(id); f != nil {
			found = append(found, f.face.(*row).told(scope)) //nolint:forcetypeassert // every parcel is one
		}
	}
	return found
}

// PropertiesAt are those of a parcel of a view, as its reader sees them.
func PropertiesAt(v *chronicle.View, p *chronicle.Parcel) Properties {
	r := row{p, v.OnParcel(p.ID)}
	return r.told(v.Scope())
}

func (r *row) told(scope auth.Scope) Properties {
	_, stage := r.in()
	p := Properties{ID: r.parcel.ID, Code: r.parcel.Code, Label: r.label(), Unit: r.parcel.Unit, Stage: stage, Area: r.parcel.Area, Deadline: string(r.deadline()), Cases: r.cases(), owner: r.owner()}
	return p.For(scope)
}
