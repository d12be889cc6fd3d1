package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// held is the campaign's data as a settings page holds them.
type held struct {
	Version    int64
	Definition campaign.Definition
}

func amendment(version int64, d any) fields {
	return fields{"kind": "campaign.amend", "base_version": version, "definition": d}
}

// TestTheCampaignChangesAsData: a target, the light's threshold, a milestone's
// name and the campaign's name, while a page listens.
func TestTheCampaignChangesAsData(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "宏联织造厂", "顺达纸箱厂")
	id := h.listed(t, parcels[0])
	h.listed(t, parcels[1])
	before := h.change(t, "shen", milestone(id, "filed", "2020-03-25"))
	figures := read[gen.Figures](t, h, "/figures?min_revision="+number(before.Revision))
	assert.InDelta(t, 400, *figures.Total.Metrics[0].Task, 0)
	assert.Equal(t, gen.FigureMetricLight("red"), figures.Total.Metrics[0].Light)
	tag := h.get(t, "/layers/parcels").header.Get("ETag")
	stream := h.stream(t, "")
	require.Equal(t, "hello", stream.next(t).kind)

	now := read[held](t, h, "/campaign/definition")
	d := now.Definition
	d.Name.ZH, d.Targets[0].Task = "2020年度“低散乱”攻坚", 2
	d.Lights.Red = -900
	d.Tracks[0].Milestones[1].State.ZH, d.Tracks[0].Milestones[1].Name.ZH = "已立卷", "立卷"
	out := h.change(t, "lu", amendment(now.Version, d))

	said := stream.next(t)
	require.Equal(t, "change", said.kind)
	var event gen.LiveChange
	require.NoError(t, json.Unmarshal([]byte(said.data), &event))
	assert.Equal(t, out.Revision, event.Revision)
	assert.True(t, *event.Campaign, "pages read the campaign again")
	assert.ElementsMatch(t, []string{"units", "parcels"}, *event.Reload)
	assert.Equal(t, "陆某 更新专项行动设置", event.Text.Zh)

	c := read[gen.Campaign](t, h, "/campaign")
	assert.Equal(t, "2020年度“低散乱”攻坚", c.Name.Zh)
	assert.Equal(t, now.Version+1, c.Version)
	assert.InDelta(t, -90, c.Lights.Red, 0)
	assert.Equal(t, "立卷", c.Tracks[0].Milestones[1].Name.Zh)
	after := read[gen.Figures](t, h, "/figures?min_revision="+number(out.Revision)).Total.Metrics[0]
	assert.InDelta(t, 2, *after.Task, 0)
	assert.Equal(t, gen.FigureMetricLight("yellow"), after.Light, "75 points behind is no longer red")
	assert.Equal(t, "已立卷", read[gen.CasePage](t, h, "/cases?q=宏联").Items[0].State.Zh)
	assert.NotEqual(t, tag, h.get(t, "/layers/units?min_revision="+number(out.Revision)).header.Get("ETag"))
	assert.InDelta(t, 2, read[gen.Targets](t, h, "/targets?metric=rectified").Items[0].Task, 0)
	next := h.change(t, "shen", milestone(id, "planned", "2020-03-26"))
	require.NoError(t, json.Unmarshal([]byte(stream.next(t).data), &event))
	assert.Equal(t, next.Revision, event.Revision)
}

func TestABadCampaignIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	now := read[held](t, h, "/campaign/definition")
	refused := func(change fields) problem {
		a := h.post(t, "lu", text(t, operation(change)))
		require.NotEqual(t, http.StatusOK, a.status)
		return a.problem(t)
	}
	with := func(change func(d *campaign.Definition)) campaign.Definition {
		d := read[held](t, h, "/campaign/definition").Definition
		change(&d)
		return d
	}
	assert.Equal(t, "changed_by_another", refused(amendment(now.Version+1, now.Definition)).Code)
	assert.Equal(t, "bad_campaign", refused(amendment(now.Version, with(func(d *campaign.Definition) { d.Targets[0].Task = -1 }))).Code)
	assert.Equal(t, "bad_campaign", refused(amendment(now.Version, with(func(d *campaign.Definition) { d.Todos[0].Asked = false }))).Code)
	assert.Equal(t, "campaign_clock", refused(amendment(now.Version, with(func(d *campaign.Definition) { d.Clock = campaign.Clock{Mode: "offset", OffsetSeconds: 5} }))).Code)
	assert.Equal(t, "milestone_slot", refused(amendment(now.Version, with(func(d *campaign.Definition) { d.Tracks[0].Milestones[3].Slot = 3 }))).Code)
	assert.Equal(t, "milestone_gone", refused(amendment(now.Version, with(func(d *campaign.Definition) {
		d.Tracks[0].Milestones[2].Code, d.Templates = "elsewhere", nil
	}))).Code)

	emptied := refused(amendment(now.Version, with(func(d *campaign.Definition) { d.Tracks[0].Milestones[1].Button.ZH = " " })))
	assert.Equal(t, "words_missing", emptied.Code)
	assert.Equal(t, "“低散乱整治 · 第2个节点 · 按钮”不能为空，中英文都要填写", emptied.Detail)

	var loose map[string]any
	raw := h.get(t, "/campaign/definition").body
	require.NoError(t, json.Unmarshal([]byte(strings.Replace(string(raw), `"case_prefix"`, `"case_prefiks"`, 1)), &loose))
	assert.Contains(t, refused(amendment(now.Version, loose["definition"])).DetailEN, "case_prefiks", "a slip is not dropped in silence")
	assert.Equal(t, "bad_campaign", refused(fields{"kind": "campaign.amend", "base_version": now.Version}).Code)
}

// TestWhatAnAmendmentWouldDoIsShownBeforeItIsSaved, and afterwards who did what and why.
func TestWhatAnAmendmentWouldDoIsShownBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.listed(t, h.parcels(t, "宏联织造厂")[0])
	now := read[held](t, h, "/campaign/definition")
	d := now.Definition
	d.Targets[0].Task, d.Lights.Red = 300, -900
	d.Targets = append(d.Targets, campaign.Target{Unit: "honghe", Metric: campaign.MetricRectified, Period: campaign.PeriodYear, Task: 200})
	preview := func(as string, base int64, d any) answer {
		return h.ask(t, request{method: http.MethodPost, path: "/api/v1/campaign/preview", as: as, header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(text(t, fields{"base_version": base, "definition": d}))})
	}
	a := preview("lu", now.Version, d)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var p gen.CampaignPreview
	require.NoError(t, json.Unmarshal(a.body, &p))
	var said []string
	for _, each := range p.Differences {
		said = append(said, each.Where[len(each.Where)-1].Zh)
	}
	assert.Equal(t, []string{"红灯线", "任务数", "洪合 整治完成 年度任务"}, said)
	byUnit := map[string]gen.LightEffect{}
	for _, e := range p.Effects {
		if e.Metric.Zh == "整治完成" {
			byUnit[e.Unit] = e
		}
	}
	assert.InDelta(t, 400, *byUnit[""].Before.Task, 0)
	assert.InDelta(t, 300, *byUnit[""].After.Task, 0)
	assert.Equal(t, gen.LightStandingLight("red"), byUnit[""].Before.Light)
	assert.Equal(t, gen.LightStandingLight("yellow"), byUnit[""].After.Light)
	assert.Nil(t, byUnit["honghe"].Before.Task)
	assert.InDelta(t, 200, *byUnit["honghe"].After.Task, 0)
	require.Len(t, p.Unequal, 1)
	assert.InDelta(t, 200, p.Unequal[0].Units, 0)
	assert.Equal(t, now.Version, read[held](t, h, "/campaign/definition").Version, "nothing was written")
	assert.Len(t, read[gen.CampaignHistory](t, h, "/campaign/history").Items, 1)

	assert.Equal(t, http.StatusForbidden, preview("shen", now.Version, d).status)
	assert.Equal(t, "changed_by_another", preview("lu", now.Version+1, d).problem(t).Code)
	d.Lights.Red = 10
	assert.Equal(t, "bad_campaign", preview("lu", now.Version, d).problem(t).Code)

	d.Lights.Red = -900
	change := amendment(now.Version, d)
	change["note"] = "秀洲政办发〔2020〕22号"
	out := h.change(t, "lu", change)
	items := read[gen.CampaignHistory](t, h, "/campaign/history").Items
	require.Len(t, items, 2)
	assert.Equal(t, out.Revision, items[0].Revision)
	assert.Equal(t, "陆某", items[0].ActorName)
	assert.Equal(t, "秀洲政办发〔2020〕22号", *items[0].Note)
	assert.Equal(t, p.Differences, items[0].Differences)
	assert.Empty(t, items[1].Differences)
}
