// Colour difference CIEDE2000 (Sharma, Wu, Dalal 2005) and colour-vision deficiency
// (Machado, Oliveira, Fernandes 2009, severity 1.0).
import { linearRgb } from "../src/domain/palette";

export type Triple = [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** What each kind of vision makes of linear RGB. */
export const visions: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const xyzD65: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const white: Triple = [0.95047, 1, 1.08883];

function times(m: Matrix, v: Triple): Triple {
  return m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple;
}

/** CIELAB of a colour #RRGGBB as seen with a kind of vision. */
export function lab(hex: string, vision: Matrix): Triple {
  const seen = times(vision, linearRgb(hex)).map((c) => Math.min(1, Math.max(0, c))) as Triple;
  const [fx, fy, fz] = times(xyzD65, seen).map((c, i) => {
    const t = c / (white[i] ?? 1);
    return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
  }) as Triple;
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const degrees = Math.PI / 180;

function hue(a: number, b: number): number {
  return a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / degrees + 360) % 360;
}

/** ΔE₀₀ of two colours in CIELAB, with all weights 1. */
export function deltaE00([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const meanC7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 0.5 * (1 - Math.sqrt(meanC7 / (meanC7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  const gray = c1 * c2 === 0;
  let dh = gray ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  let meanH = gray ? h1 + h2 : (h1 + h2) / 2;
  if (!gray && Math.abs(h1 - h2) > 180) meanH += h1 + h2 < 360 ? 180 : -180;
  const [dl, dc] = [l2 - l1, c2 - c1];
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * degrees);
  const [meanL, meanC] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const cos = (k: number, offset: number) => Math.cos((k * meanH + offset) * degrees);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const sl = 1 + (0.015 * (meanL - 50) ** 2) / Math.sqrt(20 + (meanL - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * meanC, 1 + 0.015 * meanC * t];
  const rc = 2 * Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7));
  const rt = -rc * Math.sin(60 * Math.exp(-(((meanH - 275) / 25) ** 2)) * degrees);
  const [x, y, z] = [dl / sl, dc / sc, dH / sh];
  return Math.sqrt(x * x + y * y + z * z + rt * y * z);
}
