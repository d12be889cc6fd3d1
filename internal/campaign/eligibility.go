package campaign

import (
	"fmt"
	"strconv"
	"strings"
)

// Modes of a rule of eligibility.
const (
	ModeAll = "all" // AND: every part must fit
	ModeAny = "any" // OR: one part is enough
)

// EligibilityRule is one of the rules by which somebody is a target (整治对象):
// its parts, and whether all or any of them must fit.
type EligibilityRule struct {
	Code  string      `json:"code"` // R1
	Name  Text        `json:"name"`
	Mode  string      `json:"mode"`
	Parts []Condition `json:"parts"`
}

func (r EligibilityRule) condition() Condition {
	if r.Mode == ModeAny {
		return Condition{Any: r.Parts}
	}
	return Condition{All: r.Parts}
}

func (r EligibilityRule) check() error {
	if r.Code == "" || r.Name.ZH == "" || r.Name.EN == "" || r.Mode != ModeAll && r.Mode != ModeAny || len(r.Parts) == 0 {
		return fmt.Errorf("eligibility rule %q: code, names, mode all or any, and parts are needed", r.Code)
	}
	for _, p := range r.Parts {
		if p.Name.ZH == "" || p.Name.EN == "" {
			return fmt.Errorf("eligibility rule %q: every part has a name in both languages", r.Code)
		}
	}
	return r.condition().check()
}

// Judgement is whether somebody is a target, and why: one rule that fits is enough.
type Judgement struct {
	Verdict Verdict
	Rules   []RuleJudgement
	Words   Text   // why, as a sentence to keep
	Laid    []Laid // what the overlays came to
}

// RuleJudgement is what one rule came to.
type RuleJudgement struct {
	Rule    EligibilityRule
	Verdict Verdict
	Reasons []Reason
}

// Judge evaluates the campaign's rules of eligibility.
func (d Definition) Judge(f Facts) Judgement {
	j := Judgement{Verdict: VerdictNo, Laid: d.Laid(f)}
	for _, r := range d.Eligibility {
		v, why := r.condition().Judge(f)
		j.Rules = append(j.Rules, RuleJudgement{r, v, why})
		if v == VerdictYes || v == VerdictOpen && j.Verdict != VerdictYes {
			j.Verdict = v
		}
	}
	j.Words = d.explain(j)
	return j
}

// explain says the verdict with the rules and tests that carry it: those that fit
// where it fits, what is not known where it is open, what does not fit otherwise.
func (d Definition) explain(j Judgement) Text {
	var zh, en []string
	for _, r := range j.Rules {
		if r.Verdict != j.Verdict {
			continue
		}
		var partsZH, partsEN []string
		for _, why := range r.Reasons {
			if why.Verdict == r.Verdict {
				value := j.Because(d, why)
				partsZH, partsEN = append(partsZH, why.Name.ZH+"："+value.ZH), append(partsEN, why.Name.EN+": "+value.EN)
			}
		}
		zh = append(zh, r.Rule.Code+" "+r.Rule.Name.ZH+"（"+strings.Join(partsZH, "；")+"）")
		en = append(en, r.Rule.Code+" "+r.Rule.Name.EN+" ("+strings.Join(partsEN, "; ")+")")
	}
	name := j.Verdict.Name()
	return Text{name.ZH + "：" + strings.Join(zh, "；"), name.EN + ": " + strings.Join(en, "; ")}
}

// Because is what a test found, in words: of what is yes or no, whether the test
// fits; of an overlay the share with its days, also where somebody decided otherwise.
func (j Judgement) Because(d Definition, r Reason) Text {
	for _, o := range j.Laid {
		if r.Fact == SheetOverlay+"."+o.Overlay.Code {
			return o.words()
		}
	}
	said := d.ValueWords(r.Fact, r.Value)
	if r.Value == "yes" || r.Value == "no" {
		said = yesNo(string(r.Verdict))
	}
	if r.Beside != nil {
		beside := j.Because(d, *r.Beside)
		said.ZH += "，" + r.Beside.Name.ZH + beside.ZH
		said.EN += ", " + r.Beside.Name.EN + " " + beside.EN
	}
	return said
}

// ValueWords is the value of a fact in words: of a choice its name.
func (d Definition) ValueWords(fact, value string) Text {
	if value == "" {
		return Text{"未知", "not known"}
	}
	sheet, field, _ := strings.Cut(fact, ".")
	if s, ok := d.Sheet(sheet); ok {
		if f, ok := s.Field(field); ok {
			return f.Words(value)
		}
	}
	if name, known := verdictFact(fact, value); known {
		return name
	}
	if fact == "above_scale" {
		return yesNo(value)
	}
	if _, is := d.overlay(fact); is {
		return Text{value + "%", value + "%"}
	}
	return Text{value, value}
}

func verdictFact(fact, value string) (Text, bool) {
	if fact == SheetEligibility+"."+EligibleResult {
		return Verdict(value).Name(), true
	}
	return Text{}, false
}

// FactName is the wording of a fact: of a field its name.
func (d Definition) FactName(fact string) Text {
	first, rest, _ := strings.Cut(fact, ".")
	if s, ok := d.Sheet(first); ok {
		if f, ok := s.Field(rest); ok {
			return f.Name
		}
	}
	if o, is := d.overlay(fact); is {
		return o.Name
	}
	if first == "past" {
		name := d.FactName(rest)
		return Text{name.ZH + "已过（天）", name.EN + ": days over"}
	}
	if m, ok := d.milestone(rest); ok && first == "late" {
		return Text{m.Name.ZH + "逾期（天）", m.Name.EN + ": days late"}
	}
	if t, ok := d.Track(rest); ok && (first == "cases" || first == "done") {
		if first == "done" {
			return Text{t.Name.ZH + "（已计入）", t.Name.EN + " (counted)"}
		}
		return t.Name
	}
	if name, ok := factNames[fact]; ok {
		return name
	}
	return Text{fact, fact}
}

var factNames = map[string]Text{ //nolint:gochecknoglobals // a constant table
	"class": {"上年度评价", "class last year"}, "class-1": {"前一年度评价", "class the year before"}, "class-2": {"前两年度评价", "class two years before"},
	"tax_per_mu": {"亩均税收（元/亩）", "tax per mu (yuan)"}, "above_scale": {"规模以上", "above scale"}, "late": {"逾期（天）", "days late"}, "due": {"应完成", "due"},
	SheetEligibility + "." + EligibleResult: {"认定结果", "verdict"}, SheetEligibility + "." + EligibleWhy: {"依据", "reason"},
}

// Operator is what of an enterprise is a fact.
type Operator struct {
	Kind, Industry string
	AboveScale     bool
	Evaluations    map[string]string  // class by year
	TaxPerMu       map[string]float64 // yuan per mu by year
}

// Facts are what is known of an enterprise: its classes of the three years before
// the campaign's (class, class-1, class-2), tax per mu of the last of them, and
// the fields of its sheets as sheet.field.
func (d Definition) Facts(o Operator, filled []Filled) Facts {
	f := Facts{"kind": o.Kind, "industry": o.Industry, "above_scale": "no"}
	if o.AboveScale {
		f["above_scale"] = "yes"
	}
	for back, name := range []string{"class", "class-1", "class-2"} {
		f[name] = o.Evaluations[strconv.Itoa(d.Year-1-back)]
	}
	if tax, known := o.TaxPerMu[strconv.Itoa(d.Year-1)]; known {
		f["tax_per_mu"] = strconv.FormatFloat(tax, 'f', -1, 64)
	}
	f.Add(d, filled)
	return f
}

// Add takes in the fields of sheets of which there is one for each noun.
func (f Facts) Add(d Definition, filled []Filled) {
	for _, one := range filled {
		if one.Sheet == SheetOverlay {
			f.overlays(one.Values)
		}
		if s, ok := d.Sheet(one.Sheet); ok && !s.Many {
			for code, value := range one.Values {
				f[one.Sheet+"."+code] = value
			}
		}
	}
}
