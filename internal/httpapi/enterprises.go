package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// now is the newest view, at a revision that the reader states or later.
func (o *operations) now(ctx context.Context, revision *int64) (*chronicle.View, error) {
	return o.viewOf(ctx, "", revision)
}

// viewOf is the view of a day, "" being now, at a revision that the reader states or later.
func (o *operations) viewOf(ctx context.Context, asOf campaign.Date, revision *int64) (*chronicle.View, error) {
	if err := o.arrived(ctx, revision); err != nil {
		return nil, err
	}
	return o.Report.View(scopeIn(ctx), asOf)
}

// ListEnterprises implements gen.StrictServerInterface.
func (o *operations) ListEnterprises(ctx context.Context, r gen.ListEnterprisesRequestObject) (gen.ListEnterprisesResponseObject, error) {
	p := r.Params
	v, err := o.now(ctx, p.MinRevision)
	if err != nil {
		return nil, err
	}
	filter := directory.Filter{
		Query: orZero(p.Q), Kind: orZero(p.Kind), Unit: orZero(p.Unit), Village: orZero(p.Village), Industry: orZero(p.Industry), AboveScale: orZero(p.AboveScale),
		Year: orZero(p.Year), Class: string(orZero(p.Class)), Track: orZero(p.Track), Odd: orZero(p.OddCode),
	}
	list, err := o.Directory.List(ctx, scopeIn(ctx), v, filter, directory.Paging{Sort: orZero(p.Sort), After: orZero(p.After), Limit: limitOf(p.Limit)})
	if err != nil {
		return nil, err
	}
	out := gen.ListEnterprises200JSONResponse{Revision: v.Revision, Total: int64(list.Total), Items: make([]gen.EnterpriseRow, len(list.Rows))}
	for i := range list.Rows {
		out.Items[i] = toEnterpriseRow(v, &list.Rows[i])
	}
	if list.More {
		out.NextAfter = &list.Rows[len(list.Rows)-1].ID
	}
	return out, nil
}

// limitOf is the size of a page.
func limitOf(asked *int) int {
	if asked == nil {
		return defaultLimit
	}
	return *asked
}

func toEnterpriseRow(v *chronicle.View, r *directory.Row) gen.EnterpriseRow {
	out := gen.EnterpriseRow{
		Enterprise: *toEnterprise(v.Definition, &r.Enterprise), Unit: r.Unit, Village: toVillage(v, r.Village), Cases: toRefs(r.Cases), OddCode: r.Odd,
	}
	if land := r.Land(); land > 0 {
		out.Land = &gen.Area{M2: m2(land), Mu: mu(land)}
	}
	return out
}

func toRefs(cases []*chronicle.Case) []gen.CaseRef {
	out := make([]gen.CaseRef, len(cases))
	for i, c := range cases {
		out[i] = gen.CaseRef{Id: c.ID, Code: c.Code, Label: c.Label, Reduced: orNil(c.Reduced)}
	}
	return out
}

// toVillage names a village; nil where none is known.
func toVillage(v *chronicle.View, code string) *gen.Choice {
	if village, ok := v.Definition.Village(code); ok {
		return &gen.Choice{Code: village.Code, Name: toText(village.Name)}
	}
	return nil
}

// CheckEnterprise implements gen.StrictServerInterface.
func (o *operations) CheckEnterprise(ctx context.Context, r gen.CheckEnterpriseRequestObject) (gen.CheckEnterpriseResponseObject, error) {
	v, err := o.now(ctx, nil)
	if err != nil {
		return nil, err
	}
	found, err := o.Directory.Check(ctx, scopeIn(ctx), v, orZero(r.Params.Name), orZero(r.Params.Code), orZero(r.Params.Id))
	if err != nil {
		return nil, err
	}
	return gen.CheckEnterprise200JSONResponse(toNotices(found)), nil
}

func toNotices(list []directory.Notice) []gen.Notice {
	out := make([]gen.Notice, len(list))
	for i, n := range list {
		out[i] = gen.Notice{Code: gen.NoticeCode(n.Code), Text: toText(n.Text), Enterprises: orNilList(n.Enterprises)}
		var details []gen.Text
		for _, d := range n.Details {
			details = append(details, toText(d))
		}
		out[i].Details = orNilList(details)
	}
	return out
}

// GetEnterprise implements gen.StrictServerInterface.
func (o *operations) GetEnterprise(ctx context.Context, r gen.GetEnterpriseRequestObject) (gen.GetEnterpriseResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	f, err := o.Directory.Find(ctx, scopeIn(ctx), v, r.Id)
	if err != nil {
		return nil, err
	}
	out := gen.GetEnterprise200JSONResponse{
		Revision: v.Revision, Enterprise: *toEnterprise(v.Definition, &f.Enterprise), Unit: f.Unit, Village: toVillage(v, f.Village),
		Cases: make([]gen.CaseSummary, len(f.Cases)), Notices: toNotices(f.Notices), Query: queryOf(chronicle.Filter{Enterprise: f.ID}, ""),
	}
	var former []gen.EnterpriseRow
	for _, e := range f.Former {
		former = append(former, toEnterpriseRow(v, &directory.Row{Enterprise: e}))
	}
	out.Former = orNilList(former)
	for i, c := range f.Cases {
		out.Cases[i] = toCaseSummary(v, c)
	}
	return out, nil
}
