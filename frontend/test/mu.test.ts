// The golden vectors that Go, SQL and this page share.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatHundredths, formatTwo } from "../src/domain/format";
import { areaFromM2, muHundredths, sumM2 } from "../src/geo/mu";

interface Vector {
  "units_0.0001m2": number;
  hundredths_of_mu: number;
  mu_grouped: string;
  m2: string;
  m2_grouped: string;
  note: string;
}

const file = new URL("../../geo/testdata/mu.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];

describe("mu of an area in 0.0001 m²", () => {
  it("has vectors to be held against", () => {
    expect(vectors.length).toBeGreaterThan(10);
  });

  it.each(vectors)("$mu_grouped mu: $note", (vector) => {
    const hundredths = muHundredths(vector["units_0.0001m2"]);
    expect(hundredths).toBe(vector.hundredths_of_mu);
    expect(formatHundredths(hundredths)).toBe(vector.mu_grouped);
  });

  // Above 2⁵³/100 a number of m² no longer has two exact decimals; no district is that large.
  it.each(vectors.filter((v) => v["units_0.0001m2"] < 1e15))("prints $m2_grouped m²", (vector) => {
    expect(formatTwo(Number(vector.m2))).toBe(vector.m2_grouped);
  });
});

describe("sums", () => {
  it("are made in whole units and converted once", () => {
    // Three times 3.33 m² are 0.015 mu, printed 0.01; three printed 0.00 would be 0.00.
    expect(muHundredths(areaFromM2(3.33))).toBe(0);
    expect(muHundredths(sumM2([3.33, 3.33, 3.33]))).toBe(1);
  });

  it("do not gather the errors of binary fractions", () => {
    expect(sumM2(Array.from({ length: 1000 }, () => 0.1))).toBe(1_000_000);
  });

  it("round away from zero on both sides", () => {
    expect(muHundredths(-33_333)).toBe(0);
    expect(muHundredths(-33_334)).toBe(-1);
  });
});
