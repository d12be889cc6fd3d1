package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// town is what the story needs of a unit: who works there, how fast, where and
// what is made. Village names are real places; every firm is invented.
type town struct {
	unit     string
	prefix   string
	officer  string
	pace     float64 // days late on average
	villages []string
	trades   []string
}

func towns() []town {
	return []town{
		{"wangjiangjing", "WJ", "lu", 2, []string{"双桥村", "虹阳村", "范滩村", "古塘村", "腾云村", "西雁村", "东风村"}, []string{"织造厂", "喷织厂", "纺织厂", "整理加工点"}},
		{"youchegang", "YC", "wang", 5, []string{"马厍村", "池湾村", "钱家桥村", "濮家湾村", "麦家村", "栖真村"}, []string{"植绒厂", "喷水织造厂", "化纤加工点"}},
		{"xincheng", "XC", "qian", 0, []string{"来龙桥村", "沙家浜村", "南洋村", "观音桥村", "西吴村", "天福村", "万民村"}, []string{"针织厂", "金属家具厂", "木业加工点", "五金厂"}},
		{"wangdian", "WD", "xu", -2, []string{"凤珍村", "假山村", "庄安村", "宝华村", "镇中村", "南梅村"}, []string{"集成吊顶厂", "小家电厂", "五金厂", "塑料制品厂"}},
		{"honghe", "HH", "shen", 1, []string{"凤桥村", "锦福村", "良三村", "新美村", "泰石桥村", "建北村"}, []string{"毛衫加工点", "羊毛衫厂", "印花厂", "制衣厂"}},
		{"gaoxin", "GX", "xu", -1, []string{"新义村", "象贤村", "九里村", "陶泾村"}, []string{"光伏配件厂", "机械厂", "包装厂"}},
	}
}

var (
	firstSigns  = []string{"宏", "锦", "华", "麟", "金", "嘉", "庄", "洛", "新", "顺", "恒", "永", "宝", "凤", "泰", "兴"} //nolint:gochecknoglobals // words of the story
	secondSigns = []string{"盛", "福", "联", "湖", "泾", "达", "源", "丰", "隆", "昌", "益", "和", "美", "利", "泰", "安"} //nolint:gochecknoglobals // words of the story
)

// lot is a parcel of the demo with the firm on it.
type lot struct {
	draft ledger.ParcelDraft
	town  town
}

const seed = 20200930

func newRand() *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) } //nolint:gosec // the same story every time is the point

// lots lays out a quarter and a few scattered lots in every village and names a firm on each.
func lots(r *rand.Rand) []lot {
	var all []lot
	used := map[string]bool{}
	bounds := boundaries()
	for _, t := range towns() {
		n := 0
		for _, v := range t.villages {
			for _, shape := range settlement(r, bounds[t.unit]) {
				n++
				all = append(all, lot{town: t, draft: ledger.ParcelDraft{
					Row: len(all) + 1, Code: fmt.Sprintf("%s-%03d", t.prefix, n), Label: firmName(r, v, t.trades, used), Geometry: shape,
					Attributes: map[string]string{"村（社区）": v, "来源": "演示数据"},
				}})
			}
		}
	}
	return all
}

// firmName invents a firm; a workshop is named after its village, never after a person.
func firmName(r *rand.Rand, where string, trades []string, used map[string]bool) string {
	for n := 1; ; n++ {
		trade := trades[r.IntN(len(trades))]
		name := firstSigns[r.IntN(len(firstSigns))] + secondSigns[r.IntN(len(secondSigns))] + trade
		if r.IntN(4) == 0 {
			name = fmt.Sprintf("%s作坊%d号", where, n+r.IntN(60))
		}
		if !used[name] {
			used[name] = true
			return name
		}
	}
}

// step is one thing that happens to a case on a day.
type step struct {
	day       campaign.Date
	lot       int // index
	milestone string
	reason    string // not applicable, because
	plans     map[string]campaign.Date
}

const (
	firstDay = campaign.Date("2020-02-17")
	lastDay  = campaign.Date("2020-09-29")
)

// days each milestone is planned after the one before.
func intervals() []int { return []int{0, 10, 16, 10, 22, 30, 18, 26, 22, 12, 10, 8} }

// story tells what happens to each lot, in order of day.
func story(r *rand.Rand, track campaign.Track, all []lot) []step {
	var steps []step
	for i, l := range all {
		if r.IntN(10) == 0 {
			continue // a parcel that is not on the list
		}
		steps = append(steps, caseStory(r, track, i, l.town.pace)...)
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		switch {
		case a.day < b.day:
			return -1
		case a.day > b.day:
			return 1
		}
		return 0
	})
	return steps
}

func caseStory(r *rand.Rand, track campaign.Track, index int, pace float64) []step {
	plans := map[string]campaign.Date{}
	planned := firstDay.AddDays(int(215 * math.Pow(r.Float64(), 2)))
	steps := []step{{day: planned, lot: index, milestone: track.Milestones[0].Code, plans: plans}}
	actual := planned
	slowness := r.NormFloat64()
	open := true
	for i, m := range track.Milestones[1:] {
		planned = planned.AddDays(intervals()[i+1] + r.IntN(8))
		plans[m.Code] = planned
		delay := int(pace + slowness*3 + r.NormFloat64()*2)
		actual = max(actual.AddDays(1), planned.AddDays(delay))
		if !open || actual > lastDay {
			open = false
			continue
		}
		s := step{day: actual, lot: index, milestone: m.Code}
		if m.Code == "demolished" && r.IntN(5) == 0 {
			s.reason = "厂房由镇统一收储，不需拆除"
		}
		steps = append(steps, s)
	}
	return steps
}

// dayTime is a working hour of the day.
func dayTime(r *rand.Rand, day campaign.Date) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(day), campaign.Shanghai()) // a day of our own
	return t.Add(time.Duration(9*60+r.IntN(8*60)) * time.Minute)
}
