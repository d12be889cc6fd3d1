// What people typed is text on every page: nothing in the page is made from HTML that is a string.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** Ways by which a string becomes elements or code. */
const ways: RegExp[] = [
  /v-html/,
  /\.(inner|outer)HTML\s*\+?=/,
  /insertAdjacentHTML|createContextualFragment|DOMParser|document\.write|srcdoc/,
  /\beval\(|new Function\(|set(Timeout|Interval)\(\s*["'`]/,
  /javascript:/,
  // Leaflet takes strings for HTML: its popups and tooltips are not used, its names are elements.
  /\.bind(Popup|Tooltip)\(/,
  /\bhtml:\s*(?!\s|element,|turned\(|nameElement\()/,
  /\.setContent\((?!box\))/,
];

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    if (each.isDirectory()) return files(path);
    return /\.(ts|vue)$/.test(path) && !/\.test\.ts$|testing\.ts$|schema\.d\.ts$/.test(path)
      ? [path]
      : [];
  });
}

/** Lines that go one of the ways. */
function found(text: string): string[] {
  return text.split("\n").filter((line) => ways.some((way) => way.test(line)));
}

it("finds each of the ways", () => {
  for (const line of [
    '<p v-html="note"></p>',
    "box.innerHTML = name;",
    "box.outerHTML += name",
    'box.insertAdjacentHTML("beforeend", name)',
    "layer.bindTooltip(name)",
    "L.divIcon({ html: name })",
    "tooltip.setContent(name)",
    "location.href = `javascript:go()`",
    'setTimeout("go()", 1)',
    "new Function(name)",
  ]) {
    expect(found(line), line).toHaveLength(1);
  }
});

it("goes none of them anywhere", () => {
  const all = files(source);
  expect(all.length).toBeGreaterThan(300);
  expect(
    all.flatMap((path) => found(readFileSync(path, "utf8")).map((line) => `${path}: ${line}`)),
  ).toEqual([]);
});
