/** Bulletins (通报): their stages, names and the days they may be of. */
import type { Bulletin } from "./types";
import type { WordKey } from "./words";

/** The stages of an issue in their order. */
export const bulletinStages = ["frozen", "drafted", "reviewed", "signed", "issued"] as const;

/** What each stage is called on the line of steps. */
export const stageWord: Record<Bulletin["stage"], WordKey> = {
  frozen: "bulletin.stage_frozen",
  drafted: "bulletin.stage_drafted",
  reviewed: "bulletin.stage_reviewed",
  signed: "bulletin.stage_signed",
  issued: "bulletin.stage_issued",
};

/** The name of an issue, as a word and what stands in it. */
export function issueName({ monthly, number }: Pick<Bulletin, "monthly" | "number">): {
  word: WordKey;
  n: number;
} {
  return { word: monthly ? "bulletin.monthly" : "bulletin.weekly", n: number };
}

/** The last day that an issue may be of: yesterday, or the last day of the month before. */
export function lastClosedDay(today: string, monthly: boolean): string {
  const day = new Date(`${today}T00:00:00Z`);
  day.setUTCDate(monthly ? 0 : day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

/** Fonts of a list that a browser draws as it draws an unknown one; `width` measures a text in a font. */
export function absentFonts(
  fonts: readonly string[],
  width: (font: string, otherwise: string) => number,
): string[] {
  return fonts.filter((font) =>
    ["monospace", "serif"].every(
      (otherwise) => width(font, otherwise) === width("no such font", otherwise),
    ),
  );
}
