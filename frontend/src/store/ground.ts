import { type ShallowRef, shallowRef } from "vue";
import type { Api, ReferenceFeature } from "../api/client";
import type { LiveChange } from "../domain/types";

/** Reference layers that are drawn under everything else. */
export const groundLayers = ["water", "roads"] as const;
export type GroundLayer = (typeof groundLayers)[number];

/** What the map stands on: rivers, lakes and roads. */
export interface Ground {
  /** By layer; a layer nobody made is absent. */
  readonly layers: ShallowRef<ReadonlyMap<GroundLayer, readonly ReferenceFeature[]>>;
  load(): Promise<void>;
  /** Reads the layers again that a change names. */
  follow(change: LiveChange): Promise<void>;
}

export function createGround(api: Pick<Api, "layers" | "reference">): Ground {
  const layers: Ground["layers"] = shallowRef(new Map());
  /** The newest reading of each layer: an older answer that comes later is dropped. */
  const asked = new Map<GroundLayer, number>();

  async function load(): Promise<void> {
    const there = new Set((await api.layers()).map(({ code }) => code));
    layers.value = new Map();
    await Promise.all(groundLayers.filter((name) => there.has(name)).map((name) => read(name)));
  }

  async function read(name: GroundLayer, minRevision?: number): Promise<void> {
    const turn = (asked.get(name) ?? 0) + 1;
    asked.set(name, turn);
    const features = await api.reference(name, minRevision);
    if (asked.get(name) === turn) layers.value = new Map(layers.value).set(name, features);
  }

  async function follow(change: LiveChange): Promise<void> {
    const named = groundLayers.filter((name) => change.reload?.includes(name));
    // What cannot be read now stays as it was; the page says elsewhere that the server is away.
    await Promise.all(named.map((name) => read(name, change.revision).catch(() => undefined)));
  }

  return { layers, load, follow };
}
