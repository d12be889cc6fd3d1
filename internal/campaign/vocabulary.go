package campaign

// Roles are the codes of the roles with their wording, from the most to the least that sees the whole.
func Roles() []Choice {
	var list []Choice
	for _, code := range []string{"viewer", "commander", "district", "planner", "acceptance", "department", "town", "field", "village", "park"} {
		list = append(list, Choice{code, RoleName(code)})
	}
	return list
}

// Areas are the areas that a parcel or a case has (screens of the product, section 6.6).
func Areas() []Choice {
	return []Choice{
		{"ledger", Text{"占地面积", "land area (ledger)"}},
		{"certificate", Text{"证载面积", "certificate area"}},
		{"geodesic", Text{"图斑面积（椭球）", "geometry area, geodesic"}},
		{"plane", Text{"平面面积（EPSG:4549）", "plane area"}},
		{"accepted", Text{"认定面积", "accepted area"}},
		{"recovered", Text{"腾退面积", "recovered land"}},
		{"effective", Text{"有效面积", "effective land"}},
		{"excluded", Text{"扣除面积", "excluded"}},
		{"floor", Text{"建筑面积", "floor area"}},
		{"illegal_floor", Text{"其中违建", "illegal floor area"}},
		{"block", Text{"连片区块", "block"}},
		{"block_share", Text{"50亩以上连片率", "share in blocks"}},
		{"overlap", Text{"重叠面积", "overlap"}},
		{"share", Text{"分摊面积", "share"}},
	}
}

// Lights are the lights with their wording, the best first.
func Lights() []Choice {
	var list []Choice
	for _, l := range []Light{LightGreen, LightYellow, LightRed, LightNone} {
		list = append(list, Choice{string(l), l.Name()})
	}
	return list
}

// Escalations are the measures that lights call for, from mild to grave.
func Escalations() []Choice {
	var list []Choice
	for _, e := range []Escalation{EscalationRemind, EscalationOrder, EscalationTalk} {
		list = append(list, Choice{string(e), e.Name()})
	}
	return list
}

// Periods are the times tasks are set for.
func Periods() []Choice {
	var list []Choice
	for _, p := range []Period{PeriodYear, PeriodThreeYears} {
		list = append(list, Choice{string(p), p.Name()})
	}
	return list
}

// effect is something a side state does.
type effect struct {
	Choice

	has func(SideState) bool
}

func effects() []effect {
	return []effect{
		{Choice{"stops", Text{"期间不能办理节点", "no milestone can be marked"}}, func(s SideState) bool { return s.Stops }},
		{Choice{"pauses", Text{"期间不计逾期", "the case is not late"}}, func(s SideState) bool { return s.Pauses }},
		{Choice{"excludes", Text{"不计入各项数据", "out of every figure"}}, func(s SideState) bool { return s.Excludes }},
		{Choice{"uncounts", Text{"已完成的不再计入", "what was completed does not count"}}, func(s SideState) bool { return s.Uncounts }},
		{Choice{"returns", Text{"撤回已通过的节点", "milestones are taken back"}}, func(s SideState) bool { return s.Returns }},
		{Choice{"extends", Text{"调整计划日期", "a plan is moved"}}, func(s SideState) bool { return s.Extends }},
		{Choice{"unlocks", Text{"可重新认定面积", "accepted land may be measured again"}}, func(s SideState) bool { return s.Unlocks }},
		{Choice{"holds", Text{"期满前不能结束", "it cannot end before its last day"}}, func(s SideState) bool { return s.Holds }},
		{Choice{"overturns", Text{"通过后撤销退回", "approving it gives back what was taken"}}, func(s SideState) bool { return s.Overturns }},
	}
}

// Effects are what side states may do, with their wording.
func Effects() []Choice {
	var list []Choice
	for _, e := range effects() {
		list = append(list, e.Choice)
	}
	return list
}

// Effects are the codes of what the side state does.
func (s SideState) Effects() []string {
	var codes []string
	for _, e := range effects() {
		if e.has(s) {
			codes = append(codes, e.Code)
		}
	}
	return codes
}
