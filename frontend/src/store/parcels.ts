import { type Ref, ref } from "vue";
import type { ParcelProperties } from "../domain/types";
import type { FlatLayer, Shapes } from "../geo/flat";
import { sameShape, shapesOf } from "../geo/flat-made";
import { areaFromM2 } from "../geo/mu";
import { type AreaGeometry, type Bounds, boundsOf, contains } from "../geo/shapes";
import { allAtOnce, type FewAtATime } from "./few-at-a-time";
import { FlatParcels } from "./flat-parcels";
import type { Standing } from "./past";

/** One parcel: its geometry stays, its properties are replaced by every change. */
export interface Parcel {
  readonly geometry: AreaGeometry;
  readonly bounds: Bounds;
  properties: ParcelProperties;
}

/**
 * What happened to the parcels: all are new, the named ones have new properties, look otherwise
 * because a case on them does, or are those of another day.
 */
export type ParcelEvent =
  | { kind: "reset" }
  | { kind: "changed" | "looks" | "day"; ids: readonly number[] };

/** What there is to draw: ids, rising, and the shapes in their order. */
export interface ParcelShapes {
  readonly ids: Float64Array;
  readonly shapes: Shapes;
  /** Land by place in that order, 0.0001 m². */
  readonly areas: ArrayLike<number>;
}

/** Parcels by id. */
export interface ParcelSet {
  readonly size: number;
  get(id: number): Parcel | undefined;
  values(): IterableIterator<Parcel>;
}

const none: ReadonlyMap<number, Parcel> = new Map();
const nothing: FewAtATime<ParcelProperties> = allAtOnce([]);

/** A parcel of another day. */
export function parcelOf(geometry: AreaGeometry, properties: ParcelProperties): Parcel {
  return { geometry, bounds: boundsOf(geometry), properties };
}

/**
 * The parcels by id, as they are or as they were on the day shown. Changes always go to those that
 * are. Plain objects and events: Vue must not proxy a hundred thousand of them.
 */
export class ParcelStore {
  /** Grows with every change; reading it makes a computed value follow the parcels. */
  readonly edition: Ref<number> = ref(0);
  private live: FlatParcels | undefined;
  /** Those of the day shown, undefined: those that are. */
  private past: Standing<Parcel> | undefined;
  private pastFree: FewAtATime<ParcelProperties> | undefined;
  private readonly listeners = new Set<(event: ParcelEvent) => void>();

  private get shown(): ParcelSet {
    return this.past?.there ?? this.live ?? none;
  }

  /** What has a place on the map: with the parcels of another day also those that were not there then, so that days can be turned without drawing anything anew. */
  get drawn(): ParcelSet {
    return this.past?.ever ?? this.live ?? none;
  }

  /** Replaces all parcels. */
  reset(layer: FlatLayer): void {
    this.live = new FlatParcels(layer);
    if (!this.past) this.tell({ kind: "reset" });
  }

  /** Shows the parcels of an earlier day, or those that are. */
  show(then: Standing<Parcel> | undefined): void {
    if (this.past?.there === then?.there) return;
    const [before, drawn] = [this.shown, this.drawn];
    this.past = then;
    this.pastFree = undefined;
    if (!sameOutlines(drawn, this.drawn)) {
      this.tell({ kind: "reset" });
      return;
    }
    const ids = turned(before, this.shown);
    if (ids.length > 0) this.tell({ kind: "day", ids });
  }

  /** Gives parcels new properties; ids whose geometry is not here are returned. */
  patch(changed: readonly ParcelProperties[]): number[] {
    const ids: number[] = [];
    const unknown: number[] = [];
    for (const properties of changed) {
      (this.live?.change(properties) ? ids : unknown).push(properties.id);
    }
    if (ids.length > 0 && !this.past) this.tell({ kind: "changed", ids });
    return unknown;
  }

  get(id: number): Parcel | undefined {
    return this.shown.get(id);
  }

  all(): IterableIterator<Parcel> {
    return this.shown.values();
  }

  get size(): number {
    return this.shown.size;
  }

  /** Properties of the parcels without a case; the same list until one of them changes. */
  free(): FewAtATime<ParcelProperties> {
    if (!this.past) return this.live?.free() ?? nothing;
    this.pastFree ??= allAtOnce(
      [...this.past.there.values()].flatMap(({ properties }) =>
        properties.cases.length === 0 ? [properties] : [],
      ),
    );
    return this.pastFree;
  }

  /** The parcels with a case. */
  taken(): readonly Parcel[] {
    if (!this.past) return this.live?.taken() ?? [];
    return [...this.past.there.values()].filter(({ properties }) => properties.cases.length > 0);
  }

  /** The shapes, to be drawn. */
  shapes(): ParcelShapes {
    if (!this.past && this.live) return this.live.shapes();
    const sorted = [...(this.past?.ever ?? none)].sort(([a], [b]) => a - b);
    const ids = Float64Array.from(sorted, ([id]) => id);
    const areas = Float64Array.from(sorted, ([, { properties }]) => areaFromM2(properties.m2));
    return { ids, areas, shapes: shapesOf(sorted.map(([, { geometry }]) => geometry)) };
  }

  /** Ids of the parcels that carry one of the cases. */
  carrying(cases: readonly number[]): number[] {
    const wanted = new Set(cases);
    if (wanted.size === 0) return [];
    if (!this.past && this.live) return this.live.carrying(wanted);
    return [...this.all()].flatMap(({ properties }) =>
      properties.cases.some((id) => wanted.has(id)) ? [properties.id] : [],
    );
  }

  /** Tells that the parcels of these cases look otherwise. */
  retell(cases: readonly number[]): void {
    const ids = this.carrying(cases);
    if (ids.length > 0) this.tell({ kind: "looks", ids });
  }

  /** The topmost parcel at a place (degrees). */
  at(x: number, y: number): Parcel | undefined {
    let found: Parcel | undefined;
    for (const parcel of this.all()) {
      const [west, south, east, north] = parcel.bounds;
      if (x < west || x > east || y < south || y > north) continue;
      if (contains(parcel.geometry, x, y)) found = parcel;
    }
    return found;
  }

  /** Calls the listener at every event until the returned function is called. */
  listen(listener: (event: ParcelEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(event: ParcelEvent): void {
    this.edition.value++;
    for (const listener of this.listeners) listener(event);
  }
}

/** Whether both have the same parcels with the same outlines. */
function sameOutlines(one: ParcelSet, other: ParcelSet): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const { properties, geometry } of other.values()) {
    const known = one.get(properties.id);
    // The layer and the history give the same outline in other digits.
    if (!known || !sameShape(known.geometry, geometry)) return false;
  }
  return true;
}

/** Ids of what came, went, or has other properties. */
function turned(before: ParcelSet, after: ParcelSet): number[] {
  const ids: number[] = [];
  for (const { properties } of after.values()) {
    if (before.get(properties.id)?.properties !== properties) ids.push(properties.id);
  }
  for (const { properties } of before.values()) {
    if (!after.get(properties.id)) ids.push(properties.id);
  }
  return ids;
}
