import { lampName } from "../domain/lamps";
import type { UnitProperties } from "../domain/types";
import { pick, words } from "../domain/words";
import type { Store } from "../store/store";
import type { UnitWords } from "./unit-layer";

/** What the map says of a unit: its short name, and in the theme of the lamps (`lamped`) how it stands. */
export function unitWords(
  store: Store,
  lamped = store.mapTheme.value === "lamp",
): (unit: UnitProperties) => UnitWords {
  const { campaign, settings, lamps } = store;
  const language = settings.language.value;
  const shorts = new Map(campaign.value?.units.map((unit) => [unit.code, unit.short]));
  const lampOf = lamped ? lamps.byUnit.value : undefined;
  return ({ code, label, outside }) => {
    if (outside) return { name: words(language, "map.outside", { label }) };
    const name = pick(language, shorts.get(code)) || label;
    const known = lampOf?.get(code);
    if (!known) return { name };
    return { name, lamp: { ...known, word: words(language, lampName[known.lamp]) } };
  };
}
