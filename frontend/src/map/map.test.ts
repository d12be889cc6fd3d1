// @vitest-environment happy-dom
import L from "leaflet";
import { describe, expect, it } from "vitest";
import { type MapThemeCode, mapTheme } from "../domain/map-themes";
import { groupFill, stageFill } from "../domain/palette";
import type { Shown } from "../store/shown";
import { campaign } from "../store/testing";
import {
  type Ground,
  type PlacedLabel,
  placeLabels,
  placeLabelsClear,
  sizeOf,
} from "./label-places";
import { placePlates } from "./late-plates";
import { lookOf, type Scene } from "./parcel-look";
import { roundBelow, scaleBar } from "./scale-bar";
import { type Footprint, farthestPush, SymbolPlaces, sideOf } from "./symbol-places";
import { UnitOwners } from "./unit-owners";

function scene(more: Partial<Scene> = {}, code: MapThemeCode = "stage"): Scene {
  return { theme: mapTheme(code), colours: "light", today: "2020-09-30", campaign, ...more };
}

function shown(more: Partial<Shown> = {}): Shown {
  return { stage: 5, unit: "honghe", cases: 1, listed: true, ...more };
}

/** A fixed sequence of numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe("look of a parcel", () => {
  it("has the fill and the digit of its stage", () => {
    const look = lookOf(shown({ stage: 7 }), scene(), false);
    expect(look.style.fillColor).toBe(stageFill.light[6]);
    expect(look.digit).toBe("7");
    const dark = lookOf(shown({ stage: 7 }), scene({ colours: "dark" }), false);
    expect(dark.style.fillColor).toBe(stageFill.dark[6]);
  });

  it("has the fill of its group in the three colours, and keeps its digit", () => {
    const look = lookOf(shown({ stage: 6 }), scene({}, "groups"), false);
    expect(look.style.fillColor).toBe(groupFill.light[0]);
    expect(look.digit).toBe("6");
    expect(lookOf(shown({ stage: 0 }), scene({}, "groups"), false).digit).toBe("");
  });

  it.each([
    ["2020-09-30", 0, ""],
    ["2020-09-29", 1, ""],
    ["2020-09-23", 1, ""],
    ["2020-09-22", 2, ""],
    ["2020-08-31", 2, ""],
    ["2020-08-30", 3, "!"],
  ])("due on %s is late in step %d with plate '%s'", (deadline, late, plate) => {
    expect(lookOf(shown({ deadline }), scene(), false)).toMatchObject({ late, plate });
  });

  it("carries 督 from the age the campaign sets, and none while it sets none", () => {
    const parcel = shown({ deadline: "2020-08-01" });
    expect(lookOf(parcel, scene({ supervisedFrom: 60 }), false).plate).toBe("督");
    expect(lookOf(parcel, scene({ supervisedFrom: 61 }), false).plate).toBe("!");
  });

  it("shows visitors its stage and nothing of what is late", () => {
    const look = lookOf(
      shown({ deadline: "2020-08-01", stage: 5 }),
      scene({ visitors: true }),
      false,
    );
    expect(look).toMatchObject({ digit: "5", late: 0, plate: "" });
  });

  it("is hollow and without digit where there is no case, or only of other tracks", () => {
    for (const stage of [0, -1]) {
      const look = lookOf(shown({ stage }), scene(), false);
      expect(look.digit).toBe("");
      expect(stageFill.light).not.toContain(look.style.fillColor);
    }
  });

  it("pales outside the filter and never vanishes", () => {
    const look = lookOf(shown({ deadline: "2020-01-01", cases: 6 }), scene(), true);
    expect(look).toMatchObject({ digit: "", late: 0, plate: "", cases: 0 });
    expect(look.style.fillOpacity).toBeGreaterThan(0);
    expect(look.style.opacity).toBeGreaterThan(0);
    expect(look.style.fillOpacity).toBeLessThan(0.3);
  });
});

/** Parcels of 20 to 130 m, gathered about villages of a district 30 × 40 km wide, in pixels of zoom 0. */
function villages(parcels: number): Footprint[] {
  const next = sequence(5);
  const metre = 256 / 40_075_017 / Math.cos((30.76 * Math.PI) / 180);
  const centres = Array.from({ length: 60 }, () => [30_000 * next(), 40_000 * next()] as const);
  return Array.from({ length: parcels }, (_, id) => {
    const [cx, cy] = centres[id % centres.length] ?? [0, 0];
    const [width, height] = [20 + 110 * next(), 20 + 110 * next()];
    const [x, y] = [cx + 1800 * (next() - 0.5), cy + 1800 * (next() - 0.5)];
    const mu = (width * height * 3) / 2000;
    return { id, mu, x: x * metre, y: y * metre, width: width * metre, height: height * metre };
  });
}

describe("symbols of parcels", () => {
  const footprints = villages(500);
  const drawn = (zoom: number) => {
    const places = new SymbolPlaces(footprints).at(zoom);
    return footprints.map(({ id, x, y, width, height, mu }) => {
      const { scale, dx, dy } = places.get(id) ?? { scale: 1, dx: 0, dy: 0 };
      const f = 2 ** zoom;
      return {
        id,
        mu,
        dx,
        dy,
        scale,
        x: x * f + dx,
        y: y * f + dy,
        w: width * f * scale,
        h: height * f * scale,
      };
    });
  };

  it.each([10.5, 11.25, 12])("cover none and stay by their parcel at zoom %d", (zoom) => {
    const boxes = drawn(zoom);
    let covering = 0;
    for (const [i, a] of boxes.entries()) {
      expect(Math.hypot(a.dx, a.dy)).toBeLessThanOrEqual(farthestPush + 1e-9);
      for (const b of boxes.slice(i + 1)) {
        const apart =
          Math.abs(a.x - b.x) >= (a.w + b.w) / 2 || Math.abs(a.y - b.y) >= (a.h + b.h) / 2;
        if (!apart) covering++;
      }
    }
    expect(covering).toBe(0);
  });

  it("are the same whatever the order of the parcels", () => {
    const [one, other] = [
      new SymbolPlaces(footprints),
      new SymbolPlaces([...footprints].reverse()),
    ];
    expect([...other.at(11)].sort()).toEqual([...one.at(11)].sort());
    expect(one.at(11)).toBe(one.at(11));
  });

  it("end where the true shape is wide enough, and never make a parcel smaller", () => {
    for (const zoom of [11, 13, 14, 15]) {
      for (const each of drawn(zoom)) {
        const size = Math.sqrt(each.w * each.h);
        if (each.scale === 1) expect(Math.hypot(each.dx, each.dy)).toBe(0);
        expect(size).toBeGreaterThan(zoom > 12 ? 0 : 3);
      }
    }
    expect(new SymbolPlaces(footprints).at(17).size).toBe(0);
  });

  it("grow with the land", () => {
    expect([0, 1, 4.9, 16, 100].map((mu) => Math.round(sideOf(mu, false)))).toEqual([
      7, 7, 10, 14, 14,
    ]);
    expect(sideOf(4.9, true)).toBeLessThan(sideOf(4.9, false));
  });
});

describe("plates", () => {
  const frame = (x: number, y: number) => ({ x, y, w: 9, h: 9 });
  const wanted = (x: number, y: number, plate: "!" | "督" = "!") => ({ plate, frame: frame(x, y) });

  it("hang above their frames, and make way for others", () => {
    const [alone] = placePlates([wanted(0, 0)], [frame(0, 0)]);
    expect(alone).toMatchObject({ plate: "!", count: 1, x: 0 });
    expect(alone?.y).toBeLessThan(-9);
    const [aside] = placePlates([wanted(0, 0)], [frame(0, 0), frame(0, -22)]);
    expect(aside?.x).not.toBe(0);
  });

  it("nearer than 30 px become one with the count, 督 before !", () => {
    const placed = placePlates([wanted(0, 0), wanted(20, 10, "督"), wanted(100, 0)], []);
    expect(placed.map(({ plate, count }) => [plate, count])).toEqual([
      ["督", 2],
      ["!", 1],
    ]);
  });
});

function boxesOf(placed: readonly PlacedLabel[]): L.Bounds[] {
  return placed.map(({ label, at }) => {
    const { w, h } = sizeOf(label);
    return L.bounds([at.x - w, at.y - h], [at.x + w, at.y + h]);
  });
}

function meeting(boxes: readonly L.Bounds[]): number {
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.overlaps(b))).length;
}

describe("labels of units", () => {
  const at = (text: string, x: number, y: number) => ({ text, outside: false, anchor: { x, y } });

  it("stay where they want when there is room", () => {
    const placed = placeLabels([at("王江泾", 0, 0), at("油车港", 200, 0)]);
    expect(placed.map((label) => label.at.x)).toEqual([0, 200]);
  });

  it("make way for each other, and never overlap", () => {
    const placed = placeLabels(Array.from({ length: 9 }, (_, i) => at("高新区", i, 0)));
    expect(placed.length).toBeGreaterThan(1);
    expect(placed.length).toBeLessThan(9);
    expect(meeting(boxesOf(placed))).toBe(0);
  });

  /** Two units side by side in the left part of the room, nobody's land in the right. */
  function ground(obstacles: Ground["obstacles"]): Ground {
    const room = { x: 300, y: 200, w: 300, h: 200 };
    return { room, obstacles, owner: (x) => (x < 200 ? 0 : x < 400 ? 1 : -1) };
  }
  const names = [at("洪合", 100, 200), at("王店", 300, 200)];

  it("keep off the parcels, on their own land", () => {
    const obstacles: Ground["obstacles"] = (visit) => visit(100, 200, 50, 40, 1);
    const [first, second] = placeLabelsClear(names, ground(obstacles));
    expect(second?.at).toEqual({ x: 300, y: 200 });
    const [box] = boxesOf(first ? [first] : []);
    expect(box?.overlaps(L.bounds([50, 160], [150, 240]))).toBe(false);
    expect(box?.max?.x).toBeLessThanOrEqual(200);
    expect(first?.leader).toBeUndefined();
  });

  it("leave their land with a leader where it is full, and never for that of another", () => {
    const obstacles: Ground["obstacles"] = (visit) => visit(300, 200, 100, 200, 1);
    const [, away] = placeLabelsClear(names, ground(obstacles));
    const [box] = boxesOf(away ? [away] : []);
    expect(box?.min?.x).toBeGreaterThanOrEqual(400);
    expect(away?.leader?.x).toBeLessThan(400);
    expect(away?.leader?.x).toBeGreaterThanOrEqual(200);
  });

  it("stand clear of what lies over the map: beside it, or nowhere", () => {
    const button = { x: 100, y: 200, w: 30, h: 8 };
    const covered = L.bounds([70, 192], [130, 208]);
    for (const placed of [
      placeLabelsClear(
        names,
        ground(() => {}),
        [button],
      ),
      placeLabels(names, [button]),
    ]) {
      expect(placed).toHaveLength(2);
      expect(boxesOf(placed).some((box) => box.overlaps(covered))).toBe(false);
      expect(placed[1]?.at).toEqual({ x: 300, y: 200 });
    }
    const everywhere = { x: 100, y: 200, w: 100, h: 200 };
    expect(placeLabels(names, [everywhere]).map(({ label }) => label.text)).toEqual(["王店"]);
  });

  it("never overlap, whatever lies under them", () => {
    const next = sequence(3);
    for (let round = 0; round < 20; round++) {
      const obstacles: Ground["obstacles"] = (visit) => {
        for (let i = 0; i < 80; i++) visit(600 * next(), 400 * next(), 5, 5, next() < 0.1 ? 6 : 1);
      };
      const many = [...names, at("高新区", 110, 190), at("新塍", 310, 210), at("油车港", 100, 205)];
      const owner = () => -1;
      const placed = placeLabelsClear(many, { ...ground(obstacles), owner });
      expect(placed).toHaveLength(5);
      expect(meeting(boxesOf(placed))).toBe(0);
    }
  });
});

describe("owners of land", () => {
  const square = (x: number, y: number) => ({
    type: "Polygon" as const,
    coordinates: [
      [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
        [x, y],
      ],
    ],
  });

  it("are told by place", () => {
    const owners = new UnitOwners([square(0, 0), square(1, 1)]);
    expect(owners.bounds).toEqual([0, 0, 2, 2]);
    expect(owners.at(0.5, 0.5)).toBe(0);
    expect(owners.at(1.5, 1.5)).toBe(1);
    expect(owners.at(1.5, 0.5)).toBe(-1);
    expect(owners.at(9, 9)).toBe(-1);
  });
});

describe("scale bar", () => {
  it.each([
    [1234, 1000],
    [999, 500],
    [499, 200],
    [5, 5],
    [1.9, 1],
  ])("of at most %d m is %d m", (span, metres) => {
    expect(roundBelow(span)).toBe(metres);
  });

  it("is true at the latitude of the map", () => {
    const element = document.createElement("div");
    const map = L.map(element, { center: [30.76, 120.71], zoom: 14 });
    // 256·2^14 px go round the parallel, whose length on the ellipsoid is 34,469 km at 30.76°.
    const parallel = 34_469_000;
    const { metres, pixels } = scaleBar(map);
    map.remove();
    expect(Math.abs((pixels * parallel) / (256 * 2 ** 14) / metres - 1)).toBeLessThan(0.01);
  });
});
