import type { CaseSummary, ParcelProperties } from "../domain/types";
import type { CaseStore } from "./cases";
import { type Filter, found, inTrack, onList, passes } from "./filter";
import type { ParcelStore } from "./parcels";

/** A line of the ledger: a case, or a parcel that no case names. */
export type LedgerRow =
  | { kind: "case"; key: string; case: CaseSummary }
  | { kind: "parcel"; key: string; parcel: ParcelProperties };

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
): LedgerRow[] {
  const rows: LedgerRow[] = [];
  for (const each of cases.all()) {
    if (!inTrack(filter, each) || !onList(filter, each.id)) continue;
    if (passes(filter, each, today) && found(filter, each)) {
      rows.push({ kind: "case", key: `case-${each.id}`, case: each });
    }
  }
  // A list is one of cases.
  const unlisted = filter.list.value ? [] : parcels.all();
  for (const { properties } of unlisted) {
    if (properties.cases.length > 0) continue;
    if (passes(filter, properties, today) && found(filter, properties)) {
      rows.push({ kind: "parcel", key: `parcel-${properties.id}`, parcel: properties });
    }
  }
  return rows.sort(filter.sort.value === "code" ? byCode : byDeadline);
}

/** Without a deadline last. */
const never = "9999-12-31";

function byDeadline(a: LedgerRow, b: LedgerRow): number {
  return compare(nounOf(a).deadline ?? never, nounOf(b).deadline ?? never) || byCode(a, b);
}

/** Cases before parcels, each by code. */
function byCode(a: LedgerRow, b: LedgerRow): number {
  return compare(a.kind, b.kind) || compare(nounOf(a).code, nounOf(b).code);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
