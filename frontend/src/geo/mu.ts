/**
 * Land area: square metres and mu (1 亩 = 2000/3 m²).
 *
 * Sums are made in integers of 0.0001 m² and converted once, so that every reader of the
 * same figures prints the same hundredth.
 */

/** Integers of 0.0001 m² from square metres with at most four decimals. */
export function areaFromM2(m2: number): number {
  return Math.round(m2 * 10_000);
}

/**
 * Printed hundredths of a mu of an area in 0.0001 m²: ⌊(3A + 100000) / 200000⌋, for a negative
 * area (a difference) that of its amount with the sign. BigInt, because 3A of a large area
 * leaves the exact range of a number.
 */
export function muHundredths(area: number): number {
  const hundredths = Number((3n * BigInt(Math.abs(area)) + 100_000n) / 200_000n);
  return area < 0 && hundredths > 0 ? -hundredths : hundredths;
}

/** Area in 0.0001 m² of many areas in m², for example the land shares of the cases of a stage. */
export function sumM2(m2: Iterable<number>): number {
  let area = 0;
  for (const each of m2) area += areaFromM2(each);
  return area;
}
