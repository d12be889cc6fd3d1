import type { Text } from "./types";

/** What a campaign is made of, as far as the forms change it; the rest is carried along untouched. */
export interface Definition {
  name: Text;
  title: Text;
  district?: Text;
  caliber?: Text;
  start?: string;
  end?: string;
  supervised_after?: number;
  lights?: LightData;
  calendar?: { holidays?: HolidayData[]; workdays?: string[] };
  metrics?: { code: string; name: Text; measure: string; unit: Text }[];
  targets?: TargetData[];
  tracks: { code: string; name: Text; milestones: MilestoneData[] }[];
  rotation?: { turns: TurnData[] };
  eligibility?: { code: string; mode: "all" | "any" }[];
  [key: string]: unknown;
}

/** Thresholds in tenths of a point. */
export interface LightData {
  green: number;
  red: number;
  order_after?: number;
  talk_after?: number;
  red_days?: number;
  ahead_days?: number;
}

/** A page of the screens and how long it stands. */
export interface TurnData {
  screen: string;
  unit?: string | undefined;
  seconds: number;
}

export interface HolidayData {
  from: string;
  to: string;
  name: Text;
}

export interface TargetData {
  /** Absent: the district. */
  unit?: string;
  metric: string;
  period: string;
  /** Printed steps: 0.01 mu is 1. */
  task: number;
  /** Shares in tenths of one per cent. */
  checkpoints?: { on: string; share: number }[];
}

export interface MilestoneData {
  code: string;
  name: Text;
  button: Text;
  state: Text;
  plan_label: Text;
  missing: Text;
  within?: { n: number; working?: boolean; from: string };
  [key: string]: unknown;
}

/** Printed steps to a unit of the measure: hundredths of a mu, whole firms. */
export function stepsOf(measure: string): number {
  return measure === "count" ? 1 : 100;
}

/** The task of a unit, or of the district for "". */
export function targetOf(d: Definition, metric: string, unit: string): TargetData | undefined {
  return d.targets?.find(
    (each) => each.metric === metric && (each.unit ?? "") === unit && each.period === "year",
  );
}

/** Sets a task, `undefined` takes it away. */
export function setTask(d: Definition, metric: string, unit: string, task?: number): void {
  const there = targetOf(d, metric, unit);
  if (task === undefined) {
    d.targets = (d.targets ?? []).filter((each) => each !== there);
  } else if (there) {
    there.task = task;
  } else {
    const target: TargetData = { metric, period: "year", task };
    d.targets = [...(d.targets ?? []), unit ? { unit, ...target } : target];
  }
}

/** What the units' tasks make together, in printed steps; undefined where no unit has one. */
export function sumOfUnits(d: Definition, metric: string): number | undefined {
  const tasks = (d.targets ?? []).filter(
    (each) => each.metric === metric && each.unit && each.period === "year",
  );
  return tasks.length === 0 ? undefined : tasks.reduce((sum, { task }) => sum + task, 0);
}
