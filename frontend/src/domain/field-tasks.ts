/** What whoever stands in a yard has to do: the cases of their area, and what of them is asked for on the spot. */
import { daysLate, isDueWithin } from "./due";
import { milestoneOf } from "./milestones";
import type { Campaign, CaseSummary, MilestoneKind, Person, SideKind } from "./types";

/** Lists of tasks to choose from, in their order. */
export const taskLists = ["all", "near", "soon", "late", "returned", "revisit"] as const;
export type TaskList = (typeof taskLists)[number];

/** A case with what is to be done about it. */
export interface Task {
  readonly case: CaseSummary;
  /** The milestone that this person may mark next; absent where they only look again (回头看). */
  readonly next?: MilestoneKind;
  /** The milestone passed last, with its day. */
  readonly last?: { readonly kind: MilestoneKind; readonly on: string };
  readonly late: number;
  readonly soon: boolean;
  readonly returned: boolean;
  /** Other cases on the same parcels whose next milestone is the same one. */
  readonly together: readonly CaseSummary[];
}

/** Days before a deadline from which it is 快到期. */
const soonDays = 7;
const returnedSide = "returned";

/** The tasks of a person on a day, what is due first in front. */
export function tasksOf(
  campaign: Campaign,
  cases: readonly CaseSummary[],
  person: Pick<Person, "role">,
  today: string,
): Task[] {
  const onParcel = byParcel(cases);
  return cases
    .filter((each) => !each.reduced && !isStruck(campaign, each))
    .flatMap((each) => taskOf(campaign, each, person, today, onParcel))
    .sort(byUrgency);
}

function taskOf(
  campaign: Campaign,
  each: CaseSummary,
  { role }: Pick<Person, "role">,
  today: string,
  onParcel: ReadonlyMap<number, readonly CaseSummary[]>,
): Task[] {
  const next = milestoneOf(campaign, each.track, each.next);
  if (next?.by && !next.by.includes(role)) return [];
  const last = lastOf(campaign, each);
  const late = daysLate(each.deadline, today);
  const same = new Set((each.parcels ?? []).flatMap((id) => onParcel.get(id) ?? []));
  return [
    {
      ...{ case: each, late },
      ...(next ? { next } : {}),
      ...(last ? { last } : {}),
      soon: late === 0 && isDueWithin(each.deadline, soonDays, today),
      returned: each.sides?.includes(returnedSide) ?? false,
      together: [...same].filter((other) => other.id !== each.id && other.next === each.next),
    },
  ];
}

function byParcel(cases: readonly CaseSummary[]): Map<number, CaseSummary[]> {
  const found = new Map<number, CaseSummary[]>();
  for (const each of cases) {
    for (const id of each.parcels ?? []) found.set(id, [...(found.get(id) ?? []), each]);
  }
  return found;
}

/** What is out of the list is nobody's task. */
function isStruck(campaign: Campaign, { sides = [] }: CaseSummary): boolean {
  const kinds = campaign.sides ?? [];
  return kinds.some(({ code, effects }) => effects?.includes("excludes") && sides.includes(code));
}

function lastOf(campaign: Campaign, { track, passed = {} }: CaseSummary): Task["last"] {
  const kinds = campaign.tracks.find(({ code }) => code === track)?.milestones ?? [];
  const kind = kinds.filter(({ code }) => passed[code]).pop();
  return kind ? { kind, on: passed[kind.code] ?? "" } : undefined;
}

/** Open cases by their deadline, then those without one, then those to look at again. */
function byUrgency(a: Task, b: Task): number {
  const rank = (task: Task) => `${task.next ? 0 : 1} ${task.case.deadline ?? "9999"}`;
  return rank(a).localeCompare(rank(b)) || a.case.code.localeCompare(b.case.code);
}

/** Whether a task is on a list; every task has a place, so all are near. */
export function isOn(list: TaskList, task: Task): boolean {
  switch (list) {
    case "soon":
      return task.soon;
    case "late":
      return task.late > 0;
    case "returned":
      return task.returned;
    case "revisit":
      return !task.next;
    default:
      return true;
  }
}

/** Whether all words of a search stand in what a case is known by. */
export function isNamed({ case: each }: Task, search: string): boolean {
  const known = [each.label, each.code, each.village?.name.zh ?? "", each.responsible ?? ""]
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => known.includes(word));
}

/** The case as it will stand when a milestone is marked, until the server has said so; `day` is the day of the mark. */
export function afterMark(campaign: Campaign, before: CaseSummary, code: string, day: string) {
  const kinds = campaign.tracks.find((track) => track.code === before.track)?.milestones ?? [];
  const kind = kinds.find((each) => each.code === code);
  if (!kind) return before;
  const { next: _, deadline: __, late: ___, ...rest } = before;
  const passed = { ...before.passed, [code]: day };
  const next = kinds.slice(kinds.indexOf(kind) + 1).find((each) => passed[each.code] === undefined);
  const deadline = next && before.planned?.[next.code];
  const after: CaseSummary = {
    ...{ ...rest, passed, state: kind.state, stage: Math.max(before.stage, kind.slot) },
    ...(next ? { next: next.code } : {}),
    ...(deadline ? { deadline } : {}),
  };
  return after;
}

/** Side states that may be reported on the spot: what hinders an open case, a relapse of an accepted one. */
export function reportsOf(campaign: Campaign, { next }: Task): SideKind[] {
  const fits = ({ effects = [], approval, reasons = [] }: SideKind) =>
    !approval && reasons.length > 0 && (next ? effects.length === 0 : effects.includes("uncounts"));
  return (campaign.sides ?? []).filter(fits);
}
