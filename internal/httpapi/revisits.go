package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/register"
)

// GetRevisits implements gen.StrictServerInterface.
func (o *operations) GetRevisits(ctx context.Context, r gen.GetRevisitsRequestObject) (gen.GetRevisitsResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Register.Revisits(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	people, err := o.inspectors(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	actor := actorIn(ctx)
	out := gen.GetRevisits200JSONResponse{
		Revision: v.Revision, Sheet: keptKind(v, found.Sheet), Each: int32(found.Rule.Each), Days: int32(found.Rule.Days), //nolint:gosec // small settings
		MayDraw: actor.May(ledger.KindRevisitDraw) == nil, MayFill: mayFill(actor, found.Sheet),
		Pool: []gen.RevisitPool{}, Inspectors: []gen.Person{}, Draws: []gen.RevisitDraw{}, Items: toCaseRows(found.Rows),
	}
	for _, p := range found.Pool {
		out.Pool = append(out.Pool, gen.RevisitPool{Track: p.Track.Code, Name: toText(p.Track.Name), Cases: int32(p.Cases)}) //nolint:gosec // cases of a district
	}
	for _, p := range people {
		out.Inspectors = append(out.Inspectors, toPerson(p))
	}
	for i := range found.Draws {
		out.Draws = append(out.Draws, toDraw(&found.Draws[i]))
	}
	return out, nil
}

func mayFill(a auth.Actor, s campaign.Sheet) bool {
	return s.Code != "" && a.MayFill(s, ledger.KindSheetFill) == nil
}

// keptKind is a sheet as the page fills it; nil where the campaign has none.
func keptKind(v *chronicle.View, s campaign.Sheet) *gen.SheetKind {
	if s.Code == "" {
		return nil
	}
	kind := toSheetKind(v.Definition, s)
	return &kind
}

// inspectors are the people that are drawn from, as somebody sees them.
func (s *Server) inspectors(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]ledger.Person, error) {
	if v.Definition.Revisits == nil {
		return nil, nil
	}
	people, err := s.Catalogue.People(ctx, scope)
	return slices.DeleteFunc(people, func(p ledger.Person) bool { return !slices.Contains(v.Definition.Revisits.Inspectors, p.Role) }), err
}

func toCaseRows(rows []register.CaseRow) []gen.CaseRow {
	out := make([]gen.CaseRow, len(rows))
	for i, r := range rows {
		out[i] = gen.CaseRow{Case: toCaseRef(r.Case), Unit: r.Case.Unit, Row: toSheetRow(r.Row), Open: r.Open, Late: int32(r.Late), Own: r.Own} //nolint:gosec // days
	}
	return out
}

func toCaseRef(c *chronicle.Case) gen.CaseRef {
	return gen.CaseRef{Id: c.ID, Code: c.Code, Label: c.Label, Reduced: orNil(c.Reduced)}
}

func toDraw(d *register.Draw) gen.RevisitDraw {
	return gen.RevisitDraw{
		Number: d.Number, Track: d.Track, Algorithm: campaign.DrawAlgorithm, Seed: d.Seed, On: toDate(d.On), DueOn: toDate(d.DueOn), Each: int32(d.Each), //nolint:gosec // inspectors of a case
		Pool: toLots(d.Pool), People: append([]string{}, d.People...), Absent: append([]string{}, d.Absent...), Drawn: toLots(d.Drawn),
		Done: int32(d.Done), Rebounds: int32(d.Rebounds), Reproduced: d.Reproduced, //nolint:gosec // cases of a draw
	}
}

func toLots(list []campaign.Lot) []gen.Lot {
	out := make([]gen.Lot, len(list))
	for i, lot := range list {
		out[i] = gen.Lot{Code: lot.Code, Persons: append([]string{}, lot.Persons...)}
	}
	return out
}

// drawing is a draw: what is drawn from is everything there is, and nobody chooses the seed.
func (o *operations) drawing(ctx context.Context, c gen.Change) (ledger.Change, error) {
	v, err := o.Report.View(auth.Everything(), "")
	if err != nil {
		return nil, err
	}
	people, err := o.inspectors(ctx, auth.Everything(), v)
	if err != nil {
		return nil, err
	}
	seed := make([]byte, 16)
	_, _ = rand.Read(seed) // it never fails
	draw := ledger.DrawRevisits{
		Track: orZero(c.Track), Count: int(orZero(c.Count)), Each: int(orZero(c.Each)), DueOn: fromDate(c.Until), Absent: orZero(c.Absent),
		Seed: hex.EncodeToString(seed), People: people,
	}
	if draw.Track == "" && len(v.Definition.Tracks) > 0 {
		draw.Track = v.Definition.Tracks[0].Code
	}
	draw.Cases = o.Register.RevisitIDs(v, draw.Track)
	return draw, nil
}
