import { describe, expect, it } from "vitest";
import { type AreaGeometry, boundsOf, contains, labelPlace } from "./shapes";

/** A square of 10 with a hole of 2 in the middle, and a second square of 1 beside it. */
const holed: AreaGeometry = {
  type: "MultiPolygon",
  coordinates: [
    [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
      [
        [4, 4],
        [4, 6],
        [6, 6],
        [6, 4],
        [4, 4],
      ],
    ],
    [
      [
        [20, 0],
        [21, 0],
        [21, 1],
        [20, 1],
        [20, 0],
      ],
    ],
  ],
};

/** An L whose centroid lies outside. */
const bent: AreaGeometry = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [10, 0],
      [10, 1],
      [1, 1],
      [1, 10],
      [0, 10],
      [0, 0],
    ],
  ],
};

describe("shapes", () => {
  it("gives the box around all parts", () => {
    expect(boundsOf(holed)).toEqual([0, 0, 21, 10]);
  });

  it("knows inside, hole and second part", () => {
    expect(contains(holed, 1, 1)).toBe(true);
    expect(contains(holed, 5, 5)).toBe(false);
    expect(contains(holed, 20.5, 0.5)).toBe(true);
    expect(contains(holed, 15, 0.5)).toBe(false);
  });

  it.each([holed, bent])("puts the label inside", (geometry) => {
    const { at, width } = labelPlace(geometry);
    expect(contains(geometry, at[0], at[1])).toBe(true);
    expect(width).toBeGreaterThan(0);
  });
});
