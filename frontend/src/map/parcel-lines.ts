import { dueWords } from "../domain/due";
import { formatTwo } from "../domain/format";
import { pick, words } from "../domain/words";
import type { Store } from "../store/store";

/** What is said of a parcel beside the pointer. */
export function parcelLines(store: Store, id: number): string[] {
  const parcel = store.parcels.get(id)?.properties;
  if (!parcel) return [];
  const language = store.settings.language.value;
  const slot = store.campaign.value?.slots.find((each) => each.slot === parcel.stage);
  const stage = slot
    ? `${slot.slot} ${pick(language, slot.name)}`
    : words(language, "legend.unlisted");
  const parts = [stage, words(language, "legend.mu", { mu: formatTwo(parcel.mu) })];
  if (parcel.deadline) parts.push(words(language, ...dueWords(parcel.deadline, store.today.value)));
  return [parcel.label || parcel.code, parcel.code, parts.join("　")];
}
