// Package todo says what waits for somebody (待办): requests to be decided,
// checks and acceptances that are due, what was returned, what is late, and
// where the data contradict each other.
//
// Every count comes with the query that lists just the cases it counts. Lists
// of requests and findings are of now: they are read from the state, which has
// no yesterday.
package todo

import (
	"context"
	"slices"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/finding"
)

// Waiting is a side state that was asked for and not decided, or one in force.
type Waiting struct {
	Case   int64
	Side   string
	Since  campaign.Date
	By     string
	Reason string
	Asked  bool // not in force yet
}

// Reminder is that a case was told to be late (催办), on a rung of the ladder or by hand.
type Reminder struct {
	Case   int64
	Rung   string
	Person string // who was named for the case; "" where nobody was
	On     campaign.Date
}

// Contradiction is a hard conflict that nobody resolved.
type Contradiction struct {
	Case  int64
	Since time.Time
}

// Source is the database as this room reads it.
type Source interface {
	// Waiting are all requests that are not decided, and the side states of one kind in force, about cases that the scope sees.
	Waiting(ctx context.Context, scope auth.Scope, side string) ([]Waiting, error)
	// Reminders are those that stand of cases that the scope sees: what they tell of is still due as it was.
	Reminders(ctx context.Context, scope auth.Scope) ([]Reminder, error)
	// Contradictions are the unresolved ones about cases that the scope sees.
	Contradictions(ctx context.Context, scope auth.Scope) ([]Contradiction, error)
	// OddPhotos are the cases that the scope sees with a photo that is another case's too, unless they share a parcel (one
	// set of photos for all tenants), and those with one whose file is damaged or missing.
	OddPhotos(ctx context.Context, scope auth.Scope) ([]int64, error)
}

// Codes says which enterprises have a credit code that does not check.
type Codes interface {
	Odd(ctx context.Context, scope auth.Scope, v *chronicle.View) (map[int64]bool, error)
}

// Land says what the rules of land find.
type Land interface {
	All(ctx context.Context, revision int64) (finding.List, error)
}

// Desk answers what waits.
type Desk struct {
	source Source
	codes  Codes
	land   Land
}

// NewDesk makes a desk.
func NewDesk(source Source, codes Codes, land Land) *Desk { return &Desk{source, codes, land} }

// Query narrows a list of cases by what waits as well.
type Query struct {
	chronicle.Filter

	Requested string // side state that was asked for and not decided; Any for one of them
	Decidable bool   // something was asked for that the reader may decide: by somebody else
	Told      bool   // the reader was told that it is late
	Finding   string // a kind of finding; Any for one of them
}

// Any stands for every side state, or every kind of finding.
const Any = "any"

// OfNow says that the query can be answered for now alone.
func (q Query) OfNow() bool { return q.Requested != "" || q.Decidable || q.Told || q.Finding != "" }

// Resolve turns what waits into the cases it is about.
func (d *Desk) Resolve(ctx context.Context, scope auth.Scope, v *chronicle.View, q Query) (chronicle.Filter, error) {
	if err := scope.Check(); err != nil {
		return q.Filter, err
	}
	v = v.For(scope)
	f := q.Filter
	if q.Requested != "" || q.Decidable {
		waiting, err := d.source.Waiting(ctx, scope, "")
		if err != nil {
			return f, err
		}
		f.Among = map[int64]bool{}
		for _, w := range waiting {
			if q.lists(w, scope.Actor(), v.Definition) {
				f.Among[w.Case] = true
			}
		}
	}
	if q.Told {
		told, err := d.told(ctx, scope)
		if err != nil {
			return f, err
		}
		among := map[int64]bool{}
		for id := range told {
			among[id] = true
		}
		f.Late, f.Among = true, both(f.Among, among)
	}
	if q.Finding == "" {
		return f, nil
	}
	found, err := d.findings(ctx, scope, v)
	if err != nil {
		return f, err
	}
	cases, err := found.of(q.Finding)
	if err != nil {
		return f, err
	}
	f.Among = both(f.Among, cases)
	return f, nil
}

// told are the cases of which the reader was told that they are late, with the day of the first time.
func (d *Desk) told(ctx context.Context, scope auth.Scope) (map[int64]campaign.Date, error) {
	reminders, err := d.source.Reminders(ctx, scope)
	reader, cases := scope.Actor(), map[int64]campaign.Date{}
	for _, r := range reminders {
		first, known := cases[r.Case]
		if campaign.Reaches(r.Rung, r.Person, reader.Name, reader.Role) && (!known || r.On < first) {
			cases[r.Case] = r.On
		}
	}
	return cases, err
}

// lists says whether a request is asked for by the query.
func (q Query) lists(w Waiting, reader auth.Actor, d campaign.Definition) bool {
	s, _ := d.Side(w.Side)
	mine := w.By != reader.ID && reader.MaySide(s, "case.decide") == nil
	return w.Asked && (q.Requested == "" || q.Requested == Any || q.Requested == w.Side) && (!q.Decidable || mine)
}

// both are the cases in both sets; nil is the set of all.
func both(a, b map[int64]bool) map[int64]bool {
	if a == nil {
		return b
	}
	common := map[int64]bool{}
	for id := range a {
		if b[id] {
			common[id] = true
		}
	}
	return common
}

// Group is one list of the strip.
type Group struct {
	campaign.Todo

	Mine   bool // the reader acts on it
	Query  Query
	Number int64
	Oldest int // days since the one that waits longest began to; -1 where it is not known
	Parts  []Part
	Line   campaign.Text // the second line of the tile; empty where nothing waits
}

// Part is a share of a group.
type Part struct {
	Code   string
	Name   campaign.Text
	Query  Query
	Number int64
}

// Strip is what waits, in the order of the campaign; `page` "" is the first page's strip. Requests, contradictions and
// findings are counted as far as somebody sees them; what is due and late is the district's.
func (d *Desk) Strip(ctx context.Context, scope auth.Scope, v *chronicle.View, page string) ([]Group, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	v = v.For(scope)
	s := &strip{desk: d, scope: scope, view: v}
	var groups []Group
	for _, t := range v.Definition.Todos {
		if t.Page != page || t.Told && !t.Mine(scope.Actor().Role) {
			continue
		}
		g, err := s.group(ctx, t)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, nil
}

type strip struct {
	desk  *Desk
	scope auth.Scope
	view  *chronicle.View
}

// group counts one list: of the reader's unit where the reader acts on it, else of the district.
func (s *strip) group(ctx context.Context, t campaign.Todo) (Group, error) {
	actor := s.scope.Actor()
	g := Group{Todo: t, Mine: t.Mine(actor.Role), Oldest: -1}
	f := chronicle.Filter{Track: t.Track, Next: t.Next, Ready: t.Next != "", Side: t.Side, Late: t.Late, Listed: true}
	if g.Mine {
		f.Unit = actor.Unit
	}
	f.Late = f.Late || t.Told
	g.Query = Query{Filter: f}
	switch {
	case t.Asked && g.Mine:
		g.Query.Requested, g.Query.Decidable = Any, true
	case t.Asked:
		g.Query.Requested = Any
	case t.Findings:
		g.Query.Finding = Any
	case t.Told:
		g.Query.Told = true
	}
	cases, err := s.cases(ctx, g.Query)
	if err != nil {
		return g, err
	}
	g.Number = int64(len(cases))
	if g.Number == 0 {
		return g, nil
	}
	err = s.describe(ctx, &g, cases)
	return g, err
}

func (s *strip) cases(ctx context.Context, q Query) ([]*chronicle.Case, error) {
	f, err := s.desk.Resolve(ctx, s.scope, s.view, q)
	if err != nil {
		return nil, err
	}
	found, _, err := s.view.Select(f)
	return found, err
}

// describe gives a group its parts, age and second line.
func (s *strip) describe(ctx context.Context, g *Group, cases []*chronicle.Case) error {
	switch {
	case g.Asked, g.Side != "":
		return s.waiting(ctx, g, cases)
	case g.Told:
		return s.reminded(ctx, g)
	case g.Next != "":
		g.Oldest = s.since(cases)
		g.Line = oldest(g.Oldest)
		return nil
	case g.Findings:
		return s.parts(ctx, g, findingParts(g.Query))
	}
	return s.parts(ctx, g, s.lateParts(g))
}

// waiting describes what was asked for, by side state, and what is in a side state.
func (s *strip) waiting(ctx context.Context, g *Group, cases []*chronicle.Case) error {
	all, err := s.desk.source.Waiting(ctx, s.scope, g.Side)
	if err != nil {
		return err
	}
	var since campaign.Date
	kinds := map[string]bool{}
	for _, w := range all {
		counted := slices.ContainsFunc(cases, func(c *chronicle.Case) bool { return c.ID == w.Case })
		if !counted || w.Asked != g.Asked || g.Asked && !g.Query.lists(w, s.scope.Actor(), s.view.Definition) || !g.Asked && w.Side != g.Side {
			continue
		}
		kinds[w.Side] = true
		if since == "" || w.Since < since {
			since, g.Line = w.Since, campaign.Text{ZH: w.Reason, EN: w.Reason}
		}
	}
	if since != "" {
		g.Oldest = max(0, since.DaysUntil(s.view.Day))
	}
	if g.Asked || len(cases) > 1 {
		g.Line = oldest(g.Oldest)
	}
	if !g.Asked {
		return nil
	}
	var parts []Part
	for _, side := range s.view.Definition.Sides {
		if kinds[side.Code] {
			q := g.Query
			q.Requested = side.Code
			parts = append(parts, Part{Code: side.Code, Name: side.Name, Query: q})
		}
	}
	line := g.Line
	err = s.parts(ctx, g, parts)
	g.Line = line
	return err
}

// reminded describes what the reader was told.
func (s *strip) reminded(ctx context.Context, g *Group) error {
	told, err := s.desk.told(ctx, s.scope)
	for _, on := range told {
		g.Oldest = max(g.Oldest, on.DaysUntil(s.view.Day))
	}
	g.Line = oldest(g.Oldest)
	return err
}

// since is how many days ago the case that waits longest did its last milestone.
func (s *strip) since(cases []*chronicle.Case) int {
	longest := -1
	for _, c := range cases {
		var last campaign.Date
		for _, on := range c.Days() {
			last = max(last, on)
		}
		if last != "" {
			longest = max(longest, last.DaysUntil(s.view.Day))
		}
	}
	return longest
}

// parts counts the parts of a group; those without a case are left out.
func (s *strip) parts(ctx context.Context, g *Group, parts []Part) error {
	for _, p := range parts {
		cases, err := s.cases(ctx, p.Query)
		if err != nil {
			return err
		}
		if p.Number = int64(len(cases)); p.Number > 0 {
			g.Parts = append(g.Parts, p)
		}
	}
	g.Line = joined(g.Parts)
	return nil
}
