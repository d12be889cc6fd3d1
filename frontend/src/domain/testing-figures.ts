/** Figures, and a campaign that counts something, for the tests of several rooms. */
import type {
  Campaign,
  FigureCount,
  FigureMetric,
  FigureRow,
  FigureStep,
  MilestoneKind,
  Sheet,
  Text,
} from "./types";

function both(zh: string, en = zh): Text {
  return { zh, en };
}

function milestone(code: string, slot: number, name: string, state: string): MilestoneKind {
  const words = {
    name: both(name),
    state: both(state),
    button: both(name),
    plan_label: both(name),
  };
  return { code, slot, ...words, may_be_not_applicable: false };
}

function metricKind(code: string, zh: string, of: "cases" | "recovered" | "effective") {
  const counts = { track: "rectify", milestone: "accepted", of };
  const printed = { measure: of === "cases" ? ("count" as const) : ("land" as const), decimals: 0 };
  return { code, name: both(zh), unit: both("家"), ...printed, by_plan: false, counts };
}

/** The campaign of 2020 as far as figures need it. */
export const figureCampaign: Campaign = {
  rotation: [],
  ...{ code: "xz-2020", name: both("整治"), title: both("挂图作战"), year: 2020, demo: true },
  clock: { mode: "offset", now: "2020-09-30T06:00:00Z", today: "2020-09-30" },
  tracks: [
    {
      code: "rectify",
      name: both("低散乱整治"),
      milestones: [
        milestone("filed", 2, "建档", "已建档"),
        milestone("signed", 4, "签约", "已签约"),
        milestone("demolished", 7, "拆除", "已拆除"),
        milestone("accepted", 8, "区验收", "已验收"),
      ],
    },
    {
      code: "outdated",
      name: both("落后产能淘汰"),
      milestones: [milestone("signed", 4, "签约", "已签约")],
    },
  ],
  units: [{ code: "honghe", order: 5, name: both("洪合镇"), short: both("洪合") }],
  slots: [
    { slot: 2, name: both("已建档"), group: "not_started" },
    { slot: 4, name: both("已签约"), group: "under_way" },
    { slot: 7, name: both("已拆除"), group: "under_way" },
    { slot: 8, name: both("已验收"), group: "done" },
  ],
  groups: ["not_started", "under_way", "done"].map((code) => ({ code, name: both(code) })),
  sides: [{ code: "blocked", badge: "卡", name: both("卡点"), button_in: both("报卡点") }],
  metrics: [
    metricKind("rectified", "整治完成", "cases"),
    metricKind("rectified_enterprises", "其中企业", "cases"),
    metricKind("recovered", "腾退面积", "recovered"),
    metricKind("effective", "其中有效面积", "effective"),
  ],
  ...{ version: 1, caliber: both("完成按区验收通过计"), templates: [] },
  ...{ bulletins: [], holidays: [], workdays: [] },
  lights: { green: 0, red: -10, order_after: 2, talk_after: 3, red_days: 30, ahead_days: 7 },
  words: {
    ...{ roles: [], areas: [], lights: [], escalations: [], periods: [], effects: [] },
    findings: [{ code: "overlap", name: both("重叠", "overlap") }],
  },
};

/** So many cases, and the list of them. */
export function count(cases: number, query = "listed=true"): FigureCount {
  return { cases, m2: 0, mu: 0, query };
}

export function metric(code: string, more: Partial<FigureMetric> = {}): FigureMetric {
  const name = figureCampaign.metrics.find((each) => each.code === code)?.name ?? both(code);
  const none = { done: 0, exact: 0, gross: 0, added: 0, added_exact: 0, light: "none" as const };
  return {
    ...{ code, name, measure: "count", unit: both("家") },
    ...{ ...none, query: `metric=${code}`, ...more },
  };
}

export function step(code: string, cases = 0): FigureStep {
  const query = `reached=${code}&track=rectify`;
  return { code, state: both(code), reached: count(cases, query), skipped: count(0), loss: 0 };
}

export function row(code: string, more: Partial<FigureRow> = {}): FigureRow {
  const counts = {
    listed: count(0),
    late: count(0, "late=true"),
    rebounded: count(0),
    rebounds: 0,
  };
  return {
    ...{ code, name: both(code || "合计"), ...counts },
    in_blocks: { m2: 0, mu: 0, exact: 0, of_exact: 0, blocks: 0 },
    ...{ metrics: [], steps: [], stages: [], sides: {}, ...more },
  };
}

/** A sheet whose total is made of what is given. */
export function sheet(total: Partial<FigureRow> = {}, more: Partial<Sheet> = {}): Sheet {
  return {
    ...{ revision: 7, day: "2020-09-30", live: true, by: "unit", days_left: 92 },
    ...{ since: "2020-09-27", cycle: "week", total: row("", total), rows: [] },
    ...{ ranking: { metric: "rectified", places: [] }, of_listed: count(0), rounding: false },
    ...{ caliber: both("完成按区验收通过计"), ...more },
  };
}
