/** How a unit stands against its tasks. */
export type Lamp = "green" | "yellow" | "red" | "none";

/** The lamp of what is judged by its planned day; late by more than `redDays` is red. */
export function lampByPlan(daysLate: number, redDays: number): Lamp {
  if (daysLate <= 0) return "green";
  return daysLate > redDays ? "red" : "yellow";
}

/** From the worst to the best: red is looked for first. */
export const lampOrder: readonly Lamp[] = ["red", "yellow", "green", "none"];

/** Their words. */
export const lampName = {
  green: "lamp.green",
  yellow: "lamp.yellow",
  red: "lamp.red",
  none: "lamp.none",
} as const satisfies Record<Lamp, string>;

/** The lamp of a unit with the rate it was taken from. */
export interface UnitLamp {
  readonly lamp: Lamp;
  /** Percent, one decimal; absent without a task. */
  readonly rate?: number | undefined;
}
