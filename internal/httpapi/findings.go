package httpapi

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// mostFindings is how many findings a list holds.
const mostFindings = 500

// ListFindings implements gen.StrictServerInterface.
func (o *operations) ListFindings(ctx context.Context, r gen.ListFindingsRequestObject) (gen.ListFindingsResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err == nil {
		err = v.KnowsUnit(orZero(r.Params.Unit))
	}
	if err != nil {
		return nil, err
	}
	list, err := o.Findings.All(ctx, v.Revision)
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	v = v.For(scopeIn(ctx))
	unit, caseID, waived := orZero(r.Params.Unit), orZero(r.Params.CaseId), orZero(r.Params.Waived)
	asked := list.Of(orZero(r.Params.Rule), func(f finding.Finding) bool {
		return waived == (f.Waiver != nil) && (caseID == 0 || slices.Contains(f.Cases, caseID)) && (unit == "" || slices.Contains(unitsOf(v, f), unit))
	})
	out := gen.ListFindings200JSONResponse{Revision: list.Revision, Night: toDatePtr(list.Night), Rules: toFindingRules(list), Findings: []gen.LandFinding{}}
	for _, f := range asked[:min(len(asked), mostFindings)] {
		told, err := toFinding(v, f, people)
		if err != nil {
			return nil, err
		}
		out.Findings = append(out.Findings, told)
	}
	out.More = int64(len(asked) - len(out.Findings))
	return out, nil
}

func toFindingRules(list finding.List) []gen.FindingRule {
	var rules []gen.FindingRule
	for _, rule := range campaign.FindingRules() {
		told := gen.FindingRule{Code: rule.Code, Name: toText(rule.Name), Way: toText(rule.Way), Kind: rule.Kind, Waivable: rule.Waivable}
		for _, f := range list.Findings {
			switch {
			case f.Rule != rule.Code:
			case f.Waiver != nil:
				told.Waived++
			default:
				told.Open++
			}
		}
		rules = append(rules, told)
	}
	return rules
}

func toFinding(v *chronicle.View, f finding.Finding, people named) (gen.LandFinding, error) {
	area := toArea(f.Area)
	ground, err := toGround(f.Ground)
	out := gen.LandFinding{Rule: f.Rule, One: toParty(v, f.Noun, f.One), M2: area.M2, Mu: area.Mu, Place: f.Place[:], Geometry: ground, FoundOn: toDate(campaign.DateOf(f.FoundAt.In(campaign.Shanghai()))), Cases: []gen.CaseRef{}}
	if f.Other != 0 {
		other := toParty(v, f.Noun, f.Other)
		if f.Rule == campaign.FindingOutsideUnit {
			other = gen.FindingParty{Kind: gen.FindingPartyKindUnit, Id: f.Other, Code: orZero(out.One.Unit)}
		}
		out.Other = &other
	}
	for _, id := range f.Cases {
		if c := v.Case(id); c != nil {
			out.Cases = append(out.Cases, gen.CaseRef{Id: c.ID, Code: c.Code, Label: c.Label, Reduced: orNil(c.Reduced)})
		}
	}
	if w := f.Waiver; w != nil {
		out.Waiver = &gen.FindingWaiver{MadeAt: w.MadeAt, BatchId: w.Batch}
		if seesAll(v, f) {
			by := people.actor(w.Author)
			out.Waiver.By, out.Waiver.Reason = &by, &w.Reason
		}
	}
	return out, err
}

// toParty names a case or parcel as the view shows it.
func toParty(v *chronicle.View, noun string, id int64) gen.FindingParty {
	out := gen.FindingParty{Kind: gen.FindingPartyKind(noun), Id: id}
	if noun == ledger.NounCase {
		if c := v.Case(id); c != nil {
			out.Code, out.Label, out.Unit = c.Code, optional(c.Label), optional(c.Unit)
		}
		return out
	}
	if p := v.Parcel(id); p != nil {
		out.Code, out.Label, out.Unit = p.Code, optional(p.Label), optional(p.Unit)
	}
	return out
}

// unitsOf are the units whose cases or parcels a finding concerns.
func unitsOf(v *chronicle.View, f finding.Finding) []string {
	units := []string{orZero(toParty(v, f.Noun, f.One).Unit), orZero(toParty(v, f.Noun, f.Other).Unit)}
	for _, id := range f.Cases {
		if c := v.Case(id); c != nil {
			units = append(units, c.Unit)
		}
	}
	return units
}

// seesAll says whether the reader sees everything that a finding concerns: then also why it is let be, and by whom.
func seesAll(v *chronicle.View, f finding.Finding) bool {
	for _, id := range f.Cases {
		if c := v.Case(id); c != nil && !v.Sees(c) {
			return false
		}
	}
	return v.Scope().Sees(orZero(toParty(v, f.Noun, f.One).Unit), "")
}

// waiving lets a finding be.
func waiving(c gen.Change) ledger.Change {
	return ledger.WaiveFinding{Rule: orZero(c.Rule), One: orZero(c.One), Other: orZero(c.Other), Reason: orZero(c.Reason)}
}
