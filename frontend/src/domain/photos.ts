import type { MilestonePhotos, Photo, Text } from "./types";

/** A slot of a milestone with the photos in it; without a code: beside the named ones. */
export interface SlotPhotos {
  code?: string;
  /** Of the slot; absent beside the named ones. */
  name?: Text;
  required: boolean;
  photos: readonly Photo[];
}

/** The slots of a milestone in its order, then what lies beside them, if anything does. */
export function slotsOf({ slots, photos }: MilestonePhotos): SlotPhotos[] {
  const named = slots.map(({ code, name, required }) => {
    return { code, name, required, photos: photos.filter(({ slot }) => slot === code) };
  });
  const known = new Set(slots.map(({ code }) => code));
  const beside = photos.filter(({ slot }) => !slot || !known.has(slot));
  return beside.length > 0 ? [...named, { required: false, photos: beside }] : named;
}

/** For which slots several photos are that are dropped on a milestone: its empty ones in their order, then beside them. */
export function slotsFor(milestone: MilestonePhotos, taken: readonly (string | undefined)[]) {
  const empty = slotsOf(milestone).filter(
    ({ code, photos }) => code && photos.length === 0 && !taken.includes(code),
  );
  return [...empty.map(({ code }) => code), undefined];
}
