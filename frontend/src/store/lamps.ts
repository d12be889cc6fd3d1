import { computed, type Ref, type ShallowRef, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import type { Lamp, UnitLamp } from "../domain/lamps";
import type { Sheet } from "../domain/types";

/** How the units stand, by the metric that ranks them. */
export interface Lamps {
  /** By unit code; empty until somebody wants them and the server has said. */
  readonly byUnit: Readonly<ShallowRef<ReadonlyMap<string, UnitLamp>>>;
  /** Reads them, and from then on again after changes. */
  want(): void;
}

/** Between the last change and the reading that follows it, ms. */
const pause = 1000;

/** `revision` is the last one the page has; `later` runs a task after so many milliseconds. */
export function createLamps(
  api: Pick<Api, "figures">,
  revision: Readonly<Ref<number>>,
  later: (task: () => void, ms: number) => void = (task, ms) => setTimeout(task, ms),
): Lamps {
  const sheet = shallowRef<Sheet>();
  let [wanted, turn, waiting] = [false, 0, false];

  async function read(): Promise<void> {
    const mine = ++turn;
    waiting = false;
    const said = await api.figures({ min_revision: revision.value }).catch(() => undefined);
    // What cannot be read now stays as it was; the page says elsewhere that the server is away.
    if (said && mine === turn) sheet.value = said;
  }

  function want(): void {
    if (!wanted) void read();
    wanted = true;
  }

  watch(revision, () => {
    if (!wanted || waiting) return;
    waiting = true;
    later(() => void read(), pause);
  });
  return { byUnit: computed(() => lampsOf(sheet.value)), want };
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
