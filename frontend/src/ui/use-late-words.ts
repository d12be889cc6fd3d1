import { formatCount } from "../domain/format";
import { milestoneOf } from "../domain/milestones";
import type { Sheet, Text, WallLate, WallLists } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import { useStore, useWords } from "../store/use-store";

/** A late case, and who was told of it last where somebody was (逾期催办). */
type Late = WallLate & { readonly told?: readonly { readonly name: Text }[] };

/** How a late case is said on the wall and on the leader's phone. */
export function useLateWords() {
  const { campaign, wall } = useStore();
  const { t, text } = useWords();
  /** 应腾空 */
  function dueOf({ track, next }: WallLate): string {
    const milestone = campaign.value && milestoneOf(campaign.value, track, next);
    return t("wall.due", { state: text(milestone?.name).replace(/^区/, "") });
  }
  return {
    /** 油车港 合心村; on the page of a unit its village alone. */
    placeOf({ unit, village }: Pick<WallLate, "unit" | "village">): string {
      const place = village ? text(placeOfVillage(village.name)) : "";
      if (wall.unit.value) return place;
      const short = text(campaign.value?.units.find(({ code }) => code === unit)?.short);
      return [short, place].filter(Boolean).join(" ");
    },
    dueOf,
    /** 应腾空·补偿未谈拢·沈某·已催区领导; without the cadre where the page may be passed on. */
    whyOf(late: Late, named = true): string {
      const told = late.told?.[late.told.length - 1];
      return [
        ...[dueOf(late), text(late.reason), named && late.responsible],
        told && t("wall.told", { who: text(told.name) }),
      ]
        .filter(Boolean)
        .join("·");
    },
    /** 卡点 9·待签收督办 2 */
    countsOf(sheet: Sheet | undefined, lists: WallLists | undefined): string {
      return [
        t("wall.blocked", { n: formatCount(sheet?.total.sides.blocked?.cases ?? 0) }),
        t("wall.unsigned", { n: formatCount(lists?.orders_unsigned ?? 0) }),
      ].join("·");
    },
  };
}
