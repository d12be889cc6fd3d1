import type { Campaign, Text } from "./types";

/** The choice of every track at once. */
export const allTracks = "";

/** A line of the legend: a slot in the words of a track. */
export interface LegendSlot {
  readonly slot: number;
  readonly name: Text;
  readonly group: string;
}

/**
 * The slots of a track, each named by the first milestone that reaches it (已入园 rather than
 * 已验收); those of the whole palette where every track is shown. A track has no line for a slot
 * that none of its milestones reaches.
 */
export function slotsOf(campaign: Campaign, track: string): readonly LegendSlot[] {
  const milestones = campaign.tracks.find((each) => each.code === track)?.milestones;
  if (!milestones) return campaign.slots;
  return campaign.slots.flatMap(({ slot, group }) => {
    const first = milestones.find((each) => each.slot === slot);
    return first ? [{ slot, group, name: first.state }] : [];
  });
}
