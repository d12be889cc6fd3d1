/**
 * The flat form of a layer (Go package geo/flat) in typed arrays: a hundred thousand parcels are
 * twenty megabytes and no objects.
 */

/** Units of a coordinate in a degree. */
export const scale = 1e7;

/** Polygons of many features. Whatever ends a list is where the next begins: the last entry is the length. */
export interface Shapes {
  /** First polygon of each feature. */
  readonly polygons: Uint32Array;
  /** First ring of each polygon, the outer one. */
  readonly rings: Uint32Array;
  /** First vertex of each ring; the one that closes it is left out. */
  readonly points: Uint32Array;
  /** Longitude and latitude of each vertex in units. */
  readonly xy: Int32Array;
}

/** Texts in UTF-8, one behind the other. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly from: Uint32Array;
}

/** Whole numbers from 0 in the narrowest form that holds them. */
export type Whole = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Values of one column; a feature's is at its index. */
export type FlatColumn =
  | { readonly kind: "number"; readonly values: Whole }
  | { readonly kind: "text"; readonly values: Texts }
  | { readonly kind: "word"; readonly words: readonly string[]; readonly values: Whole }
  | { readonly kind: "numbers"; readonly from: Uint32Array; readonly values: Float64Array };

/** A flat file: a layer, or what changed in it. */
export interface FlatLayer {
  readonly layer: string;
  /** Who may see just this. */
  readonly scopeClass: string;
  readonly revision: number;
  /** Of a delta: the revision it brings forward, and the ids that are gone. */
  readonly since: number | undefined;
  readonly removed: Float64Array;
  /** Rising. */
  readonly ids: Float64Array;
  readonly shapes: Shapes;
  readonly columns: ReadonlyMap<string, FlatColumn>;
}

/** First vertex of a feature and the one behind its last. */
export function pointsOf({ polygons, rings, points }: Shapes, feature: number): [number, number] {
  const at = (polygon: number) => points[rings[polygon] ?? 0] ?? 0;
  return [at(polygons[feature] ?? 0), at(polygons[feature + 1] ?? 0)];
}

/**
 * Room for shapes, which the page and its painter read together where the browser lets them (over HTTPS); elsewhere
 * what is sent is copied. Shared room cannot be kept in IndexedDB and is not decoded as text.
 */
export function roomForShapes(bytes: number): ArrayBufferLike {
  return globalThis.crossOriginIsolated ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** A layer whose shapes lie in room of their own, to be kept in IndexedDB. */
export function unshared(layer: FlatLayer): FlatLayer {
  const { polygons, rings, points, xy } = layer.shapes;
  const shapes = {
    ...{ polygons: polygons.slice(), rings: rings.slice() },
    ...{ points: points.slice(), xy: xy.slice() },
  };
  return { ...layer, shapes };
}

/** The same numbers, in an eighth of the room where they are small. */
export function narrowed(values: Float64Array): Whole {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  if (most < 0x100) return Uint8Array.from(values);
  if (most < 0x1_0000) return Uint16Array.from(values);
  return most < 0x1_0000_0000 ? Uint32Array.from(values) : values;
}
