import { describe, expect, it } from "vitest";
import {
  columnsOf,
  companionOf,
  formatAdded,
  formatDone,
  formatGap,
  formatMove,
  formatPercent,
  formatTask,
  plainName,
} from "./progress";
import { figureCampaign, metric, sheet, step } from "./testing-figures";

describe("how figures are printed", () => {
  it.each([
    [297, "count", "297"],
    [1464.53, "land", "1,464.53"],
    [0, "land", "0.00"],
    [15.27, "floor", "15.27"],
  ] as const)("%d %s done", (done, measure, printed) => {
    expect(formatDone({ done, measure })).toBe(printed);
  });

  it.each([
    [2000, "2,000"],
    [7.5, "7.50"],
    [0, "—"],
    [undefined, "—"],
  ])("a task of %s", (task, printed) => expect(formatTask(task)).toBe(printed));

  it.each([
    [-0.7, "−0.7"],
    [8.3, "+8.3"],
    [0, "0.0"],
    [undefined, "—"],
  ])("a gap of %s points, always signed", (gap, printed) => expect(formatGap(gap)).toBe(printed));

  it("prints a rate over 100 as it is, and none without a task", () => {
    expect(formatPercent(102.4)).toBe("102.4%");
    expect(formatPercent(60)).toBe("60.0%");
    expect(formatPercent(undefined)).toBe("—");
  });

  it("prints what is new with its sign where something was lost", () => {
    expect(formatAdded(metric("rectified", { added: 5 }))).toBe("5");
    expect(formatAdded(metric("rectified", { added: -2 }))).toBe("−2");
    expect(formatAdded(metric("recovered", { measure: "land", added: -3.5 }))).toBe("−3.50");
  });

  it("prints a move of places", () => {
    expect([1, -2, 0, undefined].map(formatMove)).toEqual(["↑1", "↓2", "—", "—"]);
  });

  it("leaves 其中 away where a metric stands alone", () => {
    expect(plainName({ zh: "其中有效面积", en: "of which effective land" })).toEqual({
      zh: "有效面积",
      en: "effective land",
    });
  });
});

describe("columns of the progress table", () => {
  const metrics = [
    metric("rectified"),
    metric("rectified_enterprises"),
    metric("recovered", { measure: "land" }),
  ];

  it("begin with the work, and mark the step at which the metric counts", () => {
    const steps = ["filed", "signed", "accepted"].map((code) => step(code));
    const columns = columnsOf(figureCampaign, "rectify", sheet({ metrics, steps }));
    expect(columns.lead?.code).toBe("rectified");
    expect(columns.part?.code).toBe("rectified_enterprises");
    expect(columns.steps.map(({ code }) => code)).toEqual(["signed", "accepted"]);
    expect(columns.counted).toBe("accepted");
    expect(columns.areas.map(({ code }) => code)).toEqual(["recovered"]);
  });

  it("are the funnel alone where a track is not counted", () => {
    const columns = columnsOf(figureCampaign, "outdated", sheet({ steps: [step("signed")] }));
    expect([columns.lead, columns.part, columns.counted]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(columns.steps).toHaveLength(1);
  });
});

describe("the companion of a metric", () => {
  it("tells more of the same work in the same measure", () => {
    expect(companionOf(figureCampaign, "recovered")?.code).toBe("effective");
    expect(companionOf(figureCampaign, "rectified_enterprises")).toBeUndefined();
    expect(companionOf(figureCampaign, "effective")).toBeUndefined();
    expect(companionOf(figureCampaign, "nothing")).toBeUndefined();
  });
});
