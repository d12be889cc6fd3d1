package directory

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

func firm(id int64, name, code, unit string) ledger.Enterprise {
	return ledger.Enterprise{ID: id, Name: name, Label: name, Code: code, Unit: unit}
}

// paired says which of some enterprises may be one, and why; some operate a case on parcel 1.
func paired(firms []ledger.Enterprise, onParcel ...int64) map[[2]int64][]Likeness {
	p := (&page{}).with(News{Changed: firms})
	cases := map[int64][]*chronicle.Case{}
	for _, id := range onParcel {
		c := &chronicle.Case{Identity: &chronicle.Identity{Shares: []campaign.Share{{Parcel: 1, Area: geo.Area(5)}}}}
		cases[id] = []*chronicle.Case{c}
	}
	found := map[[2]int64][]Likeness{}
	for _, pair := range p.twins(cases) {
		found[[2]int64{pair.One.ID, pair.Other.ID}] = pair.Why
	}
	return found
}

func TestEnterprisesEnteredTwiceAreFound(t *testing.T) {
	t.Parallel()
	merged := firm(3, "良三织造", "", "honghe")
	merged.MergedInto = 1
	for name, each := range map[string]struct {
		firms []ledger.Enterprise
		on    []int64
		want  map[[2]int64][]Likeness
	}{
		"the same name written in another way":        {firms: []ledger.Enterprise{firm(1, "良三织造（秀洲）有限公司", "", "honghe"), firm(2, "良三织造(秀洲) 有限责任公司", "", "wangdian")}, want: map[[2]int64][]Likeness{{1, 2}: {SameName}}},
		"O for 0 in the code":                         {firms: []ledger.Enterprise{firm(1, "甲", "91330411147298315U", "a"), firm(2, "乙", "9133O411147298315U", "b")}, want: map[[2]int64][]Likeness{{1, 2}: {SameCode}}},
		"a company with and without its form":         {firms: []ledger.Enterprise{firm(1, "良三织造", "", "a"), firm(2, "良三织造有限公司", "", "a")}, want: map[[2]int64][]Likeness{{1, 2}: {SameName}}},
		"people of one name in two towns":             {firms: []ledger.Enterprise{firm(1, "王建国", "", "a"), firm(2, "王建国", "", "b")}, want: map[[2]int64][]Likeness{}},
		"two sound codes":                             {firms: []ledger.Enterprise{firm(1, "同名厂", "91330411147298315U", "a"), firm(2, "同名厂", "91350100M000100Y43", "a")}, want: map[[2]int64][]Likeness{}},
		"one parcel, one character apart":             {firms: []ledger.Enterprise{firm(1, "宏盛毛衫厂", "", "a"), firm(2, "宏胜毛衫厂", "", "a")}, on: []int64{1, 2}, want: map[[2]int64][]Likeness{{1, 2}: {SamePlaces}}},
		"one parcel, one name within the other":       {firms: []ledger.Enterprise{firm(1, "宏盛", "", "a"), firm(2, "嘉兴宏盛毛衫厂", "", "a")}, on: []int64{2, 1}, want: map[[2]int64][]Likeness{{1, 2}: {SamePlaces}}},
		"one parcel, two workshops":                   {firms: []ledger.Enterprise{firm(1, "王建国", "", "a"), firm(2, "李建军", "", "a")}, on: []int64{1, 2}, want: map[[2]int64][]Likeness{}},
		"nearly the same name, but not on one parcel": {firms: []ledger.Enterprise{firm(1, "宏盛毛衫厂", "", "a"), firm(2, "宏胜毛衫厂", "", "a")}, want: map[[2]int64][]Likeness{}},
		"workshops by number":                         {firms: []ledger.Enterprise{firm(1, "凤桥村作坊1号", "", "a"), firm(2, "凤桥村作坊2号", "", "a"), firm(3, "凤桥村作坊12号", "", "a")}, on: []int64{1, 2, 3}, want: map[[2]int64][]Likeness{}},
		"the one with more cases first":               {firms: []ledger.Enterprise{firm(1, "良三织造", "", "a"), firm(2, "良三织造", "", "a")}, on: []int64{2}, want: map[[2]int64][]Likeness{{2, 1}: {SameName}}},
		"one that was merged is no other":             {firms: []ledger.Enterprise{firm(1, "良三织造", "", "a"), merged}, want: map[[2]int64][]Likeness{}},
	} {
		assert.Equal(t, each.want, paired(each.firms, each.on...), name)
	}
}

func TestWhatWasMergedIsFoundAsTheOneItIs(t *testing.T) {
	t.Parallel()
	a, b, c := firm(1, "甲", "", ""), firm(2, "乙", "", ""), firm(3, "丙", "", "")
	b.MergedInto, c.MergedInto = 1, 2
	p := (&page{}).with(News{Changed: []ledger.Enterprise{a, b, c}})
	itself, seen := p.itself(p.find(3))
	assert.True(t, seen)
	assert.Equal(t, int64(1), itself.ID, "through the second")
	assert.Len(t, p.former(1), 2)
	p = (&page{}).with(News{Changed: []ledger.Enterprise{b, c}})
	_, seen = p.itself(p.find(3))
	assert.False(t, seen, "who does not see the one that stays finds nothing")
}
