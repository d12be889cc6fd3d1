// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { History, Moves, Sheet } from "../domain/types";
import { both, campaign, feature, flatLayer, parcel, square, summary } from "../store/testing";
import ComparePanel from "./compare-panel.vue";
import FootBar from "./foot-bar.vue";
import LoadBand from "./load-band.vue";
import { find, setup } from "./testing";
import TimeBar from "./time-bar.vue";
import TopBar from "./top-bar.vue";

const history: History = {
  revision: 1,
  from: "2020-09-01",
  to: "2020-09-29",
  cases: [{ id: 1, days: [{ on: "2020-09-01", patch: { ...summary(1), stage: 5 } }] }],
  parcels: [
    {
      id: 1,
      days: [{ on: "2020-09-01", patch: { ...parcel(1, { cases: [1] }), geometry: square() } }],
    },
  ],
};

const words = (page: HTMLElement) => find(page, '[data-test="time-words"]').textContent ?? "";
const press = async (page: HTMLElement, key: string, of = "day") => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  find(page, `[data-handle="${of}"]`).dispatchEvent(event);
  await vi.waitFor(() => expect(words(page)).not.toContain("正在读取"));
  await nextTick();
};

describe("time bar", () => {
  const told = { history: async () => history };

  it("says that it is live, and since which bulletin", async () => {
    const { page } = await setup(TimeBar, told);
    expect(words(page)).toContain("2020-09-30");
    expect(words(page)).toContain("实时");
    expect(find<HTMLButtonElement>(page, '[data-test="to-live"]').disabled).toBe(true);
  });

  it("goes by keys a day, a month, to the first day and to now", async () => {
    const { store, page } = await setup(TimeBar, told);
    await press(page, "ArrowLeft");
    // The first step waits for the past.
    await vi.waitFor(() => expect(store.day.value).toBe("2020-09-29"));
    await press(page, "ArrowLeft");
    await press(page, "ArrowRight");
    expect(store.day.value).toBe("2020-09-29");
    await press(page, "PageDown");
    expect(store.day.value).toBe("2020-09-01");
    await press(page, "End");
    expect(store.day.value).toBeUndefined();
    await press(page, "Home");
    expect(store.day.value).toBe("2020-09-01");
    expect(words(page)).toContain("回放·当日23:59口径");
    find(page, '[data-test="to-live"]').click();
    expect(store.day.value).toBeUndefined();
  });

  it("plays and stops by the space bar", async () => {
    const { store, page } = await setup(TimeBar, told);
    await press(page, " ");
    await vi.waitFor(() => expect(store.days.playing.value).toBe(true));
    await press(page, " ");
    expect(store.days.playing.value).toBe(false);
  });

  it("says of what time the picture is when contact is lost, never that it is live", async () => {
    const { store, page } = await setup(TimeBar, told);
    store.contact.confirm("2020-09-30T06:30:53Z");
    store.contact.silence.value = "stale";
    await nextTick();
    expect(words(page)).toContain("画面停留在 14:30:53");
    expect(words(page)).not.toContain("实时");
  });
});

describe("contact lost", () => {
  it("is said in the top bar, at the foot and, after five minutes, in a band", async () => {
    const [top, foot, band] = [await setup(TopBar), await setup(FootBar), await setup(LoadBand)];
    for (const { store } of [top, foot, band]) {
      store.contact.confirm("2020-09-30T06:30:53Z");
      store.contact.silence.value = "stale";
      store.contact.silentMinutes.value = 6;
    }
    await nextTick();
    expect(top.page.textContent).toContain("重连中·画面为 14:30:53 的数据");
    expect(foot.page.textContent).toContain("数据截至 14:30:53·正在重试");
    expect(band.page.textContent).not.toContain("失联");
    band.store.contact.silence.value = "lost";
    await nextTick();
    expect(band.page.textContent).toContain(
      "与服务器失联 6 分钟，画面停留在 14:30:53，请勿据此调度",
    );
  });
});

describe("midnight", () => {
  it("makes late what was due yesterday, and the day before one that can be shown", async () => {
    let today = "2020-10-05";
    const now = () => ({ ...campaign, clock: { ...campaign.clock, today } });
    const { store } = await setup(TimeBar, { campaign: async () => now() });
    expect(store.figures.value.late.count).toBe(1);
    today = "2020-10-06";
    await store.turnDay("2020-10-05");
    expect(store.figures.value.late.count).toBe(1);
    await store.turnDay(today);
    expect(store.figures.value.late.count).toBe(2);
    expect(store.today.value).toBe("2020-10-06");
  });
});

const row = (done: number, mu: number, stage5: number) => ({
  code: "",
  name: both("全区"),
  metrics: [
    {
      code: "rectified",
      name: both("整治完成"),
      measure: "count",
      unit: both("家"),
      done,
      task: 400,
    },
    {
      code: "recovered",
      name: both("腾退面积"),
      measure: "land",
      unit: both("亩"),
      done: mu,
      task: 2000,
    },
  ],
  stages: Array.from({ length: 9 }, (_, i) => ({
    cases: i === 4 ? stage5 : 0,
    mu: 0,
    m2: 0,
    query: "",
  })),
});
const figuresOf = (total: ReturnType<typeof row>) => ({ total }) as unknown as Sheet;

const moves = {
  from: { day: "2020-09-10", revision: 1 },
  to: { day: "2020-09-30", revision: 2 },
  metrics: [],
  stages: [],
  cases: [
    {
      ...{ id: 1, code: "XZ-2020-0001", label: "企业1", unit: "honghe", taken_back: [] },
      before: { stage: 5, state: both("已停产") },
      after: { stage: 6, state: both("已腾空") },
      milestones: [{ milestone: "vacated", on: "2020-09-08", late: true }],
      metrics: [{ metric: "recovered", added: 1.5, exact: 1 }],
    },
    {
      ...{ id: 2, code: "XZ-2020-0002", label: "企业2", unit: "honghe", taken_back: ["stopped"] },
      after: { stage: 5, state: both("已停产") },
      milestones: [],
      metrics: [],
    },
  ],
} as unknown as Moves;

describe("comparison of two days", () => {
  async function compared() {
    const figures = vi.fn(async ({ as_of }: { as_of?: string }) =>
      figuresOf(as_of ? row(258, 1276.03, 27) : row(297, 1464.53, 33)),
    );
    const told = { history: async () => history, figures, moves: async () => moves };
    const { store, page } = await setup(ComparePanel, told);
    store.parcels.reset(flatLayer(1, [feature(parcel(1, { cases: [1] }), square())]));
    await store.days.read();
    store.from.value = "2020-09-10";
    await vi.waitFor(() => find(page, "[data-move]"));
    return { store, page };
  }

  it("tells each figure with its difference of printed figures, and the stages then and now", async () => {
    const { page } = await compared();
    expect(find(page, '[data-metric="rectified"]').textContent).toMatch(/297 家\s*\+39/);
    expect(find(page, '[data-metric="recovered"]').textContent).toMatch(/1,464\.53 亩\s*\+188\.50/);
    expect(find(page, '[data-compared="5"]').textContent?.replace(/\s+/g, " ")).toContain(
      "27 → 33",
    );
  });

  it("lists what moved, marks late entries, and narrows to a figure", async () => {
    const { store, page } = await compared();
    expect(page.querySelectorAll("[data-move]")).toHaveLength(2);
    const [first, second] = [...page.querySelectorAll<HTMLElement>("[data-move]")];
    expect(first?.textContent).toContain("补报");
    expect(first?.textContent).toContain("已腾空 09-08");
    expect(second?.textContent).toContain("未列入");
    expect(second?.textContent).toContain("撤回已停产");
    find(page, '[data-metric="recovered"]').click();
    await nextTick();
    expect(page.querySelectorAll("[data-move]")).toHaveLength(1);
    find(page, "[data-move]").click();
    expect(store.card.caseId.value).toBe(1);
  });

  it("lists what moved though the cases come after the moves", async () => {
    const { store, page } = await compared();
    const cases = [...store.cases.all()];
    store.cases.reset([]);
    await nextTick();
    expect(page.querySelectorAll("[data-move]"), "that of the day before").toHaveLength(1);
    store.cases.reset(cases);
    await nextTick();
    expect(page.querySelectorAll("[data-move]")).toHaveLength(2);
  });

  it("dims what stands in the same stage on both days", async () => {
    const { store } = await compared();
    expect(store.comparison.same.value?.(1)).toBe(true);
    store.cases.patch([summary(1, { stage: 6, version: 9 })]);
    expect(store.comparison.same.value?.(1)).toBe(false);
    store.days.live();
    expect(store.comparison.same.value).toBeUndefined();
  });
});
