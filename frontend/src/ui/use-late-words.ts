import { milestoneOf } from "../domain/milestones";
import type { WallLate } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import { useStore, useWords } from "../store/use-store";

/** How a late case is said on the wall and on the leader's phone. */
export function useLateWords() {
  const { campaign, wall } = useStore();
  const { t, text } = useWords();
  return {
    /** 油车港 合心村; on the page of a unit its village alone. */
    placeOf({ unit, village }: Pick<WallLate, "unit" | "village">): string {
      const place = village ? text(placeOfVillage(village.name)) : "";
      if (wall.unit.value) return place;
      const short = text(campaign.value?.units.find(({ code }) => code === unit)?.short);
      return [short, place].filter(Boolean).join(" ");
    },
    /** 应腾空·补偿未谈拢·沈某; without the cadre where the page may be passed on. */
    whyOf({ track, next, reason, responsible }: WallLate, named = true): string {
      const milestone = campaign.value && milestoneOf(campaign.value, track, next);
      const state = text(milestone?.name).replace(/^区/, "");
      return [t("wall.due", { state }), text(reason), named && responsible]
        .filter(Boolean)
        .join("·");
    },
  };
}
