import { describe, expect, it } from "vitest";
import { formatPlace, type ReadPlace, readPlace } from "./coordinates";
import { toPlane } from "./crs";
import { type Notation, notations } from "./notation";

function place(text: string): ReadPlace {
  const read = readPlace(text);
  if (typeof read === "string") throw new Error(`${text}: ${read}`);
  return read;
}

/** A fixed sequence of numbers from 0 to 1, so that a failure can be repeated. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const decimals: Record<Notation, number> = { degrees: 6e-7, plane: 1e-7, dms: 2e-6 };

describe("what is written is read", () => {
  it.each(notations)("in %s, either axis first", (notation) => {
    const next = sequence(7);
    for (let i = 0; i < 400; i++) {
      const [lon, lat] = [118.5 + 3 * next(), 18 + 30 * next()];
      const [a, b] = formatPlace({ lon, lat }, notation);
      for (const [text, swapped] of [
        [`${a}, ${b}`, false],
        [`${b}　${a}`, true],
      ] as const) {
        const read = place(text);
        expect(Math.abs(read.lon - lon)).toBeLessThan(decimals[notation]);
        expect(Math.abs(read.lat - lat)).toBeLessThan(decimals[notation]);
        expect([read.notation, read.swapped]).toEqual([notation, swapped]);
      }
    }
  });

  it.each([
    ["120.71,30.76", "degrees", false],
    ["30.76 120.71", "degrees", true],
    ["东经120.71°，北纬30.76°", "degrees", false],
    ["纬度：30.76；经度：120.71", "degrees", true],
    ["N30.76 E120.71", "degrees", true],
    ["120.71E 30.76N", "degrees", false],
    ["１２０．７１，３０．７６", "degrees", false],
    ["120°42′36″E 30°45′36″N", "dms", false],
    ["120度42分36秒，30度45分36秒", "dms", false],
    ["北纬30°45'36\" 东经120°42'36\"", "dms", true],
    ["120 42 36 30 45 36", "dms", false],
    ["120°42.6′ 30°45.6′", "dms", false],
    ["X=3404615.76 Y=567954.77", "plane", false],
    ["X：3404615.76米，Y：40567954.77米", "plane", false],
    ["567954.77, 3404615.76", "plane", true],
  ] as const)("%s", (text, notation, swapped) => {
    const read = place(text);
    expect([read.notation, read.swapped]).toEqual([notation, swapped]);
    expect(read.lat).toBeCloseTo(30.76, 2);
    expect(read.lon).toBeCloseTo(120.71, 2);
  });

  it("in a neighbouring zone, by its number", () => {
    const { north, east } = toPlane({ lon: 117.2, lat: 30.5 }, 39);
    const read = place(`${north} ${39_000_000 + east}`);
    expect(read.zone).toBe(39);
    expect(read.lon).toBeCloseTo(117.2, 8);
  });
});

describe("nonsense is refused", () => {
  it.each([
    ["", "not_two"],
    ["120.71", "not_two"],
    ["洪合镇", "not_two"],
    ["120.71 30.76 5", "not_two"],
    ["120.71, abc", "not_two"],
    ["12.3.4 5", "not_two"],
    ["20.1, 10.2", "out_of_range"],
    ["200, 30", "out_of_range"],
    ["3404615, 12", "out_of_range"],
    ["99567954.77, 3404615.76", "out_of_range"],
    ["-120.71, 30.76", "out_of_range"],
    ["120°61′00″ 30°45′00″", "bad_sexagesimal"],
    ["120.71N 30.76E", "wrong_letter"],
  ])("%s", (text, why) => {
    expect(readPlace(text)).toBe(why);
  });

  it("whatever the text, without a failure, and never outside China", () => {
    const next = sequence(11);
    const letters = "0123456789.°′″'\" ,，-XYEN东经度分秒";
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: 1 + Math.floor(next() * 24) }, () =>
        letters.charAt(Math.floor(next() * letters.length)),
      ).join("");
      const read = readPlace(text);
      if (typeof read === "string") continue;
      expect(read.lon, text).toBeGreaterThan(69);
      expect(read.lon, text).toBeLessThan(140);
      expect(read.lat, text).toBeGreaterThan(2);
      expect(read.lat, text).toBeLessThan(55);
    }
  });
});

describe("degrees, minutes and seconds", () => {
  it("carry into the next minute and degree", () => {
    expect(formatPlace({ lon: 120.99999999, lat: 30.0166666 }, "dms")).toEqual([
      "121°00′00.00″E",
      "30°01′00.00″N",
    ]);
  });
});
