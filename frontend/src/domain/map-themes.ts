import { type EvaluationClass, unrated } from "./evaluation";
import { classFill, fillOf, groupFill, neutralFill, type Theme } from "./palette";
import type { Campaign } from "./types";

/** Codes of the themes this page has the data for. */
export type MapThemeCode = "stage" | "lamp" | "class" | "groups";

/** What a theme may know of what it colours. */
export interface Themed {
  /** Slot 1 to 9; 0 and below have no case to show. */
  readonly stage: number;
  readonly unit: string;
  readonly evaluation?: EvaluationClass | undefined;
}

/** What the lines of a theme's legend are, and what they filter by. */
export type LegendKind = "stages" | "lamps" | "classes";

/**
 * A way to colour the map. Another one is one more value in `mapThemes`: buttons, keys, legend and
 * map follow the list.
 */
export interface MapTheme {
  readonly code: MapThemeCode;
  readonly name: "map.theme_stage" | "map.theme_lamp" | "map.theme_class" | "map.theme_groups";
  readonly legend: LegendKind;
  /** Fill of a parcel; undefined leaves it hollow. */
  fill(what: Themed, colours: Theme, campaign: Campaign | undefined): string | undefined;
  /** What stands in it: digit or letter, empty for nothing. */
  mark(what: Themed): string;
}

const stages: MapTheme = {
  code: "stage",
  name: "map.theme_stage",
  legend: "stages",
  fill: ({ stage }, colours) => fillOf(colours, stage),
  mark: digit,
};

/** 灯: the units are coloured; lamps never fill a parcel. */
const lamps: MapTheme = {
  code: "lamp",
  name: "map.theme_lamp",
  legend: "lamps",
  fill: ({ stage }, colours) => (stage > 0 ? neutralFill[colours] : undefined),
  mark: () => "",
};

/** 亩均评价 of the operators. */
const classes: MapTheme = {
  code: "class",
  name: "map.theme_class",
  legend: "classes",
  fill: ({ stage, evaluation }, colours) =>
    stage > 0 ? classFill[colours][evaluation ?? unrated] : undefined,
  mark: ({ evaluation }) => (evaluation === unrated ? "" : (evaluation ?? "")),
};

/** 三色: the three groups of the stages. */
const groups: MapTheme = {
  code: "groups",
  name: "map.theme_groups",
  legend: "stages",
  fill({ stage }, colours, campaign) {
    const group = campaign?.slots.find(({ slot }) => slot === stage)?.group;
    const place = campaign?.groups.findIndex(({ code }) => code === group) ?? -1;
    return groupFill[colours][place];
  },
  mark: digit,
};

function digit({ stage }: Themed): string {
  return stage > 0 ? String(stage) : "";
}

/** In the order of their buttons. */
export const mapThemes: readonly MapTheme[] = [stages, lamps, classes, groups];

/** The theme of a code, that of the stages for an unknown one. */
export function mapTheme(code: string): MapTheme {
  return mapThemes.find((each) => each.code === code) ?? stages;
}
