// @vitest-environment happy-dom
import L from "leaflet";
import { describe, expect, it } from "vitest";
import { alertColour, stageFill } from "../domain/palette";
import { parcel } from "../store/testing";
import { placeLabels } from "./label-places";
import { lookOf, nearnessOf, type Scene } from "./parcel-look";
import { roundBelow } from "./scale-bar";

const scene: Scene = { theme: "light", today: "2020-09-30", nearness: 2 };

describe("look of a parcel", () => {
  it("has the fill and the digit of its stage", () => {
    const look = lookOf(parcel(1, { stage: 7 }), scene, false);
    expect(look.style.fillColor).toBe(stageFill.light[6]);
    expect(look.digit).toBe("7");
    expect(
      lookOf(parcel(1, { stage: 7 }), { ...scene, theme: "dark" }, false).style.fillColor,
    ).toBe(stageFill.dark[6]);
  });

  it("is late after the deadline and not on it", () => {
    expect(lookOf(parcel(1, { deadline: "2020-09-30" }), scene, false).late).toBe(false);
    const late = lookOf(parcel(1, { deadline: "2020-09-29" }), scene, false);
    expect(late.late).toBe(true);
    expect(late.style).toMatchObject({ color: alertColour, weight: 3 });
  });

  it("has thinner strokes from far away", () => {
    const far = { ...scene, nearness: nearnessOf(11) };
    const late = parcel(1, { deadline: "2020-09-29" });
    expect(lookOf(late, far, false).style.weight).toBe(1);
    expect(lookOf(parcel(1), far, false).style.weight).toBeLessThan(0.5);
    expect([11, 14, 16].map(nearnessOf)).toEqual([0, 1, 2]);
  });

  it("is hollow and without digit where there is no case", () => {
    const look = lookOf(parcel(1, { stage: 0 }), scene, false);
    expect(look.digit).toBe("");
    expect(stageFill.light).not.toContain(look.style.fillColor);
  });

  it("pales outside the filter and never vanishes", () => {
    const { style, digit } = lookOf(parcel(1), scene, true);
    expect(digit).toBe("");
    expect(style.fillOpacity).toBeGreaterThan(0);
    expect(style.opacity).toBeGreaterThan(0);
    expect(style.fillOpacity).toBeLessThan(0.3);
  });
});

describe("labels of units", () => {
  const at = (text: string, x: number, y: number) => ({
    text,
    outside: false,
    anchor: L.point(x, y),
  });

  it("stay where they want when there is room", () => {
    const placed = placeLabels([at("王江泾", 0, 0), at("油车港", 200, 0)]);
    expect(placed.map((label) => label.at.x)).toEqual([0, 200]);
  });

  it("make way for each other, and never overlap", () => {
    const wanted = Array.from({ length: 9 }, (_, i) => at("高新区", i, 0));
    const placed = placeLabels(wanted);
    expect(placed.length).toBeGreaterThan(1);
    expect(placed.length).toBeLessThan(9);
    const boxes = placed.map(({ at: p }) => L.bounds(p.subtract([20, 11]), p.add([20, 11])));
    for (const [i, box] of boxes.entries()) {
      expect(boxes.slice(i + 1).some((other) => box.overlaps(other))).toBe(false);
    }
  });
});

describe("scale bar", () => {
  it.each([
    [1234, 1000],
    [999, 500],
    [499, 200],
    [5, 5],
    [1.9, 1],
  ])("of at most %d m is %d m", (span, metres) => {
    expect(roundBelow(span)).toBe(metres);
  });
});
