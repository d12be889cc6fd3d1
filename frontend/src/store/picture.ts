import { type Ref, watchEffect } from "vue";
import type { Api } from "../api/client";
import type { MapThemeCode } from "../domain/map-themes";
import type { PageCode } from "../domain/pages";
import type { Filter } from "./filter";
import { createLamps, type Lamps } from "./lamps";
import { createLand } from "./land";
import { createMapView } from "./map-view";
import type { Settings } from "./settings";

/** What the map shows beside the parcels: its layers, the land, the units' lamps. */
export function createPicture(
  api: Pick<Api, "figures" | "basemap" | "land">,
  settings: Settings,
  revision: Readonly<Ref<number>>,
  page: Readonly<Ref<PageCode>>,
  sees: Readonly<Ref<boolean>>,
) {
  const mapView = createMapView(api, settings, page);
  return {
    lamps: createLamps(api, revision, sees),
    mapView,
    land: createLand(api, mapView.shown),
  };
}

/** Lamps are read once the map wears them or somebody filters by them. */
export function wantLamps(lamps: Lamps, theme: Ref<MapThemeCode>, filter: Filter): void {
  watchEffect(() => {
    if (theme.value === "lamp" || filter.lamps.value.size > 0) lamps.want();
  });
}
