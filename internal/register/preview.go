package register

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Turned is an enterprise whose verdict other rules would change.
type Turned struct {
	Enterprise   *ledger.Enterprise
	Before, Then campaign.Verdict
	Words        campaign.Text
}

// Preview tells whose verdict changes when rules are of another mode (AND, OR), before anything is saved.
func (d *Desk) Preview(ctx context.Context, scope auth.Scope, v *chronicle.View, modes map[string]string) ([]Turned, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	def, err := withModes(v.Definition, modes)
	if err != nil {
		return nil, err
	}
	var turned []Turned
	for _, e := range r.firmsInOrder() {
		if !sees(scope, e.Unit, e.Village) {
			continue
		}
		facts := def.Facts(e.Operator(), r.page.of[noun{campaign.OfEnterprise, e.ID}])
		before, then := v.Definition.Judge(facts), def.Judge(facts)
		if before.Verdict != then.Verdict {
			turned = append(turned, Turned{e, before.Verdict, then.Verdict, then.Words})
		}
	}
	return turned, nil
}

func withModes(d campaign.Definition, modes map[string]string) (campaign.Definition, error) {
	d.Eligibility = slices.Clone(d.Eligibility)
	for code, mode := range modes {
		i := slices.IndexFunc(d.Eligibility, func(r campaign.EligibilityRule) bool { return r.Code == code })
		if i < 0 || mode != campaign.ModeAll && mode != campaign.ModeAny {
			return d, fault.New(fault.KindInvalid, "unknown_rule", "没有“"+code+"”这条规则或这种方式", "there is no rule "+code+", or no such mode")
		}
		d.Eligibility[i].Mode = mode
	}
	return d, nil
}
