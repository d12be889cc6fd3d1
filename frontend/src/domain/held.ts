import type { Campaign, Change, Operation, Schemas, Text } from "./types";
import { bothWords } from "./words";

export type HeldList = Schemas["HeldList"];
export type Held = HeldList["items"][number];

/** What somebody did on a phone and the server has not entered: of the server's list, or of a file. */
export interface HeldDeed {
  /** Of the operation, as the phone had it. */
  readonly id: string;
  /** Code of who did it. */
  readonly author: string;
  /** When, by the author. */
  readonly at: string;
  /** The same by the phone's own clock. */
  readonly deviceAt?: string | undefined;
  readonly changes: readonly Change[];
}

/** The operation that sends it again, under an id of its own; a repeat of this one is the same. */
export function replayOf(deed: HeldDeed, device: string, id: string): Operation {
  return {
    ...{ op_id: id, device, happened_at: deed.at },
    ...(deed.deviceAt ? { device_at: deed.deviceAt } : {}),
    replays: { op_id: deed.id, author: deed.author },
    changes: [...deed.changes],
  };
}

/** What it was, by the words of the buttons: 标记已腾空; pictures are named beside it. */
export function actsOf(campaign: Campaign | undefined, changes: readonly Change[]): Text[] {
  const found = new Map<string, Text>();
  for (const change of changes) {
    const word = actOf(campaign, change);
    if (word) found.set(word.zh, word);
  }
  return [...found.values()];
}

function actOf(campaign: Campaign | undefined, change: Change): Text | undefined {
  switch (change.kind) {
    case "photo.attach":
      return undefined;
    case "case.milestone":
      return (campaign?.tracks ?? [])
        .flatMap(({ milestones }) => milestones)
        .find(({ code }) => code === change.milestone)?.button;
    case "case.ask":
      return campaign?.sides?.find(({ code }) => code === change.side)?.button_in;
    case "batch.undo":
      return bothWords("held.undo");
    default:
      return bothWords("held.other");
  }
}
