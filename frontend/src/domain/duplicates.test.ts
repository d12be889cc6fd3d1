import { describe, expect, it } from "vitest";
import { choices, firstChosen, taken } from "./duplicates";
import type { DuplicateSide } from "./types";

function side(name: string, more: Partial<DuplicateSide> = {}, code?: string): DuplicateSide {
  const kind = { code: "workshop", name: { zh: "作坊", en: "workshop" } };
  const enterprise = {
    ...{ id: 1, version: 1, label: name, kind, above_scale: false, tax_per_mu: {} },
    ...{ evaluations: { "2019": "A", "2018": "B" }, own: code ? { name, code } : { name } },
  };
  const row = { enterprise, unit: "honghe", cases: [], odd_code: false };
  return { row, photos: 0, lands: 0, contact: false, sheets: [], ...more };
}

const form = { code: "facts", name: { zh: "要件", en: "facts" }, count: 1, form: true };

describe("two enterprises that may be one", () => {
  it("asks only about what differs and what both have", () => {
    const [one, other] = [side("宏盛"), side("宏盛")];
    expect(choices(one, other)).toEqual([]);
    const both = { contact: true, sheets: [form, { ...form, code: "rows", form: false }] };
    expect(choices(side("宏盛", both), side("宏盛厂", both))).toEqual([
      ...["name", "label", "contact", "facts"],
    ]);
  });

  it("begins with the one that stays, and with the other where it has nothing", () => {
    const [one, other] = [side("宏盛"), side("宏盛厂", {}, "91330411147298315U")];
    const chosen = firstChosen("one", one, other);
    expect(taken("one", chosen)).toEqual(["code"]);
    expect(taken("other", firstChosen("other", one, other))).toEqual([]);
  });
});
