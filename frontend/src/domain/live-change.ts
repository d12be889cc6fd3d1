import type { LiveChange } from "./types";

/** Several committed operations, rising, as one: each noun as the last of them left it, the sentence of the last. */
export function mergedChange(changes: readonly LiveChange[]): LiveChange {
  const [first, last] = [changes[0], changes[changes.length - 1]];
  if (!first || !last) throw new Error("no change to merge");
  if (first === last) return last;
  const reload = [...new Set(changes.flatMap((each) => each.reload ?? []))];
  return {
    ...last,
    first: first.first,
    kinds: [...new Set(changes.flatMap((each) => each.kinds))],
    cases: lastOfEach(changes.flatMap((each) => each.cases)),
    parcels: lastOfEach(changes.flatMap((each) => each.parcels)),
    ...(reload.length > 0 ? { reload } : {}),
    ...(changes.some((each) => each.campaign) ? { campaign: true } : {}),
  };
}

function lastOfEach<T extends { id: number }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [each.id, each])).values()];
}
