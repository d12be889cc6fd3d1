import type { Campaign, CaseDetail, MilestoneKind, Text } from "./types";

/** The milestone of a track by its code. */
export function milestoneOf(
  campaign: Campaign,
  track: string,
  code: string | undefined,
): MilestoneKind | undefined {
  return milestonesOf(campaign, track).find((m) => m.code === code);
}

/** The milestones of a track in the main order. */
export function milestonesOf(campaign: Campaign, track: string): MilestoneKind[] {
  return campaign.tracks.find((t) => t.code === track)?.milestones ?? [];
}

/** Acceptance and closing decide a figure, so they are summed up before the last click. */
export function isWeighty(milestone: MilestoneKind): boolean {
  return milestone.slot >= 8;
}

/**
 * The state of a case in the words of the last milestone done: 已初验 where the map's slot only
 * says 已拆除.
 */
export function stateOf(campaign: Campaign, detail: CaseDetail): Text {
  const done = new Set(
    detail.milestones.filter((each) => each.standing === "done").map((each) => each.code),
  );
  const kinds = milestonesOf(campaign, detail.case.track).filter((kind) => done.has(kind.code));
  return kinds[kinds.length - 1]?.state ?? detail.case.state;
}
