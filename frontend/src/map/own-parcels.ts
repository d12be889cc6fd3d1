import type { Parcel } from "../store/parcels";
import { shownOf } from "../store/shown";
import type { Store } from "../store/store";
import type { ParcelLook } from "./parcel-look";

/** Which parcels the wall draws: those that carry a case of the shown track. Others are in nobody's way, so symbols can be large. */
export interface OwnParcels {
  /** Looks at all. By the cases there are now, also while another day is shown: symbols do not move with the days. */
  look(): void;
  has(id: number | undefined): boolean;
  /** One that was none carries a case now: it takes its place among the symbols. */
  joins(ids: readonly number[]): boolean;
  /** Whether names carry lamps. Lamps are of now: beside another day there are none. */
  lamped(): boolean;
  /** The look of the others. */
  readonly hidden: ParcelLook;
}

/** The look of what is there and not shown. */
const hidden: ParcelLook = {
  style: { fill: true, fillColor: "#000000", fillOpacity: 0, color: "#000000", opacity: 0 },
  ...{ digit: "", late: 0, plate: "", ahead: false, cases: 0, ground: "#000000" },
};

export function ownParcels({ cases, filter, day, from, parcels }: Store): OwnParcels {
  const own = new Set<number | undefined>();
  const carries = (parcel: Parcel | undefined) =>
    parcel !== undefined && shownOf(parcel.properties, cases, filter).stage > 0;
  return {
    look() {
      own.clear();
      for (const each of parcels.all()) if (carries(each)) own.add(each.properties.id);
    },
    hidden,
    lamped: () => !day.value && !from.value,
    has: (id) => own.has(id),
    joins: (ids) => !day.value && ids.some((id) => !own.has(id) && carries(parcels.get(id))),
  };
}
