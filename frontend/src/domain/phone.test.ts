import { describe, expect, it } from "vitest";
import { isPhone } from "./is-phone";
import { phoneCards, phoneScale } from "./phone";
import type { FigureMetric } from "./types";

const metric = (code: string, measure = "count") => ({ code, measure }) as FigureMetric;

describe("the leader's phone", () => {
  it("is a narrow window, drawn as large as it is wide", () => {
    expect([390, 599, 600, 1920].map(isPhone)).toEqual([true, true, false, false]);
    expect(phoneScale(390)).toBe(1);
    expect([phoneScale(320), phoneScale(590)]).toEqual([0.9, 1.25]);
  });

  it("has land in the full width, then pairs, the parks last", () => {
    const metrics = [
      metric("rectified"),
      metric("recovered", "land"),
      metric("upgraded"),
      metric("parks"),
      metric("park_floor", "floor"),
      metric("moved_in"),
    ];
    const kinds = ["rectified", "recovered", "upgraded", "parks", "park_floor", "moved_in"].map(
      (code) => ({ code, counts: { track: code.startsWith("park") ? "parks" : code } }),
    );
    const { wide, pairs } = phoneCards(metrics, kinds as never);
    expect(wide.map(({ code }) => code)).toEqual(["recovered"]);
    expect(pairs.map(({ code }) => code)).toEqual([
      "rectified",
      "upgraded",
      "moved_in",
      "parks",
      "park_floor",
    ]);
  });
});
