import { describe, expect, it } from "vitest";
import type { BurnUp, FigureMetric, FigureRow } from "./types";
import { curveOf, sentenceLines } from "./wall-curve";
import { changeOf, pageAt, ranked, rateChange, signedCount } from "./wall-figures";
import { turned, wallAct } from "./wall-keys";
import { beginsAnew } from "./wall-night";
import { screensOf, turnsOf } from "./wall-rotation";
import { wallScale } from "./wall-scale";

describe("the root unit of the wall", () => {
  it.each([
    [1920, 1080, 1],
    [3840, 2160, 2],
    [3840, 1080, 1],
    [5760, 2160, 2],
    [1280, 1024, 2 / 3],
  ])("%i × %i is drawn %f times as large", (width, height, scale) => {
    expect(wallScale(width, height)).toBeCloseTo(scale);
  });
});

describe("what is reckoned from printed figures", () => {
  const count = { measure: "count", done: 297 } as FigureMetric;
  const land = { measure: "land", done: 1464.53 } as FigureMetric;
  it("changes are signed and of the measure", () => {
    expect(changeOf(count, { done: 168 })).toBe("+129");
    expect(changeOf(land, { done: 828.47 })).toBe("+636.06");
    expect(changeOf(count, { done: 300 })).toBe("−3");
    expect(signedCount(0)).toBe("0");
  });
  it("a difference of rates is taken from the printed rates", () => {
    expect(rateChange(83.3, 43.3)).toBe("+40.0");
    expect(rateChange(60, 61.2)).toBe("−1.2");
    expect(rateChange(60, undefined)).toBe("—");
  });
  it("rows stand by their places; without one they come last", () => {
    const rows = ["a", "b", "c"].map((code) => ({ code }) as FigureRow);
    expect(ranked(rows, ["c", "a"]).map(({ code }) => code)).toEqual(["c", "a", "b"]);
  });
  it("pages turn round, and an empty list has one", () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    expect(pageAt(all, 6, 1)).toEqual({ items: [7], page: 1, of: 2 });
    expect(pageAt(all, 6, 2).items).toHaveLength(6);
    expect(pageAt([], 6, 5)).toEqual({ items: [], page: 0, of: 1 });
  });
});

describe("the burn-up", () => {
  const year: BurnUp = {
    ...{ revision: 1, day: "2020-09-30", metric: "recovered", task: 2000, from: "2020-01-01" },
    done: Array.from({ length: 274 }, (_, i) => (1464.53 * i) / 273),
    baseline: Array.from({ length: 366 }, (_, i) => (100 * i) / 365),
    forecast: {
      outlook: "on_time",
      sentence: { zh: "", en: "" },
      at_end: 2100,
      low: 2000,
      high: 2200,
    },
  };
  const box = { width: 366, height: 100 };
  it("runs from the first day to now, below the task, and the last value is there", () => {
    const { done, taskAt = 0, months } = curveOf(year, undefined, 2020, box);
    const [x, y] = done[done.length - 1] ?? [0, 0];
    expect(x).toBeCloseTo((366 * 273) / 365, 0);
    expect(y).toBeGreaterThan(taskAt);
    expect(done.length).toBeLessThan(100);
    expect(months.map(({ month }) => month)).toEqual([1, 4, 7, 10, 12]);
  });
  it("expects nothing where the forecast says nothing, nor after the year's end", () => {
    const { at_end: _, low: __, high: ___, ...silent } = year.forecast;
    const none = curveOf({ ...year, forecast: silent }, undefined, 2020, box);
    expect([none.forecast, none.wedge]).toEqual([[], []]);
    expect(curveOf({ ...year, day: "2020-12-31" }, undefined, 2020, box).forecast).toEqual([]);
    expect(curveOf(year, undefined, 2020, box).wedge).toHaveLength(3);
  });
  it("its sentence breaks before a bracket or after a comma, never in a date", () => {
    const long = "按近四周进度，预计12月18日完成2,000亩（12月9日—12月30日）。";
    expect(sentenceLines(long, 19)).toEqual([
      "按近四周进度，预计12月18日完成2,000亩",
      "（12月9日—12月30日）。",
    ]);
    expect(sentenceLines("按近四周进度，年底预计完成1,870亩，缺口130亩。", 19)).toEqual([
      "按近四周进度，年底预计完成1,870亩，",
      "缺口130亩。",
    ]);
    expect(sentenceLines("数据不足四周，暂不预测。", 19)).toHaveLength(1);
  });
});

describe("a wall that hangs for weeks", () => {
  it.each([
    ["2020-09-30T09:00:00+08:00", "2020-09-30T23:59:00+08:00", false],
    ["2020-09-30T09:00:00+08:00", "2020-10-01T03:59:50+08:00", false],
    ["2020-09-30T09:00:00+08:00", "2020-10-01T04:00:10+08:00", true],
    ["2020-10-01T04:00:10+08:00", "2020-10-01T04:00:40+08:00", false],
    ["2020-10-01T02:00:00+08:00", "2020-10-01T04:00:10+08:00", true],
    // The server was away at four.
    ["2020-09-30T09:00:00+08:00", "2020-10-01T11:20:00+08:00", true],
  ])("opened %s, at %s it begins anew: %s", (opened, now, anew) => {
    expect(beginsAnew(opened, now)).toBe(anew);
  });
  it("hears keyboards and remotes", () => {
    expect(["PageDown", "V", "3", "MediaPlayPause", "Escape", "q"].map(wallAct)).toEqual([
      ...["next", "reception", "groups", "play", "live", undefined],
    ]);
    expect(turned(["", "a", "b"], "b", 1)).toBe("");
    expect(turned(["", "a", "b"], "", -1)).toBe("b");
  });
});

describe("the rotation", () => {
  const usual = [
    { screen: "district", seconds: 30 },
    { screen: "units", seconds: 20 },
    { screen: "parks", seconds: 15 },
    { screen: "late", seconds: 10 },
  ] as const;
  const told = (turns: ReturnType<typeof turnsOf>) =>
    turns.map(({ unit, focus, seconds }) => `${unit || "district"} ${focus} ${seconds}`);

  it("turns to the district, every unit, the parks and what is late", () => {
    expect(told(turnsOf(usual, ["a", "b"], ""))).toEqual([
      "district  30",
      "a  20",
      "b  20",
      "district parks 15",
      "district late 10",
    ]);
  });
  it("of a screen of one unit shows that unit alone, once", () => {
    expect(told(turnsOf(usual, ["a", "b"], "b"))).toEqual(["b  30", "b parks 15", "b late 10"]);
  });
  it("leaves out a unit that is gone", () => {
    const turns = [
      { screen: "unit", unit: "gone", seconds: 20 },
      { screen: "unit", unit: "a", seconds: 20 },
    ] as const;
    expect(told(turnsOf(turns, ["a", "b"], ""))).toEqual(["a  20"]);
  });
  it("has the pages that the keys turn to", () => {
    expect(screensOf(["a"], "").map(({ unit, focus }) => unit || focus || "district")).toEqual([
      "district",
      "a",
      "parks",
      "late",
    ]);
    expect(screensOf(["a", "b"], "b").map(({ unit }) => unit)).toEqual(["b", "b", "b"]);
  });
});
