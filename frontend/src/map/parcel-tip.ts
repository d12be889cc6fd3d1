import type L from "leaflet";
import type { Store } from "../store/store";
import { parcelLines } from "./parcel-lines";
import { MapTooltip } from "./tooltip";

/** What a parcel is, beside the pointer; undefined hides it. */
export function parcelTip(map: L.Map, store: Store): (id: number | undefined) => void {
  const tip = new MapTooltip(map);
  return (id) => tip.show(id === undefined ? [] : parcelLines(store, id));
}
