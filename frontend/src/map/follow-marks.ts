import L from "leaflet";
import { watch } from "vue";
import type { Store } from "../store/store";
import { FindingMarks } from "./finding-marks";
import { latLngOf } from "./lat-lngs";
import { RingLayer } from "./ring-layer";

/** Lets what is marked on the map follow the store: rings, a pin, a place pointed at, findings. `ends` is told what ends it. */
export function followMarks(
  map: L.Map,
  store: Store,
  outlineOf: (id: number) => L.LatLng[][],
  ends: (() => void)[],
): RingLayer {
  const { card, plots, hovered, pendingParcels, pin, pointed, selection } = store;
  const now = { immediate: true } as const;
  const chosen = () => plots.value?.chosen.value ?? card.ringed.value;
  const [rings, findings] = [new RingLayer(map, outlineOf), new FindingMarks(map, store)];
  ends.push(
    watch(chosen, (ids) => rings.choose(ids), now),
    watch(hovered, (id) => rings.hover(id), now),
    watch(selection.parcels, (ids) => rings.select(ids), now),
    watch(pendingParcels, (ids) => rings.await(ids), now),
    watch(pin, (at) => rings.pin(at && L.latLng(at.lat, at.lon)), now),
    watch(pointed, (place) => rings.point(latLngOf(place)), now),
    () => findings.dispose(),
  );
  return rings;
}
