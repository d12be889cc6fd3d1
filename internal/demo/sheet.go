package demo

import (
	"maps"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// figure is what is done of a task by the demo's day, in printed steps of its
// metric: 家, 0.01 亩, 0.01 万㎡.
type figure struct{ done, task int64 }

// row is a unit's line of the demo's progress table. All of it is invented
// (演示数据); only the district's tasks are those of 秀洲政办发〔2020〕22号.
type row struct {
	rectified, enterprises, recovered, effective, upgraded, parks, floor, movedIn figure

	lately   int    // of the rectified, accepted after the last bulletin
	open     [7]int // cases now at stages 1 to 7
	late     int    // of the open ones
	kept     int    // of those at stage 7 and beyond, buildings that stay
	upgrades int    // cases of the track
	outdated int
	agreed   int // firms that agreed to move into a park and have not yet
}

// figures are a row's figures in the order of the metrics.
func (s row) figures() map[campaign.MetricCode]figure {
	return map[campaign.MetricCode]figure{
		campaign.MetricRectified: s.rectified, campaign.MetricRectifiedEnterprises: s.enterprises,
		campaign.MetricRecovered: s.recovered, campaign.MetricEffective: s.effective, campaign.MetricUpgraded: s.upgraded,
		campaign.MetricParks: s.parks, campaign.MetricParkFloor: s.floor, campaign.MetricMovedIn: s.movedIn,
	}
}

// trade is a line of business with its class of GB/T 4754-2017.
type trade struct{ word, class string }

// town is what the story needs of a unit: who works there, what is made, and its figures.
type town struct {
	unit, prefix  string
	lead, officer string
	trades        []trade
	row
}

// short is the unit's short name in Chinese.
func (t town) short() string {
	for _, u := range units(nil) {
		if u.Code == t.unit {
			return u.Short.ZH
		}
	}
	return t.unit
}

func towns() []town {
	return []town{
		{"wangjiangjing", "WJ", "tang", "lu", []trade{{"织造厂", "1751"}, {"喷织厂", "1751"}, {"纺织厂", "1751"}, {"整理厂", "1752"}}, row{
			rectified: figure{71, 100}, enterprises: figure{33, 45}, recovered: figure{361_27, 520_00}, effective: figure{262_41, 390_00},
			upgraded: figure{24, 35}, parks: figure{0, 1}, floor: figure{0, 6_00}, movedIn: figure{31, 50},
			lately: 2, open: [7]int{2, 10, 9, 10, 9, 5, 5}, late: 6, kept: 13, upgrades: 41, outdated: 18, agreed: 7,
		}},
		{"youchegang", "YC", "wang", "mei", []trade{{"植绒厂", "1789"}, {"织造厂", "1751"}, {"喷水织造厂", "1751"}, {"化纤厂", "1751"}}, row{
			rectified: figure{30, 50}, enterprises: figure{16, 25}, recovered: figure{127_46, 220_00}, effective: figure{92_30, 165_00},
			upgraded: figure{9, 15}, parks: figure{0, 0}, floor: figure{0, 0}, movedIn: figure{0, 0},
			lately: 1, open: [7]int{2, 7, 6, 6, 6, 3, 2}, late: 7, kept: 6, upgrades: 17, outdated: 8,
		}},
		{"xincheng", "XC", "gu", "qian", []trade{{"针织厂", "1763"}, {"金属家具厂", "2130"}, {"木业加工厂", "2110"}, {"五金厂", "3351"}}, row{
			rectified: figure{66, 85}, enterprises: figure{31, 40}, recovered: figure{322_18, 420_00}, effective: figure{241_75, 315_00},
			upgraded: figure{23, 30}, parks: figure{1, 1}, floor: figure{5_12, 5_00}, movedIn: figure{33, 40},
			lately: 2, open: [7]int{1, 7, 6, 7, 6, 4, 5}, late: 3, kept: 14, upgrades: 35, outdated: 10, agreed: 5,
		}},
		{"wangdian", "WD", "fei", "jin", []trade{{"集成吊顶厂", "3351"}, {"小家电厂", "3854"}, {"五金厂", "3351"}, {"塑料制品厂", "2929"}}, row{
			rectified: figure{62, 75}, enterprises: figure{34, 40}, recovered: figure{311_05, 380_00}, effective: figure{236_88, 285_00},
			upgraded: figure{24, 30}, parks: figure{1, 1}, floor: figure{6_05, 6_00}, movedIn: figure{38, 45},
			lately: 2, open: [7]int{0, 5, 5, 6, 4, 4, 4}, late: 2, kept: 12, upgrades: 34, outdated: 2, agreed: 6,
		}},
		{"honghe", "HH", "zhang", "shen", []trade{{"毛衫厂", "1763"}, {"羊毛衫厂", "1763"}, {"印花厂", "1752"}, {"制衣厂", "1830"}}, row{
			rectified: figure{43, 60}, enterprises: figure{20, 30}, recovered: figure{158_93, 240_00}, effective: figure{113_52, 180_00},
			upgraded: figure{13, 20}, parks: figure{0, 1}, floor: figure{0, 4_00}, movedIn: figure{20, 35},
			lately: 2, open: [7]int{1, 6, 5, 6, 6, 3, 4}, late: 4, kept: 8, upgrades: 23, outdated: 3, agreed: 4,
		}},
		{"gaoxin", "GX", "sun", "wu", []trade{{"光伏配件厂", "3825"}, {"机械厂", "3484"}, {"包装厂", "2319"}}, row{
			rectified: figure{25, 30}, enterprises: figure{17, 20}, recovered: figure{183_64, 220_00}, effective: figure{139_07, 165_00},
			upgraded: figure{17, 20}, parks: figure{1, 1}, floor: figure{4_10, 4_00}, movedIn: figure{27, 30},
			lately: 2, open: [7]int{1, 3, 2, 2, 2, 1, 1}, late: 1, kept: 5, upgrades: 22, outdated: 1, agreed: 2,
		}},
	}
}

// targets are the units' tasks beside the district's of the definition.
func targets() []campaign.Target {
	var list []campaign.Target
	for _, m := range metricsInOrder() {
		for _, t := range towns() {
			list = append(list, campaign.Target{Unit: t.unit, Metric: m, Period: campaign.PeriodYear, Task: t.figures()[m].task})
		}
	}
	return list
}

func metricsInOrder() []campaign.MetricCode {
	return []campaign.MetricCode{
		campaign.MetricRectified, campaign.MetricRectifiedEnterprises, campaign.MetricRecovered, campaign.MetricEffective,
		campaign.MetricUpgraded, campaign.MetricParks, campaign.MetricParkFloor, campaign.MetricMovedIn,
	}
}

// issues is the number of the last bulletin; they come out every Thursday.
const (
	issues    = 36
	lastIssue = campaign.Date("2020-09-24")
)

func bulletins() []campaign.Bulletin {
	list := make([]campaign.Bulletin, issues)
	for i := range list {
		list[i] = campaign.Bulletin{Number: i + 1, On: lastIssue.AddDays(-7 * (issues - 1 - i))}
	}
	return list
}

// past are last year's figures at the end of each month, for 同比.
func past() []campaign.Past {
	// Shares in 0.1 % of what September had reached.
	months := map[campaign.Date]int64{
		"2019-01-31": 21, "2019-02-28": 38, "2019-03-31": 119, "2019-04-30": 237, "2019-05-31": 388, "2019-06-30": 561,
		"2019-07-31": 702, "2019-08-31": 851, "2019-09-30": 1000, "2019-10-31": 1124, "2019-11-30": 1247, "2019-12-31": 1391,
	}
	var list []campaign.Past
	for _, m := range []campaign.MetricCode{campaign.MetricRectified, campaign.MetricRecovered, campaign.MetricEffective} {
		for _, on := range slices.Sorted(maps.Keys(months)) {
			var district int64
			for _, t := range towns() {
				// An amount of 2020 stands 8.6 % above last September's.
				done := t.figures()[m].done * months[on] / 1086
				district += done
				list = append(list, campaign.Past{Unit: t.unit, Metric: m, On: on, Done: exactly(m, done)})
			}
			list = append(list, campaign.Past{Metric: m, On: on, Done: exactly(m, district)})
		}
	}
	return list
}

// exactly turns printed steps into the exact unit of a metric.
func exactly(m campaign.MetricCode, steps int64) int64 {
	if m == campaign.MetricRecovered || m == campaign.MetricEffective {
		return int64(geo.FromHundredths(steps))
	}
	return steps
}
