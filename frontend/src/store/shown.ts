import { classOf, type EvaluationClass } from "../domain/evaluation";
import type { CaseSummary, ParcelProperties } from "../domain/types";
import type { CaseStore } from "./cases";
import { type Filter, inTrack, onList } from "./filter";

/** A parcel as the chosen track has it. */
export interface Shown {
  /** Slot of the least advanced case, a rebounded one before all; 0: no case at all; `elsewhere`. */
  readonly stage: number;
  /** Its plan date. */
  readonly deadline?: string | undefined;
  /** Days by which its last milestone was earlier than its plan. */
  readonly ahead?: number | undefined;
  readonly unit: string;
  /** Class of the operator of the case that gives the colour; absent without one. */
  readonly evaluation?: EvaluationClass;
  readonly village?: CaseSummary["village"];
  readonly sides?: CaseSummary["sides"];
  /** Cases of the chosen track on the parcel. */
  readonly cases: number;
  /** One of its cases is on the list that is open. */
  readonly listed: boolean;
  /** The case that gives the colour. */
  readonly caseId?: number;
}

/** Stage of a parcel whose cases are all of other tracks. */
export const elsewhere = -1;

const rebounded = "rebounded";

/** What the map shows of a parcel under the filter's track. */
export function shownOf(
  parcel: ParcelProperties,
  cases: Pick<CaseStore, "get">,
  filter: Filter,
): Shown {
  const { unit } = parcel;
  let first: CaseSummary | undefined;
  let listed = filter.list.value === undefined;
  let count = 0;
  for (const id of parcel.cases) {
    const each = cases.get(id);
    if (!each || !inTrack(filter, each)) continue;
    count++;
    listed ||= onList(filter, each.id);
    if (!first || order(each, first) < 0) first = each;
  }
  if (!first) {
    const stage = parcel.cases.length > 0 ? elsewhere : 0;
    return { stage, unit, cases: 0, listed };
  }
  const { stage, deadline, ahead, village, sides, id } = first;
  const own = { stage, deadline, ahead, village, sides, caseId: id };
  const evaluation = classOf(first.evaluation);
  return { ...own, unit, evaluation, cases: count, listed };
}

function order(a: CaseSummary, b: CaseSummary): number {
  return Number(isRebounded(b)) - Number(isRebounded(a)) || a.stage - b.stage || a.id - b.id;
}

function isRebounded(each: CaseSummary): boolean {
  return each.sides?.includes(rebounded) ?? false;
}
