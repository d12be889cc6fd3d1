import { fillOf, groupFill, type Theme } from "./palette";
import type { Campaign } from "./types";

/** Codes of the themes this page has the data for. */
export type MapThemeCode = "stage" | "groups";

/** What a theme may know of what it colours. */
export interface Themed {
  /** Slot 1 to 9; 0 and below have no case to show. */
  readonly stage: number;
  readonly unit: string;
}

/**
 * A way to colour the map. Another one (lights of the units, evaluation per mu) is one more value
 * in `mapThemes`: buttons, keys, legend and map follow the list.
 */
export interface MapTheme {
  readonly code: MapThemeCode;
  readonly name: "map.theme_stage" | "map.theme_groups";
  /** Undefined leaves it hollow. */
  fill(what: Themed, colours: Theme, campaign: Campaign | undefined): string | undefined;
}

const stages: MapTheme = {
  code: "stage",
  name: "map.theme_stage",
  fill: ({ stage }, colours) => fillOf(colours, stage),
};

/** 三色: the three groups of the stages. */
const groups: MapTheme = {
  code: "groups",
  name: "map.theme_groups",
  fill({ stage }, colours, campaign) {
    const group = campaign?.slots.find(({ slot }) => slot === stage)?.group;
    const place = campaign?.groups.findIndex(({ code }) => code === group) ?? -1;
    return groupFill[colours][place];
  },
};

/** In the order of their buttons. */
export const mapThemes: readonly MapTheme[] = [stages, groups];

/** The theme of a code, that of the stages for an unknown one. */
export function mapTheme(code: string): MapTheme {
  return mapThemes.find((each) => each.code === code) ?? stages;
}
