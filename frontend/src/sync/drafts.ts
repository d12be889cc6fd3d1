import { isRecord } from "../store/kept";
import type { Box, PhotoFile } from "./box";
import type { Deed, DeedPhoto } from "./deed";
import type { PlaceFound } from "./place";

/** A picture of a draft, with where it was taken. */
export interface DraftPhoto extends DeedPhoto {
  /** Of the picture before it was made smaller. */
  readonly original?: string;
  readonly takenAt: string;
  readonly place?: PlaceFound;
  /** The camera's own words are in it. */
  readonly told: boolean;
}

/** What was entered of a case and not marked yet. */
export interface Draft {
  readonly checks: readonly string[];
  /** Why a box stays open. */
  readonly lacking: string;
  readonly note: string;
  /** Why the place is not at the parcel: a key of the words. */
  readonly placeReason: string;
  /** Cases of the same building that are marked with it. */
  readonly together: readonly number[];
  readonly photos: readonly DraftPhoto[];
}

export const emptyDraft: Draft = {
  ...{ checks: [], lacking: "", note: "", placeReason: "", together: [], photos: [] },
};

export function isDraft(found: unknown): found is Draft {
  return isRecord(found) && Array.isArray(found.photos) && Array.isArray(found.checks);
}

/** Drafts of one person by case and milestone; they outlive the page, which a camera app may end. */
export function createFieldDrafts(box: Box, person: () => string | undefined) {
  const keyOf = (caseId: number, milestone: string) => `${person() ?? ""} ${caseId} ${milestone}`;
  return {
    keyOf,
    read: async (key: string): Promise<Draft> => {
      const found = await box.draft(key);
      return isDraft(found) ? { ...emptyDraft, ...found } : emptyDraft;
    },
    write: (key: string, draft: Draft, file?: PhotoFile) => box.putDraft(key, draft, file),
  };
}

export type FieldDrafts = ReturnType<typeof createFieldDrafts>;

/** What was entered of a deed, as a draft; pictures that the server has already are attached again by their hash. */
export function draftOf({ photos, op, at }: Deed): Draft {
  const mark = op.changes.find(({ kind }) => kind === "case.milestone");
  const taken = new Map(op.changes.map(({ photo }) => [photo?.sha256, photo]));
  return {
    ...emptyDraft,
    checks: mark?.checks ?? [],
    note: mark?.note ?? "",
    photos: photos
      .filter(({ refused }) => !refused)
      .map((photo) => {
        const { original, taken_at, place } = taken.get(photo.sha256) ?? {};
        return {
          ...photo,
          ...{ takenAt: taken_at ?? at, told: true },
          ...(original ? { original } : {}),
          ...(place ? { place: { accuracy: 0, ...place } } : {}),
        };
      }),
  };
}
