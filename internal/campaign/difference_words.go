package campaign

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo"
)

// say puts a value that stands under a key of an object into words; nothing for nothing.
func (d *differ) say(in object, key string, v any) Text {
	switch v := v.(type) {
	case nil:
		return Text{}
	case bool:
		if v {
			return Text{"是", "yes"}
		}
		return Text{"否", "no"}
	case json.Number:
		return d.number(in, key, v)
	case string:
		return d.sayCode(key, v)
	case []any:
		parts := make([]Text, len(v))
		for i, each := range v {
			parts[i] = d.say(in, key, each)
		}
		return joined(parts, "、", ", ")
	case object:
		return d.sayObject(v)
	}
	return alike(fmt.Sprint(v))
}

// sayCode is what a code under a key stands for, itself where it stands for nothing else.
func (d *differ) sayCode(key, code string) Text {
	switch key {
	case "by", "roles", "deciders":
		return RoleName(code)
	case "screen":
		return TurnPage(code).Name()
	case "unit":
		return d.unitName(code)
	}
	return alike(code)
}

// sayObject leaves out what names the object: who reads this has the name before it.
func (d *differ) sayObject(o object) Text {
	if t, ok := textOf(o); ok {
		return t
	}
	names := []string{"name", "code"}
	if _, ofMetric := o["metric"]; ofMetric {
		names = append(names, "metric", "unit", "period")
	}
	var parts []Text
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if slices.Contains(names, key) {
			continue
		}
		word, value := wordOf(key), d.say(o, key, o[key])
		parts = append(parts, Text{word.ZH + "：" + value.ZH, word.EN + ": " + value.EN})
	}
	return joined(parts, "；", "; ")
}

// number is a number in the unit in which people know it.
func (d *differ) number(in object, key string, v json.Number) Text {
	n, err := v.Int64()
	if err != nil {
		return alike(v.String())
	}
	switch key {
	case "task":
		return d.task(in, n)
	case "share":
		return alike(tenths(n) + "%")
	case "weight", "off", "cap":
		return Text{Score(n).String() + "分", Score(n).String() + " points"}
	case "green", "red":
		return Text{tenths(n) + "个百分点", tenths(n) + " points"}
	case "least":
		mu := geo.Area(n).Mu()
		return Text{mu + "亩", mu + " mu"}
	}
	return alike(v.String())
}

// task is what has to be done, in the measure of its metric.
func (d *differ) task(in object, n int64) Text {
	code, _ := in["metric"].(string)
	m := d.metrics[code]
	text := strconv.FormatInt(n, 10)
	if m.Measure.Decimals() > 0 && m.Measure != "" {
		text = fmt.Sprintf("%d.%02d", n/100, n%100)
	}
	return Text{text + m.Unit.ZH, strings.TrimSpace(text + " " + m.Unit.EN)}
}

func tenths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
}

func alike(s string) Text { return Text{s, s} }

func joined(parts []Text, zh, en string) Text {
	list := Text{}
	for i, p := range parts {
		if i > 0 {
			list.ZH, list.EN = list.ZH+zh, list.EN+en
		}
		list.ZH, list.EN = list.ZH+p.ZH, list.EN+p.EN
	}
	return list
}

// textOf is a wording that was read loosely.
func textOf(v any) (Text, bool) {
	o, ok := v.(object)
	if !ok || len(o) != 2 {
		return Text{}, false
	}
	zh, isZH := o["zh"].(string)
	en, isEN := o["en"].(string)
	return Text{zh, en}, isZH && isEN
}

// wordOf is what a key of a definition is called; an unknown one is called by itself.
func wordOf(key string) Text {
	if t, ok := keyWords[key]; ok {
		return t
	}
	return alike(key)
}

var keyWords = map[string]Text{ //nolint:gochecknoglobals // a dictionary
	"act": {"事项用语", "words of the act"}, "ahead_days": {"提前（天）", "early (days)"}, "after": {"之后的节点", "after"}, "approval": {"须批准", "needs approval"}, "asked": {"待批", "asked for"},
	"badge": {"标记字", "badge"}, "blocks": {"连片区块", "contiguous blocks"}, "bulletins": {"通报", "bulletins"}, "button": {"按钮", "button"},
	"button_in": {"进入按钮", "button in"}, "button_out": {"解除按钮", "button out"}, "by": {"办理角色", "who may mark it"},
	"calendar": {"日历", "calendar"}, "caliber": {"口径", "caliber"}, "case_prefix": {"编号前缀", "prefix of codes"}, "certificate": {"证载面积字段", "attribute of the certificate"},
	"checkpoints": {"节点进度", "checkpoints"}, "checks": {"核查项", "boxes"}, "classes": {"类别", "classes"}, "clock": {"时钟", "clock"}, "code": {"代码", "code"},
	"counts": {"计数口径", "what it counts"}, "coverage": {"全覆盖", "coverage"}, "demo": {"演示", "demo"}, "disposals": {"处置方式", "ways of disposal"},
	"district": {"区", "district"}, "done": {"完成数", "done"}, "en": {"英文", "English"}, "end": {"结束日", "last day"}, "excludes": {"不计入", "leaves every figure"},
	"exclusions": {"扣除图层", "exclusions"}, "extends": {"顺延期限", "extends the limit"}, "findings": {"数据问题", "findings"}, "from": {"起算", "from"},
	"funnel": {"漏斗节点", "funnel"}, "gap": {"间距（米）", "gap (m)"}, "green": {"绿灯线", "green from"}, "group": {"分组", "group"}, "groups": {"阶段分组", "groups"},
	"holidays": {"节假日", "holidays"}, "kinds": {"主体类型", "kinds of operators"}, "land": {"腾退用地", "recovered land"}, "late": {"逾期", "late"}, "layer": {"图层", "layer"},
	"least": {"最小面积", "least size"}, "lights": {"灯", "lights"}, "locks": {"锁定面积", "locks the land"}, "may_be_not_applicable": {"可标不适用", "may be not applicable"},
	"measure": {"计量", "measure"}, "measured": {"须有认定面积", "needs accepted areas"}, "unless": {"除外的处置方式", "but not these outcomes"}, "metres": {"缓冲（米）", "buffer (m)"}, "metric": {"指标", "metric"}, "metrics": {"指标", "metrics"}, "milestone": {"节点", "milestone"},
	"milestones": {"节点", "milestones"}, "missing": {"未办用语", "words while missing"}, "mode": {"方式", "mode"}, "n": {"天数", "days"}, "name": {"名称", "name"},
	"next": {"下一节点", "next"}, "number": {"期号", "number"}, "of": {"计量内容", "of"}, "offset_seconds": {"偏移（秒）", "offset (s)"}, "on": {"日期", "day"},
	"order_after": {"连续红灯发督办单（次）", "reds before an order"}, "other_than": {"不得同一人", "another person than"}, "past": {"往年数据", "earlier years"}, "pauses": {"暂停计时", "pauses the clock"},
	"period": {"任务期", "period"}, "plan_label": {"计划用语", "words of the plan"}, "prefix": {"编号前缀", "prefix of codes"}, "reasons": {"常用理由", "usual reasons"},
	"red": {"红灯线", "red from"}, "red_days": {"逾期红灯（天）", "days late to red"}, "returns": {"退回至此", "returned to"}, "roles": {"角色", "roles"}, "share": {"应完成比例", "share due"},
	"side": {"侧状态", "side state"}, "sides": {"侧状态", "side states"}, "slot": {"阶段", "stage"}, "slots": {"阶段", "stages"}, "start": {"起始日", "first day"},
	"state": {"状态用语", "words of the state"}, "stops": {"停止办理", "stops"}, "supervised_after": {"挂牌督办（逾期天数）", "supervised after (days late)"}, "talk_after": {"连续红灯约谈（次）", "reds before a talk"},
	"targets": {"任务", "targets"}, "task": {"任务数", "task"}, "tells": {"提示内容", "tells"}, "templates": {"成批不适用", "templates"}, "three_years": {"三年期", "three years"},
	"title": {"标题", "title"}, "to": {"止", "to"}, "todos": {"待办", "to-do lists"}, "track": {"专项", "track"}, "tracks": {"专项", "tracks"}, "uncounts": {"扣回完成数", "uncounts"},
	"deciders": {"由谁审批", "decided by"}, "lasts": {"期限", "term"}, "holds": {"期满前不能结束", "holds until its last day"}, "during": {"处于何种状态时", "during"},
	"overturns": {"通过后撤销退回", "overturns"}, "evidence": {"回传材料", "document that ends it"}, "page": {"所在页面", "page"},
	"unit": {"单位", "unit"}, "units_by_plan": {"按计划考核", "judged by plan"}, "unlocks": {"解锁面积", "unlocks the land"}, "uses": {"再利用方式", "later uses"}, "villages": {"村（社区）", "villages"},
	"issuing": {"通报印发", "issuing of bulletins"}, "office": {"发文机关", "issuing office"}, "mark": {"周通报机关代字", "mark of weekly bulletins"}, "months": {"月通报机关代字", "mark of monthly bulletins"}, "copies": {"抄送", "copies"}, "monthly": {"月通报", "monthly"},
	"sheets":      {"填报表", "sheets"},
	"eligibility": {"整治对象规则", "rules of eligibility"},
	"watches":     {"重点名单", "lists under watch"},
	"overlays":    {"叠加分析", "overlays"},
	"edition":     {"版本", "edition"},
	"zones":       {"区划图层", "layers of zones"},
	"revisits":    {"回头看", "revisits"},
	"sheet":       {"登记表", "sheet"},
	"inspectors":  {"检查人员角色", "roles of inspectors"},
	"each":        {"每件检查人数", "inspectors of a case"},
	"days":        {"限期（天）", "days to do it in"},
	"power":       {"用电核查", "electricity"},
	"readings":    {"读数表", "sheet of readings"},
	"from_kwh":    {"月用电量预警线（千瓦时）", "flagged from (kWh a month)"},
	"enforcement": {"联动执法", "joint enforcement"},
	"actions":     {"行动表", "sheet of actions"},
	"sites":       {"点位表", "sheet of sites"},
	"assurance":   {"要素保障", "funds and land"},
	"funds":       {"资金表", "sheet of funds"},
	"channels":    {"腾退渠道表", "sheet of channels"},
	"parks":       {"园区支持表", "sheets of what parks are given"},
	"reuse":       {"再利用表", "sheet of use again"},
	"open":        {"未完成也汇总", "adds up before completion"},
	"fixed":       {"由系统写入", "written by the program"},
	"enters":      {"转入状态", "enters a side state"},
	"reason":      {"理由", "reason"},
	"reason_of":   {"理由取自", "field of the reason"},
	"acceptance":  {"联合验收", "joint acceptance"},
	"visits":      {"验收批次表", "sheet of the visits"},
	"inspections": {"验收意见表", "sheet of what a visit found"},
	"returned":    {"退回所用侧状态", "side state of what is returned"},
	"held":        {"暂缓所用侧状态", "side state of what is put off"},
	"field":       {"类别列", "column of the class"},
	"else":        {"未认定时按", "where nobody decided"},
	"bans":        {"禁止新增产能", "banned capacity"},
	"exits":       {"退出类专项", "leads out of production"},
	"many":        {"逐条登记", "rows"},
	"due":         {"最迟填报节点", "due before"},
	"adds":        {"准入登记", "lets somebody in"},
	"fields":      {"填报项", "fields"},
	"rules":       {"校验规则", "rules"},
	"balance":     {"不得为负的台账", "balance"},
	"when":        {"适用条件", "when"},
	"then":        {"应满足", "then"},
	"refusal":     {"不予通过的用语", "words of the refusal"},
	"type":        {"类型", "type"},
	"options":     {"选项", "options"},
	"required":    {"必填", "required"},
	"at_most":     {"不超过", "at most"},
	"total":       {"汇总", "added up"},
	"personal":    {"个人信息", "personal"},
	"note":        {"说明", "note"},
	"fact":        {"依据项", "fact"},
	"is":          {"取值", "is one of"},
	"below":       {"小于", "below"},
	"absent":      {"未知时", "where not known"},
	"all":         {"同时满足", "all of"},
	"any":         {"满足其一", "any of"},
	"parts":       {"条件", "parts"},
	"amount":      {"数量项", "amount"},
	"in":          {"转入条件", "what comes in"},
	"ratio":       {"比例项", "ratio"},
	"shows":       {"列示内容", "shown beside"},
	"where":       {"条件", "where"},
	"industries":  {"行业", "industries"},
	"basis":       {"依据", "basis"},
	"evidence_of": {"核查哪些节点的材料", "looks at the evidence of"},
	"observe":     {"现场查看项", "boxes looked at on the spot"},
	"appraisal":   {"考核", "appraisal"},
	"items":       {"考核项目", "items"},
	"weight":      {"分值", "weight"},
	"off":         {"每次扣分", "points off"},
	"cap":         {"封顶", "at most"},
	"levels":      {"按层级扣分", "points off by level"},
	"ladder":      {"逾期催办", "overdue ladder"},
	"late_days":   {"逾期天数（起）", "from days late"},
	"told":        {"催办", "reminders"},
	"rotation":    {"大屏轮播", "rotation of screens"},
	"turns":       {"轮播顺序", "turns"},
	"screen":      {"页面", "page"},
	"seconds":     {"停留（秒）", "seconds"},
	"photos":      {"照片", "photos"},
	"within":      {"时限", "time limit"}, "workdays": {"调休上班日", "make-up workdays"}, "working": {"按工作日", "working days"}, "year": {"年度", "year"}, "zh": {"中文", "Chinese"},
}
