package campaign

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Verdict is what a condition comes to: what is not known is neither yes nor no.
type Verdict string

// The verdicts.
const (
	VerdictYes  Verdict = "yes"  // 符合
	VerdictNo   Verdict = "no"   // 不符合
	VerdictOpen Verdict = "open" // 待认定
)

// Name is the wording of the verdict.
func (v Verdict) Name() Text {
	switch v {
	case VerdictYes:
		return Text{"符合", "fits"}
	case VerdictNo:
		return Text{"不符合", "does not fit"}
	case VerdictOpen:
	}
	return Text{"待认定", "to be determined"}
}

// Facts are what is known of an enterprise, a case or a row, by name; numbers as decimals.
type Facts map[string]string

// Condition is a rule as data: one test of a fact, or a group of which all or any must fit.
type Condition struct {
	Name  Text     `json:"name,omitzero"` // 占地5亩以下
	Fact  string   `json:"fact,omitempty"`
	Is    []string `json:"is,omitempty"`    // it is one of these
	Below *float64 `json:"below,omitempty"` // it is a number less than this,
	From  *float64 `json:"from,omitempty"`  // or not less than this
	// Absent says what a fact that is not known means: empty leaves it open.
	Absent Verdict `json:"absent,omitempty"`
	// Else is asked where the fact is not known: what nobody has decided, the overlay tells.
	Else *Condition  `json:"else,omitempty"`
	All  []Condition `json:"all,omitempty"`
	Any  []Condition `json:"any,omitempty"`
}

// Reason is a test and what it came to.
type Reason struct {
	Name    Text
	Fact    string
	Value   string // empty: not known
	Verdict Verdict
	Beside  *Reason // what the test for want of the fact came to, where the fact is known; nil: there is none
}

// Judge tests the facts, and tells each single test. A group of all is no as soon
// as one is no, one of any is yes as soon as one is yes; otherwise what is open
// leaves it open. An empty condition fits.
func (c Condition) Judge(f Facts) (Verdict, []Reason) {
	switch {
	case c.Fact != "" && c.Else != nil:
		return c.orElse(f)
	case c.Fact != "":
		r := Reason{Name: c.Name, Fact: c.Fact, Value: f[c.Fact], Verdict: c.test(f)}
		return r.Verdict, []Reason{r}
	case len(c.Any) > 0:
		return group(c.Any, f, VerdictYes, VerdictNo)
	}
	return group(c.All, f, VerdictNo, VerdictYes)
}

// orElse tests the fact, or what stands for it.
func (c Condition) orElse(f Facts) (Verdict, []Reason) {
	verdict, why := c.Else.Judge(f)
	if f[c.Fact] == "" {
		return verdict, why
	}
	r := Reason{Name: c.Name, Fact: c.Fact, Value: f[c.Fact], Verdict: c.test(f)}
	if len(why) == 1 && why[0].Value != "" {
		r.Beside = &why[0]
	}
	return r.Verdict, []Reason{r}
}

// group joins the verdicts of parts: one that decides does, else what is open leaves it open.
func group(parts []Condition, f Facts, decides, otherwise Verdict) (Verdict, []Reason) {
	var reasons []Reason
	verdict := otherwise
	for _, part := range parts {
		v, why := part.Judge(f)
		reasons = append(reasons, why...)
		if v == decides || v == VerdictOpen && verdict != decides {
			verdict = v
		}
	}
	return verdict, reasons
}

func (c Condition) test(f Facts) Verdict {
	value := f[c.Fact]
	if value == "" {
		if c.Absent != "" {
			return c.Absent
		}
		return VerdictOpen
	}
	if len(c.Is) > 0 {
		return verdictOf(slices.Contains(c.Is, value))
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return VerdictOpen
	}
	return verdictOf((c.Below == nil || n < *c.Below) && (c.From == nil || n >= *c.From))
}

func verdictOf(yes bool) Verdict {
	if yes {
		return VerdictYes
	}
	return VerdictNo
}

// Words is the test by its name, with what is asked where nobody has decided.
func (c Condition) Words() Text {
	if c.Else == nil {
		return c.Name
	}
	return Text{c.Name.ZH + "（未认定的按叠加：" + c.Else.Name.ZH + c.Else.bound().ZH + "）", c.Name.EN + " (else by overlay: " + c.Else.Name.EN + c.Else.bound().EN + ")"}
}

// bound is the limit of a test of a share.
func (c Condition) bound() Text {
	switch {
	case c.Below != nil:
		n := strconv.FormatFloat(*c.Below, 'f', -1, 64)
		return Text{"不足" + n + "%", " below " + n + "%"}
	case c.From != nil:
		n := strconv.FormatFloat(*c.From, 'f', -1, 64)
		return Text{n + "%以上", " from " + n + "%"}
	}
	return Text{}
}

// Fits tells whether the facts are known to fit.
func (c Condition) Fits(f Facts) bool {
	v, _ := c.Judge(f)
	return v == VerdictYes
}

// check refuses a condition that tests nothing, or two things at once.
func (c Condition) check() error {
	tests := 0
	for _, has := range []bool{len(c.Is) > 0, c.Below != nil || c.From != nil, len(c.All) > 0, len(c.Any) > 0} {
		if has {
			tests++
		}
	}
	if tests != 1 || (c.Fact == "") != (len(c.All)+len(c.Any) > 0) {
		return fmt.Errorf("condition on %q: exactly one test of a fact, or a group", c.Fact)
	}
	if !slices.Contains([]Verdict{"", VerdictYes, VerdictNo, VerdictOpen}, c.Absent) {
		return fmt.Errorf("condition on %q: absent %q is no verdict", c.Fact, c.Absent)
	}
	var wrong []error
	if c.Else != nil {
		if c.Fact == "" || c.Absent != "" || c.Else.Fact == "" {
			return fmt.Errorf("condition on %q: else is one other test of a fact, in place of absent", c.Fact)
		}
		wrong = append(wrong, c.Else.check())
	}
	for _, part := range slices.Concat(c.All, c.Any) {
		wrong = append(wrong, part.check())
	}
	return errors.Join(wrong...)
}
