import type { CaseSummary, Operation, Text } from "../domain/types";

/** A picture of a deed; its bytes lie beside it under their hash. */
export interface DeedPhoto {
  /** Of the bytes as they are sent, lower case. */
  readonly sha256: string;
  readonly slot?: string;
  readonly name: Text;
  readonly bytes: number;
  /** When the server stored them under this hash, by its own word: the receipt. */
  readonly storedAt?: string;
  /** The server will not take them. */
  readonly refused?: Text;
}

/** Something done in the field, with all that is needed to send it as one operation. */
export interface Deed {
  /** Of the operation. */
  readonly id: string;
  /** Who did it; it is shown to and sent as that person alone. */
  readonly person: string;
  readonly caseId: number;
  /** Name of the case. */
  readonly label: string;
  /** What was done: 标记已腾空. */
  readonly done: Text;
  /** When it was done, by the server's clock as far as this phone knows it. */
  readonly at: string;
  /** The same by the clock of the phone; their order is the order of sending. */
  readonly savedAt: string;
  readonly op: Operation;
  /** The deed that this one takes back. */
  readonly undoes?: string;
  readonly photos: readonly DeedPhoto[];
  /** The cases as they are expected to stand. */
  readonly expected: readonly CaseSummary[];
  /** What the server said; absent: nothing yet. */
  readonly answer?: Answer;
  /** It was taken back. */
  readonly undone?: boolean;
}

/** The server's word on a deed. */
export interface Answer {
  readonly outcome: "applied" | "merged" | "quarantined" | "refused";
  /** When it was entered. */
  readonly at: string;
  readonly revision: number;
  /** Why it was refused, or what it contradicts. */
  readonly why?: Text;
  /** The conflict in which it waits to be compared. */
  readonly conflict?: number;
}

/** How a deed is shown (screens.md 3.4). */
export type DeedState = "kept" | "sending" | "entered" | "contradicts" | "refused" | "undone";

/** The state of a deed; `going` is the deed on its way at the moment. */
export function stateOf(deed: Deed, going?: string): DeedState {
  if (deed.undone) return "undone";
  switch (deed.answer?.outcome) {
    case "refused":
      return "refused";
    case "quarantined":
      return "contradicts";
    case undefined:
      return deed.id === going ? "sending" : "kept";
    default:
      return "entered";
  }
}

/** Pictures that the server has to have and does not. */
export function photosLeft({ photos, undone }: Deed): readonly DeedPhoto[] {
  return undone ? [] : photos.filter(({ storedAt, refused }) => !storedAt && !refused);
}

/** Whether something of it is on this phone alone. */
export function isUnsent(deed: Deed): boolean {
  return (!deed.answer && !deed.undone) || photosLeft(deed).length > 0;
}

/** Acts and photos that are on this phone alone. */
export function countOf(deeds: readonly Deed[]): number {
  return deeds.reduce(
    (n, deed) => n + (deed.answer || deed.undone ? 0 : 1) + photosLeft(deed).length,
    0,
  );
}

/** The groups of the page 待传: what somebody has to see to, what is not sent, what is. */
export function groupOf(deed: Deed): "yours" | "unsent" | "sent" {
  if (deed.answer?.outcome === "refused" && !deed.undone) return "yours";
  return isUnsent(deed) ? "unsent" : "sent";
}

/** When the oldest of what is not sent was done, by the phone's clock. */
export function oldestUnsent(deeds: readonly Deed[]): string | undefined {
  return deeds
    .filter(isUnsent)
    .map(({ savedAt }) => savedAt)
    .sort()[0];
}

/** In the order in which they were done. */
export function byTime(a: Deed, b: Deed): number {
  return a.savedAt.localeCompare(b.savedAt) || a.id.localeCompare(b.id);
}
