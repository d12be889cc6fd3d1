// @vitest-environment happy-dom
import L from "leaflet";
import { describe, expect, it } from "vitest";
import { shapesOf } from "../geo/flat-made";
import type { AreaGeometry } from "../geo/shapes";
import { latLngsOf } from "./lat-lngs";
import { LookTable } from "./look-table";
import { boxesOf, nearAmong, ParcelIndex } from "./parcel-index";
import type { ParcelLook } from "./parcel-look";
import { boxOf, covers, flatBox, pixelX, pixelY, ringsAt, worldSize } from "./parcel-outline";
import { type Paint, type PaintContext, ParcelPainter } from "./parcel-painter";
import { simplified } from "./simplified";
import { placeSymbols } from "./symbol-places";
import { SymbolTable } from "./symbol-table";

/** A fixed sequence of numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Parcels with holes and several parts, in a district. */
function district(n: number): AreaGeometry[] {
  const next = sequence(9);
  return Array.from({ length: n }, () => {
    const [x, y, side] = [120.6 + 0.2 * next(), 30.6 + 0.2 * next(), 0.0002 + 0.002 * next()];
    const ring = (x0: number, y0: number, size: number) => {
      const corners = Array.from({ length: 5 + Math.floor(8 * next()) }, (_, k, m = 12) => {
        const angle = (k / m) * 2 * Math.PI + next() / 9;
        const at = [x0 + size * Math.cos(angle), y0 + size * Math.sin(angle)];
        return at.map((c) => Math.round(c * 1e7) / 1e7);
      });
      return [...corners, corners[0] as number[]];
    };
    const parts = [[ring(x, y, side), ring(x, y, side / 4)]];
    if (next() < 0.3) parts.push([ring(x + 3 * side, y, side)]);
    return { type: "MultiPolygon", coordinates: parts };
  });
}

/** A context that notes what it is told to draw. */
function noting() {
  const told: string[] = [];
  const context = new Proxy({} as PaintContext, {
    get: (_, name) =>
      name === "canvas"
        ? undefined
        : (...args: unknown[]) => void told.push(`${String(name)} ${args}`),
    set: (_, name, value) => {
      told.push(`${String(name)}=${value}`);
      return true;
    },
  });
  return { context, told };
}

const paint: Paint = {
  ...{ fill: "#fff", fillOpacity: 1, stroke: "#000", opacity: 1 },
  ...{ dash: [], digit: "7", ink: "#000" },
};
const geometries = district(300);
const shapes = shapesOf(geometries);

describe("outlines", () => {
  it.each([9, 12.25, 15, 17.75, 20])("lie on the pixels that Leaflet gives them at %f", (zoom) => {
    const project = (lat: number, lon: number) =>
      L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), zoom).round();
    geometries.forEach((geometry, i) => {
      const want = latLngsOf(geometry)
        .flat()
        .map((ring) => ring.slice(0, -1).flatMap(([lat, lon]) => Object.values(project(lat, lon))));
      expect(ringsAt(shapes, i, zoom, undefined).map((ring) => [...ring])).toEqual(
        want.map((ring) => ring.filter((n) => typeof n === "number")),
      );
    });
  });

  it("leave out the corners that Leaflet leaves out", () => {
    for (let i = 0; i < geometries.length; i++) {
      for (const ring of ringsAt(shapes, i, 14.5, undefined)) {
        const points: L.Point[] = [];
        for (let k = 0; k < ring.length; k += 2)
          points.push(L.point(ring[k] ?? 0, ring[k + 1] ?? 0));
        const want = L.LineUtil.simplify(points, 0.5).flatMap(({ x, y }) => [x, y]);
        expect(simplified(ring, 0.5)).toEqual(want);
      }
    }
  });

  it("cover what is inside, not their holes, and what is so near their edge", () => {
    const donut = [
      [0, 0, 30, 0, 30, 30, 0, 30],
      [10, 10, 20, 10, 20, 20, 10, 20],
    ];
    expect(covers(donut, 5, 5, 0)).toBe(true);
    expect(covers(donut, 15, 15, 1)).toBe(false);
    expect(covers(donut, 15, 11, 1.5)).toBe(true);
    expect(covers(donut, 32, 15, 1.5)).toBe(false);
    expect(covers(donut, 31, 15, 1.5)).toBe(true);
  });
});

describe("painter", () => {
  /** What is painted of a rectangle, in order: the first corner of each parcel. */
  function painted(left: number, top: number, right: number, bottom: number, zoom: number) {
    const painter = new ParcelPainter();
    painter.take(shapes, new Uint16Array(300));
    painter.takePaints([paint]);
    const { context, told } = noting();
    painter.paint(context, { zoom, rect: { left, top, right, bottom }, ratio: 1 });
    return told;
  }

  it("paints every parcel that meets the rectangle, in their order, and no other", () => {
    const zoom = 13.25;
    const size = worldSize(zoom);
    const [left, top] = [Math.floor(pixelX(120.65, size)), Math.floor(pixelY(30.75, size))];
    const told = painted(left, top, left + 512, top + 512, zoom);
    const want = geometries.flatMap((_, i) => {
      const { x, y, w, h } = boxOf(ringsAt(shapes, i, zoom, undefined));
      const meets =
        x + w + 2 >= left && x - w - 2 <= left + 512 && y + h + 2 >= top && y - h - 2 <= top + 512;
      return meets ? [i] : [];
    });
    const fills = told.filter((each) => each.startsWith("fill evenodd"));
    expect(want.length).toBeGreaterThan(3);
    expect(fills).toHaveLength(want.length);
    const first = ringsAt(shapes, want[0] ?? 0, zoom, undefined)[0] ?? [];
    const corner = [(first[0] ?? 0) - left, (first[1] ?? 0) - top];
    expect(told.find((each) => each.startsWith("moveTo"))).toBe(`moveTo ${corner}`);
  });

  it("counts from the rectangle, however near: a canvas would round pixels of the world", () => {
    const box = boxOf(ringsAt(shapes, 0, 20, undefined));
    const [left, top] = [Math.floor(box.x - box.w), Math.floor(box.y - box.h)];
    const [right, bottom] = [Math.ceil(box.x + box.w), Math.ceil(box.y + box.h)];
    const drawn = painted(left, top, right, bottom, 20)
      .filter((each) => /^(moveTo|lineTo|setTransform)/.test(each))
      .flatMap((each) => each.slice(each.indexOf(" ")).split(",").map(Number));
    expect(drawn.length).toBeGreaterThan(10);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThan(100_000);
  });

  it("repaints with other paints only what it is told", () => {
    const painter = new ParcelPainter();
    painter.take(shapes, new Uint16Array(300));
    painter.takePaints([paint, { ...paint, fill: "#f00" }]);
    painter.repaint(Uint32Array.from([5, 1]));
    const { context, told } = noting();
    const size = worldSize(12);
    const rect = { left: 0, top: 0, right: size, bottom: size };
    painter.paint(context, { zoom: 12, rect, ratio: 2 });
    expect(told.filter((each) => each === "fillStyle=#f00")).toHaveLength(1);
  });

  it("draws the edges of sixteen by their place among all after their insides, whatever is in the rectangle", () => {
    const zoom = 12;
    const size = worldSize(zoom);
    const all = painted(0, 0, size, size, zoom);
    expect(all.filter((each) => each === "stroke ")).toHaveLength(Math.ceil(300 / 16));
    const east = painted(Math.floor(pixelX(120.7, size)), 0, size, size, zoom);
    const inside = east.filter((each) => /^(fill evenodd|stroke )/.test(each)).join();
    for (const block of inside.split("stroke ")) {
      expect(block.split("fill evenodd").length - 1).toBeLessThanOrEqual(16);
    }
    expect(east.filter((each) => each === "stroke ")).toHaveLength(Math.ceil(300 / 16));
  });

  it("writes digits only where there is room", () => {
    const all = (zoom: number) => {
      const size = worldSize(zoom);
      return painted(0, 0, size, size, zoom).filter((each) => each.startsWith("fillText")).length;
    };
    expect(all(11)).toBe(0);
    expect(all(18)).toBe(300);
  });
});

describe("index", () => {
  it("finds what a walk over all finds", () => {
    const index = new ParcelIndex(shapes);
    const [zoom, next] = [14.75, sequence(4)];
    const size = worldSize(zoom);
    for (let n = 0; n < 50; n++) {
      const left = pixelX(120.6 + 0.2 * next(), size);
      const top = pixelY(30.6 + 0.2 * next(), size);
      const rect = { left, top, right: left + 400, bottom: top + 300 };
      const want = geometries.flatMap((_, i) => {
        const { x, y, width, height } = flatBox(shapes, i);
        const f = 2 ** zoom;
        const [dx, dy] = [Math.abs(x * f - left - 200), Math.abs(y * f - top - 150)];
        return dx <= 200 + (width * f) / 2 && dy <= 150 + (height * f) / 2 ? [i] : [];
      });
      expect([...index.near(rect, zoom, 0)]).toEqual(want);
      expect(nearAmong(boxesOf(shapes), rect, zoom, 0)).toEqual(want);
    }
  });
});

describe("symbols by index", () => {
  it("are those of all footprints, and the painter hears the same", () => {
    const table = new SymbolTable(
      shapes,
      () => 3,
      () => undefined,
    );
    const footprints = geometries.map((_, id) => ({ id, ...flatBox(shapes, id), mu: 3 }));
    const want = placeSymbols(footprints, 11.5, false);
    const symbols = table.at(11.5);
    expect(symbols.count).toBe(want.size);
    expect(want.size).toBeGreaterThan(50);
    for (const [id, place] of want) expect(symbols.at(id)).toEqual(place);
    const { indexes, places } = symbols.sent as { indexes: Uint32Array; places: Float64Array };
    expect([...indexes]).toEqual([...want.keys()]);
    expect(places).toHaveLength(3 * want.size);
  });

  it("looks only at neighbours where there are many, with the same result", () => {
    const found = (index: ParcelIndex | undefined) =>
      new SymbolTable(
        shapes,
        () => 6,
        () => index,
        () => true,
        100,
      ).at(12.5);
    const [all, near] = [found(undefined), found(new ParcelIndex(shapes))];
    expect(all.count).toBeGreaterThan(20);
    expect(all.count).toBeLessThan(300);
    const places = (of: typeof all) => geometries.map((_, i) => of.at(i));
    expect(places(near)).toEqual(places(all));
  });
});

describe("looks", () => {
  it("have a number each, and tell of a change only where something is painted otherwise", () => {
    const table = new LookTable();
    const look: ParcelLook = {
      ...{ style: { fillColor: "#111" }, digit: "1", late: 0, plate: "" },
      ...{ ahead: false, cases: 1, ground: "#111" },
    };
    table.reset(3);
    for (const i of [0, 1, 2]) table.set(i, look);
    expect(table.news(({ digit }) => digit)).toEqual(["1"]);
    expect(table.set(1, { ...look })).toBe(false);
    expect(table.news(({ digit }) => digit)).toBeUndefined();
    expect(table.set(1, { ...look, late: 2 })).toBe(true);
    expect(table.at(1).late).toBe(2);
    expect(table.at(2).late).toBe(0);
    expect(table.news(({ digit }) => digit)).toEqual(["1", "1"]);
    expect(table.set(2, { ...look, ahead: true })).toBe(true);
    expect(table.at(2).ahead).toBe(true);
  });
});
