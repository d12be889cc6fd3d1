import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  alertColour,
  classFill,
  contrast,
  inkOn,
  lampColour,
  lampGround,
  mapGround,
  parcelOutline,
  stageFill,
  type Theme,
} from "../src/domain/palette";
import { deltaE00, lab, type Triple, visions } from "./ciede2000";

describe("the colour difference itself", () => {
  // From the table of Sharma, Wu, Dalal (2005).
  const published: [Triple, Triple, number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];
  it.each(published)("of %j and %j is %d", (a, b, expected) => {
    expect(deltaE00(a, b)).toBeCloseTo(expected, 3);
  });
});

/** Least distance of neighbouring stages. */
function least(theme: Theme, vision: string): number {
  const seen = stageFill[theme].map((hex) => lab(hex, visions[vision] as never));
  const pairs = seen.slice(1).map((each, i) => deltaE00(seen[i] as Triple, each));
  return Math.min(...pairs);
}

describe.each(["light", "dark"] as const)("%s palette", (theme) => {
  it("has nine stages", () => {
    expect(stageFill[theme]).toHaveLength(9);
    expect(new Set(stageFill[theme]).size).toBe(9);
  });

  it.each(Object.keys(visions))("keeps neighbours ΔE₀₀ ≥ 9 apart in %s vision", (vision) => {
    expect(least(theme, vision)).toBeGreaterThanOrEqual(9);
  });

  it("goes one way in lightness, so that it reads in grey", () => {
    const lightness = stageFill[theme].map((hex) => lab(hex, visions.normal as never)[0]);
    const sorted = [...lightness].sort((a, b) => (theme === "light" ? b - a : a - b));
    expect(lightness).toEqual(sorted);
  });

  it.each(Object.keys(visions))("has no stage near the alert colour in %s vision", (vision) => {
    const alert = lab(alertColour, visions[vision] as never);
    const near = stageFill[theme].map((hex) => deltaE00(lab(hex, visions[vision] as never), alert));
    expect(Math.min(...near)).toBeGreaterThanOrEqual(14);
  });

  it("carries digits with contrast 4 or more", () => {
    for (const fill of stageFill[theme]) expect(contrast(fill, inkOn(fill))).toBeGreaterThan(4);
  });
});

/** Least distance of any two of these colours. */
function leastOfAny(colours: readonly string[], vision: string): number {
  const seen = colours.map((hex) => lab(hex, visions[vision] as never));
  const pairs = seen.flatMap((a, i) => seen.slice(i + 1).map((b) => deltaE00(a, b)));
  return Math.min(...pairs);
}

describe.each(["light", "dark"] as const)("%s fills of other themes", (theme) => {
  const classes = Object.values(classFill[theme]);
  const { green, yellow, red } = lampGround[theme];

  it.each(Object.keys(visions))("keep any two classes ΔE₀₀ ≥ 9 apart in %s vision", (vision) => {
    expect(leastOfAny(classes, vision)).toBeGreaterThanOrEqual(9);
  });

  it.each(Object.keys(visions))("keep any two lamps ΔE₀₀ ≥ 9 apart in %s vision", (vision) => {
    expect(leastOfAny([green, yellow, red], vision)).toBeGreaterThanOrEqual(9);
  });

  it.each(Object.keys(visions))("have no class near the alert colour in %s vision", (vision) => {
    const alert = lab(alertColour, visions[vision] as never);
    const near = classes.map((hex) => deltaE00(lab(hex, visions[vision] as never), alert));
    expect(Math.min(...near)).toBeGreaterThanOrEqual(14);
  });

  it("carry letters with contrast 4.5 or more", () => {
    for (const fill of classes) expect(contrast(fill, inkOn(fill))).toBeGreaterThan(4.5);
  });

  it("are those of the style sheet", () => {
    const css = readFileSync(new URL("../src/app/tokens.css", import.meta.url), "utf8");
    const at = theme === "light" ? 0 : 1;
    for (const lamp of ["green", "yellow", "red"] as const) {
      const ground = [...css.matchAll(new RegExp(`--lamp-ground-${lamp}: (#\\w+)`, "g"))][at]?.[1];
      const disc = [...css.matchAll(new RegExp(`--lamp-${lamp}: (#\\w+)`, "g"))][at]?.[1];
      expect(ground?.toUpperCase()).toBe(lampGround[theme][lamp]);
      expect(disc?.toUpperCase()).toBe(lampColour[theme][lamp]);
    }
  });
});

describe("on the map", () => {
  it("dark fills stand out by themselves, light ones by their outline", () => {
    for (const fill of stageFill.dark) expect(contrast(fill, mapGround.dark)).toBeGreaterThan(3);
    expect(contrast(parcelOutline.light, mapGround.light)).toBeGreaterThan(12);
  });

  it("has the ground that the style sheet has", () => {
    const css = readFileSync(new URL("../src/app/tokens.css", import.meta.url), "utf8");
    const grounds = [...css.matchAll(/--map-ground: (#\w+)/g)].map((m) => m[1]?.toUpperCase());
    expect(grounds).toEqual([mapGround.light, mapGround.dark]);
  });
});
