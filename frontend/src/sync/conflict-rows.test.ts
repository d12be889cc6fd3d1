import { describe, expect, it } from "vitest";
import { conflictRows } from "../domain/conflict-rows";
import type { Campaign, Conflict } from "../domain/types";
import { campaign } from "../store/testing";

const both = (zh: string) => ({ zh, en: zh });
const boxes = ["water", "power"].map((code) => ({ code, name: both(code) }));
const field: Campaign = {
  ...campaign,
  tracks: campaign.tracks.map((track) => ({
    ...track,
    milestones: track.milestones.map((each) => ({ ...each, observe: boxes })),
  })),
};
const track = field.tracks[0];
const milestone = track?.milestones[0];
const conflict = (standing: unknown, kept: unknown, name = `milestone/${milestone?.code}`) =>
  ({
    ...{
      field: name,
      field_name: both("责任人"),
      standing_text: both("甲"),
      kept_text: both("乙"),
    },
    ...{ standing: JSON.stringify(standing), kept: JSON.stringify(kept) },
  }) as Conflict;
const rows = (each: Conflict) =>
  conflictRows(field, track?.code ?? "", each).map(({ name, standing, kept }) => [
    name.zh,
    standing.zh,
    kept.zh,
  ]);

describe("what contradicts", () => {
  it("is a milestone: day, boxes and note, each beside the other", () => {
    const one = { done_on: "2020-09-30", checks: "water", note: "门卫在" };
    expect(rows(conflict(one, { done_on: "2020-09-28", checks: "water,power" }))).toEqual([
      [`${milestone?.name.zh}日期`, "09-30", "09-28"],
      ["两断三清", "water", "2 项全部符合"],
      ["说明", "门卫在", "—"],
    ]);
  });

  it("is a milestone that one of them holds for not applicable", () => {
    const [day] = rows(
      conflict({ not_applicable: true, reason: "租户" }, { done_on: "2020-09-28" }),
    );
    expect(day?.slice(1)).toEqual(["不涉及", "09-28"]);
  });

  it("is another field: the two values in words", () => {
    expect(rows(conflict("a", "b", "responsible"))).toEqual([["责任人", "甲", "乙"]]);
  });
});
