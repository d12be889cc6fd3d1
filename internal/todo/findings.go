package todo

import (
	"context"
	"fmt"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of findings beside those of the rules of land (campaign.FindingOverlap and others).
const (
	FindingConflict = "conflict"    // two people said different things (待核对)
	FindingPhoto    = "photo"       // a photo is another case's too (not of the same parcel), or its file is damaged or missing
	FindingCode     = "credit_code" // its operator's credit code does not check, and it is not finished
)

// FindingKinds are the kinds with their wording, in the order of the second line.
func FindingKinds() []campaign.Choice {
	return []campaign.Choice{
		{Code: FindingConflict, Name: campaign.Text{ZH: "待核对", EN: "to be compared"}},
		{Code: campaign.FindingOverlap, Name: campaign.Text{ZH: "重叠", EN: "overlap"}},
		{Code: campaign.FindingGround, Name: campaign.Text{ZH: "图形", EN: "outline"}},
		{Code: FindingPhoto, Name: campaign.Text{ZH: "照片", EN: "photo"}},
		{Code: campaign.FindingArea, Name: campaign.Text{ZH: "面积", EN: "area"}},
		{Code: FindingCode, Name: campaign.Text{ZH: "代码", EN: "credit code"}},
	}
}

func findingParts(q Query) []Part {
	var parts []Part
	for _, kind := range FindingKinds() {
		part := q
		part.Finding = kind.Code
		parts = append(parts, Part{Code: kind.Code, Name: kind.Name, Query: part})
	}
	return parts
}

// findings are the cases with findings, by kind.
type findings map[string]map[int64]bool

// of are the cases of a kind, or of any.
func (f findings) of(kind string) (map[int64]bool, error) {
	if kind != Any {
		cases, known := f[kind]
		if !known {
			return nil, fault.New(fault.KindInvalid, "bad_filter", fmt.Sprintf("筛选条件有误：没有“%s”这种数据问题", kind), fmt.Sprintf("the filter is wrong: there is no finding %q", kind))
		}
		return cases, nil
	}
	all := map[int64]bool{}
	for _, cases := range f {
		for id := range cases {
			all[id] = true
		}
	}
	return all, nil
}

// findings looks at the data as they are now.
func (d *Desk) findings(ctx context.Context, scope auth.Scope, v *chronicle.View) (findings, error) {
	list, err := d.land.All(ctx, v.Revision)
	if err != nil {
		return nil, err
	}
	f := findings(list.Cases())
	for _, kind := range FindingKinds() {
		if f[kind.Code] == nil {
			f[kind.Code] = map[int64]bool{}
		}
	}
	contradictions, err := d.source.Contradictions(ctx, scope)
	if err != nil {
		return nil, err
	}
	for _, c := range contradictions {
		f[FindingConflict][c.Case] = true
	}
	odd, err := d.source.OddPhotos(ctx, scope)
	if err != nil {
		return nil, err
	}
	for _, id := range odd {
		f[FindingPhoto][id] = true
	}
	wrong, err := d.codes.Odd(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	for _, c := range v.Cases() {
		if wrong[c.Enterprise] && c.Next != "" {
			f[FindingCode][c.ID] = true
		}
		// A difference with its reason is looked at until the district has accepted it.
		if campaign.Differs(c.Recovered, c.Land()) > campaign.MuchDifference && !v.Locked(c) {
			f[campaign.FindingArea][c.ID] = true
		}
	}
	return f, nil
}
