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

describe("texts of the server", () => {
  it("fall back on Chinese", () => {
    expect(pick("en", { zh: "沈某", en: "" })).toBe("沈某");
    expect(pick("en", undefined)).toBe("");
  });
});
