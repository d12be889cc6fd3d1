import { describe, expect, it } from "vitest";
import { formatLink, type Link, parseLink } from "./link";

/** Without the keys that say nothing. */
function said(link: Link): Link {
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

describe("address of a picture", () => {
  it.each<[string, Link]>([
    ["", {}],
    ["page=ledger&late=1", { page: "ledger", late: true }],
    ["view=120.712345,30.761234,12.25", { view: { lon: 120.712345, lat: 30.761234, zoom: 12.25 } }],
    ["case=XZ-2020-0231&track=all&stage=4,5", { case: "XZ-2020-0231", track: "", stages: [4, 5] }],
    ["page=progress&issue=0", { page: "progress", issue: 0 }],
    ["page=progress&issue=1207", { page: "progress", issue: 1207 }],
    ["parcel=P-1&unit=honghe&late=1", { parcel: "P-1", unit: "honghe", late: true }],
    [
      "q=%E5%98%89%E7%9B%9B%26%3D%23%2B%20%25&theme=groups",
      { search: "嘉盛&=#+ %", theme: "groups" },
    ],
  ])("%s", (text, link) => {
    expect(formatLink(link)).toBe(text);
    expect(said(parseLink(`#${text}`))).toEqual(link);
  });

  it("comes back from whatever was searched", () => {
    for (let code = 32; code < 0x3000; code += 7) {
      const search = `a${String.fromCharCode(code)}b`;
      expect(parseLink(`#${formatLink({ search })}`).search).toBe(search);
    }
  });

  it.each([
    "view=1,2",
    "view=a,b,c",
    "view=999,30,12",
    "view=120,30,99",
    "view=,,",
    "view=1,2,3,4",
    "stage=x",
    "late=yes",
    "issue=x",
    "issue=-1",
    "%%%&&==",
  ])("leaves out what cannot be read: %s", (text) => {
    expect(said(parseLink(text))).toEqual({});
  });
});
