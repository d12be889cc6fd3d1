import { computed, ref } from "vue";
import { villageName } from "../domain/villages";
import { useField, useFieldWords } from "./use-field";

/** The village that the list is narrowed to; "" for all. One for the whole page. */
const village = ref("");

/** Unit and village that the page is about. */
export function useVillage() {
  const { snapshot, campaign, cases } = useField();
  const { text, t } = useFieldWords();
  /** Villages of the list, in the order of their codes. */
  const villages = computed(() => {
    const found = new Map<string, string>();
    for (const { village: at } of cases.value.values())
      if (at) found.set(at.code, text(villageName(at.name)));
    return [...found]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, name]) => ({ code, name }));
  });
  const unitName = computed(() =>
    text(campaign.value?.units.find(({ code }) => code === snapshot.now.value?.unit)?.short),
  );
  const placeName = computed(() => {
    const of = villages.value.find(({ code }) => code === village.value)?.name;
    return [unitName.value || t("field.title"), of].filter(Boolean).join("·");
  });
  return { village, villages, placeName };
}
