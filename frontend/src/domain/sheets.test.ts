import { describe, expect, it } from "vitest";
import {
  applies,
  changedValues,
  columnsOf,
  decimalText,
  fieldsOf,
  toggled,
  valueText,
} from "./sheets";
import type { SheetField } from "./types";

const name = { zh: "项", en: "field" };
const field = (code: string, more: Partial<SheetField> = {}): SheetField => ({
  ...{ code, name, type: "text", required: false },
  ...more,
});
const way = field("way", {
  type: "choice",
  options: [
    { code: "park", name: { zh: "整合入园", en: "into a park" } },
    { code: "close", name: { zh: "依法关停", en: "closing" } },
  ],
});
const moved = field("moved", { type: "date", when: [{ field: "way", is: ["park"] }] });
const pick = (text: { zh: string } | undefined) => text?.zh ?? "";
const yesNo = { yes: "是", no: "否" };

describe("fields of a sheet", () => {
  it("apply beside the values they depend on", () => {
    expect(applies(moved, {})).toBe(false);
    expect(applies(moved, { way: "close" })).toBe(false);
    expect(fieldsOf([way, moved], { way: "park" })).toEqual([way, moved]);
  });

  it("are said in words", () => {
    expect(valueText(way, "park", pick, yesNo)).toBe("整合入园");
    expect(valueText(field("x", { type: "yesno" }), "no", pick, yesNo)).toBe("否");
    const mu = field("land", { type: "mu", unit: { zh: "亩", en: "mu" } });
    expect(valueText(mu, "3.5", pick, yesNo)).toBe("3.5 亩");
    expect(valueText(mu, undefined, pick, yesNo)).toBe("");
  });

  it("print land with two decimals and money as it is", () => {
    expect(decimalText(field("land", { type: "mu" }), "1234.5")).toBe("1,234.50");
    expect(decimalText(field("cost", { type: "money" }), "14400")).toBe("14,400");
    expect(decimalText(field("cost", { type: "money" }), "36.500001")).toBe("36.500001");
  });
});

describe("what is sent", () => {
  it("is what changed, a cleared field as empty", () => {
    expect(changedValues({ a: "1", b: "2" }, { a: "1", b: " ", c: " 3 " })).toEqual({
      b: "",
      c: "3",
    });
  });

  it("of a checklist are the codes chosen", () => {
    expect(toggled(undefined, "water")).toBe("water");
    expect(toggled("water,power", "water")).toBe("power");
  });
});

it("a ledger shows what is required and what anybody filled", () => {
  const rows = [{ id: 1, version: 1, of_id: 2, unit: "honghe", values: { doc: "9号" } }];
  const fields = [field("day", { required: true }), field("doc"), field("note")];
  expect(columnsOf(fields, rows).map(({ code }) => code)).toEqual(["day", "doc"]);
});
