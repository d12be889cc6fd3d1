import { afterMark, type Task } from "../domain/field-tasks";
import type { Campaign, CaseSummary, Change, SideKind } from "../domain/types";
import { words } from "../domain/words";
import type { Draft, DraftPhoto } from "./drafts";
import type { DeedDraft } from "./outbox";
import { farMetres, type PlaceFound, vagueMetres } from "./place";

/** Where somebody stands before a parcel. */
export interface Standing extends PlaceFound {
  /** Metres from the edge of the parcel; infinite where it has no ground. */
  readonly metres: number;
}

/** Whether a reason is asked for. */
export function isDoubtful(standing: Standing | undefined): boolean {
  return standing !== undefined && (standing.metres > farMetres || standing.accuracy > vagueMetres);
}

/** A mark on the next milestone of a case, and of those of the same building that go with it. */
export function markOf(
  campaign: Campaign,
  { case: own, next, together }: Task,
  draft: Draft,
  standing: Standing | undefined,
  day: string,
): DeedDraft {
  const milestone = next?.code ?? "";
  const marked = [own, ...together.filter(({ id }) => draft.together.includes(id))];
  const note = noteOf(next?.observe ?? [], draft, standing);
  return {
    ...{ caseId: own.id, label: own.label || own.code },
    done: next?.button ?? { zh: "", en: "" },
    // Pictures first: they are there when the mark is judged.
    changes: marked.flatMap((each) => [
      ...draft.photos.map((photo) => attaching(each, milestone, photo)),
      marking(each, milestone, draft, note),
    ]),
    photos: draft.photos.map(
      ({ original: _, takenAt: __, place: ___, told: ____, ...sent }) => sent,
    ),
    expected: marked.map((each) => afterMark(campaign, each, milestone, day)),
  };
}

function marking(each: CaseSummary, milestone: string, { checks }: Draft, note: string): Change {
  return {
    ...{ kind: "case.milestone", case_id: each.id, base_version: each.version, milestone },
    ...(checks.length > 0 ? { checks: [...checks] } : {}),
    ...(note ? { note } : {}),
  };
}

function attaching(each: CaseSummary, milestone: string, photo: DraftPhoto): Change {
  const { sha256, slot, original, takenAt, place } = photo;
  return {
    ...{ kind: "photo.attach", case_id: each.id, milestone },
    photo: {
      ...{ sha256, taken_at: takenAt },
      ...(slot ? { slot } : {}),
      ...(original ? { original } : {}),
      ...(place ? { place } : {}),
    },
  };
}

/** What is said with the mark: the officer's words, what is not as it should be, where it was marked. */
function noteOf(
  boxes: readonly { code: string; name: { zh: string } }[],
  { checks, lacking, note, placeReason }: Draft,
  standing: Standing | undefined,
): string {
  const open = boxes.filter(({ code }) => !checks.includes(code)).map(({ name }) => name.zh);
  const parts = [note.trim()];
  if (lacking.trim())
    parts.push(words("zh", "field.note_lacking", { what: open.join("、"), why: lacking.trim() }));
  if (standing?.mocked) parts.push(words("zh", "field.note_mocked"));
  if (standing && placeReason && isDoubtful(standing)) {
    const { metres, accuracy } = standing;
    parts.push(
      words("zh", "field.note_place", {
        metres: Number.isFinite(metres) ? Math.round(metres) : "—",
        accuracy: Math.round(accuracy),
        why: placeReason,
      }),
    );
  }
  return parts.filter(Boolean).join("；").slice(0, 1000);
}

/** A report on the spot: a side state that is asked for with a reason (报卡点, 上报反弹). */
export function reportOf(
  { case: own }: Task,
  side: SideKind,
  reasonCode: string,
  reason: string,
): DeedDraft {
  const change: Change = {
    ...{ kind: "case.ask", case_id: own.id, base_version: own.version, side: side.code },
    ...(reasonCode ? { reason_code: reasonCode } : {}),
    ...(reason.trim() ? { reason: reason.trim() } : {}),
  };
  return {
    ...{ caseId: own.id, label: own.label || own.code, done: side.button_in },
    ...{ changes: [change], photos: [], expected: [] },
  };
}
