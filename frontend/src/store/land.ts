import { type Ref, type ShallowRef, shallowRef, watch } from "vue";
import type { Api, Feature } from "../api/client";
import type { MapLayerCode } from "../domain/map-layers";
import type { LandProperties, LiveChange } from "../domain/types";

/** Layers that the server makes of the cases' land, below them zones and plans. */
export const landLayers = [
  ...(["planning", "env_zones", "village_clusters"] as const),
  ...(["blocks", "parks", "clusters", "recovered", "effective"] as const),
] as const;
export type LandLayer = (typeof landLayers)[number];

type Features = readonly Feature<LandProperties>[];

/** Land beside the parcels: read once somebody wants to see it, and again after changes. */
export interface Land {
  readonly layers: ShallowRef<ReadonlyMap<LandLayer, Features>>;
  /** From here on what is wanted is read: the parcels stand. */
  start(): Promise<void>;
  follow(change: LiveChange): Promise<void>;
}

export function createLand(
  api: Pick<Api, "land">,
  wanted: Readonly<Ref<ReadonlySet<MapLayerCode>>>,
): Land {
  const layers: Land["layers"] = shallowRef(new Map());
  /** The newest reading of each layer: an older answer that comes later is dropped. */
  const asked = new Map<LandLayer, number>();
  let started = false;

  async function read(name: LandLayer, minRevision?: number): Promise<void> {
    const turn = (asked.get(name) ?? 0) + 1;
    asked.set(name, turn);
    const features = await api.land(name, minRevision).catch(() => undefined);
    if (asked.get(name) !== turn) return;
    // What cannot be read is asked for again when it is switched on the next time.
    if (features) layers.value = new Map(layers.value).set(name, features);
    else asked.delete(name);
  }

  async function readMissing(): Promise<void> {
    if (!started) return;
    const missing = landLayers.filter((name) => wanted.value.has(name) && !asked.has(name));
    await Promise.all(missing.map((name) => read(name)));
  }

  async function start(): Promise<void> {
    started = true;
    asked.clear();
    await readMissing();
  }

  async function follow({ reload, revision }: LiveChange): Promise<void> {
    const named = landLayers.filter((name) => asked.has(name) && reload?.includes(name));
    await Promise.all(named.map((name) => read(name, revision)));
  }

  watch(wanted, readMissing);
  return { layers, start, follow };
}
