import { describe, expect, it } from "vitest";
import { actsOf, replayOf } from "./held";
import type { Campaign, Change } from "./types";

const both = (zh: string) => ({ zh, en: zh });
const campaign = {
  tracks: [{ milestones: [{ code: "vacated", button: both("标记已腾空") }] }],
  sides: [{ code: "rebound", button_in: both("上报反弹") }],
} as unknown as Campaign;
const mark: Change = { kind: "case.milestone", case_id: 1, milestone: "vacated" };

describe("what was done on a phone and not entered", () => {
  it("is sent again with its time, its author and its pictures, under an id of its own", () => {
    const changes: Change[] = [{ kind: "photo.attach", case_id: 1 }, mark];
    const at = "2020-09-30T06:00:00Z";
    expect(replayOf({ id: "a", author: "lu", at, deviceAt: at, changes }, "desk", "b")).toEqual({
      ...{ op_id: "b", device: "desk", happened_at: at, device_at: at, changes },
      replays: { op_id: "a", author: "lu" },
    });
  });

  it.each([
    { of: [mark, { ...mark, case_id: 2 }], says: ["标记已腾空"] },
    { of: [{ kind: "case.ask", side: "rebound" }, mark], says: ["上报反弹", "标记已腾空"] },
    { of: [{ kind: "batch.undo" }], says: ["撤销"] },
    { of: [{ kind: "photo.attach" }], says: [] },
  ] as { of: Change[]; says: string[] }[])("says $says", ({ of, says }) => {
    expect(actsOf(campaign, of).map(({ zh }) => zh)).toEqual(says);
  });
});
