// The grid against the vectors that the Go code is held to as well.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromPlane, toPlane } from "../src/geo/crs";
import { metresPerDegreeEast } from "../src/geo/ellipsoid";

interface Vector {
  lon_lat: [number, number];
  epsg4549_east_north_m?: [string, string];
}

const file = new URL("../../geo/testdata/crs.json", import.meta.url);
const vectors = (JSON.parse(readFileSync(file, "utf8")) as Vector[]).flatMap((vector) => {
  const [lon, lat] = vector.lon_lat;
  const [east, north] = (vector.epsg4549_east_north_m ?? []).map(Number);
  return east === undefined || north === undefined ? [] : [{ lon, lat, east, north }];
});

describe("EPSG:4549", () => {
  it("has vectors to be held against", () => {
    expect(vectors.length).toBeGreaterThan(20);
  });

  it.each(vectors)("of $lon, $lat", ({ lon, lat, east, north }) => {
    const plane = toPlane({ lon, lat });
    // The vectors are written to 0.1 mm.
    expect(Math.abs(plane.east - east)).toBeLessThanOrEqual(0.00006);
    expect(Math.abs(plane.north - north)).toBeLessThanOrEqual(0.00006);
    const back = fromPlane({ east, north });
    expect(Math.abs(back.lat - lat)).toBeLessThan(1e-9);
    expect(Math.abs(back.lon - lon)).toBeLessThan(1e-9);
  });

  it("comes back from every place of China's zone 40", () => {
    for (let lat = 3; lat <= 54; lat += 1.7) {
      for (let lon = 118.4; lon <= 121.6; lon += 0.37) {
        const back = fromPlane(toPlane({ lon, lat }));
        expect(Math.hypot(back.lon - lon, back.lat - lat)).toBeLessThan(1e-11);
      }
    }
  });

  it("is the same grid in another zone, three degrees further", () => {
    const [here, there] = [
      toPlane({ lon: 120.7, lat: 30.76 }),
      toPlane({ lon: 117.7, lat: 30.76 }, 39),
    ];
    expect(there.east).toBeCloseTo(here.east, 6);
    expect(there.north).toBeCloseTo(here.north, 6);
  });
});

describe("a degree of longitude", () => {
  it("is as long as the ellipsoid has it", () => {
    // Equator: 2πa/360; in Xiuzhou what the grid measures across 0.002° about its meridian.
    expect(metresPerDegreeEast(0)).toBeCloseTo((2 * Math.PI * 6378137) / 360, 6);
    const [west, east] = [
      toPlane({ lon: 119.999, lat: 30.75 }),
      toPlane({ lon: 120.001, lat: 30.75 }),
    ];
    expect(metresPerDegreeEast(30.75) * 0.002).toBeCloseTo(east.east - west.east, 5);
  });
});
