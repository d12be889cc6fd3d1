package httpapi

import (
	"strconv"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

func toText(t campaign.Text) gen.Text { return gen.Text{Zh: t.ZH, En: t.EN} }

// toDate is a civil day; the zero day for an empty Date.
func toDate(d campaign.Date) openapi.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return openapi.Date{}
	}
	return openapi.Date{Time: t}
}

func toDatePtr(d campaign.Date) *openapi.Date {
	if d == "" {
		return nil
	}
	date := toDate(d)
	return &date
}

func fromDate(d *openapi.Date) campaign.Date {
	if d == nil {
		return ""
	}
	return campaign.DateOf(d.Time)
}

// optional is nil for an empty string.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orNil is nil for a zero value, which is then left out.
func orNil[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// orNilList is nil for an empty list, which is then left out.
func orNilList[T any](list []T) *[]T {
	if len(list) == 0 {
		return nil
	}
	return &list
}

func toTexts(list []campaign.Text) []gen.Text {
	out := make([]gen.Text, len(list))
	for i, t := range list {
		out[i] = toText(t)
	}
	return out
}

func toTextPtr(t campaign.Text) *gen.Text {
	if t == (campaign.Text{}) {
		return nil
	}
	out := toText(t)
	return &out
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// m2 and mu are the printed figures as numbers: two decimals, rounded once.
func m2(a geo.Area) float64 { return printed(a.SquareMetresText()) }
func mu(a geo.Area) float64 { return printed(a.Mu()) }

func printed(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64) // our own digits
	return f
}

func (o *operations) toSummary(d campaign.Definition, s dossier.Summary) gen.CaseSummary {
	sides := append([]string{}, s.Sides...)
	return gen.CaseSummary{
		Id: s.ID, Code: s.Code, Label: s.Label, Reduced: orNil(s.Reduced), Track: s.Track, Unit: s.Unit, Stage: int32(s.Stage), //nolint:gosec // 1 to 9
		State: toText(stateOf(d, s)), Sides: &sides, Version: s.Version, Next: optional(s.Next), Deadline: toDatePtr(s.Deadline), M2: m2(s.Land), Mu: mu(s.Land),
	}
}

// stateOf is the state of the furthest milestone done: 已初验, where the slot only says 已拆除.
func stateOf(d campaign.Definition, s dossier.Summary) campaign.Text {
	t, ok := d.Track(s.Track)
	if !ok || len(s.Passed) == 0 {
		return slotName(d, s.Stage)
	}
	return t.Furthest(s.Passed).State
}

func slotName(d campaign.Definition, stage int) campaign.Text {
	if stage < 1 || stage > len(d.Slots) {
		return campaign.Text{ZH: "未列入", EN: "not listed"}
	}
	return d.Slots[stage-1].Name
}

func toActor(id, name, role string) gen.Actor {
	a := gen.Actor{Id: id, Name: name}
	if role != "" {
		text := toText(campaign.RoleName(role))
		a.Role = &text
	}
	return a
}

func toOutcome(o ledger.Outcome) gen.Outcome {
	out := gen.Outcome{OpId: o.OpID, BatchId: o.BatchID, Outcome: gen.OutcomeOutcome(o.Result), Revision: o.Revision, Entries: []gen.OutcomeEntry{}}
	if !o.RecordedAt.IsZero() {
		at := o.RecordedAt.In(campaign.Shanghai())
		out.RecordedAt = &at
	}
	for _, e := range o.Entries {
		out.Entries = append(out.Entries, gen.OutcomeEntry{Id: e.ID, Kind: e.Kind, Noun: e.Noun, NounId: e.NounID, Version: e.Version})
	}
	if more := o.Unlisted(); more > 0 {
		out.EntriesMore = &more
	}
	if len(o.Conflicts) > 0 {
		list := make([]gen.OutcomeConflict, len(o.Conflicts))
		for i, c := range o.Conflicts {
			list[i] = toOutcomeConflict(c)
		}
		out.Conflicts = &list
	}
	return out
}

func toOutcomeConflict(c ledger.Conflict) gen.OutcomeConflict {
	out := gen.OutcomeConflict{Grade: gen.OutcomeConflictGrade(c.Grade), Noun: c.Noun, NounId: c.NounID, Fields: c.Fields}
	if c.ConflictID != 0 {
		out.ConflictId = &c.ConflictID
	}
	if c.Text != (campaign.Text{}) {
		text := toText(c.Text)
		out.Text = &text
	}
	return out
}

func toRefusal(f *fault.Error) *gen.Text {
	if f == nil {
		return nil
	}
	return &gen.Text{Zh: f.ZH, En: f.EN}
}
