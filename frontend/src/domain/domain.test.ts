import { describe, expect, it } from "vitest";
import { dueWords, isLate } from "./due";
import {
  civilDay,
  daysBetween,
  formatCount,
  formatSecond,
  formatTwo,
  minutesApart,
} from "./format";
import { stateOf } from "./milestones";
import type { Campaign, CaseDetail } from "./types";
import { pick } from "./words";

describe("figures", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1464, "1,464"],
    [1234567, "1,234,567"],
  ])("%d is %s", (n, printed) => {
    expect(formatCount(n)).toBe(printed);
  });

  it("keep two decimals, also of what binary cannot hold", () => {
    expect(formatTwo(976353.33)).toBe("976,353.33");
    expect(formatTwo(5.6)).toBe("5.60");
  });
});

describe("time", () => {
  it("stands in Chinese time wherever the browser is", () => {
    expect(formatSecond("2020-09-30T06:32:05Z")).toBe("09-30 14:32:05");
    expect(formatSecond("2020-09-30T16:00:00Z")).toBe("10-01 00:00:00");
    expect(civilDay("2020-12-31T16:00:00Z")).toBe("2021-01-01");
  });

  it("counts days and minutes", () => {
    expect(daysBetween("2020-09-30", "2020-10-05")).toBe(5);
    expect(daysBetween("2020-03-01", "2020-02-28")).toBe(-2);
    expect(minutesApart("2020-09-30T06:14:00Z", "2020-09-30T06:12:00Z")).toBe(2);
  });
});

describe("deadlines", () => {
  it.each([
    ["2020-09-18", ["due.late", { n: 12 }]],
    ["2020-09-30", ["due.today", { n: 0 }]],
    ["2020-10-05", ["due.ahead", { n: 5 }]],
  ])("%s is %j", (deadline, words) => {
    expect(dueWords(deadline, "2020-09-30")).toEqual(words);
  });

  it("are not late on their day, nor where there is none", () => {
    expect(isLate("2020-09-30", "2020-09-30")).toBe(false);
    expect(isLate(undefined, "2020-09-30")).toBe(false);
  });
});

describe("state of a case", () => {
  it("is that of the last milestone done, which may be later than its slot's", () => {
    const kind = (code: string, slot: number, state: string) => ({
      ...{ code, slot, name: both(code), button: both(code), state: both(state) },
      ...{ plan_label: both(code), may_be_not_applicable: false },
    });
    const milestones = [kind("demolished", 7, "已拆除"), kind("town_checked", 7, "已初验")];
    const known = { tracks: [{ code: "rectify", name: both("整治"), milestones }] } as Campaign;
    const at = (...done: string[]) =>
      detailOf(
        milestones.map(({ code }) => ({ code, standing: done.includes(code) ? "done" : "open" })),
      );
    expect(stateOf(known, at("demolished", "town_checked")).zh).toBe("已初验");
    expect(stateOf(known, at("demolished")).zh).toBe("已拆除");
    expect(stateOf(known, at()).zh).toBe("已排查");
  });
});

function both(zh: string) {
  return { zh, en: zh };
}

function detailOf(milestones: CaseDetail["milestones"]): CaseDetail {
  return { milestones, case: { track: "rectify", state: both("已排查") } } as CaseDetail;
}

describe("texts of the server", () => {
  it("fall back on Chinese", () => {
    expect(pick("en", { zh: "沈某", en: "" })).toBe("沈某");
    expect(pick("en", undefined)).toBe("");
  });
});
