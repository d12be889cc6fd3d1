import { describe, expect, it } from "vitest";
import { errorList } from "./error-list";
import type { RejectedRow } from "./types";

const rows: RejectedRow[] = [
  { row: 3, code: "XZ-1", reason: "图形自相交", reason_en: "crosses", place: [120.66, 30.7] },
  { row: 9, code: 'a,"b"\r\nc', reason: "没有图形", reason_en: "none", place: null },
  { row: 12, code: "=HYPERLINK(1)", reason: "重复", reason_en: "twice", place: null },
];

describe("error list", () => {
  it("is CSV that Excel opens as UTF-8", () => {
    expect(errorList(rows.slice(0, 1), "zh")).toBe(
      "\ufeff行号,编号,原因,经度,纬度\r\n3,XZ-1,图形自相交,120.660000,30.700000\r\n",
    );
  });

  it("quotes what would break a line or a cell", () => {
    expect(errorList(rows.slice(1, 2), "zh")).toContain('\r\n9,"a,""b""\r\nc",没有图形,,\r\n');
  });

  it("holds no formula", () => {
    expect(errorList(rows, "zh")).toContain("\r\n12,'=HYPERLINK(1),");
  });

  it("speaks English", () => {
    const list = errorList(rows, "en");
    expect(list).toContain("Row,Code,Reason,Longitude,Latitude\r\n3,XZ-1,crosses,");
  });
});
