// @vitest-environment happy-dom
import L from "leaflet";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReferenceFeature } from "../api/client";
import { stageFill, type Theme } from "../domain/palette";
import type { LineGeometry } from "../geo/lines";
import type { AreaGeometry } from "../geo/shapes";
import { square } from "../store/testing";
import { ReferenceLayer } from "./reference-layer";
import { groundColours, lineLook, metresPerPixel } from "./reference-look";
import { placeNames } from "./reference-names";

// There is nothing to paint on here; what is painted is asked of Leaflet's layers.
beforeAll(() => {
  const nothing = new Proxy({}, { get: () => () => {}, set: () => true });
  HTMLCanvasElement.prototype.getContext = (() => nothing) as never;
});

afterEach(async () => {
  await new Promise((painted) => requestAnimationFrame(painted));
  document.body.innerHTML = "";
});

describe("look of the ground", () => {
  it("is as broad as the thing, and never too thin to be seen", () => {
    expect(metresPerPixel(0, 0)).toBeCloseTo(156543.03, 1);
    const far = lineLook("water", "canal", "light", metresPerPixel(10, 30.7));
    const near = lineLook("water", "canal", "light", metresPerPixel(17, 30.7));
    expect(far.fill.weight).toBeGreaterThanOrEqual(3);
    expect(near.fill.weight * metresPerPixel(17, 30.7)).toBeCloseTo(75, 6);
    for (const { edge, fill } of [far, near]) expect(edge.weight).toBeGreaterThan(fill.weight);
  });

  it("gives a class nobody named the least of its layer", () => {
    const unnamed = lineLook("roads", "?", "dark", 30);
    const known = lineLook("roads", "highway", "dark", 30);
    expect(unnamed.fill.weight).toBeLessThan(known.fill.weight);
    expect(unnamed.order).toBeLessThan(known.order);
    expect(unnamed.fill.color).toBe(groundColours.dark.road);
  });

  it("takes no colour of a stage", () => {
    for (const theme of ["light", "dark"] as const) {
      for (const colour of Object.values(groundColours[theme])) {
        expect(stageFill[theme]).not.toContain(colour);
      }
    }
  });
});

describe("names along rivers", () => {
  const view = L.bounds([0, 0], [800, 600]);
  const line = (...points: [number, number][]) => points.map(([x, y]) => L.point(x, y));

  it("stand on the line, along it and never upside down", () => {
    const placed = placeNames(
      [{ text: "新塍塘", along: line([700, 100], [100, 400]), best: L.point(400, 250) }],
      view,
      [],
    );
    expect(placed).toHaveLength(1);
    const [{ at, degrees } = { at: L.point(0, 0), degrees: 0 }] = placed;
    expect(at.distanceTo(L.point(400, 250))).toBeLessThan(24);
    expect(degrees).toBeCloseTo((Math.atan2(-300, 600) * 180) / Math.PI, 6);
    expect(L.LineUtil.pointToSegmentDistance(at, L.point(700, 100), L.point(100, 400))).toBeCloseTo(
      0,
      6,
    );
  });

  it("are left out where the line is short, bent or outside", () => {
    const zigzag = Array.from({ length: 30 }, (_, i): [number, number] => [
      i * 12,
      100 + (i % 2) * 24,
    ]);
    for (const along of [
      line([100, 100], [120, 100]),
      line(...zigzag),
      line([900, 100], [1500, 100]),
      [],
    ]) {
      expect(placeNames([{ text: "新塍塘", along, best: L.point(0, 0) }], view, [])).toEqual([]);
    }
  });

  it("make way for what stands there and for each other", () => {
    const along = line([0, 300], [800, 300]);
    const taken = [L.bounds([0, 200], [500, 400])];
    const placed = placeNames(
      [1, 2, 3, 4, 5].map((n) => ({ text: `长水塘长水塘${n}`, along, best: L.point(0, 300) })),
      view,
      taken,
    );
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(5);
    for (const [i, { at }] of placed.entries()) {
      expect(at.x).toBeGreaterThan(500);
      for (const other of placed.slice(i + 1)) expect(at.distanceTo(other.at)).toBeGreaterThan(72);
    }
  });
});

describe("reference layer", () => {
  function feature(
    kind: string,
    geometry: AreaGeometry | LineGeometry,
    label = "",
  ): ReferenceFeature {
    return { geometry, properties: { id: 1, code: kind, label, class: kind } };
  }
  const west: LineGeometry = {
    type: "LineString",
    coordinates: [
      [120.6, 30.7],
      [120.8, 30.7],
    ],
  };
  const both: LineGeometry = {
    type: "MultiLineString",
    coordinates: [
      west.coordinates,
      [
        [120.7, 30.6],
        [120.7, 30.8],
      ],
    ],
  };

  function mapAt(zoom: number): { map: L.Map; layer: ReferenceLayer } {
    const element = document.body.appendChild(document.createElement("div"));
    const sides = { clientWidth: 800, clientHeight: 600 };
    for (const [side, value] of Object.entries(sides)) {
      Object.defineProperty(element, side, { value });
    }
    const map = L.map(element, { center: [30.7, 120.7], zoom, fadeAnimation: false });
    return { map, layer: new ReferenceLayer(map, () => []) };
  }

  function paths(map: L.Map): L.Path[] {
    const found: L.Path[] = [];
    map.eachLayer((layer) => {
      if (layer instanceof L.Path) found.push(layer);
    });
    return found;
  }

  const shown = new Map([
    ["roads", [feature("highway", both), feature("main_road", west)]],
    [
      "water",
      [feature("canal", west, "新塍塘"), feature("lake", square(120.7, 30.7, 0.01), "<b>")],
    ],
  ] as const);

  it("draws water below roads, edges below fills, and takes no pointer", () => {
    const { map, layer } = mapAt(12);
    layer.show(shown, "light");
    const { water, bank, road, casing } = groundColours.light;
    const drawn = paths(map);
    expect(drawn.map(({ options }) => options.color)).toEqual([
      ...[bank, bank, water],
      ...[casing, casing, road, road],
    ]);
    expect(drawn.every(({ options }) => options.interactive === false)).toBe(true);
    expect(drawn[0]?.options.fillColor).toBe(water);
    expect(map.getPane("reference")?.classList).toContain("reference-pane");
    const weights = drawn.slice(5).map(({ options }) => options.weight ?? 0);
    expect(weights[1]).toBeGreaterThan(weights[0] ?? 0);
  });

  it("replaces what it drew, and follows theme and zoom", () => {
    const { map, layer } = mapAt(12);
    layer.show(shown, "light");
    layer.show(shown, "light");
    expect(paths(map)).toHaveLength(7);
    const weight = () => paths(map)[2]?.options.weight ?? 0;
    const before = weight();
    map.setZoom(16, { animate: false });
    expect(weight()).toBeGreaterThan(before * 4);
    layer.wear("dark");
    const colours = new Set<string>(Object.values(groundColours.dark));
    expect(paths(map).every(({ options }) => colours.has(options.color ?? ""))).toBe(true);
    layer.show(new Map(), "dark" satisfies Theme);
    expect(paths(map)).toEqual([]);
  });

  it("names water when it is near, and reads no name as markup", () => {
    const { map, layer } = mapAt(12);
    layer.show(shown, "light");
    const names = () =>
      Array.from(
        map.getPane("reference-names")?.querySelectorAll("span") ?? [],
        (s) => s.innerHTML,
      );
    expect(names()).toEqual([]);
    map.setZoom(14, { animate: false });
    layer.name();
    expect(names()).toEqual(["新塍塘", "&lt;b&gt;"]);
  });
});
