package campaign

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// orderly are the facts of a firm that nothing speaks against: 自然村落, 8亩, legal, according to plan.
func orderly() map[string]string {
	return map[string]string{"location": "natural_village", "land": "8", "legal_land": "yes", "planning": "yes", "zoning": "yes", "policy": "yes"}
}

func judged(t *testing.T, d Definition, o Operator, facts map[string]string) Judgement {
	t.Helper()
	return d.Judge(d.Facts(o, []Filled{{Sheet: "facts", Of: OfEnterprise, Values: facts}}))
}

func TestEligibilityOfTheFourRules(t *testing.T) {
	t.Parallel()
	d := offered(t)
	classes := func(last, before, first string) map[string]string {
		return map[string]string{"2019": last, "2018": before, "2017": first}
	}
	for name, c := range map[string]struct {
		operator Operator
		change   map[string]string
		want     Verdict
		rule     string
		words    string
	}{
		"R1 all four parts":         {Operator{Evaluations: classes("C", "B", "B")}, map[string]string{"land": "4.99"}, VerdictYes, "R1", "占地5亩以下：4.99亩；绩效评价C类以下（含）：C；规模以下：是"},
		"five mu are not below":     {Operator{Evaluations: classes("C", "B", "B")}, map[string]string{"land": "5"}, VerdictNo, "", "占地5亩以下：5亩"},
		"above scale is none of R1": {Operator{AboveScale: true, Evaluations: classes("C", "", "")}, map[string]string{"land": "3"}, VerdictNo, "", "规模以下：否"},
		"B is above C":              {Operator{Evaluations: classes("B", "B", "B")}, map[string]string{"land": "3"}, VerdictNo, "", "绩效评价C类以下（含）：B"},
		"not rated is left open":    {Operator{}, map[string]string{"land": "3"}, VerdictOpen, "", "绩效评价C类以下（含）：未知"},
		"R2 three years D":          {Operator{AboveScale: true, Evaluations: classes("D", "D", "D")}, nil, VerdictYes, "R2", "上年度评价：D；前一年度评价：D；前两年度评价：D"},
		"two years D":               {Operator{AboveScale: true, Evaluations: classes("D", "D", "C")}, nil, VerdictNo, "", "前两年度评价：C"},
		"R3 cluster without land":   {Operator{AboveScale: true}, map[string]string{"location": "village_cluster", "legal_land": "no"}, VerdictYes, "R3", "坐落在原村级工业集聚区：原村级工业集聚区；无合法用地：是"},
		"cluster with land":         {Operator{AboveScale: true}, map[string]string{"location": "village_cluster"}, VerdictNo, "", "无合法用地：否"},
		"R4 one of three":           {Operator{AboveScale: true}, map[string]string{"zoning": "no"}, VerdictYes, "R4", "不符合环境功能区划：是"},
	} {
		facts := orderly()
		for field, value := range c.change {
			facts[field] = value
		}
		j := judged(t, d, c.operator, facts)
		assert.Equal(t, c.want, j.Verdict, name)
		assert.Contains(t, j.Words.ZH, c.words, name)
		assert.Contains(t, j.Words.ZH, c.want.Name().ZH+"：", name)
		for _, r := range j.Rules {
			assert.Equal(t, r.Rule.Code == c.rule, r.Verdict == VerdictYes, "%s: %s", name, r.Rule.Code)
		}
	}
}

func TestAnyInsteadOfAllLetsMoreIn(t *testing.T) {
	t.Parallel()
	d := offered(t)
	village := Operator{AboveScale: true, Evaluations: map[string]string{"2019": "A"}}
	require.Equal(t, VerdictNo, judged(t, d, village, orderly()).Verdict)
	d.Eligibility[0].Mode = ModeAny
	assert.Equal(t, VerdictYes, judged(t, d, village, orderly()).Verdict, "坐落在自然村落 alone")
	require.NoError(t, d.Check())
	d.Eligibility[0].Mode = "some"
	require.ErrorContains(t, d.Check(), "mode all or any")
}

func TestVerdictsOfGroupsAreThreeValued(t *testing.T) {
	t.Parallel()
	test := func(fact string) Condition { return Condition{Fact: fact, Is: []string{"yes"}} }
	for _, c := range []struct{ a, b, all, anyOf string }{
		{"yes", "yes", "yes", "yes"}, {"yes", "", "open", "yes"}, {"yes", "no", "no", "yes"},
		{"", "", "open", "open"}, {"", "no", "no", "open"}, {"no", "no", "no", "no"},
	} {
		for _, f := range []Facts{{"a": c.a, "b": c.b}, {"a": c.b, "b": c.a}} {
			all, _ := Condition{All: []Condition{test("a"), test("b")}}.Judge(f)
			some, _ := Condition{Any: []Condition{test("a"), test("b")}}.Judge(f)
			assert.Equal(t, Verdict(c.all), all, f)
			assert.Equal(t, Verdict(c.anyOf), some, f)
		}
	}
}
