import type { Parcel } from "../store/parcels";
import { shownOf } from "../store/shown";
import type { Store } from "../store/store";

/** Which parcels the wall gives a symbol: those that carry a case of the shown track. Others are in nobody's way, so symbols can be large. */
export interface OwnParcels {
  /** Looks at all. Of another day also at those that carried a case on any day before or since: symbols do not move with the days. */
  look(): void;
  has(id: number | undefined): boolean;
  /** One that was none carries a case: it takes its place among the symbols. */
  joins(ids: readonly number[]): boolean;
  /** Whether names carry lamps. Lamps are of now: beside another day there are none. */
  lamped(): boolean;
}

export function ownParcels({ cases, filter, day, from, parcels }: Store): OwnParcels {
  const own = new Set<number | undefined>();
  const carries = (parcel: Parcel | undefined) =>
    parcel !== undefined && shownOf(parcel.properties, cases.ever, filter).stage > 0;
  return {
    look() {
      own.clear();
      for (const each of parcels.drawn.values()) if (carries(each)) own.add(each.properties.id);
    },
    lamped: () => !day.value && !from.value,
    has: (id) => own.has(id),
    joins: (ids) => ids.some((id) => !own.has(id) && carries(parcels.drawn.get(id))),
  };
}
