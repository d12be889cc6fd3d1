import { dueWords } from "../domain/due";
import { formatTwo } from "../domain/format";
import { slotsOf } from "../domain/tracks";
import { pick, words } from "../domain/words";
import { elsewhere, type Shown, shownOf } from "../store/shown";
import { labelOf } from "../store/shown-label";
import type { Store } from "../store/store";

/** What is said of a parcel beside the pointer. */
export function parcelLines(store: Store, id: number): string[] {
  const parcel = store.parcels.get(id)?.properties;
  if (!parcel) return [];
  const language = store.settings.language.value;
  const shown = shownOf(parcel, store.cases, store.filter);
  const parts = [
    stageWords(store, shown),
    words(language, "legend.mu", { mu: formatTwo(parcel.mu) }),
  ];
  if (shown.deadline) parts.push(words(language, ...dueWords(shown.deadline, store.today.value)));
  return [
    pick(language, labelOf(parcel, shown, store.cases)) || parcel.code,
    parcel.code,
    parts.join("　"),
  ];
}

function stageWords({ campaign, filter, settings }: Store, { stage }: Shown): string {
  const language = settings.language.value;
  const slots = campaign.value ? slotsOf(campaign.value, filter.track.value) : [];
  const slot = slots.find((each) => each.slot === stage);
  if (slot) return `${slot.slot} ${pick(language, slot.name)}`;
  return words(language, stage === elsewhere ? "map.elsewhere" : "legend.unlisted");
}
