/** What the wall reckons from figures that are printed already. */
import { formatCount, formatDifference } from "./format";
import type { FigureMetric, FigureRow, LandProperties } from "./types";

/** What has been added between two days, signed: +129, +636.06. */
export function changeOf(now: FigureMetric, then: Pick<FigureMetric, "done">): string {
  if (now.measure === "count") return signedCount(now.done - then.done);
  return formatDifference(Math.round(now.done * 100) - Math.round(then.done * 100));
}

/** +77, −3, 0 */
export function signedCount(n: number): string {
  if (n === 0) return "0";
  return (n < 0 ? "−" : "+") + formatCount(Math.abs(n));
}

/** The difference of two printed rates in points, signed: +40.0. */
export function rateChange(now: number | undefined, then: number | undefined): string {
  if (now === undefined || then === undefined) return "—";
  const tenths = Math.round(now * 10) - Math.round(then * 10);
  const sign = tenths < 0 ? "−" : tenths > 0 ? "+" : "";
  return sign + (Math.abs(tenths) / 10).toFixed(1);
}

/** The rows in the order of their places; what has none comes last, in the order of the campaign. */
export function ranked(rows: readonly FigureRow[], places: readonly string[]): FigureRow[] {
  const place = ({ code }: FigureRow) => {
    const at = places.indexOf(code);
    return at < 0 ? places.length : at;
  };
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** Each park once, what is built first and the largest first in it: a park may lie on several parcels. */
export function parkRows(parks: readonly LandProperties[]): LandProperties[] {
  const each = new Map(parks.map((park) => [park.id, park]));
  const order = ["built", "building", "planned"];
  const place = ({ construction = "planned" }: LandProperties) => order.indexOf(construction);
  return [...each.values()].sort(
    (a, b) => place(a) - place(b) || (b.floor_m2 ?? 0) - (a.floor_m2 ?? 0),
  );
}

/** One page of a list, and how many there are; a page beyond the last begins anew. */
export function pageAt<T>(
  all: readonly T[],
  size: number,
  turn: number,
): { items: readonly T[]; page: number; of: number } {
  const of = Math.max(1, Math.ceil(all.length / size));
  const page = turn % of;
  return { items: all.slice(page * size, (page + 1) * size), page, of };
}
