import { type Ref, ref } from "vue";
import type { Feature } from "../api/client";
import type { ParcelProperties } from "../domain/types";
import { type AreaGeometry, type Bounds, boundsOf, contains } from "../geo/shapes";

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

/** A parcel of the layer. */
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
  private readonly live = new Map<number, Parcel>();
  private byId: ReadonlyMap<number, Parcel> = this.live;
  private readonly listeners = new Set<(event: ParcelEvent) => void>();

  /** Replaces all parcels. */
  reset(features: readonly Feature<ParcelProperties>[]): void {
    this.live.clear();
    for (const { geometry, properties } of features) {
      this.live.set(properties.id, parcelOf(geometry, properties));
    }
    if (this.byId === this.live) this.tell({ kind: "reset" });
  }

  /** Shows the parcels of an earlier day, or those that are. */
  show(then: ReadonlyMap<number, Parcel> | undefined): void {
    const [before, after] = [this.byId, then ?? this.live];
    if (before === after) return;
    this.byId = after;
    const ids = turned(before, after);
    if (!ids) this.tell({ kind: "reset" });
    else if (ids.length > 0) this.tell({ kind: "day", ids });
  }

  /** Gives parcels new properties; ids whose geometry is not here are returned. */
  patch(changed: readonly ParcelProperties[]): number[] {
    const ids: number[] = [];
    const unknown: number[] = [];
    for (const properties of changed) {
      const parcel = this.live.get(properties.id);
      if (parcel) parcel.properties = properties;
      (parcel ? ids : unknown).push(properties.id);
    }
    if (ids.length > 0 && this.byId === this.live) this.tell({ kind: "changed", ids });
    return unknown;
  }

  get(id: number): Parcel | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Parcel> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Ids of the parcels that carry one of the cases. */
  carrying(cases: readonly number[]): number[] {
    const wanted = new Set(cases);
    if (wanted.size === 0) return [];
    return [...this.byId.values()].flatMap(({ properties }) =>
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
    for (const parcel of this.byId.values()) {
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

/** Ids whose properties differ; undefined where a parcel came, went or has another outline. */
function turned(
  before: ReadonlyMap<number, Parcel>,
  after: ReadonlyMap<number, Parcel>,
): number[] | undefined {
  if (before.size !== after.size) return undefined;
  const ids: number[] = [];
  for (const [id, parcel] of after) {
    const known = before.get(id);
    if (!known || !sameOutline(known, parcel)) return undefined;
    if (known.properties !== parcel.properties) ids.push(id);
  }
  return ids;
}

/** The layer and the history give the same outline as two objects. */
function sameOutline(a: Parcel, b: Parcel): boolean {
  return (
    a.geometry === b.geometry ||
    (a.bounds.every((edge, i) => edge === b.bounds[i]) &&
      JSON.stringify(a.geometry.coordinates) === JSON.stringify(b.geometry.coordinates))
  );
}
