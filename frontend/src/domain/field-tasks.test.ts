import { describe, expect, it } from "vitest";
import { afterMark, isNamed, isOn, reportsOf, tasksOf } from "./field-tasks";
import type { Campaign, CaseSummary, MilestoneKind } from "./types";

const both = (zh: string) => ({ zh, en: zh });
const kind = (code: string, slot: number, more: Partial<MilestoneKind> = {}): MilestoneKind => ({
  ...{ code, slot, name: both(code), button: both(code), state: both(`${code} done`) },
  ...{ plan_label: both(code), may_be_not_applicable: false, ...more },
});
const campaign = {
  tracks: [
    {
      code: "rectify",
      name: both("rectify"),
      milestones: [
        kind("stopped", 5),
        kind("vacated", 6),
        kind("demolished", 7),
        kind("town_checked", 7, { by: ["town"] }),
        kind("closed", 9, { by: ["district"] }),
      ],
    },
  ],
  sides: [
    {
      code: "struck",
      badge: "剔",
      name: both("剔除"),
      button_in: both("x"),
      effects: ["excludes"],
    },
    {
      ...{ code: "blocked", badge: "卡", name: both("卡点"), button_in: both("报卡点") },
      reasons: [{ code: "funds", name: both("资金") }],
    },
    {
      ...{ code: "rebounded", badge: "反", name: both("反弹"), button_in: both("上报反弹") },
      ...{ effects: ["stops", "uncounts"], reasons: [{ code: "power", name: both("供电") }] },
    },
  ],
} as unknown as Campaign;

const one = (id: number, more: Partial<CaseSummary> = {}): CaseSummary => ({
  ...{ id, code: `XZ-${id}`, label: `厂${id}`, track: "rectify", unit: "honghe", stage: 5 },
  ...{ state: both("stopped"), version: 1, m2: 1, mu: 0, next: "vacated", parcels: [id] },
  ...more,
});
const tasks = (...cases: CaseSummary[]) =>
  tasksOf(campaign, cases, { role: "field" }, "2020-09-30");
const codes = (found: ReturnType<typeof tasks>) => found.map((task) => task.case.code);

describe("tasks", () => {
  it("are the open cases that this person may take a step further, what is due first in front, then those to look at again", () => {
    const { next: _, ...closed } = one(4);
    const found = tasks(
      one(1, { deadline: "2020-10-20" }),
      one(2, { next: "town_checked" }),
      one(3, { deadline: "2020-09-01" }),
      closed,
      one(5, { sides: ["struck"] }),
      one(6, { reduced: true }),
      one(7),
    );
    expect(codes(found)).toEqual(["XZ-3", "XZ-1", "XZ-7", "XZ-4"]);
    expect(found.map(({ late }) => late)).toEqual([29, 0, 0, 0]);
  });

  it.each([
    ["late", { deadline: "2020-09-29" }],
    ["soon", { deadline: "2020-10-07" }],
    ["returned", { sides: ["returned"] }],
    ["revisit", { next: undefined }],
  ] as const)("stand on the list %s for just one reason", (list, why) => {
    const [task] = tasks(one(1, why as Partial<CaseSummary>));
    const on = (["soon", "late", "returned", "revisit"] as const).filter(
      (l) => task && isOn(l, task),
    );
    expect(on).toEqual([list]);
  });

  it("know who shares their building and waits for the same step", () => {
    const found = tasks(
      one(1, { parcels: [7, 8] }),
      one(2, { parcels: [8] }),
      one(3, { parcels: [8], next: "stopped" }),
      one(4, { parcels: [9] }),
    );
    expect(found.find(({ case: { id } }) => id === 1)?.together.map(({ id }) => id)).toEqual([2]);
  });

  it("are found by name, code, village and the person responsible", () => {
    const [task] = tasks(
      one(1, { responsible: "金某", village: { code: "v", name: both("凤桥村") } }),
    );
    for (const search of ["厂1", "xz-1", "凤桥 厂", "金某", ""])
      expect(task && isNamed(task, search), search).toBe(true);
    expect(task && isNamed(task, "别处")).toBe(false);
  });
});

it("expects the next step that is not passed, with its planned day", () => {
  const before = one(1, {
    ...{ passed: { stopped: "2020-09-01", demolished: "" }, late: 3, deadline: "2020-09-27" },
    planned: { town_checked: "2020-11-01" },
  });
  expect(afterMark(campaign, before, "vacated", "2020-09-30")).toEqual({
    ...one(1, { next: "town_checked", deadline: "2020-11-01", stage: 6 }),
    state: both("vacated done"),
    passed: { stopped: "2020-09-01", demolished: "", vacated: "2020-09-30" },
    planned: { town_checked: "2020-11-01" },
  });
});

it("offers what hinders for an open case, a relapse for one that is closed", () => {
  const reports = (each: CaseSummary) => {
    const [task] = tasks(each);
    return task && reportsOf(campaign, task).map(({ code }) => code);
  };
  expect(reports(one(1))).toEqual(["blocked"]);
  expect(reports(one(1, { next: undefined } as unknown as CaseSummary))).toEqual(["rebounded"]);
});
