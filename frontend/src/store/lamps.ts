import { computed, type Ref, ref, type ShallowRef } from "vue";
import type { Api } from "../api/client";
import type { Lamp, UnitLamp } from "../domain/lamps";
import type { Sheet } from "../domain/types";
import { followReading } from "./reading";

/** How the units stand, by the metric that ranks them. */
export interface Lamps {
  /** By unit code; empty until somebody wants them and the server has said. */
  readonly byUnit: Readonly<ShallowRef<ReadonlyMap<string, UnitLamp>>>;
  /** Reads them, and from then on again after changes. */
  want(): void;
}

/** `revision` is the last one the page has; nothing is asked before who looks `sees` the campaign. */
export function createLamps(
  api: Pick<Api, "figures">,
  revision: Readonly<Ref<number>>,
  sees: Readonly<Ref<boolean>>,
): Lamps {
  const wanted = ref(false);
  const { value } = followReading(
    () => (wanted.value && sees.value) || undefined,
    (_, min_revision) => api.figures({ min_revision }),
    revision,
  );
  const want = () => {
    wanted.value = true;
  };
  return { byUnit: computed(() => lampsOf(value.value)), want };
}

/** Light and rate of each row in the metric of the ranking. */
export function lampsOf(sheet: Sheet | undefined): ReadonlyMap<string, UnitLamp> {
  return new Map(
    sheet?.rows.map(({ code, metrics }) => {
      const metric = metrics.find((each) => each.code === sheet.ranking.metric);
      const lamp: Lamp = metric?.light ?? "none";
      return [code, { lamp, rate: metric?.rate }];
    }),
  );
}
