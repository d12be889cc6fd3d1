import type { Campaign, MilestoneKind } from "./types";

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
