import { describe, expect, it } from "vitest";
import { toPlane } from "./crs";
import { metresTo } from "./distance";
import type { AreaGeometry } from "./shapes";

const yard: AreaGeometry = {
  type: "Polygon",
  coordinates: [
    [
      [120.7, 30.75],
      [120.701, 30.75],
      [120.701, 30.751],
      [120.7, 30.751],
      [120.7, 30.75],
    ],
  ],
};
/** In the official grid, whose scale here is 1 within 0.02 %. */
function apart(a: readonly [number, number], b: readonly [number, number]): number {
  const [p, q] = [a, b].map(([lon, lat]) => toPlane({ lon, lat }));
  return p && q ? Math.hypot(p.north - q.north, p.east - q.east) : Number.NaN;
}

describe("metres to ground", () => {
  it("are 0 inside, infinite without ground", () => {
    expect(metresTo(yard, { lon: 120.7005, lat: 30.7505 })).toBe(0);
    const nowhere: AreaGeometry = { type: "MultiPolygon", coordinates: [] };
    expect(metresTo(nowhere, { lon: 120, lat: 30 })).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["an edge", [120.7025, 30.7505], [120.701, 30.7505]],
    ["a corner", [120.699, 30.752], [120.7, 30.751]],
    ["the south", [120.7005, 30.7491], [120.7005, 30.75]],
  ] as const)("to %s agree with the grid", (_, at, nearest) => {
    const found = metresTo(yard, { lon: at[0], lat: at[1] });
    expect(Math.abs(found - apart(at, nearest))).toBeLessThan(0.1);
  });
});
