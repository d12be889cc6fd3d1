package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

func (s *Server) definition(ctx context.Context) (campaign.Definition, error) {
	running, err := s.Catalogue.Running(ctx)
	return running.Definition, err
}

// GetCase implements gen.StrictServerInterface.
func (o *operations) GetCase(ctx context.Context, r gen.GetCaseRequestObject) (gen.GetCaseResponseObject, error) {
	file, err := o.caseFile(ctx, r.Id, fromDate(r.Params.AsOf), r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	return gen.GetCase200JSONResponse(o.toDetail(&file, people)), nil
}

// caseFile is a case as it is, or as it was known at the end of a day. Of another
// unit's it is what everybody may know, from the memory of lists and maps.
func (o *operations) caseFile(ctx context.Context, id int64, asOf campaign.Date, revision *int64) (dossier.File, error) {
	if asOf == "" {
		file, err := o.Desk.Case(ctx, scopeIn(ctx), id)
		if !fault.Is(err, "case_not_found") || scopeIn(ctx).Whole() {
			return file, err
		}
		return o.reduced(ctx, id, revision, err)
	}
	view, err := o.Report.View(scopeIn(ctx), asOf)
	if err != nil {
		return dossier.File{}, err
	}
	return o.Desk.CaseAt(ctx, scopeIn(ctx), view, id)
}

func (o *operations) reduced(ctx context.Context, id int64, revision *int64, notFound error) (dossier.File, error) {
	view, err := o.now(ctx, revision)
	if err != nil {
		return dossier.File{}, err
	}
	if c := view.Case(id); c != nil && c.Reduced {
		return o.Desk.Reduced(ctx, view, c)
	}
	return dossier.File{}, notFound
}

// named are people's names and roles by code.
type named map[string]gen.Actor

func (s *Server) roles(ctx context.Context) (named, error) {
	people, err := s.Catalogue.People(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	names := make(named, len(people))
	for _, p := range people {
		names[p.Code] = toActor(p.Code, p.Name, p.Role)
	}
	return names, nil
}

func (n named) actor(code string) gen.Actor {
	if a, ok := n[code]; ok {
		return a
	}
	if code == auth.System().ID {
		return toActor(code, "系统", "system")
	}
	return toActor(code, campaign.OtherPeople().ZH, "")
}
