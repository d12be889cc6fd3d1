/** Semi-major axis in metres and flattening of CGCS2000. */
export const semiMajor = 6378137;
export const flattening = 1 / 298.257222101;
export const eccentricity2 = flattening * (2 - flattening);
export const degree = Math.PI / 180;

/** Metres of a degree of longitude on the ellipsoid at a latitude. */
export function metresPerDegreeEast(lat: number): number {
  const sin = Math.sin(lat * degree);
  const radius = semiMajor / Math.sqrt(1 - eccentricity2 * sin * sin);
  return radius * Math.cos(lat * degree) * degree;
}
