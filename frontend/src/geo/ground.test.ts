import { expect, it } from "vitest";
import { common, joined, without } from "./combine";
import {
  corners,
  estimatedArea,
  type Ground,
  metresBetween,
  moved,
  perimeter,
  positionAt,
  withCorner,
  withMiddle,
  withoutCorner,
} from "./ground";
import { traced } from "./trace-edge";

/** A rectangle near 120.61, 30.66 with sides in 0.00001° (about a metre). */
function rect(x0: number, y0: number, x1: number, y1: number): Ground {
  const at = (x: number, y: number) => [
    Number((120.61 + x * 1e-5).toFixed(9)),
    Number((30.66 + y * 1e-5).toFixed(9)),
  ];
  return [[[at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)]]];
}

const field = rect(0, 0, 50, 50);

it("estimates what the server measures, to a hundredth of a square metre", () => {
  // Figures of geo.GeodesicArea.
  const whole = estimatedArea(field);
  expect(whole).toBeCloseTo(2656.3257, 2);
  expect(estimatedArea(rect(0, 0, 1000, 1000))).toBeCloseTo(1062479.0751, 0);
  expect(estimatedArea(without(field, rect(10, 10, 20, 20)))).toBeCloseTo(
    whole - estimatedArea(rect(10, 10, 20, 20)),
    2,
  );
});

it("moves a corner by metres in the plane, and back", () => {
  const from = positionAt(field, { polygon: 0, ring: 0, index: 2 }) ?? [];
  const to = moved(from, 3, -4);
  expect(metresBetween(from, to)).toBeCloseTo(5, 3);
  expect(metresBetween(moved(to, -3, 4), from)).toBeLessThan(0.001);
});

it("adds, moves and removes corners; a triangle that loses one is gone", () => {
  expect(corners(field)).toHaveLength(4);
  const five = withMiddle(field, { polygon: 0, ring: 0, index: 3 });
  expect(corners(five)).toHaveLength(5);
  expect(estimatedArea(five)).toBeCloseTo(estimatedArea(field), 3);
  expect(perimeter(five)).toBeCloseTo(perimeter(field), 3);
  const first = withCorner(field, { polygon: 0, ring: 0, index: 0 }, [120.6099, 30.6599]);
  expect(first[0]?.[0]?.[0]).toEqual([120.6099, 30.6599]);
  expect(first[0]?.[0]?.[4]).toEqual([120.6099, 30.6599]);
  const three = withoutCorner(field, { polygon: 0, ring: 0, index: 1 });
  expect(corners(three)).toHaveLength(3);
  expect(withoutCorner(three, { polygon: 0, ring: 0, index: 0 })).toEqual([]);
});

it("cuts a hole, gives way, joins", () => {
  const holed = without(field, rect(10, 10, 20, 20));
  expect(holed[0]).toHaveLength(2);
  expect(
    withoutCorner(withoutCorner(holed, { polygon: 0, ring: 1, index: 0 }), {
      polygon: 0,
      ring: 1,
      index: 0,
    })[0],
  ).toHaveLength(1);
  expect(estimatedArea(without(field, rect(40, 0, 90, 50)))).toBeCloseTo(
    estimatedArea(rect(0, 0, 40, 50)),
    2,
  );
  expect(joined(rect(0, 0, 25, 50), rect(25, 0, 50, 50))).toHaveLength(1);
  expect(common(field, rect(60, 0, 70, 10))).toEqual([]);
});

it("lays a side on the neighbour's: every corner of the shared edge is equal, nothing overlaps", () => {
  // The neighbour's western edge has a bend that the drawing passed over.
  const neighbour: Ground = [
    [
      [
        [120.6105, 30.66],
        [120.611, 30.66],
        [120.611, 30.6605],
        [120.6105, 30.6605],
        [120.610497, 30.6603],
        [120.610503, 30.6601],
        [120.6105, 30.66],
      ],
    ],
  ];
  const drawn: Ground = [
    [
      [
        [120.61, 30.66],
        [120.610503, 30.660002],
        [120.610498, 30.660499],
        [120.61, 30.6605],
        [120.61, 30.66],
      ],
    ],
  ];
  const laid = traced(drawn, [neighbour], 0.5);
  const shared = [
    [120.6105, 30.66],
    [120.610503, 30.6601],
    [120.610497, 30.6603],
    [120.6105, 30.6605],
  ];
  const ring = laid[0]?.[0] ?? [];
  expect(ring).toHaveLength(7);
  for (const at of shared) expect(ring).toContainEqual(at);
  expect(common(laid, neighbour)).toEqual([]);
  expect(traced(laid, [neighbour], 0.5)).toEqual(laid);
});

it("leaves alone what is too far away, and goes no long way round", () => {
  expect(traced(field, [rect(52, 0, 90, 50)], 0.5)).toEqual(field);
  // Both ends lie on the neighbour, but its corners between them are far from the side.
  const cup: Ground = joined(
    joined(rect(50, 0, 60, 10), rect(60, 0, 70, 50)),
    rect(50, 40, 60, 50),
  );
  const ring = traced(field, [cup], 0.3)[0]?.[0] ?? [];
  expect(ring.length).toBeLessThanOrEqual(7);
  for (const [lon = 0] of ring) expect(lon).toBeLessThanOrEqual(120.6105);
});
