import { computed, type Ref, ref, type ShallowRef, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import { type BaseMap, formatLayers, type MapLayerCode, parseLayers } from "../domain/map-layers";
import { casePage, type PageCode } from "../domain/pages";
import { toggled } from "./filter";
import type { Settings } from "./settings";

/** Which layers the map shows, and what lies under them. */
export interface MapView {
  readonly layers: ShallowRef<ReadonlySet<MapLayerCode>>;
  /** Those that are drawn: on the page of a case its land as well. */
  readonly shown: Readonly<Ref<ReadonlySet<MapLayerCode>>>;
  readonly base: Ref<BaseMap>;
  /** Whether the server passes on 天地图; undefined until it was asked. */
  readonly offered: Readonly<Ref<boolean | undefined>>;
  /** Switches a layer on or off; this browser remembers it. */
  toggle(layer: MapLayerCode): void;
  /** Asks once whether there is a base map. */
  ask(): Promise<void>;
}

/** Begins with what this browser remembers; an address may say otherwise without being remembered. */
export function createMapView(
  api: Pick<Api, "basemap">,
  settings: Settings,
  page: Readonly<Ref<PageCode>>,
): MapView {
  const layers = shallowRef(parseLayers(settings.layers.value));
  const shown = computed<ReadonlySet<MapLayerCode>>(() =>
    page.value === casePage || page.value === "land"
      ? new Set([...layers.value, "recovered", "effective"])
      : layers.value,
  );
  const base = ref<BaseMap>("none");
  const offered = ref<boolean>();

  function toggle(layer: MapLayerCode): void {
    layers.value = toggled(layers.value, layer);
    settings.layers.value = formatLayers(layers.value);
  }

  async function ask(): Promise<void> {
    if (offered.value !== undefined) return;
    const there = await api.basemap().catch(() => undefined);
    if (there) offered.value = there.length > 0;
  }

  // A base map that was chosen is shown once the server has said that it has it.
  watch(base, (wanted) => void (wanted === "none" || ask()));
  return { layers, shown, base, offered, toggle, ask };
}
