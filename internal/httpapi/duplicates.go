package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListDuplicates implements gen.StrictServerInterface.
func (o *operations) ListDuplicates(ctx context.Context, r gen.ListDuplicatesRequestObject) (gen.ListDuplicatesResponseObject, error) {
	if err := actorIn(ctx).May(ledger.KindEnterpriseMerge); err != nil {
		return nil, err
	}
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	pairs, err := o.Directory.Twins(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	out := gen.ListDuplicates200JSONResponse{Revision: v.Revision, Pairs: make([]gen.DuplicatePair, len(pairs))}
	for i := range pairs {
		p := &pairs[i]
		out.Pairs[i] = gen.DuplicatePair{One: toDuplicateSide(v, &p.One, p.Has[0]), Other: toDuplicateSide(v, &p.Other, p.Has[1])}
		for _, why := range p.Why {
			out.Pairs[i].Why = append(out.Pairs[i].Why, gen.DuplicatePairWhy(why))
		}
	}
	return out, nil
}

func toDuplicateSide(v *chronicle.View, r *directory.Row, has directory.Holdings) gen.DuplicateSide {
	out := gen.DuplicateSide{Row: toEnterpriseRow(v, r), Photos: has.Photos, Lands: has.Lands, Contact: has.Contact, Sheets: []gen.KeptRows{}}
	for _, s := range v.Definition.Sheets {
		if n := has.Sheets[s.Code]; n > 0 {
			out.Sheets = append(out.Sheets, gen.KeptRows{Code: s.Code, Name: toText(s.Name), Count: n, Form: s.Of == campaign.OfEnterprise && !s.Many})
		}
	}
	return out
}
