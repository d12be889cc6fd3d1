/** Sets of polygons, by polyclip-ts: comes with the drawing, never with the first load. */
import * as clip from "polyclip-ts";
import { type Ground, tidied } from "./ground";

type Clipped = Parameters<typeof clip.union>[0];

const given = (ground: Ground) => ground as unknown as Clipped;
const made = (clipped: ReturnType<typeof clip.union>): Ground => tidied(clipped);

/** What is in either. */
export function joined(a: Ground, b: Ground): Ground {
  return a.length === 0 ? b : made(clip.union(given(a), given(b)));
}

/** What is in the first and not in the others: a hole where another lies inside, less where it crosses an edge. */
export function without(a: Ground, ...others: readonly Ground[]): Ground {
  return a.length === 0 ? a : made(clip.difference(given(a), ...others.map(given)));
}

/** What is in both. */
export function common(a: Ground, b: Ground): Ground {
  return a.length === 0 || b.length === 0 ? [] : made(clip.intersection(given(a), given(b)));
}
