import { milestoneOf } from "../domain/milestones";
import type { Campaign, CaseDetail, Change, JointVisits, Text } from "../domain/types";

/** 验收批次: what is said once of a joint visit. */
export interface VisitSaid {
  readonly number: string;
  readonly on: string;
  /** Codes joined by commas. */
  readonly departments: string;
  readonly members: string;
  readonly route: string;
}

/** What the visit found of a case; without a result it is not part of it. */
export interface Found {
  readonly detail: CaseDetail;
  readonly result: "" | "pass" | "return" | "hold";
  /** 整改期限, of what is returned. */
  readonly due: string;
  readonly opinion: string;
}

/** Why a case cannot pass now; undefined where it can. */
export function passRefusal({ actions, form }: CaseDetail): Text | undefined {
  const pass = actions.find(
    ({ kind, milestone }) => kind === "case.milestone" && milestone === form?.milestone,
  );
  return pass ? pass.refusal : { zh: "不在待验收状态", en: "not waiting for acceptance" };
}

/** The day until which a return gives time, where nobody says another. */
export function reworkUntil(parts: JointVisits | undefined, { actions }: CaseDetail): string {
  const back = actions.find(({ side, kind }) => side === parts?.returned && kind === "case.ask");
  return back?.until ?? "";
}

/** Whether the visit may be entered as it is: results are complete, and nothing that cannot pass does. */
export function isComplete(said: VisitSaid, found: readonly Found[]): boolean {
  const judged = found.filter(({ result }) => result !== "");
  const sound = ({ detail, result, due, opinion }: Found) =>
    result === "pass"
      ? !passRefusal(detail)
      : opinion.trim() !== "" && (result === "hold" || due >= said.on);
  const { number, on, departments, members } = said;
  return number.trim() && on && departments && members.trim() && judged.length > 0
    ? judged.every(sound)
    : false;
}

/**
 * One operation: the visit in the ledger of each unit, what was found in each case's, and the
 * act that follows from it. `units` are their ids by code.
 */
export function visitChanges(
  campaign: Campaign,
  parts: JointVisits,
  said: VisitSaid,
  found: readonly Found[],
  units: ReadonlyMap<string, number>,
): Change[] {
  const judged = found.filter(({ result }) => result !== "");
  const visits = [...units].flatMap(([unit, id]): Change[] => {
    const own = judged.filter(({ detail }) => detail.case.unit === unit);
    if (own.length === 0) return [];
    const passed = own.filter(({ result }) => result === "pass").length;
    const counted = { cases: String(own.length), passed: String(passed) };
    const values = filled({ ...said, ...counted });
    return [{ kind: "sheet.fill", sheet: parts.visits, of: "unit", of_id: id, values }];
  });
  return [
    ...visits,
    ...judged.flatMap((each) => [inspected(parts, said, each), act(campaign, parts, said, each)]),
  ];
}

function inspected(
  parts: JointVisits,
  said: VisitSaid,
  { detail, result, due, opinion }: Found,
): Change {
  const { number, on, departments } = said;
  const due_on = result === "return" ? due : "";
  const values = filled({ visit: number, on, departments, result, due_on, opinion });
  const of_id = detail.case.id;
  return { kind: "sheet.fill", sheet: parts.inspections, of: "case", of_id, values };
}

function act(
  campaign: Campaign,
  parts: JointVisits,
  said: VisitSaid,
  { detail, result, due, opinion }: Found,
): Change {
  const about = { case_id: detail.case.id, base_version: detail.case.version };
  const reason = opinion.trim();
  if (result === "return")
    return { kind: "case.ask", ...about, side: parts.returned, reason, until: due };
  if (result === "hold") return { kind: "case.ask", ...about, side: parts.held, reason };
  const milestone = detail.form?.milestone ?? "";
  const checks = milestoneOf(campaign, detail.case.track, milestone)?.checks ?? [];
  const ticked = checks.length > 0 ? { checks: checks.map(({ code }) => code) } : {};
  return { kind: "case.milestone", ...about, milestone, date: said.on, note: reason, ...ticked };
}

function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : [])),
  );
}
