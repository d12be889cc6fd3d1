/**
 * Gauss-Krüger grids of CGCS2000 by Krüger's series to order 6: C. F. F. Karney, "Transverse
 * Mercator with an accuracy of a few nanometers", J. Geod. 85, 475–485 (2011), equations 7 to 36.
 * The same method as the server's geo/crs; test/crs.test.ts holds both to the same vectors.
 */
import { degree, eccentricity2, flattening, semiMajor } from "./ellipsoid";

/** Longitude, latitude in degrees (CGCS2000, EPSG:4490). */
export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/** Metres in a Chinese grid: X counts north from the equator, Y east. */
export interface Plane {
  readonly north: number;
  readonly east: number;
}

const eccentricity = Math.sqrt(eccentricity2);
const falseEasting = 500_000;

/** Third flattening, the variable of the series. */
const n = flattening / (2 - flattening);
const n2 = n * n;
const rectifyingRadius = (semiMajor / (1 + n)) * (1 + n2 * (1 / 4 + n2 * (1 / 64 + n2 / 256)));

/** Coefficients of n … n⁶ of equation 35, and of 36. */
const forward = [
  [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
  [0, 13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
  [0, 0, 61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
  [0, 0, 0, 49561 / 161280, -179 / 168, 6601661 / 7257600],
  [0, 0, 0, 0, 34729 / 80640, -3418889 / 1995840],
  [0, 0, 0, 0, 0, 212378941 / 319334400],
].map(powerSeries);
const inverse = [
  [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
  [0, 1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
  [0, 0, 17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
  [0, 0, 0, 4397 / 161280, -11 / 504, -830251 / 7257600],
  [0, 0, 0, 0, 4583 / 161280, -108847 / 3991680],
  [0, 0, 0, 0, 0, 20648693 / 638668800],
].map(powerSeries);

/** Σ c[k] n^(k+1). */
function powerSeries(c: readonly number[]): number {
  return c.reduceRight((sum, each) => (sum + each) * n, 0);
}

/** The zone of EPSG:4549: 3° wide about 120° E. */
export const zone40 = 40;

/** The 3° grid of a zone without the zone number before Y; zone 40 is EPSG:4549. */
export function toPlane({ lon, lat }: LonLat, zone = zone40): Plane {
  const angle = (lon - 3 * zone) * degree;
  const t = conformal(Math.tan(lat * degree));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [xi, eta] = [Math.atan2(t, cos), Math.asinh(sin / Math.hypot(t, cos))];
  const [dXi, dEta] = series(forward, xi, eta);
  return {
    north: rectifyingRadius * (xi + dXi),
    east: falseEasting + rectifyingRadius * (eta + dEta),
  };
}

/** The place of X and Y (without zone number) in the 3° grid of a zone. */
export function fromPlane({ north, east }: Plane, zone = zone40): LonLat {
  const [xi, eta] = [north / rectifyingRadius, (east - falseEasting) / rectifyingRadius];
  const [dXi, dEta] = series(inverse, xi, eta);
  const [x, y] = [xi - dXi, eta - dEta];
  const sinh = Math.sinh(y);
  const cos = Math.cos(x);
  return {
    lon: 3 * zone + Math.atan2(sinh, cos) / degree,
    lat: Math.atan(geographic(Math.sin(x) / Math.hypot(sinh, cos))) / degree,
  };
}

/** Equations 11 and 15: real and imaginary part. */
function series(c: readonly number[], xi: number, eta: number): [number, number] {
  let [re, im] = [0, 0];
  for (let j = c.length; j > 0; j--) {
    const [a, b, factor] = [2 * j * xi, 2 * j * eta, c[j - 1] ?? 0];
    re += factor * Math.sin(a) * Math.cosh(b);
    im += factor * Math.cos(a) * Math.sinh(b);
  }
  return [re, im];
}

/** The tangent of the conformal latitude (equation 7). */
function conformal(tau: number): number {
  const h = Math.hypot(1, tau);
  const sigma = Math.sinh(eccentricity * Math.atanh((eccentricity * tau) / h));
  return tau * Math.hypot(1, sigma) - sigma * h;
}

/** Inverts `conformal` by Newton's method (equations 19 to 21). */
function geographic(target: number): number {
  let tau = target;
  for (let i = 0; i < 5; i++) {
    const t = conformal(tau);
    const slope =
      (1 + (1 - eccentricity2) * tau * tau) / ((1 - eccentricity2) * Math.hypot(1, tau));
    const step = ((target - t) / Math.hypot(1, t)) * slope;
    tau += step;
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(tau))) break;
  }
  return tau;
}
