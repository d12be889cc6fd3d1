import { type Ring, squareToSegment } from "./parcel-outline";

/** Corners that are not seen are left out, by the rules of Leaflet's `LineUtil.simplify`. */
export function simplified(ring: Ring, tolerance: number): Ring {
  const square = tolerance * tolerance;
  const reduced = reduce(ring, square);
  const last = reduced.length / 2 - 1;
  // Its ends are kept anyway.
  if (last < 2) return reduced;
  const kept = new Uint8Array(last + 1);
  kept[0] = kept[last] = 1;
  mark(reduced, kept, square, 0, last);
  return reduced.filter((_, i) => kept[i >> 1]);
}

function reduce(ring: Ring, square: number): number[] {
  const out = [ring[0] as number, ring[1] as number];
  let before = 0;
  for (let i = 2; i < ring.length; i += 2) {
    const dx = (ring[i] as number) - (ring[before] as number);
    const dy = (ring[i + 1] as number) - (ring[before + 1] as number);
    if (dx * dx + dy * dy <= square) continue;
    out.push(ring[i] as number, ring[i + 1] as number);
    before = i;
  }
  const last = ring.length - 2;
  if (before < last) out.push(ring[last] as number, ring[last + 1] as number);
  return out;
}

function mark(ring: Ring, kept: Uint8Array, square: number, first: number, last: number): void {
  let [most, index] = [0, 0];
  const at = (i: number) => ring[i] as number;
  for (let i = first + 1; i < last; i++) {
    const far = squareToSegment(
      ...([at(2 * i), at(2 * i + 1), at(2 * first), at(2 * first + 1)] as const),
      ...([at(2 * last), at(2 * last + 1)] as const),
    );
    if (far > most) [most, index] = [far, i];
  }
  if (most <= square) return;
  kept[index] = 1;
  mark(ring, kept, square, first, index);
  mark(ring, kept, square, index, last);
}
