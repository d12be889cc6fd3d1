import type { Campaign, CaseSummary, ParcelProperties } from "../domain/types";
import type { CaseStore } from "./cases";
import { type Filter, found, inTrack, onList, passes, type Sort, type SortKey } from "./filter";
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
): LedgerRow[] {
  return [
    ...caseRows(cases, filter, today, orders),
    ...freeRows(parcels.free(), filter, today, orders),
  ];
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
  return ordered(rows, filter.sort.value, orders);
}

/** The lines of parcels that no case names; they change with their parcels and the filter, not with cases. */
export function freeRows(
  free: readonly ParcelProperties[],
  filter: Filter,
  today: string,
  orders: Orders,
): LedgerRow[] {
  if (filter.list.value) return []; // a list is one of cases
  const rows: LedgerRow[] = [];
  for (const properties of free) {
    if (passes(filter, properties, today) && found(filter, properties)) {
      rows.push({ kind: "parcel", key: `parcel-${properties.id}`, parcel: properties });
    }
  }
  return ordered(rows, filter.sort.value, orders);
}

/** What rows are ordered by beside their own fields: places of units and side states, names of milestones. */
export interface Orders {
  /** Units and side states by code, in the campaign's order. */
  readonly place: ReadonlyMap<string, number>;
}

/** Rows of a kind in an order; what has no value stands last either way, equals by code. */
export function ordered<Row extends LedgerRow>(rows: Row[], sort: Sort, orders: Orders): Row[] {
  const down = sort.startsWith("-");
  const key = keyOf[sort.replace("-", "") as SortKey];
  const order = /label|responsible/.test(sort) ? byName.compare : compare;
  const keyed = rows.map((row) => ({ row, key: key(nounOf(row), orders) }));
  keyed.sort(
    (a, b) => byKey(a.key, b.key, down, order) || compare(nounOf(a.row).code, nounOf(b.row).code),
  );
  return keyed.map(({ row }) => row);
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
