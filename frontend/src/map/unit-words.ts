import { lampName } from "../domain/lamps";
import type { UnitProperties } from "../domain/types";
import { pick, words } from "../domain/words";
import type { Store } from "../store/store";
import type { UnitWords } from "./unit-layer";

/** What the map says of a unit: its short name, and in the theme of the lamps, or on the wall, how it stands. */
export function unitWords(store: Store): (unit: UnitProperties) => UnitWords {
  const { campaign, settings, mapTheme, lamps, wall } = store;
  const language = settings.language.value;
  const shorts = new Map(campaign.value?.units.map((unit) => [unit.code, unit.short]));
  const lampOf = wall.here || mapTheme.value === "lamp" ? lamps.byUnit.value : undefined;
  return ({ code, label, outside }) => {
    if (outside) return { name: words(language, "map.outside", { label }) };
    const name = pick(language, shorts.get(code)) || label;
    const known = lampOf?.get(code);
    if (!known) return { name };
    // The server has rounded it to one decimal.
    const rate = known.rate === undefined ? "" : `${known.rate.toFixed(1)}%`;
    const word = words(language, lampName[known.lamp]);
    // On the wall the word stands in the disc.
    const said = wall.here ? rate : [word, rate].join(" ").trim();
    const disc = wall.here && known.lamp !== "none" ? word.slice(0, 1) : "";
    return { name, lamp: { lamp: known.lamp, disc, words: said } };
  };
}
