/** What contradicts, side by side: a conflict in rows that can be compared. */
import { formatDay } from "./format";
import { milestoneOf } from "./milestones";
import type { Campaign, Conflict, MilestoneKind, Text } from "./types";
import { bothWords, words } from "./words";

export interface ConflictRow {
  readonly name: Text;
  /** What came first and is entered, and what came later and is kept; "" where nothing is said. */
  readonly standing: Text;
  readonly kept: Text;
}

/** A milestone as the journal has it, as far as it is compared. */
interface Mark {
  readonly done_on?: string;
  readonly checks?: string;
  readonly note?: string;
  readonly reason?: string;
}

const prefix = "milestone/";
const nothing: Text = { zh: "—", en: "—" };

/** The code of the milestone that a conflict is about; absent where it is about another field. */
export function milestoneIn({ field }: Conflict): string | undefined {
  return field.startsWith(prefix) ? field.slice(prefix.length) : undefined;
}

/** The rows of a conflict: of a milestone its day, boxes and what was said with it, else the two values. */
export function conflictRows(campaign: Campaign, track: string, conflict: Conflict): ConflictRow[] {
  const kind = milestoneOf(campaign, track, milestoneIn(conflict));
  const [standing, kept] = [markOf(conflict.standing), markOf(conflict.kept)];
  if (!kind || !standing || !kept)
    return [
      { name: conflict.field_name, standing: conflict.standing_text, kept: conflict.kept_text },
    ];
  const both = (name: Text, of: (mark: Mark) => Text): ConflictRow[] => {
    const [one, other] = [of(standing), of(kept)];
    return one === nothing && other === nothing ? [] : [{ name, standing: one, kept: other }];
  };
  return [
    ...both(dayOf(kind), ({ done_on }) =>
      done_on ? same(formatDay(done_on)) : bothWords("field.not_applicable"),
    ),
    ...both(bothWords("field.boxes"), ({ checks }) => boxesOf(kind, checks)),
    ...both(bothWords("field.said"), ({ note, reason }) => same(note || reason || "")),
  ];
}

function dayOf({ name }: MilestoneKind): Text {
  return {
    zh: words("zh", "field.day_of", { what: name.zh }),
    en: words("en", "field.day_of", { what: name.en }),
  };
}

function same(words: string): Text {
  return words ? { zh: words, en: words } : nothing;
}

function markOf(text: string): Mark | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The boxes that were ticked: by name, or that all were. */
function boxesOf(kind: MilestoneKind, checks = ""): Text {
  const boxes = [...(kind.checks ?? []), ...(kind.observe ?? [])];
  const ticked = boxes.filter(({ code }) => checks.split(",").includes(code));
  if (boxes.length === 0) return nothing;
  if (ticked.length === boxes.length) return bothWords("field.boxes_all", { n: boxes.length });
  if (ticked.length === 0) return bothWords("field.boxes_none");
  return {
    zh: ticked.map(({ name }) => name.zh).join("、"),
    en: ticked.map(({ name }) => name.en).join(", "),
  };
}
