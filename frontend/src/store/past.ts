import type { CaseSummary, History, HistoryOf, ParcelProperties } from "../domain/types";
import type { AreaGeometry } from "../geo/shapes";
import { type Parcel, parcelOf } from "./parcels";

/** A noun as it was from the end of a day on; without a value it was not there. */
interface Episode<T> {
  readonly on: string;
  readonly value: T | undefined;
}

/** What stood at the end of a day. */
export interface Standing<T> {
  readonly there: ReadonlyMap<number, T>;
  /** All that the past knows, whether it stood then or not: one map for all days between which no outline changes. */
  readonly ever: ReadonlyMap<number, T>;
}

/** The days that are over, in memory: what was known at the end of any of them. */
export class Past {
  readonly from: string;
  /** The day before the server's today. */
  readonly to: string;
  private readonly cases: Days<CaseSummary>;
  private readonly parcels: Days<Parcel>;
  /** Every parcel as it last was, with its cases if it ever had any, and the outline of the day asked for last. */
  private outlined: ReadonlyMap<number, Parcel>;

  constructor(history: History) {
    this.from = history.from ?? "";
    this.to = history.to ?? "";
    this.cases = new Days(history.cases, asIs<CaseSummary>, () => true);
    this.parcels = new Days(history.parcels, toParcel, isTaken);
    this.outlined = this.parcels.ever;
  }

  /** The cases of a day by id; the same objects on days between which nothing changed. */
  casesOn(day: string): Standing<CaseSummary> {
    return { there: this.cases.on(day), ever: this.cases.ever };
  }

  /** The parcels of a day by id, likewise. */
  parcelsOn(day: string): Standing<Parcel> {
    const there = this.parcels.on(day);
    this.outlined = outlinedAs(there, this.outlined);
    return { there, ever: this.outlined };
  }
}

/** Gives all the outlines that those who are there have. */
function outlinedAs(there: Map<number, Parcel>, ever: ReadonlyMap<number, Parcel>) {
  let other: Map<number, Parcel> | undefined;
  for (const [id, { geometry, bounds }] of there) {
    const known = ever.get(id);
    if (!known || known.geometry === geometry) continue;
    other ??= new Map(ever);
    other.set(id, { ...known, geometry, bounds });
  }
  return other ?? ever;
}

function isTaken({ properties }: Parcel): boolean {
  return properties.cases.length > 0;
}

/** What stood on each day. A day that follows another, as in a film, takes what changed on it and no more. */
class Days<T> {
  /** Each noun as it last was so that it `counts`; as it was first where it never did. */
  readonly ever: ReadonlyMap<number, T>;
  /** All days' episodes, by day and within it as they came. */
  private readonly all: readonly { readonly id: number; readonly episode: Episode<T> }[];
  private next = 0;
  private day = "";
  /** Every noun in the order it came in, with what it is on that day. */
  private readonly standing: Map<number, T | undefined>;

  constructor(
    histories: readonly HistoryOf[],
    make: (fields: Record<string, unknown>, before: T | undefined) => T,
    counts: (value: T) => boolean,
  ) {
    this.all = histories
      .flatMap((of) => episodesOf(of, make).map((episode) => ({ id: of.id, episode })))
      .sort(({ episode: a }, { episode: b }) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
    this.standing = new Map(histories.map(({ id }) => [id, undefined]));
    const ever = new Map<number, T>();
    for (const { id, episode } of this.all) {
      const { value } = episode;
      if (value !== undefined && (counts(value) || !ever.has(id))) ever.set(id, value);
    }
    this.ever = ever;
  }

  on(day: string): Map<number, T> {
    if (day < this.day) {
      this.next = 0;
      for (const id of this.standing.keys()) this.standing.set(id, undefined);
    }
    this.day = day;
    for (; this.next < this.all.length; this.next++) {
      const { id, episode } = this.all[this.next] as (typeof this.all)[number];
      if (episode.on > day) break;
      this.standing.set(id, episode.value);
    }
    const there = new Map<number, T>();
    for (const [id, value] of this.standing) if (value !== undefined) there.set(id, value);
    return there;
  }
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
