import { describe, expect, it } from "vitest";
import { slotsFor, slotsOf } from "./photos";
import type { MilestonePhotos, Photo } from "./types";

const both = (zh: string) => ({ zh, en: zh });
const photo = (id: number, slot?: string): Photo => ({
  ...{ id, sha256: `${id}`, by: { id: "shen", name: "沈某" }, added_at: "", told: true },
  ...{ state: "stored", ...(slot ? { slot } : {}) },
});
const vacated = (...photos: Photo[]): MilestonePhotos => ({
  ...{ code: "vacated", name: both("腾空"), done: false, lacking: [], photos },
  slots: ["gate", "workshop", "meter"].map((code) => ({ code, name: both(code), required: false })),
});

describe("slots of photos", () => {
  it("stand in the campaign's order, what is beside them last", () => {
    const slots = slotsOf(vacated(photo(1), photo(2, "meter"), photo(3, "gone"), photo(4, "gate")));
    expect(slots.map(({ code, photos }) => [code, photos.map(({ id }) => id)])).toEqual([
      ["gate", [4]],
      ["workshop", []],
      ["meter", [2]],
      [undefined, [1, 3]],
    ]);
  });

  it("several files fill the empty ones, not those that are on their way, the rest goes beside", () => {
    expect(slotsFor(vacated(photo(1, "gate")), [])).toEqual(["workshop", "meter", undefined]);
    expect(slotsFor(vacated(), ["meter"])).toEqual(["gate", "workshop", undefined]);
  });
});
