/**
 * Colours of the nine stage slots. One hue order in both themes; neighbours keep a CIEDE2000
 * distance of at least 9 in normal and colour-deficient vision (test/palette.test.ts recomputes it).
 */

import type { EvaluationClass } from "./evaluation";
import type { Lamp } from "./lamps";

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

/** Fills of 亩均评价; blue to brown, which every kind of vision tells apart. */
export const classFill: Record<Theme, Record<EvaluationClass, string>> = {
  light: { A: "#1F4E9E", B: "#8FB8E8", C: "#F0C98A", D: "#6E3F0A", unrated: "#E3E6EB" },
  dark: { A: "#3F7FE8", B: "#A9D0FF", C: "#FBF3E2", D: "#E2C88A", unrated: "#5A6578" },
};

/** Fill of parcels where the colour is the units'. */
export const neutralFill: Record<Theme, string> = { light: "#C9D2DD", dark: "#8F9DB3" };

/** Ground of a unit by its lamp, paler than the lamp itself; the word stands beside the name. */
export const lampGround: Record<Theme, Record<Lamp, string>> = {
  light: { green: "#A8D9BE", yellow: "#FBEBB0", red: "#EC9A96", none: "#FFFFFF" },
  dark: { green: "#1A5A42", yellow: "#6B5A1E", red: "#45101B", none: "#0F1A2C" },
};

/** The lamp itself: a disc that always has its word. */
export const lampColour: Record<Theme, Record<Lamp, string>> = {
  light: { green: "#1E9E63", yellow: "#E2A400", red: "#D92D2D", none: "#93A1B3" },
  dark: { green: "#35C98A", yellow: "#F6B93B", red: "#F2545B", none: "#6B7A92" },
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
