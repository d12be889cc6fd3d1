import { describe, expect, it } from "vitest";
import { ref } from "vue";
import { slotsOf } from "../domain/tracks";
import { CaseStore } from "./cases";
import { createFigures } from "./figures";
import { createFilter } from "./filter";
import { ledgerRows, nounOf } from "./ledger-rows";
import { ParcelStore } from "./parcels";
import { elsewhere, shownOf } from "./shown";
import { labelOf } from "./shown-label";
import { both, campaign, feature, flatLayer, parcel, summary } from "./testing";

function setup() {
  const cases = new CaseStore();
  cases.reset([
    summary(1, { stage: 7, label: "房东" }),
    summary(2, { stage: 4, label: "租户", deadline: "2020-09-01" }),
    summary(3, { stage: 1, track: "upgrade", label: "提升" }),
    summary(4, { stage: 9, label: "反弹", sides: ["rebounded"] }),
  ]);
  return { cases, filter: createFilter(ref("rectify")) };
}

describe("what is shown of a parcel", () => {
  it("is the least advanced case of the track", () => {
    const { cases, filter } = setup();
    const shared = parcel(1, { cases: [1, 2, 3] });
    expect(shownOf(shared, cases, filter)).toMatchObject({
      stage: 4,
      deadline: "2020-09-01",
      cases: 2,
      caseId: 2,
    });
    expect(labelOf(shared, shownOf(shared, cases, filter), cases).zh).toBe("租户等2家");
    filter.track.value = "upgrade";
    expect(shownOf(shared, cases, filter)).toMatchObject({ stage: 1, cases: 1, caseId: 3 });
    filter.track.value = "";
    expect(shownOf(shared, cases, filter)).toMatchObject({ stage: 1, cases: 3 });
  });

  it("is a rebounded case before all", () => {
    const { cases, filter } = setup();
    expect(shownOf(parcel(1, { cases: [1, 4] }), cases, filter)).toMatchObject({ caseId: 4 });
  });

  it("says plainly that the name of another unit's firm is not shown", () => {
    const { cases, filter } = setup();
    cases.patch([summary(5, { stage: 2, label: "", reduced: true, version: 9 })]);
    for (const foreign of [parcel(1, { cases: [5] }), parcel(2, { label: "", reduced: true })]) {
      const label = labelOf(foreign, shownOf(foreign, cases, filter), cases);
      expect(label.zh).toBe("其他单位企业，名称不公开");
    }
  });

  it("tells unlisted land from land listed in another track", () => {
    const { cases, filter } = setup();
    expect(shownOf(parcel(1), cases, filter)).toMatchObject({ stage: 0, cases: 0 });
    const other = shownOf(parcel(1, { cases: [3] }), cases, filter);
    expect(other).toMatchObject({ stage: elsewhere, cases: 0 });
  });
});

describe("the track", () => {
  it("is the campaign's first until another is chosen, and outlives a cleared filter", () => {
    const { filter } = setup();
    expect(filter.track.value).toBe("rectify");
    filter.track.value = "upgrade";
    filter.clear();
    expect(filter.track.value).toBe("upgrade");
    expect(filter.active.value).toBe(false);
    filter.track.value = undefined;
    expect(filter.track.value).toBe("rectify");
  });

  it("leaves its cases to figures and ledger", () => {
    const { cases, filter } = setup();
    const parcels = new ParcelStore();
    parcels.reset(flatLayer(1, [feature(parcel(7)), feature(parcel(8, { cases: [3] }))]));
    const figures = createFigures(cases, parcels, filter, ref("2020-09-30"));
    const codes = () =>
      [...ledgerRows(cases, parcels, filter, "2020-09-30")].map((row) => nounOf(row).code);
    expect(figures.value.listed.count).toBe(3);
    expect(figures.value.stages[0]?.count).toBe(1);
    expect(codes()).toEqual(["XZ-2020-0002", "XZ-2020-0001", "XZ-2020-0004", "P-7"]);
    filter.track.value = "";
    expect(figures.value.listed.count).toBe(4);
    expect(codes()).toHaveLength(5);
  });

  it("names its slots by the first milestone that reaches them", () => {
    const [rectify] = campaign.tracks;
    const wanted = { ...campaign, tracks: rectify ? [rectify] : [] };
    expect(slotsOf(wanted, "rectify").map(({ name }) => name.zh)).toEqual([
      "已停产",
      "已腾空",
      "已销号",
    ]);
    expect(slotsOf(campaign, "")).toBe(campaign.slots);
    const entering = {
      code: "move_in",
      name: both("入园"),
      milestones: rectify?.milestones.slice(1, 2) ?? [],
    };
    expect(slotsOf({ ...campaign, tracks: [entering] }, "move_in").map(({ slot }) => slot)).toEqual(
      [6],
    );
  });
});
