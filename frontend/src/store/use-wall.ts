import { type Ref, shallowRef, watch } from "vue";
import { answer } from "../api/answer";
import type { SheetQuery } from "../api/client";
import type { BurnUp, Sheet, WallLists } from "../domain/types";
import type { Reading } from "./reading";
import { useReading } from "./use-reading";
import { useBurnUp, useSheet } from "./use-sheet";
import { useStore } from "./use-store";

/** The figures of the page that the wall shows, of the day shown. What was read last stays until the next is here. */
export function useWallSheet(
  query: () => SheetQuery | undefined = () => ({}),
): Ref<Sheet | undefined> {
  const { wall } = useStore();
  return steady(
    useSheet(() => {
      const asked = query();
      return asked && (wall.unit.value ? { ...asked, unit: wall.unit.value } : asked);
    }),
    () => wall.unit.value,
  );
}

/** The curve of a metric of that page. */
export function useWallBurnUp(metric: () => string | undefined): Ref<BurnUp | undefined> {
  const { wall } = useStore();
  const unit = () => wall.unit.value || undefined;
  return steady(useBurnUp(metric, unit), unit);
}

/** 逾期清单 and 最新变化, of now. */
export function useWallLists(): Ref<WallLists | undefined> {
  const { wall, campaign, client } = useStore();
  const today = () => campaign.value?.clock.today;
  return steady(
    useReading(
      () => ({ unit: wall.unit.value || undefined, day: today() }),
      ({ unit }, min_revision): Promise<WallLists> =>
        answer(client.GET("/wall", { params: { query: { unit, min_revision } } })),
    ),
    () => wall.unit.value,
  );
}

/** Days that are played change the question many times a second: a wall must not flicker. Of another page nothing stays. */
function steady<T>({ value }: Reading<T>, page: () => unknown): Ref<T | undefined> {
  const shown = shallowRef(value.value);
  watch(page, () => {
    shown.value = undefined;
  });
  watch(value, (read) => {
    if (read) shown.value = read;
  });
  return shown;
}
