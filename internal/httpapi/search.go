package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// usualSuggestions is how many of each kind are suggested where the reader does not say.
const usualSuggestions = 6

// Search implements gen.StrictServerInterface.
func (o *operations) Search(ctx context.Context, r gen.SearchRequestObject) (gen.SearchResponseObject, error) {
	p, asOf := r.Params, fromDate(r.Params.AsOf)
	v, err := o.viewOf(ctx, asOf, p.MinRevision)
	if err != nil {
		return nil, err
	}
	most := usualSuggestions
	if p.Limit != nil {
		most = *p.Limit
	}
	found, err := o.Directory.Search(ctx, scopeIn(ctx), v, p.Q, most)
	if err != nil {
		return nil, err
	}
	out := gen.Search200JSONResponse{Revision: v.Revision, Day: toDate(v.Day), Items: make([]gen.Suggestion, len(found.Suggestions)), Found: map[string]int{}}
	for kind, n := range found.Number {
		out.Found[string(kind)] = n
	}
	for i := range found.Suggestions {
		out.Items[i] = toSuggestion(v, &found.Suggestions[i], asOf)
	}
	return out, nil
}

func toSuggestion(v *chronicle.View, s *directory.Suggestion, asOf campaign.Date) gen.Suggestion {
	out := gen.Suggestion{
		Kind: gen.SuggestionKind(s.Kind), Id: orNil(s.ID), Code: s.Code, Label: s.Label, Reduced: orNil(s.Reduced), Unit: s.Unit, Village: toVillage(v, s.Village),
		Parcels: orNilList(s.Parcels), Query: queryOf(casesOf(s), asOf),
	}
	if s.Stage > 0 {
		stage := int32(s.Stage) //nolint:gosec // 1 to 9
		out.Stage = &stage
	}
	if s.Case != nil {
		state := toText(stateAt(v.Definition, s.Case))
		out.State = &state
	}
	return out
}

// casesOf is the filter that lists the cases of what was found.
func casesOf(s *directory.Suggestion) chronicle.Filter {
	switch s.Kind {
	case directory.KindUnit:
		return chronicle.Filter{Unit: s.Code}
	case directory.KindVillage:
		return chronicle.Filter{Village: s.Code}
	case directory.KindEnterprise:
		return chronicle.Filter{Enterprise: s.ID}
	case directory.KindParcel:
		return chronicle.Filter{Parcel: s.ID}
	case directory.KindCase:
	}
	return chronicle.Filter{Query: s.Code}
}
