package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/register"
	"github.com/guatu/guatu/internal/report"
)

// GetTrack implements gen.StrictServerInterface.
func (o *operations) GetTrack(ctx context.Context, r gen.GetTrackRequestObject) (gen.GetTrackResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	t, err := o.Register.Track(ctx, scopeIn(ctx), v, r.Track)
	if err != nil {
		return nil, err
	}
	out := gen.GetTrack200JSONResponse{Revision: v.Revision, Track: t.Track.Code, Name: toText(t.Track.Name), Lists: make([]gen.WatchKind, len(t.Lists)), Rules: []gen.EligibilityRule{}}
	for i := range t.Sheets {
		out.Sheets = append(out.Sheets, toTotals(v.Definition, &t.Sheets[i]))
	}
	for i, l := range t.Lists {
		out.Lists[i] = gen.WatchKind{Code: l.Watch.Code, Name: toText(l.Watch.Name), Note: toTextPtr(l.Watch.Note), Count: int64(l.Count)}
	}
	if areas := toProgress(t.Areas); len(areas) > 0 {
		out.Areas = &areas
	}
	if c := v.Definition.Coverage; c != nil && c.Track == t.Track.Code {
		out.Coverage = toCoverage(report.CoverageOf(v))
	}
	if t.Verdicts != nil {
		out.Rules = toRules(v.Definition.Eligibility)
		out.Verdicts = &gen.TrackVerdicts{Yes: int64(t.Verdicts[campaign.VerdictYes]), No: int64(t.Verdicts[campaign.VerdictNo]), Open: int64(t.Verdicts[campaign.VerdictOpen])}
	}
	if out.Sheets == nil {
		out.Sheets = []gen.TrackSheet{}
	}
	return out, nil
}

func toTotals(d campaign.Definition, t *register.Totals) gen.TrackSheet {
	out := gen.TrackSheet{Sheet: toSheetKind(d, t.Sheet), All: toSums(t.All), Units: make([]gen.SheetSums, len(t.Units)), Left: make([]gen.LedgerLeft, len(t.Left))}
	for i, u := range t.Units {
		out.Units[i] = toSums(u)
	}
	for i, l := range t.Left {
		out.Left[i] = gen.LedgerLeft{Group: toText(l.Group), Amount: toText(l.Amount)}
	}
	return out
}

func toProgress(list []register.Progress) []gen.AreaProgress {
	out := make([]gen.AreaProgress, len(list))
	for i, p := range list {
		out[i] = gen.AreaProgress{Id: p.Area.ID, Code: p.Area.Code, Name: p.Area.Name, Unit: p.Area.Unit, Cases: int64(p.Cases), Done: int64(p.Done), Recovered: toArea(p.Land), Values: map[string]string{}}
		if p.Task != nil {
			out[i].Values = p.Task.Values
		}
	}
	return out
}

func toSums(u register.UnitTotals) gen.SheetSums {
	out := gen.SheetSums{Unit: u.Unit, Filled: int64(u.Filled), Counted: int64(u.Counts), Sums: make([]gen.SheetSum, len(u.Sums))}
	for i, s := range u.Sums {
		out.Sums[i] = gen.SheetSum{Field: s.Field, Value: optional(s.Value)}
		if s.Options == nil {
			continue
		}
		options := make([]gen.ChosenOption, len(s.Options))
		for j, c := range s.Options {
			options[j] = gen.ChosenOption{Code: c.Code, Name: toText(c.Name), Count: int64(c.Count)}
		}
		out.Sums[i].Options = &options
	}
	return out
}

func toRules(list []campaign.EligibilityRule) []gen.EligibilityRule {
	out := make([]gen.EligibilityRule, len(list))
	for i, r := range list {
		out[i] = gen.EligibilityRule{Code: r.Code, Name: toText(r.Name), Mode: gen.EligibilityRuleMode(r.Mode), Parts: make([]gen.Text, len(r.Parts))}
		for j, p := range r.Parts {
			out[i].Parts[j] = toText(p.Words())
		}
	}
	return out
}

// GetWatch implements gen.StrictServerInterface.
func (o *operations) GetWatch(ctx context.Context, r gen.GetWatchRequestObject) (gen.GetWatchResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	w, list, err := o.Register.Watch(ctx, scopeIn(ctx), v, r.List)
	if err != nil {
		return nil, err
	}
	out := gen.GetWatch200JSONResponse{Revision: v.Revision, Code: w.Code, Name: toText(w.Name), Note: toTextPtr(w.Note), Shows: make([]gen.Text, len(w.Shows)), Items: make([]gen.Watched, len(list))}
	for i, fact := range w.Shows {
		out.Shows[i] = toText(v.Definition.FactName(fact))
	}
	for i := range list {
		out.Items[i] = toWatched(&list[i])
	}
	return out, nil
}

func toWatched(w *register.Watched) gen.Watched {
	out := gen.Watched{Unit: w.Unit, Shows: make([]gen.Text, len(w.Shows))}
	for i, s := range w.Shows {
		out.Shows[i] = toText(s.Value)
	}
	if w.Enterprise != nil {
		out.EnterpriseId, out.Label = &w.Enterprise.ID, w.Enterprise.Label
	}
	if w.Case != nil {
		out.Case, out.Label = &gen.CaseRef{Id: w.Case.ID, Code: w.Case.Code, Label: w.Case.Label}, w.Case.Label
	}
	return out
}

// ListSheets implements gen.StrictServerInterface.
func (o *operations) ListSheets(ctx context.Context, r gen.ListSheetsRequestObject) (gen.ListSheetsResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	id := orZero(r.Params.Id)
	for _, u := range v.Units {
		if r.Params.Of == gen.ListSheetsParamsOfUnit && u.Code == orZero(r.Params.Unit) {
			id = u.ID
		}
	}
	if id == 0 {
		return nil, fault.New(fault.KindInvalid, "unknown_sheets", "请说明要看哪一项的资料", "say of what: an id, or the code of a unit")
	}
	s, err := o.Register.Of(ctx, scopeIn(ctx), v, string(r.Params.Of), id)
	if err != nil {
		return nil, err
	}
	out := gen.ListSheets200JSONResponse{Revision: v.Revision, Unit: s.Unit, Items: make([]gen.KeptSheet, len(s.List)), Missing: make([]gen.SheetsMissing, len(s.Missing)), Eligibility: toEligibility(v.Definition, s.Verdict)}
	for i := range s.List {
		out.Items[i] = toKept(v.Definition, &s.List[i])
	}
	for i, m := range s.Missing {
		out.Missing[i] = gen.SheetsMissing{Milestone: toText(m.Milestone), Items: make([]gen.Text, len(m.Items))}
		for j, item := range m.Items {
			out.Missing[i].Items[j] = toText(item)
		}
	}
	return out, nil
}

func toKept(d campaign.Definition, k *register.Kept) gen.KeptSheet {
	out := gen.KeptSheet{Sheet: toSheetKind(d, k.Sheet), OfId: k.OfID, Rows: make([]gen.SheetRow, len(k.Rows)), Allowed: k.Refusal == nil}
	for i, r := range k.Rows {
		out.Rows[i] = toSheetRow(r)
	}
	return out
}

func toSheetRow(f campaign.Filled) gen.SheetRow {
	out := gen.SheetRow{Id: f.ID, Version: f.Version, OfId: f.OfID, Unit: f.Unit, Values: f.Values}
	if f.Values == nil {
		out.Values = map[string]string{}
	}
	return out
}

func toEligibility(d campaign.Definition, j *campaign.Judgement) *gen.Eligibility {
	if j == nil {
		return nil
	}
	out := gen.Eligibility{Verdict: gen.Verdict(j.Verdict), Words: toText(j.Words), Rules: make([]gen.RuleVerdict, len(j.Rules)), Overlays: make([]gen.Overlaid, len(j.Laid))}
	for i, o := range j.Laid {
		out.Overlays[i] = gen.Overlaid{Code: o.Overlay.Code, Name: toText(o.Overlay.Name), Share: optional(o.Share), LayerOn: toDatePtr(o.LayerOn), OverlaidOn: toDatePtr(o.On)}
	}
	for i, r := range j.Rules {
		out.Rules[i] = gen.RuleVerdict{Code: r.Rule.Code, Name: toText(r.Rule.Name), Mode: gen.RuleVerdictMode(r.Rule.Mode), Verdict: gen.Verdict(r.Verdict)}
		out.Rules[i].Reasons = make([]gen.RuleReason, len(r.Reasons))
		for k, why := range r.Reasons {
			out.Rules[i].Reasons[k] = gen.RuleReason{Name: toText(why.Name), Value: toText(j.Because(d, why)), Verdict: gen.Verdict(why.Verdict)}
		}
	}
	return &out
}

func toSheetKind(d campaign.Definition, s campaign.Sheet) gen.SheetKind {
	out := gen.SheetKind{Code: s.Code, Name: toText(s.Name), Of: gen.SheetKindOf(s.Of), Many: s.Many, Open: orNil(s.Open), Fields: make([]gen.SheetField, len(s.Fields))}
	for i, f := range s.Fields {
		out.Fields[i] = toSheetField(d, s, f)
	}
	return out
}

func toSheetField(d campaign.Definition, s campaign.Sheet, f campaign.Field) gen.SheetField {
	out := gen.SheetField{Code: f.Code, Name: toText(f.Name), Type: gen.SheetFieldType(f.Type), Unit: toTextPtr(f.Unit), Required: f.Required, Total: orNil(f.Total), Personal: orNil(f.Personal), Fixed: orNil(f.Fixed)}
	var options []gen.SheetOption
	for _, o := range d.Options(f) {
		options = append(options, gen.SheetOption{Code: o.Code, Name: toText(o.Name), Note: toTextPtr(o.Note)})
	}
	out.Options = orNilList(options)
	if f.Due != "" && len(s.Tracks) > 0 {
		t, _ := d.Track(s.Tracks[0])
		if i := t.Index(f.Due); i >= 0 {
			due := toText(t.Milestones[i].Name)
			out.Due = &due
		}
	}
	if f.When != nil {
		parts, _ := f.When.Plain()
		when := make([]gen.SheetWhen, len(parts))
		for i, p := range parts {
			when[i] = gen.SheetWhen{Field: p.Fact, Is: p.Is}
		}
		out.When = &when
	}
	return out
}

// PreviewEligibility implements gen.StrictServerInterface.
func (o *operations) PreviewEligibility(ctx context.Context, r gen.PreviewEligibilityRequestObject) (gen.PreviewEligibilityResponseObject, error) {
	v, err := o.now(ctx, nil)
	if err != nil {
		return nil, err
	}
	modes := make(map[string]string, len(r.Body.Modes))
	for code, mode := range r.Body.Modes {
		modes[code] = string(mode)
	}
	turned, err := o.Register.Preview(ctx, scopeIn(ctx), v, modes)
	if err != nil {
		return nil, err
	}
	out := gen.PreviewEligibility200JSONResponse{Revision: v.Revision, Enter: []gen.EligibilityTurn{}, Leave: []gen.EligibilityTurn{}, Open: []gen.EligibilityTurn{}}
	for _, t := range turned {
		turn := gen.EligibilityTurn{EnterpriseId: t.Enterprise.ID, Label: t.Enterprise.Label, Unit: t.Enterprise.Unit, Before: gen.Verdict(t.Before), Then: gen.Verdict(t.Then), Words: toText(t.Words)}
		switch {
		case t.Then == campaign.VerdictYes:
			out.Enter = append(out.Enter, turn)
		case t.Before == campaign.VerdictYes:
			out.Leave = append(out.Leave, turn)
		default:
			out.Open = append(out.Open, turn)
		}
	}
	return out, nil
}
