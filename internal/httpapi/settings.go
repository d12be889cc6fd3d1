package httpapi

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

func readDefinition(text []byte) (campaign.Definition, error) {
	d, err := campaign.ReadDefinition(text)
	if err != nil {
		return d, fault.New(fault.KindInvalid, "bad_campaign", "专项行动的设置有误："+err.Error(), "the campaign's data are wrong: "+err.Error()).Because(err)
	}
	return d, nil
}

// PreviewCampaign implements gen.StrictServerInterface. It goes through the door
// like campaign.amend, so that it is refused where saving would be.
func (o *operations) PreviewCampaign(ctx context.Context, r gen.PreviewCampaignRequestObject) (gen.PreviewCampaignResponseObject, error) {
	next, err := readDefinition(r.Body.Definition)
	if err != nil {
		return nil, err
	}
	var now campaign.Definition
	change := ledger.AmendCampaign{BaseVersion: r.Body.BaseVersion, Definition: next, Preview: &now}
	_, err = o.Ledger.Apply(ctx, actorIn(ctx), ledger.Operation{OpID: uuid.New(), Device: "preview", Changes: []ledger.Change{change}})
	if !errors.Is(err, ledger.ErrDryRun) {
		return nil, err
	}
	differences, err := o.Desk.Differences(ctx, now, next)
	if err != nil {
		return nil, err
	}
	effects, err := o.Report.Foresee(ctx, scopeIn(ctx), next)
	if err != nil {
		return nil, err
	}
	out := gen.PreviewCampaign200JSONResponse{Differences: toDifferences(differences), Effects: []gen.LightEffect{}, Unequal: []gen.UnequalTask{}}
	for _, e := range effects {
		out.Effects = append(out.Effects, gen.LightEffect{Unit: e.Unit, Name: toText(e.Name), Metric: toText(e.Metric.Name), Measure: toText(e.Metric.Unit), Before: toStanding(e.Before), After: toStanding(e.After)})
	}
	for _, f := range next.TaskFindings() {
		m, _ := next.Metric(f.Metric)
		out.Unequal = append(out.Unequal, gen.UnequalTask{
			Metric: toText(m.Name), Period: toText(f.Period.Name()), Measure: toText(m.Unit), District: steps(f.District, m.Measure), Units: steps(f.Units, m.Measure),
		})
	}
	return out, nil
}

// GetCampaignHistory implements gen.StrictServerInterface.
func (o *operations) GetCampaignHistory(ctx context.Context, _ gen.GetCampaignHistoryRequestObject) (gen.GetCampaignHistoryResponseObject, error) {
	list, err := o.Desk.Amendments(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	out := gen.GetCampaignHistory200JSONResponse{Items: make([]gen.Amendment, len(list))}
	for i, a := range list {
		out.Items[i] = gen.Amendment{
			Version: a.Version, Revision: a.Revision, RecordedAt: a.At, Actor: a.Actor, ActorName: a.ActorName, Note: orNil(a.Note), Differences: toDifferences(a.Differences),
		}
	}
	return out, nil
}

func toDifferences(list []campaign.Difference) []gen.DataDifference {
	out := make([]gen.DataDifference, len(list))
	for i, d := range list {
		out[i] = gen.DataDifference{Where: make([]gen.Text, len(d.Where)), Before: toTextPtr(d.Before), After: toTextPtr(d.After)}
		for n, w := range d.Where {
			out[i].Where[n] = toText(w)
		}
	}
	return out
}

func toStanding(s report.Standing) gen.LightStanding {
	out := gen.LightStanding{Light: gen.LightStandingLight(s.Light)}
	if s.HasTask {
		task := steps(s.Task, s.Measure)
		out.Task = &task
	}
	if s.Gap.Known {
		gap := float64(s.Gap.Tenths) / 10
		out.Gap = &gap
	}
	return out
}
