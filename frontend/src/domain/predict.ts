import { milestonesOf } from "./milestones";
import type { Campaign, CaseDetail, CaseSummary, Milestone, MilestoneKind } from "./types";

/** Who marks, and on which day (YYYY-MM-DD). */
export interface Mark {
  readonly milestone: string;
  readonly day: string;
  readonly by?: { id: string; name: string } | undefined;
}

/**
 * The case as it will stand when the next milestone of its main order is marked: what the page
 * shows until the server has answered. Undefined where only the server can say: another
 * milestone than the next one, or a side state that the mark may end.
 */
export function predictMark(
  campaign: Campaign,
  detail: CaseDetail,
  mark: Mark,
): CaseDetail | undefined {
  const kinds = milestonesOf(campaign, detail.case.track);
  const kind = kinds.find(({ code }) => code === mark.milestone);
  const standing = detail.milestones.find(({ code }) => code === mark.milestone)?.standing;
  if (!kind || standing !== "next" || isUnsettled(campaign, detail)) return undefined;
  const next = following(detail, kinds, kind);
  return {
    ...detail,
    case: summaryAfter(detail.case, kind, next),
    milestones: detail.milestones.map((each) => markedOf(each, mark, next?.code)),
  };
}

/** Whether it is in a side state under which a mark does not simply go one step on: returned, rebounded. */
function isUnsettled({ sides = [] }: Campaign, detail: CaseDetail): boolean {
  const moves = sides.filter(({ effects }) =>
    effects?.some((effect) => effect === "returns" || effect === "uncounts"),
  );
  return detail.sides.some(({ side }) => moves.some(({ code }) => code === side));
}

/** The first open milestone after the one marked. */
function following(
  { milestones }: CaseDetail,
  kinds: readonly MilestoneKind[],
  marked: MilestoneKind,
): Milestone | undefined {
  const open = new Map(
    milestones.flatMap((each) => (each.standing === "open" ? [[each.code, each] as const] : [])),
  );
  const later = kinds.slice(kinds.indexOf(marked) + 1).find(({ code }) => open.has(code));
  return later && open.get(later.code);
}

function summaryAfter(
  { next: _, deadline: __, late: ___, ...before }: CaseSummary,
  kind: MilestoneKind,
  next: Milestone | undefined,
): CaseSummary {
  const due = next?.plan_on ? { deadline: next.plan_on } : {};
  const ahead = next ? { next: next.code, ...due } : {};
  return { ...before, stage: Math.max(before.stage, kind.slot), state: kind.state, ...ahead };
}

function markedOf(each: Milestone, { milestone, day, by }: Mark, next?: string): Milestone {
  if (each.code === milestone) {
    return { ...each, standing: "done", done_on: day, ...(by ? { by } : {}) };
  }
  return each.code === next ? { ...each, standing: "next" } : each;
}
