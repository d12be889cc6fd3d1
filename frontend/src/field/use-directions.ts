import type { CaseSummary } from "../domain/types";
import { bothWords } from "../domain/words";
import { boundsOf } from "../geo/shapes";
import { useField } from "./use-field";

/** Where the way to a parcel is shown: 高德's page, which opens its app where there is one. Only the place is told. */
const directions = "https://uri.amap.com/navigation?mode=car&coordinate=wgs84&callnative=1&to=";

export function useDirections() {
  const { parcels, view } = useField();
  function goTo(each: CaseSummary): void {
    const [west, south, east, north] = boundsOf(parcels.ground(each));
    if (!Number.isFinite(west)) {
      view.say(bothWords("field.no_ground"));
      return;
    }
    const [lon, lat] = [(west + east) / 2, (south + north) / 2];
    const to = `${lon.toFixed(6)},${lat.toFixed(6)},${encodeURIComponent(each.code)}`;
    window.open(directions + to, "_blank", "noopener,noreferrer");
  }
  return { goTo };
}
