import { computed, type Ref, shallowRef } from "vue";
import type { CaseStore } from "./cases";
import { type Figure, figureOf } from "./figures";
import type { ParcelStore } from "./parcels";

/** The ticked cases: one set for table and map. */
export interface Selection {
  ids: Readonly<Ref<ReadonlySet<number>>>;
  /** 已选 n 家，m 亩 */
  figure: Readonly<Ref<Figure>>;
  /** Their parcels, to ring on the map. */
  parcels: Readonly<Ref<readonly number[]>>;
  toggle(id: number): void;
  /** Ticks these beside the others, or takes their ticks away. */
  tick(ids: Iterable<number>, on?: boolean): void;
  clear(): void;
}

export function createSelection(cases: CaseStore, parcels: ParcelStore): Selection {
  const ids = shallowRef<ReadonlySet<number>>(new Set());
  const figure = computed(() => {
    void cases.edition.value;
    return figureOf(cases, ({ id }) => ids.value.has(id));
  });
  const ringed = computed(() => {
    void parcels.edition.value;
    return parcels.carrying([...ids.value]);
  });

  function tick(wanted: Iterable<number>, on = true): void {
    const next = new Set(ids.value);
    for (const id of wanted) {
      if (on) next.add(id);
      else next.delete(id);
    }
    ids.value = next;
  }

  function clear(): void {
    ids.value = new Set();
  }

  return {
    ...{ ids, figure, parcels: ringed, tick, clear },
    toggle: (id) => tick([id], !ids.value.has(id)),
  };
}
