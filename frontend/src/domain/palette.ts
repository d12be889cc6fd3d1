/**
 * Colours of the nine stage slots. One hue order in both themes; neighbours keep a CIEDE2000
 * distance of at least 9 in normal and colour-deficient vision (test/palette.test.ts recomputes it).
 */

/** Light fills in as work advances, dark lights up. */
export type Theme = "light" | "dark";

/** Fill by slot; slot 1 stands at index 0. */
export const stageFill: Record<Theme, readonly string[]> = {
  light: [
    "#DFDFED",
    "#BFC0F7",
    "#9CA2FF",
    "#689ABE",
    "#6E7F81",
    "#007565",
    "#075D34",
    "#2B4000",
    "#27251A",
  ],
  dark: [
    "#6A5F77",
    "#7967B1",
    "#7673F3",
    "#629DDD",
    "#91B1BE",
    "#84CFBE",
    "#B2E392",
    "#EFEC61",
    "#FFF8EB",
  ],
};

/** Fills of the three groups of stages (grey, blue, green), in their order; they differ in lightness too. */
export const groupFill: Record<Theme, readonly string[]> = {
  light: ["#B4BDC9", "#4F83E3", "#14603F"],
  dark: ["#5F6B7D", "#5B9BFF", "#A5E3B9"],
};

/** Stroke and plate of what is late; never a stage colour and never text. */
export const alertColour = "#FF4D2E";

/** Ground of the map. */
export const mapGround: Record<Theme, string> = { light: "#F5F7FA", dark: "#0B1220" };

/** Outline of every parcel. */
export const parcelOutline: Record<Theme, string> = { light: "#27313F", dark: "#0B1220" };

/** Outline of a parcel without a case, which has no fill. */
export const hollowOutline: Record<Theme, string> = { light: "#6B7685", dark: "#8291A8" };

const darkInk = "#0B1220";
const lightInk = "#FFFFFF";

/** The fill of a slot from 1 to 9, undefined for 0 (no case). */
export function fillOf(theme: Theme, slot: number): string | undefined {
  return stageFill[theme][slot - 1];
}

/** The ink, dark or white, that reads better on a ground. */
export function inkOn(ground: string): string {
  return contrast(ground, darkInk) >= contrast(ground, lightInk) ? darkInk : lightInk;
}

/** Contrast of two colours by WCAG 2.1, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Linear red, green and blue, 0 to 1, of a colour #RRGGBB (sRGB, IEC 61966-2-1). */
export function linearRgb(hex: string): [number, number, number] {
  const channel = (at: number) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance(hex: string): number {
  const [r, g, b] = linearRgb(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
