package caseimport

import (
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
)

// Target is what a column can be read as. Which there are follows from the campaign: its milestones, sheets and lists.
type Target struct {
	Key   string // own_label, plan:signed, done:signed, check:water, facts.land; "" is left out
	Name  campaign.Text
	kind  kind
	field campaign.Field // of a sheet
	sheet campaign.Sheet
	code  string // of a milestone or a box
	// names are what heads call it, plain.
	names []string
}

type kind int

// Kinds of targets.
const (
	ignored kind = iota // known, and left out
	words
	unitName
	villageName
	trackName
	kindName
	disposalName
	caseCode
	creditCode
	industry
	scale
	classes
	taxes
	tenancy
	parcelCodes
	area
	plan
	done
	box
	sheetField
	phone
)

// Keys of targets that are looked for by name.
const (
	keyLabel     = "label"
	keyUnit      = "unit"
	keyRecovered = "recovered"
	keyEffective = "effective"
	keyFloor     = "floor"
)

// targets are what columns can be read as in this campaign.
func targets(d campaign.Definition) []Target {
	list := own()
	for _, t := range d.Tracks {
		for _, m := range t.Milestones {
			list = append(list, milestoneTargets(m)...)
		}
	}
	for _, s := range d.Sheets {
		if s.Many || s.Of != campaign.OfCase && s.Of != campaign.OfEnterprise {
			continue
		}
		for _, f := range s.Fields {
			list = append(list, Target{
				Key: s.Code + "." + f.Code, Name: f.Name, kind: sheetField, field: f, sheet: s,
				names: []string{plain(f.Name.ZH), plain(s.Name.ZH + f.Name.ZH)},
			})
		}
	}
	return unique(list)
}

// unique keeps the first of targets that are the same (milestones of several tracks), with the names of all.
func unique(list []Target) []Target {
	var all []Target
	for _, t := range list {
		i := slices.IndexFunc(all, func(o Target) bool { return o.Key == t.Key && t.Key != "" })
		if i < 0 {
			all = append(all, t)
			continue
		}
		all[i].names = append(all[i].names, t.names...)
	}
	return all
}

func milestoneTargets(m campaign.Milestone) []Target {
	name, state := plain(m.Name.ZH), strings.TrimPrefix(plain(m.State.ZH), "已")
	plans := []string{plain(m.PlanLabel.ZH)}
	dones := []string{plain(m.State.ZH)}
	for _, n := range []string{name, state} {
		for _, before := range []string{"计划", "计划时间", "计划完成时间", "计划日期", "时间节点"} {
			plans = append(plans, before+n, before+n+"时间", before+n+"日期")
		}
		dones = append(dones, n+"时间", n+"日期", n+"完成时间", "实际"+n, "实际"+n+"时间", "实际"+n+"日期", "实际时间"+n, "实际完成时间"+n, "完成时间"+n, "完成日期"+n, "进度"+n, "实际"+plain(m.State.ZH), "进展"+n)
	}
	list := []Target{
		{Key: "plan:" + m.Code, Name: m.PlanLabel, kind: plan, code: m.Code, names: plans},
		{Key: "done:" + m.Code, Name: m.State, kind: done, code: m.Code, names: dones},
	}
	for _, c := range m.Checks {
		list = append(list, Target{Key: "check:" + c.Code, Name: c.Name, kind: box, code: c.Code, names: []string{plain(c.Name.ZH), "两断三清" + plain(c.Name.ZH)}})
	}
	return list
}

// own are the fields of cases and enterprises themselves, and what ledgers have beside them.
func own() []Target {
	t := func(key string, k kind, zh, en string, names ...string) Target {
		return Target{Key: key, Name: campaign.Text{ZH: zh, EN: en}, kind: k, names: append([]string{plain(zh)}, names...)}
	}
	return []Target{
		t(keyLabel, words, "企业（作坊）名称", "name of the firm", "企业名称", "单位名称", "企业作坊名称", "作坊名称", "名称", "企业", "厂名", "企业单位名称", "经营主体", "经营主体名称"),
		t(keyUnit, unitName, "责任主体", "responsible unit", "镇街道", "镇", "镇街道责任主体", "属地", "所属镇", "所属镇街道", "责任单位", "乡镇"),
		t("village", villageName, "村（社区）", "village", "村社区", "村", "所在村", "所在村社区", "行政村", "社区"),
		t("code", caseCode, "编号", "case code", "案卷编号", "事项编号", "台账编号"),
		t("track", trackName, "类别", "track", "专项类别", "整治类别"),
		t("credit", creditCode, "统一社会信用代码", "credit code", "信用代码", "社会信用代码", "统一信用代码", "统一社会信用代码证号"),
		t("kind", kindName, "类型", "kind", "企业类型", "主体类型", "类型企业作坊", "企业作坊"),
		t("industry", industry, "行业", "industry", "行业代码", "所属行业", "行业gbt4754", "国民经济行业"),
		t("scale", scale, "规上/规下", "above or below scale", "规上规下", "是否规上", "规模"),
		t("evaluations", classes, "亩均评价", "classes", "亩均论英雄评价", "亩均评价等级", "评价等级"),
		t("tax", taxes, "亩均税收", "tax per mu"),
		t("tenancy", tenancy, "是否租赁", "tenant", "是否租赁只计家数", "只计家数", "租赁"),
		t("parcels", parcelCodes, "图斑编号", "parcel codes", "地块编号", "图斑号", "地块号"),
		t("disposal", disposalName, "处置方式", "way of disposal", "整治方式", "处置类型"),
		t(keyRecovered, area, "腾退面积", "recovered land", "认定面积", "腾退土地面积", "认定腾退面积", "腾退土地"),
		t(keyEffective, area, "有效面积", "effective land", "腾出有效面积", "有效腾退面积", "其中有效面积"),
		t(keyFloor, area, "建筑面积", "floor area", "总建筑面积"),
		t("batch", words, "批次", "batch", "整治批次"),
		t("responsible", words, "责任人", "person responsible", "包干责任人", "镇责任人"),
		t("note", words, "备注", "note", "说明"),
		t("phone", phone, "联系电话", "telephone", "电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
		t("", ignored, "序号", "No.", "序", "编次", "no"),
		t("", ignored, "阶段", "stage", "状态", "特殊状态", "逾期天", "逾期", "后续用途", "原行号", "原文件", "退回原因", "进度", "当前进度"),
	}
}

// plain brings spellings of a head together: no blanks, brackets, marks or units, narrow and small letters.
func plain(head string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(grid.Narrow(head)) {
		if !strings.ContainsRune(" \t\n()（）[]【】<>《》“”\"'、,，。.:：;；/\\-_*·+＊△▲※", r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// generic are words of group heads that say nothing by themselves.
func generic(part string) bool {
	return slices.Contains([]string{"基本情况", "基本信息", "企业基本情况", "企业基本信息", "整治情况", "进展情况", "时间节点", "面积", "面积情况", "土地", "土地情况", "其他", "其中", "整治进度", "工作进展"}, part)
}

// find finds what a head is: by all of its parts, without those that say nothing, then by the last one alone.
func find(list []Target, path []string) (Target, bool) {
	var all, telling []string
	for _, part := range path {
		p := plain(withoutUnit(part))
		if p == "" {
			continue
		}
		all = append(all, p)
		if !generic(p) {
			telling = append(telling, p)
		}
	}
	var tries []string
	tries = append(tries, strings.Join(all, ""), strings.Join(telling, ""))
	if n := len(telling); n > 0 && !strings.HasPrefix(telling[0], "计划") {
		tries = append(tries, telling[n-1])
	}
	for _, name := range tries {
		if t, known := named(list, name); known {
			return t, true
		}
	}
	return Target{}, false
}

func named(list []Target, name string) (Target, bool) {
	if name == "" {
		return Target{}, false
	}
	for _, t := range list {
		if slices.Contains(t.names, name) || t.byYear() && strings.Contains(name, t.names[0]) {
			return t, true
		}
	}
	return Target{}, false
}

// byYear heads carry years: 亩均评价（2017至2019年）.
func (t Target) byYear() bool { return t.kind == classes || t.kind == taxes }

// withoutUnit takes the unit of an area off a head, with the brackets about it.
func withoutUnit(head string) string {
	if unit, rest := grid.UnitIn(head); unit != "" {
		return rest
	}
	return strings.NewReplacer("（万元/亩）", "", "(万元/亩)", "", "（家）", "", "(家)", "").Replace(head)
}

// byKey finds a target by its key.
func byKey(list []Target, key string) (Target, bool) {
	i := slices.IndexFunc(list, func(t Target) bool { return t.Key == key })
	if i < 0 || key == "" {
		return Target{}, false
	}
	return list[i], true
}

// measures tells whether a target is an area, whose column needs a unit.
func (t Target) measures() bool {
	return t.kind == area || t.kind == sheetField && (t.field.Type == campaign.FieldMu || t.field.Type == campaign.FieldArea)
}
