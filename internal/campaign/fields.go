package campaign

// FieldName is the wording of a field of a case or of an enterprise, false for one without words.
func FieldName(key string) (Text, bool) {
	name, known := map[string]Text{
		"label": {"名称", "name"}, "responsible": {"责任人", "person responsible"}, "note": {"说明", "note"},
		"batch": {"批次", "batch"}, "village": {"村（社区）", "village"}, "kind": {"类型", "kind"}, "disposal": {"处置方式", "disposal"},
		"unit": {"责任主体", "responsible unit"}, "enterprise": {"企业", "enterprise"}, "shares": {"计入面积", "land counted"},
		"recovered": {"认定面积", "accepted land"}, "effective": {"有效面积", "effective land"}, "floor": {"建筑面积", "floor area"},

		"name": {"企业名称", "name of the firm"}, "code": {"统一社会信用代码", "credit code"}, "industry": {"行业", "industry"}, "above_scale": {"规上", "above scale"},
		"evaluations": {"亩均评价", "evaluation"}, "tax_per_mu": {"亩均税收", "tax per mu"}, "merged_into": {"并入企业", "merged into"},
		"definition": {"专项行动设置", "the campaign's data"},
	}[key]
	return name, known
}
