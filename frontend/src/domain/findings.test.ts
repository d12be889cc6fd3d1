import { beforeAll, describe, expect, it } from "vitest";
import { findingSize, partyName, sameFinding } from "./findings";
import type { LandFinding } from "./types";
import { readWords } from "./words";

const party = (id: number) => ({ kind: "parcel" as const, id, code: `P-${id}` });
const finding = (more: Partial<LandFinding> = {}): LandFinding => ({
  ...{ rule: "parcels_overlap", one: party(1), other: party(2), m2: 240, mu: 0.36 },
  ...{ place: [120, 30], geometry: { type: "MultiPolygon", coordinates: [[]] } },
  ...{ found_on: "2020-09-30", cases: [] },
  ...more,
});

describe("findings", () => {
  beforeAll(async () => Promise.all([readWords("zh"), readWords("en")]));

  it("say their size in mu, in ㎡ where hundredths of a mu are too coarse, and nothing where no ground is", () => {
    expect(findingSize({ mu: 0.36, m2: 240 }, "zh")).toBe("0.36 亩");
    expect(findingSize({ mu: 0.01, m2: 6.67 }, "en")).toBe("0.01 mu");
    expect(findingSize({ mu: 0, m2: 2.5 }, "zh")).toBe("2.50 ㎡");
    expect(findingSize({ mu: 0, m2: 0 }, "zh")).toBe("整块");
  });

  it("name their parties as far as they may be named", () => {
    expect(partyName({ ...party(1), label: "联建厂房" })).toBe("联建厂房（P-1）");
    expect(partyName(party(1))).toBe("P-1");
  });

  it("are the same by rule and pair, whatever has become of them", () => {
    expect(sameFinding(finding(), finding({ m2: 100 }))).toBe(true);
    expect(sameFinding(finding(), finding({ other: party(3) }))).toBe(false);
    expect(sameFinding(finding(), undefined)).toBe(false);
  });
});
