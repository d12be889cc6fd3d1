package campaign

import "slices"

// FindingRule is a named rule by which land is looked through (数据核查).
type FindingRule struct {
	Code string
	Name Text
	Way  Text   // what puts it right
	Kind string // of the to-do's findings: one of those below
	// Waivable says that a person may let a finding be, with a reason. Ground that would be counted twice is never let be.
	Waivable bool
}

// FindingOutsideUnit is the rule whose finding names the unit that land leaves.
const FindingOutsideUnit = "outside_unit"

// Kinds of findings that rules belong to.
const (
	FindingOverlap = "overlap" // land is there or counted twice
	FindingArea    = "area"    // figures do not fit each other
	FindingGround  = "ground"  // a polygon lies or looks wrong
)

// FindingRules are the rules, in the order of lists.
func FindingRules() []FindingRule {
	cut := Text{"裁切或合并", "cut or merge"}
	return []FindingRule{
		{Code: "land_overlaps", Name: Text{"腾退范围重叠", "recovered land overlaps"}, Way: cut, Kind: FindingOverlap},
		{Code: "land_earlier", Name: Text{"与往年腾退重叠", "overlaps land of an earlier year"}, Way: Text{"裁切", "cut"}, Kind: FindingOverlap},
		{Code: "effective_outside", Name: Text{"有效范围超出腾退范围", "effective land outside recovered"}, Way: Text{"重画有效范围", "draw it again"}, Kind: FindingGround},
		{Code: "parcel_twice", Name: Text{"同一地块重复登记", "the same parcel twice"}, Way: Text{"合并", "merge"}, Kind: FindingOverlap, Waivable: true},
		{Code: "parcels_overlap", Name: Text{"地块重叠", "parcels overlap"}, Way: cut, Kind: FindingOverlap, Waivable: true},
		{Code: "shares_over", Name: Text{"计入面积超过地块", "more counted than the parcel has"}, Way: Text{"改正各事项的计入面积", "correct what the cases count"}, Kind: FindingOverlap},
		{Code: FindingOutsideUnit, Name: Text{"超出所属单位", "outside its unit"}, Way: Text{"裁切", "cut"}, Kind: FindingGround, Waivable: true},
		{Code: "outside_district", Name: Text{"超出全区范围", "outside the district"}, Way: Text{"裁切", "cut"}, Kind: FindingGround, Waivable: true},
		{Code: "over_parcel", Name: Text{"腾退面积超过地块", "more recovered than the parcels"}, Way: Text{"重测或说明", "measure again, or say why"}, Kind: FindingArea, Waivable: true},
		{Code: "differs", Name: Text{"面积差额超过 5% 未说明", "differs by more than 5 %, unexplained"}, Way: Text{"说明原因", "say why"}, Kind: FindingArea, Waivable: true},
		{Code: "sliver", Name: Text{"碎片图斑", "sliver"}, Way: cut, Kind: FindingGround, Waivable: true},
		{Code: "self_touch", Name: Text{"图形自相接触", "the outline touches itself"}, Way: Text{"重画", "draw it again"}, Kind: FindingGround, Waivable: true},
	}
}

// FindingRuleOf is the rule of a code.
func FindingRuleOf(code string) (FindingRule, bool) {
	rules := FindingRules()
	i := slices.IndexFunc(rules, func(r FindingRule) bool { return r.Code == code })
	if i < 0 {
		return FindingRule{}, false
	}
	return rules[i], true
}
