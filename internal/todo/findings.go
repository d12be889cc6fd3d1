package todo

import (
	"context"
	"fmt"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of findings.
const (
	FindingConflict = "conflict"    // two people said different things (待核对)
	FindingOverlap  = "overlap"     // its land is counted twice
	FindingArea     = "area"        // accepted land differs much from the parcels and is not accepted by the district yet
	FindingPhoto    = "photo"       // a photo is another case's too (not of the same parcel), or its file is damaged or missing
	FindingCode     = "credit_code" // its operator's credit code does not check, and it is not finished
)

// FindingKinds are the kinds with their wording, in the order of the second line.
func FindingKinds() []campaign.Choice {
	return []campaign.Choice{
		{Code: FindingConflict, Name: campaign.Text{ZH: "待核对", EN: "to be compared"}},
		{Code: FindingOverlap, Name: campaign.Text{ZH: "重叠", EN: "overlap"}},
		{Code: FindingPhoto, Name: campaign.Text{ZH: "照片", EN: "photo"}},
		{Code: FindingArea, Name: campaign.Text{ZH: "面积", EN: "area"}},
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
	f := findings{FindingConflict: {}, FindingOverlap: {}, FindingArea: {}, FindingPhoto: {}, FindingCode: {}}
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
	pairs, err := d.overlapping(ctx, v)
	if err != nil {
		return nil, err
	}
	for pair := range pairs {
		for _, parcel := range pair {
			for _, c := range v.OnParcel(parcel) {
				if c.Land() > 0 {
					f[FindingOverlap][c.ID] = true
				}
			}
		}
	}
	wrong, err := d.codes.Odd(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	for _, c := range v.Cases() {
		if wrong[c.Enterprise] && c.Next != "" {
			f[FindingCode][c.ID] = true
		}
		if campaign.Differs(c.Recovered, c.Land()) > campaign.MuchDifference && !v.Locked(c) {
			f[FindingArea][c.ID] = true
		}
	}
	return f, nil
}

// overlapping are the pairs of parcels that share land, at the view's revision or
// later: all of them once, then those of parcels that changed.
func (d *Desk) overlapping(ctx context.Context, v *chronicle.View) (map[[2]int64]geo.Area, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at >= v.Revision {
		return d.overlaps, nil
	}
	var changed []int64
	if d.at > 0 {
		if changed = v.ParcelsSince(d.at); len(changed) == 0 {
			d.at = v.Revision
			return d.overlaps, nil
		}
	}
	found, err := d.source.Overlaps(ctx, changed)
	if err != nil {
		return nil, err
	}
	next := make(map[[2]int64]geo.Area, len(d.overlaps)+len(found))
	for pair, area := range d.overlaps {
		if !slices.Contains(changed, pair[0]) && !slices.Contains(changed, pair[1]) {
			next[pair] = area
		}
	}
	for _, o := range found {
		next[o.Parcels] = o.Area
	}
	d.at, d.overlaps = v.Revision, next
	return next, nil
}
