import { describe, expect, it } from "vitest";
import { type Definition, setTask, sumOfUnits, targetOf } from "./definition";

const both = (zh: string) => ({ zh, en: zh });

function some(): Definition {
  return {
    ...{ name: both("整治"), title: both("图"), tracks: [] },
    targets: [
      { metric: "rectified", period: "year", task: 400 },
      { unit: "honghe", metric: "rectified", period: "year", task: 60 },
      { unit: "honghe", metric: "rectified", period: "three_years", task: 100 },
    ],
  };
}

describe("tasks of a definition", () => {
  it("are those of the year", () => {
    expect(targetOf(some(), "rectified", "")?.task).toBe(400);
    expect(targetOf(some(), "rectified", "honghe")?.task).toBe(60);
    expect(targetOf(some(), "recovered", "")).toBeUndefined();
  });

  it("are changed in place, added and taken away; a unit's names its unit", () => {
    const d = some();
    setTask(d, "rectified", "honghe", 70);
    setTask(d, "rectified", "wangdian", 75);
    setTask(d, "recovered", "", 200000);
    expect(sumOfUnits(d, "rectified")).toBe(145);
    expect(d.targets?.[(d.targets?.length ?? 0) - 1]).toEqual({
      metric: "recovered",
      period: "year",
      task: 200000,
    });
    setTask(d, "rectified", "wangdian");
    expect(targetOf(d, "rectified", "wangdian")).toBeUndefined();
    expect(d.targets).toHaveLength(4);
  });

  it("of units make no sum where no unit has one", () => {
    expect(sumOfUnits(some(), "recovered")).toBeUndefined();
  });
});
