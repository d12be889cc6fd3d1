import { expect, it } from "vitest";
import { meets, sitePlan } from "./site-plan";

/** 100 m by 100 m, near enough. */
const box = [120.7, 30.7, 120.701045, 30.7009] as const;

it("shows the box in its middle, at its ratio, with room about it", () => {
  const plan = sitePlan(box, 1.6);
  if (!plan) throw new Error("no plan");
  expect(plan.width / plan.height).toBeCloseTo(1.6);
  expect(plan.height).toBeCloseTo(100 * 1.6, 0);
  const path = plan.path({ type: "Polygon", coordinates: [[[120.7005225, 30.70045]]] });
  const [x = 0, y = 0] = path.slice(1, -1).split(" ").map(Number);
  expect(x).toBeCloseTo(plan.width / 2, 1);
  expect(y).toBeCloseTo(plan.height / 2, 1);
});

it("is not drawn of nothing", () => {
  expect(sitePlan([Infinity, Infinity, -Infinity, -Infinity], 1.6)).toBeUndefined();
});

it("knows which boxes meet", () => {
  expect(meets(box, [120.701, 30.7, 120.8, 30.8])).toBe(true);
  expect(meets(box, [120.8, 30.7, 120.9, 30.8])).toBe(false);
});
