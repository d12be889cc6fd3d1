import { describe, expect, it } from "vitest";
import { predictMark } from "../src/domain/predict";
import type { Milestone } from "../src/domain/types";
import { campaign, detail, summary } from "../src/store/testing";

const asking = {
  ...campaign,
  sides: [
    {
      ...{ code: "relapsed", badge: "弹", effects: ["uncounts" as const] },
      ...{ name: { zh: "反弹", en: "relapsed" }, button_in: { zh: "反弹", en: "relapsed" } },
    },
  ],
};
const by = { id: "shen", name: "沈某" };
const standing = (vacated: Milestone["standing"], closed: Milestone["standing"]): Milestone[] => [
  { code: "stopped", standing: "done" },
  { code: "vacated", standing: vacated },
  { code: "closed", standing: closed, plan_on: "2020-12-20" },
];
const caseWith = (milestones: Milestone[], more = {}) =>
  detail(1, { case: summary(1, { late: 3 }), milestones, ...more });
const mark = { milestone: "vacated", day: "2020-09-30", by };

describe("a case after its next milestone", () => {
  it("has the stage and words of what was marked, and what follows with its date", () => {
    const after = predictMark(asking, caseWith(standing("next", "open")), mark);
    expect(after?.case).toMatchObject({
      ...{ stage: 6, next: "closed", deadline: "2020-12-20", version: 1 },
      state: { zh: "已腾空" },
    });
    expect(after?.case.late).toBeUndefined();
    expect(after?.milestones.map((each) => each.standing)).toEqual(["done", "done", "next"]);
    expect(after?.milestones[1]).toMatchObject({ done_on: "2020-09-30", by });
  });

  it("passes over what is not applicable, and ends with the last", () => {
    const after = predictMark(asking, caseWith(standing("next", "not_applicable")), mark);
    expect(after?.case.next).toBeUndefined();
    expect(after?.case.deadline).toBeUndefined();
  });

  it("is not guessed for another milestone, nor where a side state may end with it", () => {
    expect(predictMark(asking, caseWith(standing("done", "next")), mark)).toBeUndefined();
    const sides = [{ side: "relapsed", since: "2020-09-01", reason: "", by }];
    expect(
      predictMark(asking, caseWith(standing("next", "open"), { sides }), mark),
    ).toBeUndefined();
    expect(
      predictMark({ ...asking, tracks: [] }, caseWith(standing("next", "open")), mark),
    ).toBeUndefined();
  });
});
