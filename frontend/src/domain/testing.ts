/** Nouns for the tests of several rooms. */
import type { CasePage, CaseSummary, ImportReport } from "./types";

/** What became of a file of three new parcels. */
export function importReport(more: Partial<ImportReport> = {}): ImportReport {
  const counts = { features: 3, accepted: 3, repaired: 0, created: 3, changed: 0, unchanged: 0 };
  const lists = { rejected: [], rejected_more: 0, findings: [], findings_more: 0, needs: [] };
  const diff = { changed_geometry: 0, changed_attributes: 0, created: [], changed: [], gone: [] };
  const read = {
    crs: "EPSG:4490",
    encoding: "UTF-8",
    total_mu: "4.50",
    gone: 0,
    left_out: 0,
    dry_run: true,
  };
  return { ...counts, ...lists, diff, ...read, ...more };
}

/** A page of cases as the server answers it. */
export function casePage(items: CaseSummary[], more: Partial<CasePage> = {}): CasePage {
  const land = Math.round((more.total_m2 ?? 0) * 10_000);
  const sums = { cases: items.length, land, recovered: 0, effective: 0, floor: 0 };
  return {
    ...{
      revision: 7,
      day: "2020-09-30",
      total: items.length,
      total_m2: 0,
      total_mu: 0,
      items,
      sums,
    },
    ...more,
  };
}
