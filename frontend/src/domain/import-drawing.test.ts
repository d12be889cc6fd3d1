import { describe, expect, it } from "vitest";
import { cornersOf, drawShapes } from "./import-drawing";

const square = (east: number) => [
  [
    [
      [120.6, 30.6],
      [east, 30.6],
      [east, 30.601],
      [120.6, 30.601],
      [120.6, 30.6],
    ],
  ],
];

describe("two shapes in one drawing", () => {
  it("lie over each other in metres, north up", () => {
    const drawn = drawShapes(square(120.601), square(120.602));
    const [x, y, width, height] = drawn?.box ?? [];
    expect([x, y]).toEqual([-(width ?? 0) / 2, -(height ?? 0) / 2]);
    expect(width).toBeCloseTo(2 * 95.71 * 1.08 + 21, -1); // a thousandth of a degree is 95.71 m there
    expect(drawn?.before).toMatch(/^M-95\.\d+ 55\.597L0\.000 55\.597L0\.000 -55\.597L/);
    expect(drawn?.after).toMatch(/^M-95\.\d+ 55\.597L95\.\d+ 55\.597/);
  });

  it("is none where there is no shape, and one alone where the other is new", () => {
    expect(drawShapes(undefined, undefined)).toBeUndefined();
    expect(drawShapes(undefined, square(120.601))?.before).toBe("");
  });

  it("counts corners without the closing point", () => {
    expect(cornersOf(square(120.601))).toBe(4);
    expect(cornersOf(undefined)).toBeUndefined();
  });
});
