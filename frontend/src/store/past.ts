import type { CaseSummary, History, HistoryOf, ParcelProperties } from "../domain/types";
import type { AreaGeometry } from "../geo/shapes";
import { type Parcel, parcelOf } from "./parcels";

/** A noun as it was from the end of a day on; without a value it was not there. */
interface Episode<T> {
  readonly on: string;
  readonly value: T | undefined;
}

/** The days that are over, in memory: what was known at the end of any of them. */
export class Past {
  readonly from: string;
  /** The day before the server's today. */
  readonly to: string;
  private readonly cases: ReadonlyMap<number, readonly Episode<CaseSummary>[]>;
  private readonly parcels: ReadonlyMap<number, readonly Episode<Parcel>[]>;

  constructor(history: History) {
    this.from = history.from ?? "";
    this.to = history.to ?? "";
    this.cases = new Map(history.cases.map((of) => [of.id, episodesOf(of, asIs<CaseSummary>)]));
    this.parcels = new Map(history.parcels.map((of) => [of.id, episodesOf(of, toParcel)]));
  }

  /** The cases of a day by id; the same objects on days between which nothing changed. */
  casesOn(day: string): Map<number, CaseSummary> {
    return onDay(this.cases, day);
  }

  /** The parcels of a day by id, likewise. */
  parcelsOn(day: string): Map<number, Parcel> {
    return onDay(this.parcels, day);
  }
}

function onDay<T>(all: ReadonlyMap<number, readonly Episode<T>[]>, day: string): Map<number, T> {
  const found = new Map<number, T>();
  for (const [id, episodes] of all) {
    const value = lastUpTo(episodes, day);
    if (value !== undefined) found.set(id, value);
  }
  return found;
}

function lastUpTo<T>(episodes: readonly Episode<T>[], day: string): T | undefined {
  let [low, high] = [0, episodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((episodes[middle] as Episode<T>).on <= day) low = middle + 1;
    else high = middle;
  }
  return episodes[low - 1]?.value;
}

/** Folds the merge patches (RFC 7396; fields are replaced whole). */
function episodesOf<T>(
  { days }: HistoryOf,
  make: (fields: Record<string, unknown>, before: T | undefined) => T,
): Episode<T>[] {
  let fields: Record<string, unknown> = {};
  let value: T | undefined;
  return days.map(({ on, patch }) => {
    fields = patch ? merged(fields, patch) : {};
    value = patch ? make(fields, value) : undefined;
    return { on, value };
  });
}

function merged(fields: Record<string, unknown>, patch: Record<string, unknown>) {
  const next = { ...fields, ...patch };
  for (const [name, value] of Object.entries(patch)) if (value === null) delete next[name];
  return next;
}

function asIs<T>(fields: Record<string, unknown>): T {
  return fields as T;
}

/** A parcel whose geometry stayed keeps that object, so that nobody measures it again. */
function toParcel(fields: Record<string, unknown>, before: Parcel | undefined): Parcel {
  const { geometry, ...properties } = fields as unknown as ParcelProperties & {
    geometry: AreaGeometry;
  };
  if (before?.geometry === geometry) return { ...before, properties };
  return parcelOf(geometry, properties);
}
