import { describe, expect, it } from "vitest";
import type { CaseDetail } from "../domain/types";
import { both, campaign, detail, summary } from "./testing";
import { type Found, isComplete, passRefusal, visitChanges } from "./visit";

/** The campaign of tests with a box to be ticked at 腾空, which stands for the acceptance here. */
const asking = {
  ...campaign,
  tracks: campaign.tracks.map((track) => ({
    ...track,
    milestones: track.milestones.map((each) =>
      each.code === "vacated" ? { ...each, checks: [{ code: "water", name: both("断水") }] } : each,
    ),
  })),
};
const form = { standing: "open", side: "stamping", milestone: "vacated", slot: "form" } as const;

function waiting(id: number, unit: string, refusal?: string): CaseDetail {
  const why = refusal === undefined ? {} : { refusal: both(refusal) };
  const pass = {
    kind: "case.milestone",
    milestone: "vacated",
    button: both("通过"),
    main: true,
    ...why,
  };
  return detail(id, {
    case: summary(id, { unit }),
    form,
    actions: [pass as CaseDetail["actions"][0]],
  });
}

const said = {
  number: "2020-09-30-1",
  on: "2020-09-30",
  departments: "land,fire",
  members: "俞某",
  route: "",
};
const found = (detail: CaseDetail, more: Partial<Found>): Found => ({
  ...{ detail, result: "", due: "", opinion: "" },
  ...more,
});

describe("a joint visit", () => {
  const ready = waiting(1, "honghe");
  const other = waiting(2, "xincheng");
  const early = waiting(3, "honghe", "尚未停产");

  it("is complete with a result, a reason and a day for what does not pass", () => {
    expect(isComplete(said, [found(ready, {})])).toBe(false);
    expect(isComplete(said, [found(ready, { result: "pass" })])).toBe(true);
    expect(isComplete({ ...said, departments: "" }, [found(ready, { result: "pass" })])).toBe(
      false,
    );
    expect(isComplete(said, [found(early, { result: "pass" })])).toBe(false);
    expect(passRefusal(early)?.zh).toBe("尚未停产");
    expect(isComplete(said, [found(ready, { result: "return", opinion: "水电未断" })])).toBe(false);
    const returned = { result: "return", opinion: "水电未断", due: "2020-10-15" } as const;
    expect(isComplete(said, [found(ready, returned)])).toBe(true);
    expect(isComplete(said, [found(ready, { ...returned, due: "2020-09-29" })])).toBe(false);
  });

  it("is one operation: a row of each unit, what was found, and the act that follows", () => {
    const units = new Map([
      ["honghe", 11],
      ["xincheng", 12],
    ]);
    const changes = visitChanges(
      asking,
      { visits: "visit", inspections: "inspection", returned: "returned", held: "held" },
      said,
      [
        found(ready, { result: "pass" }),
        found(other, { result: "return", opinion: "水电未断", due: "2020-10-15" }),
        found(early, {}),
      ],
      units,
    );
    expect(changes.map((each) => each.kind)).toEqual([
      ...["sheet.fill", "sheet.fill", "sheet.fill", "case.milestone", "sheet.fill", "case.ask"],
    ]);
    expect(changes[0]).toMatchObject({ of_id: 11, values: { cases: "1", passed: "1" } });
    expect(changes[1]).toMatchObject({ of_id: 12, values: { cases: "1", passed: "0" } });
    expect(changes[3]).toMatchObject({ case_id: 1, milestone: "vacated", checks: ["water"] });
    expect(changes[4]).toMatchObject({ values: { result: "return", due_on: "2020-10-15" } });
    expect(changes[5]).toMatchObject({ side: "returned", until: "2020-10-15", reason: "水电未断" });
  });
});
