import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { firstZh } from "../src/domain/words-first-zh";
import { zh } from "../src/domain/words-zh";

const start = fileURLToPath(new URL("../src/app/main.ts", import.meta.url));

/** The files that the first load holds: what the page imports, and what that imports, without types. */
function firstLoad(file: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(file)) return seen;
  const text = readFileSync(file, "utf8");
  seen.set(file, text);
  for (const [, type, path] of text.matchAll(
    /^\s*import\s+(type\s+)?(?:[^;]*?from\s+)?"(\.[^"]+)"/gm,
  )) {
    const whole = resolve(dirname(file), path ?? "");
    const found = [whole, `${whole}.ts`, `${whole}.vue`].find(
      (each) => /\.(ts|vue)$/.test(each) && existsSync(each),
    );
    if (!type && found) firstLoad(found, seen);
  }
  return seen;
}

it("the first words are just those that the first load shows", () => {
  const files = [...firstLoad(start)].filter(([file]) => !/words-\w+/.test(file));
  expect(files.length).toBeGreaterThan(50);
  const text = files.map(([, each]) => each).join("\n");
  const shown = Object.keys(zh).filter((key) => text.includes(`"${key}"`));
  expect(Object.keys(firstZh).sort()).toEqual(shown.sort());
});
