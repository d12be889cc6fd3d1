package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListConflicts implements gen.StrictServerInterface.
func (o *operations) ListConflicts(ctx context.Context, _ gen.ListConflictsRequestObject) (gen.ListConflictsResponseObject, error) {
	found, err := o.Desk.Conflicts(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	return gen.ListConflicts200JSONResponse(toConflicts(found, people)), nil
}

func toConflicts(found []dossier.Conflict, people named) []gen.Conflict {
	list := make([]gen.Conflict, len(found))
	for i, c := range found {
		list[i] = toConflict(c, people)
	}
	return list
}

func toConflict(c dossier.Conflict, people named) gen.Conflict {
	out := gen.Conflict{
		Id: c.ID, Noun: c.Noun, NounId: c.NounID, Case: gen.CaseRef{Id: c.Case.ID, Code: c.Case.Code, Label: c.Case.Label},
		Field: c.Field, FieldName: toText(c.FieldName), Text: toText(c.Text),
		Standing: string(c.Standing), StandingText: toText(c.StandingText), Kept: string(c.Kept.Kept), KeptText: toText(c.KeptText),
		Actor: people.actor(c.Actor), HappenedAt: c.HappenedAt, RecordedAt: c.RecordedAt, Resolved: c.Resolution != "",
	}
	if c.Stands.ID != "" {
		by := people.actor(c.Stands.ID)
		out.StandingBy, out.StandingAt, out.StandingHappenedAt = &by, &c.Stands.At, &c.StandsHappened
	}
	if c.Why != "" {
		why := toText(ledger.DoubtText(c.Why))
		out.Why = &why
	}
	if c.Resolution != "" {
		how := gen.ConflictResolution(c.Resolution)
		out.Resolution = &how
	}
	return out
}
