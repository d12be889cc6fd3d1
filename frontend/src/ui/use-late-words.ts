import { formatCount } from "../domain/format";
import { milestoneOf } from "../domain/milestones";
import type { Sheet, WallLate, WallLists } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import { useStore, useWords } from "../store/use-store";

/** Steps of the ladder above the person named; that a wall shows it is seen on the wall. */
const upwards: ReadonlySet<string> = new Set(["unit", "leader"]);

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
    /** 应腾空·补偿未谈拢·沈某→区领导: how far up the ladder it went; without the cadre where the page may be passed on. */
    whyOf(late: WallLate, named = true): string {
      const above = late.told?.filter(({ rung }) => upwards.has(rung)) ?? [];
      const to = text(above[above.length - 1]?.name);
      const person = named ? (late.responsible ?? "") : "";
      const chain = person
        ? [person, to].filter(Boolean).join("→")
        : to && t("wall.told", { who: to });
      return [dueOf(late), text(late.reason), chain].filter(Boolean).join("·");
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
