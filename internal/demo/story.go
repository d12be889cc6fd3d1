package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// town is what the story needs of a unit: where its quarters lie, who works
// there, what is made there. Village names are real places; every firm is invented.
type town struct {
	unit     string
	prefix   string
	officer  string
	pace     float64 // days late on average
	villages []village
	trades   []string
}

type village struct {
	name string
	at   orb.Point
}

func towns() []town {
	return []town{
		{"wangjiangjing", "WJ", "lu", 4, []village{{"双桥村", orb.Point{120.748, 30.938}}, {"虹阳村", orb.Point{120.775, 30.905}}, {"范滩村", orb.Point{120.728, 30.895}}, {"古塘村", orb.Point{120.765, 30.872}}}, []string{"织造厂", "喷织厂", "纺织厂", "整理加工点"}},
		{"youchegang", "YC", "wang", 9, []village{{"马厍村", orb.Point{120.800, 30.838}}, {"合心村", orb.Point{120.832, 30.838}}, {"池湾村", orb.Point{120.818, 30.806}}}, []string{"植绒厂", "喷水织造厂", "化纤加工点"}},
		{"xincheng", "XC", "qian", 1, []village{{"洛东村", orb.Point{120.600, 30.808}}, {"潘家浜村", orb.Point{120.635, 30.838}}, {"万民村", orb.Point{120.620, 30.775}}, {"来龙桥村", orb.Point{120.655, 30.868}}}, []string{"针织厂", "金属家具厂", "木业加工点", "五金厂"}},
		{"wangdian", "WD", "zhou", -2, []village{{"庄安村", orb.Point{120.735, 30.690}}, {"宝华村", orb.Point{120.755, 30.645}}, {"镇中村", orb.Point{120.712, 30.625}}}, []string{"集成吊顶厂", "小家电厂", "五金厂", "塑料制品厂"}},
		{"honghe", "HH", "shen", 2, []village{{"凤桥村", orb.Point{120.640, 30.715}}, {"锦福村", orb.Point{120.675, 30.710}}, {"良三村", orb.Point{120.645, 30.685}}}, []string{"毛衫加工点", "羊毛衫厂", "印花厂", "制衣厂"}},
		{"gaoxin", "GX", "zhou", -1, []village{{"新义村", orb.Point{120.695, 30.795}}, {"象贤村", orb.Point{120.725, 30.830}}}, []string{"光伏配件厂", "机械厂", "包装厂"}},
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

// lots lays out every quarter and names a firm on every lot.
func lots(r *rand.Rand) []lot {
	var all []lot
	used := map[string]bool{}
	for _, t := range towns() {
		n := 0
		for _, v := range t.villages {
			for _, shape := range quarter(r, v.at, 3, 3) {
				n++
				code := fmt.Sprintf("%s-%03d", t.prefix, n)
				name := firmName(r, v.name, t.trades, used)
				all = append(all, lot{town: t, draft: ledger.ParcelDraft{
					Row: len(all) + 1, Code: code, Label: name, Geometry: shape, Attributes: map[string]string{"村（社区）": v.name, "来源": "演示数据"},
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
	planned := firstDay.AddDays(r.IntN(75))
	steps := []step{{day: planned, lot: index, milestone: track.Milestones[0].Code, plans: plans}}
	actual := planned
	slowness := r.NormFloat64()
	open := true
	for i, m := range track.Milestones[1:] {
		planned = planned.AddDays(intervals()[i+1] + r.IntN(8))
		plans[m.Code] = planned
		delay := int(pace*0.6 + slowness*5 + r.NormFloat64()*3)
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

// landOf is what a lot measures, for tests.
func landOf(l lot) geo.Area { return geo.GeodesicArea(l.draft.Geometry) }
