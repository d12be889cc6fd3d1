package campaign

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func inWords(t *testing.T, change func(d *Definition)) []string {
	t.Helper()
	before, err := Rectify2020()
	require.NoError(t, err)
	before.Targets = append(before.Targets, Target{Unit: "youchegang", Metric: MetricRectified, Period: PeriodYear, Task: 50})
	after, err := Rectify2020()
	require.NoError(t, err)
	after.Targets = append(after.Targets, before.Targets[len(before.Targets)-1])
	change(&after)
	found, err := Differences(before, after, func(code string) Text {
		return map[string]Text{"youchegang": {"油车港", "Youchegang"}}[code]
	})
	require.NoError(t, err)
	var said []string
	for _, f := range found {
		assert.NotEqual(t, f.Before, f.After)
		said = append(said, joined(f.Where, " · ", " · ").ZH+"："+f.Before.ZH+" → "+f.After.ZH)
	}
	return said
}

func TestDifferencesOfTwoDefinitionsInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *Definition)
		want   []string
	}{
		"nothing": {func(*Definition) {}, nil},
		"a name":  {func(d *Definition) { d.Name.ZH = "攻坚" }, []string{"名称：2020年度“低散乱”整治 → 攻坚"}},
		"the task of a unit": {
			func(d *Definition) { d.Targets[len(d.Targets)-1].Task = 60 },
			[]string{"任务 · 油车港 整治完成 年度任务 · 任务数：50家 → 60家"},
		},
		"land in mu, a checkpoint in per cent": {
			func(d *Definition) { d.Targets[2].Task, d.Targets[2].Checkpoints[0].Share = 210000, 725 },
			[]string{"任务 · 全区 腾退面积 年度任务 · 节点进度 · 2020-09-30 · 应完成比例：75.0% → 72.5%", "任务 · 全区 腾退面积 年度任务 · 任务数：2000.00亩 → 2100.00亩"},
		},
		"the lights": {func(d *Definition) { d.Lights.Red = -125 }, []string{"灯 · 红灯线：−10.0个百分点 → −12.5个百分点"}},
		"a milestone's word and time limit": {
			func(d *Definition) {
				m := &d.Tracks[0].Milestones[slices.IndexFunc(d.Tracks[0].Milestones, func(m Milestone) bool { return m.Code == "closed" })]
				m.Name.ZH, m.Within.N = "核销", 7
			},
			[]string{"专项 · 低散乱整治 · 节点 · 核销 · 名称：销号 → 核销", "专项 · 低散乱整治 · 节点 · 核销 · 时限 · 天数：5 → 7"},
		},
		"a holiday more, a target less": {
			func(d *Definition) {
				d.Calendar.Holidays = append(d.Calendar.Holidays, Holiday{From: "2020-12-25", To: "2020-12-26", Name: Text{"测试日", "test"}})
				d.Targets = d.Targets[:len(d.Targets)-1]
			},
			[]string{
				"日历 · 节假日 · 测试日： → 起算：2020-12-25；止：2020-12-26",
				"任务 · 油车港 整治完成 年度任务：任务数：50家 → ",
			},
		},
		"who may mark": {
			func(d *Definition) {
				i := slices.IndexFunc(d.Tracks[0].Milestones, func(m Milestone) bool { return m.Code == "town_checked" })
				d.Tracks[0].Milestones[i].By = []string{RoleTown, RoleField}
			},
			[]string{"专项 · 低散乱整治 · 节点 · 镇初验 · 办理角色：镇责任人 → 镇责任人、镇村外勤"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, inWords(t, c.change))
		})
	}
}

// TestEveryKeyOfADefinitionHasWords: what somebody changes is named, not shown as a key.
func TestEveryKeyOfADefinitionHasWords(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	var walk func(of reflect.Type)
	walk = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || seen[of] {
			return
		}
		seen[of] = true
		for f := range of.Fields() {
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || key == "-" {
				continue
			}
			if key != "" {
				assert.Contains(t, keyWords, key, "%s.%s", of.Name(), f.Name)
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[Definition]())
}
