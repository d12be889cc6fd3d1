import type { Campaign, CaseSummary, ParcelProperties } from "../domain/types";
import type { CaseStore } from "./cases";
import { allAtOnce, type FewAtATime } from "./few-at-a-time";
import {
  type Filter,
  found,
  inTrack,
  letsAllPass,
  onList,
  passes,
  type Sort,
  type SortKey,
} from "./filter";
import type { ParcelStore } from "./parcels";

/** A line of the ledger: a case, or a parcel that no case names. */
export type LedgerRow = CaseRow | { kind: "parcel"; key: string; parcel: ParcelProperties };

/** A line about a case. */
export interface CaseRow {
  kind: "case";
  key: string;
  case: CaseSummary;
}

/** What the row is about, of either kind. */
export function nounOf(row: LedgerRow): CaseSummary | ParcelProperties {
  return row.kind === "case" ? row.case : row.parcel;
}

/** The lines the filter leaves; everything that can be picked on the map has one. */
export function ledgerRows(
  cases: CaseStore,
  parcels: ParcelStore,
  filter: Filter,
  today: string,
  orders: Orders = ordersOf(undefined),
): LedgerRows {
  return new LedgerRows(
    caseRows(cases, filter, today, orders),
    freeRows(parcels.free(), filter, today, orders),
  );
}

/** Lines of cases, then of parcels without one. */
export class LedgerRows implements Iterable<LedgerRow> {
  constructor(
    readonly cases: readonly CaseRow[] = [],
    private readonly free: FreeRows = new FreeRows(),
  ) {}

  get length(): number {
    return this.cases.length + this.free.length;
  }

  at(index: number): LedgerRow | undefined {
    return this.cases[index] ?? this.free.at(index - this.cases.length);
  }

  slice(from: number, to: number): LedgerRow[] {
    const rows: LedgerRow[] = [];
    for (let i = from; i < Math.min(to, this.length); i++) rows.push(this.at(i) as LedgerRow);
    return rows;
  }

  *[Symbol.iterator](): IterableIterator<LedgerRow> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as LedgerRow;
  }

  /** Where the line of a case is, -1 without one. */
  indexOfCase(id: number | undefined): number {
    return id === undefined ? -1 : this.cases.findIndex((row) => row.case.id === id);
  }

  /** Where the line of a parcel without a case is, -1 without one. */
  indexOfParcel(id: number | undefined): number {
    const place = id === undefined ? -1 : this.free.indexOf(id);
    return place < 0 ? -1 : this.cases.length + place;
  }

  /** Where the line of the same noun is now. */
  indexOf(row: LedgerRow | undefined): number {
    if (row?.kind === "parcel") return this.indexOfParcel(row.parcel.id);
    return this.indexOfCase(row?.case.id);
  }
}

/** The lines of cases, which come first. */
export function caseRows(
  cases: CaseStore,
  filter: Filter,
  today: string,
  orders: Orders,
): CaseRow[] {
  const rows: CaseRow[] = [];
  for (const each of cases.all()) {
    if (!inTrack(filter, each) || !onList(filter, each.id)) continue;
    if (passes(filter, each, today) && found(filter, each)) {
      rows.push({ kind: "case", key: `case-${each.id}`, case: each });
    }
  }
  const order = orderOf(rows.map(nounOf), filter.sort.value, orders);
  return order.map((i) => rows[i] as CaseRow);
}

/** The lines of parcels that no case names; they change with their parcels and the filter, not with cases. */
export function freeRows(
  free: FewAtATime<ParcelProperties>,
  filter: Filter,
  today: string,
  orders: Orders,
): FreeRows {
  if (filter.list.value) return new FreeRows(); // a list is one of cases
  const sort = filter.sort.value;
  if (letsAllPass(filter)) return new FreeRows(free, undefined, sort, orders);
  const places: number[] = [];
  let i = 0;
  for (const properties of free) {
    if (passes(filter, properties, today) && found(filter, properties)) places.push(i);
    i++;
  }
  return new FreeRows(free, places, sort, orders);
}

/** Lines of parcels, put in order when the first of them is wanted: those of cases stand before them. */
export class FreeRows {
  private order: Uint32Array | undefined;

  constructor(
    private readonly free: FewAtATime<ParcelProperties> = allAtOnce([]),
    /** Of those that have a line, undefined: all. */
    private readonly places?: readonly number[],
    private readonly sort: Sort = "code",
    private readonly orders: Orders = ordersOf(undefined),
  ) {}

  get length(): number {
    return this.places?.length ?? this.free.length;
  }

  at(index: number): LedgerRow | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const parcel = this.free.at(this.inOrder()[index] as number) as ParcelProperties;
    return { kind: "parcel", key: `parcel-${parcel.id}`, parcel };
  }

  indexOf(id: number): number {
    let place = 0;
    for (const parcel of this.free) {
      if (parcel.id === id) return this.inOrder().indexOf(place);
      place++;
    }
    return -1;
  }

  private inOrder(): Uint32Array {
    this.order ??= this.put();
    return this.order;
  }

  private put(): Uint32Array {
    const places = this.places ?? Array.from({ length: this.free.length }, (_, i) => i);
    const nouns = places.map((place) => this.free.at(place) as ParcelProperties);
    return Uint32Array.from(orderOf(nouns, this.sort, this.orders), (i) => places[i] as number);
  }
}

/** What rows are ordered by beside their own fields: places of units and side states, names of milestones. */
export interface Orders {
  /** Units and side states by code, in the campaign's order. */
  readonly place: ReadonlyMap<string, number>;
}

/** Places of nouns of a kind in an order; what has no value stands last either way, equals by code. */
function orderOf(nouns: readonly Noun[], sort: Sort, orders: Orders): number[] {
  const down = sort.startsWith("-");
  const key = keyOf[sort.replace("-", "") as SortKey];
  const order = /label|responsible/.test(sort) ? byName.compare : compare;
  const keyed = nouns.map((noun, i) => ({ i, key: key(noun, orders), code: noun.code }));
  keyed.sort((a, b) => byKey(a.key, b.key, down, order) || compare(a.code, b.code));
  return keyed.map(({ i }) => i);
}

type Noun = Partial<CaseSummary> & Pick<CaseSummary, "code" | "label" | "unit" | "stage" | "mu">;
type Key = string | number | undefined;

const keyOf: Record<SortKey, (noun: Noun, orders: Orders) => Key> = {
  code: ({ code }) => code,
  label: ({ label }) => label || undefined,
  unit: ({ unit, village }, { place }) =>
    `${String(place.get(unit) ?? 999).padStart(3, "0")} ${village?.code ?? ""}`,
  stage: ({ stage }) => stage,
  must: ({ next }, { place }) => (next === undefined ? undefined : place.get(next)),
  deadline: ({ deadline }) => deadline,
  land: ({ mu }) => mu,
  effective: ({ effective_mu }) => effective_mu,
  responsible: ({ responsible }) => responsible || undefined,
  sides: ({ sides }, { place }) => (sides?.[0] === undefined ? undefined : place.get(sides[0])),
};

function byKey(a: Key, b: Key, down: boolean, order: typeof compare): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const texts = typeof a === "string" && typeof b === "string";
  const way = texts ? order(a, b) : Number(a) - Number(b);
  return down ? -way : way;
}

/** Chinese by its sound where the browser knows it. */
const byName = new Intl.Collator("zh-CN");

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Places of the campaign's units, side states and milestones. */
export function ordersOf(campaign: Campaign | undefined): Orders {
  const milestones = campaign?.tracks.flatMap((track) => track.milestones) ?? [];
  const codes = [...(campaign?.units ?? []), ...(campaign?.sides ?? []), ...milestones];
  const place = new Map<string, number>();
  for (const { code } of codes) if (!place.has(code)) place.set(code, place.size);
  return { place };
}
