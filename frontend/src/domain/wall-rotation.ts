/** How a wall turns its pages by itself (轮播): pure, so that it can be told without waiting. */
import type { RotationTurn } from "./types";

/** What fills the right of the wall instead of ranking and late list: nothing, the parks, all that is late. */
export type WallFocus = "" | "parks" | "late";

/** A page of the wall. */
export interface WallScreen {
  /** Whose it is, "" for the district. */
  readonly unit: string;
  readonly focus: WallFocus;
}

/** A page and how long it stands. */
export interface WallTurn extends WallScreen {
  readonly seconds: number;
}

/** All pages of the wall in the order of its keys; of one unit where the screen is bound to it. */
export function screensOf(units: readonly string[], bound: string): WallScreen[] {
  const own = bound ? [bound] : ["", ...units];
  return [
    ...own.map((unit): WallScreen => ({ unit, focus: "" })),
    { unit: bound, focus: "parks" },
    { unit: bound, focus: "late" },
  ];
}

/** The pages of a rotation, one after the other. A screen of one unit has that unit's alone; a unit that is gone has none. */
export function turnsOf(
  turns: readonly RotationTurn[],
  units: readonly string[],
  bound: string,
): WallTurn[] {
  const found = turns.flatMap(({ screen, unit = "", seconds }): WallTurn[] => {
    if (screen === "parks" || screen === "late") return [{ unit: bound, focus: screen, seconds }];
    if (bound) return [{ unit: bound, focus: "", seconds }];
    if (screen === "district") return [{ unit: "", focus: "", seconds }];
    const shown = screen === "units" ? units : units.filter((code) => code === unit);
    return shown.map((code) => ({ unit: code, focus: "", seconds }));
  });
  // What would follow itself stands once.
  return found.filter((turn, i) => i === 0 || !isSame(turn, found[i - 1]));
}

/** Whether two pages are one. */
export function isSame(a: WallScreen, b: WallScreen | undefined): boolean {
  return a.unit === b?.unit && a.focus === b.focus;
}
