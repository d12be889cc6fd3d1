// @vitest-environment happy-dom

import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { ApiProblem } from "../api/problem";
import type { Action, Operation } from "../domain/types";
import { both, campaign, detail, outcome, parcelDetail } from "../store/testing";
import CaseCard from "./case-card.vue";
import LedgerList from "./ledger-list.vue";
import LiveRegion from "./live-region.vue";
import StageLegend from "./stage-legend.vue";
import { find, setup } from "./testing";
import TopBar from "./top-bar.vue";

function milestone(code: string, more: Partial<Action> = {}): Action {
  return { kind: "case.milestone", milestone: code, button: both("?"), main: true, ...more };
}

describe("legend", () => {
  it("counts, and a click is the filter", async () => {
    const { store, page } = await setup(StageLegend);
    expect(find(page, '[data-stage="6"]').textContent).toContain("1 家");
    expect(find(page, '[data-stage="6"]').textContent).toContain("3.00 亩");
    expect(find(page, '[data-stage="0"]').textContent).toContain("1 块");
    expect(find(page, '[data-test="late"]').textContent).toContain("1 家");
    find(page, '[data-stage="6"]').click();
    await nextTick();
    expect([...store.filter.stages.value]).toEqual([6]);
    expect(find(page, '[data-stage="5"]').classList).toContain("pale");
    find(page, '[data-test="clear-filter"]').click();
    expect(store.filter.stages.value.size).toBe(0);
  });
});

describe("ledger", () => {
  it("shows the total and opens the line under the cursor by keyboard", async () => {
    const { store, page } = await setup(LedgerList);
    expect(find(page, '[data-test="total"]').textContent).toContain("共 2 家，4.50 亩");
    const list = find(page, '[data-test="list"]');
    const press = (key: string) => list.dispatchEvent(new KeyboardEvent("keydown", { key }));
    press("ArrowDown");
    press("ArrowDown");
    press("Enter");
    await vi.waitFor(() => expect(store.card.detail.value?.case.id).toBe(1));
    expect(find(page, '[data-key="case-2"]').textContent).toContain("逾期 10 天");
  });

  it("says what to do when nothing matches", async () => {
    const { store, page } = await setup(LedgerList);
    store.filter.search.value = "没有的";
    await vi.waitFor(() => expect(page.textContent).toContain("没有符合条件的记录"));
  });
});

describe("card", () => {
  it("marks the next milestone with the campaign's word and the version that was seen", async () => {
    const sent: Operation[] = [];
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { actions: [milestone("vacated")] }),
      change: async (body) => {
        sent.push(body);
        return outcome();
      },
    });
    await store.card.openCase(1);
    await nextTick();
    const button = find<HTMLButtonElement>(page, '[data-test="main-action"]');
    expect(button.textContent).toContain("标记已腾空");
    button.click();
    button.click();
    await vi.waitFor(() => expect(store.acting.undoable.value?.text.zh).toBe("已办理：已腾空"));
    expect(sent.flatMap((op) => op.changes)).toEqual([
      { kind: "case.milestone", case_id: 1, base_version: 1, milestone: "vacated" },
    ]);
  });

  it("says beside a button that is off why it is", async () => {
    const refusal = both("还不能标记已腾空：尚未停产", "not yet");
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { actions: [milestone("vacated", { refusal })] }),
    });
    await store.card.openCase(1);
    await nextTick();
    expect(find<HTMLButtonElement>(page, '[data-test="main-action"]').disabled).toBe(true);
    expect(find(page, '[data-test="actions"]').textContent).toContain(refusal.zh);
    store.settings.language.value = "en";
    await nextTick();
    expect(find(page, '[data-test="actions"]').textContent).toContain("not yet");
  });

  it("sums up before closing, and the focus stands on the way back", async () => {
    const change = vi.fn(async () => outcome());
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { actions: [milestone("closed")] }),
      change,
    });
    await store.card.openCase(1);
    await nextTick();
    find(page, '[data-test="main-action"]').click();
    await nextTick();
    expect(page.textContent).toContain("将为 1 家办理销号，涉及土地面积 1.50 亩，确定？");
    expect(document.activeElement?.textContent?.trim()).toBe("再看看");
    expect(change).not.toHaveBeenCalled();
    find(page, '[data-test="confirm"]').click();
    await vi.waitFor(() => expect(change).toHaveBeenCalledTimes(1));
  });

  it("marks a milestone with boxes once each is ticked", async () => {
    const change = vi.fn(async () => outcome());
    const checks = ["断水", "断电"].map((zh, i) => ({ code: `box${i}`, name: both(zh) }));
    const known = structuredClone(campaign);
    for (const kind of known.tracks[0]?.milestones ?? []) {
      if (kind.code === "vacated") kind.checks = checks;
    }
    const { store, page } = await setup(CaseCard, {
      campaign: async () => known,
      caseDetail: async (id) => detail(id, { actions: [milestone("vacated")] }),
      change,
    });
    await store.card.openCase(1);
    await nextTick();
    find(page, '[data-test="main-action"]').click();
    await nextTick();
    const go = find<HTMLButtonElement>(page, '[data-test="confirm"]');
    expect(go.disabled).toBe(true);
    expect(page.textContent).toContain("还有 2 项未勾选");
    for (const box of page.querySelectorAll<HTMLInputElement>('[data-test="checks"] input')) {
      box.click();
      await nextTick();
    }
    expect(go.disabled).toBe(false);
    go.click();
    await vi.waitFor(() => expect(change).toHaveBeenCalledTimes(1));
    expect(JSON.stringify(change.mock.calls)).toContain('"checks":["box0","box1"]');
  });

  it("shows a refusal of the server in the card", async () => {
    const words = both("沈某刚刚修改了“责任人”，请核对后再保存");
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { actions: [milestone("vacated")] }),
      change: () => Promise.reject(new ApiProblem(409, "stale", words)),
    });
    await store.card.openCase(1);
    await nextTick();
    find(page, '[data-test="main-action"]').click();
    await vi.waitFor(() => expect(find(page, '[data-test="failure"]').textContent).toBe(words.zh));
  });

  it("shows what contradicts until a person has resolved it", async () => {
    const conflict = (id: number, resolved: boolean) => ({
      ...{ id, noun: "case", noun_id: 1, field: "label", standing: "甲", kept: "乙", resolved },
      ...{ case: { id: 1, code: "XZ-2020-0001", label: "企业1" }, field_name: both("名称") },
      ...{ standing_text: both("甲"), kept_text: both("乙") },
      ...{ actor: { id: "shen", name: "沈某" }, text: both(`沈某改为第${id}种`) },
      ...{ happened_at: "2020-09-30T06:00:00Z", recorded_at: "2020-09-30T06:00:00Z" },
    });
    const conflicts = [conflict(1, false), conflict(2, true)];
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { conflicts }),
    });
    await store.card.openCase(1);
    await nextTick();
    const shown = [...page.querySelectorAll('[data-test="conflict"]')].map((e) => e.textContent);
    expect(shown.map((said) => said?.trim())).toEqual(["待核对：沈某改为第1种"]);
  });

  it("sends nothing when the session is over", async () => {
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { actions: [milestone("vacated")] }),
    });
    await store.card.openCase(1);
    await nextTick();
    store.session.end(both("30 分钟未操作，已退出"));
    find(page, '[data-test="main-action"]').click();
    expect(store.session.ready.value).toBe(false);
    expect(store.acting.pending.value).toBeUndefined();
  });

  it("shows when it happened and when it arrived where these differ", async () => {
    const entry = (revision: number, happened_at: string, more = {}) => ({
      ...{
        revision,
        happened_at,
        recorded_at: "2020-09-30T06:31:00Z",
        device: "d",
        kind: "case.milestone",
      },
      ...{
        actor: { id: "shen", name: "沈某" },
        text: both(`第${revision}条`),
        batch_id: "b",
        undone: false,
      },
      ...{ happened_on: "2020-09-30", late: false },
      ...more,
    });
    const timeline = [
      entry(1, "2020-09-30T06:12:00Z"),
      entry(2, "2020-09-30T06:30:00Z", { undone: true }),
      entry(3, "2020-09-30T06:30:00Z", { device_at: "2020-09-30T06:30:00Z", waited_ms: 800 }),
      entry(4, "2020-09-28T06:12:00Z", {
        ...{ device_at: "2020-09-28T06:19:00Z", waited_ms: 48.2 * 3_600_000 },
        judged_as: { role: both("外业人员"), unit: "honghe" },
      }),
    ];
    const { store, page } = await setup(CaseCard, {
      caseDetail: async (id) => detail(id, { timeline }),
    });
    await store.card.openCase(1);
    await nextTick();
    find(page, '[data-tab="timeline"]').click();
    await nextTick();
    const [offline, atOnce, newest, oldest] = [...page.querySelectorAll('[data-test="trace"]')];
    expect(offline?.textContent).toContain("手机时间 09-28 14:19　在手机上等了 2 天");
    expect(offline?.textContent).toContain("外业人员）");
    expect(atOnce?.textContent).not.toContain("按办理时的权限");
    expect(atOnce?.textContent, "nothing to say: the clock was right").not.toContain("手机时间");
    expect(newest?.textContent).toContain("第2条");
    expect(newest?.textContent).toContain("已撤销");
    expect(newest?.textContent).not.toContain("送达");
    expect(oldest?.textContent).toContain("现场 09-30 14:12");
    expect(oldest?.textContent).toContain("送达 09-30 14:31");
  });

  it("lists a parcel that lies in no unit only with a name and a unit", async () => {
    const sent: Operation[] = [];
    const list: Action = { kind: "case.list", button: both("列入清单"), main: true };
    const { store, page } = await setup(CaseCard, {
      parcelDetail: async (id) => parcelDetail(id, { unit: undefined, label: "", actions: [list] }),
      change: async (body) => {
        sent.push(body);
        return outcome();
      },
    });
    await store.card.openParcel(9);
    await nextTick();
    find(page, '[data-test="main-action"]').click();
    await nextTick();
    const submit = () =>
      find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    submit();
    await nextTick();
    expect(page.textContent).toContain("请选择责任主体");
    const unit = find<HTMLSelectElement>(page, '[data-test="list-unit"]');
    unit.value = "honghe";
    unit.dispatchEvent(new Event("change"));
    submit();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.changes).toEqual([
      { kind: "case.list", parcel_ids: [9], label: "P-9", unit: "honghe" },
    ]);
  });
});

describe("top bar", () => {
  it("says what the data are, how fresh, and in the language chosen", async () => {
    const { store, page } = await setup(TopBar);
    store.contact.confirm("2020-09-30T06:32:05Z");
    store.contact.live.value = true;
    await nextTick();
    expect(page.textContent).toContain("演示数据");
    expect(page.textContent).toContain("数据截至 09-30 14:32:05");
    expect(page.textContent).toContain("实时");
    find(page, '[data-test="language"]').click();
    store.contact.live.value = false;
    await nextTick();
    await vi.waitFor(() => expect(page.textContent).toContain("Demo data"));
    expect(page.textContent).toContain("reconnecting");
  });
});

describe("live region", () => {
  it("says at most one sentence in five seconds, the last one", async () => {
    vi.useFakeTimers();
    const { store, page } = await setup(LiveRegion);
    for (const said of ["一", "二", "三"]) {
      store.announcement.value = both(said);
      await nextTick();
    }
    expect(page.textContent).toBe("一");
    await vi.advanceTimersByTimeAsync(5000);
    expect(page.textContent).toBe("三");
  });
});
