import { describe, expect, it } from "vitest";
import { absentFonts, issueName, lastClosedDay } from "./bulletins";

describe("bulletins", () => {
  it("may be of yesterday, or of the last day of the month before", () => {
    expect(lastClosedDay("2020-09-30", false)).toBe("2020-09-29");
    expect(lastClosedDay("2020-09-01", false)).toBe("2020-08-31");
    expect(lastClosedDay("2020-09-30", true)).toBe("2020-08-31");
    expect(lastClosedDay("2020-03-05", true)).toBe("2020-02-29");
    expect(lastClosedDay("2020-01-05", true)).toBe("2019-12-31");
  });

  it("are named by their series", () => {
    expect(issueName({ monthly: false, number: 37 })).toEqual({ word: "bulletin.weekly", n: 37 });
    expect(issueName({ monthly: true, number: 8 })).toEqual({ word: "bulletin.monthly", n: 8 });
  });

  it("say which fonts of the document are not here", () => {
    const here = new Set(["宋体"]);
    const width = (font: string, otherwise: string) =>
      here.has(font) ? 70 : otherwise === "serif" ? 50 : 60;
    expect(absentFonts(["仿宋_GB2312", "宋体"], width)).toEqual(["仿宋_GB2312"]);
  });
});
