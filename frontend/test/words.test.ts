import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { words } from "../src/domain/words";
import { en } from "../src/domain/words-en";
import { zh } from "../src/domain/words-zh";

type Key = keyof typeof zh;
const keys = Object.keys(zh) as Key[];

function places(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

/** The text of every source file but the dictionaries. */
function sources(): string {
  const src = new URL("../src/", import.meta.url);
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|vue)$/.test(name) && !/words-|\.test\.ts$|\.d\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, src), "utf8"))
    .join("\n");
}

describe("dictionaries", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it.each(keys)("%s has the same places in both languages", (key) => {
    expect(places(en[key])).toEqual(places(zh[key]));
  });

  it.each(keys)("%s is said in both languages", (key) => {
    expect(zh[key].trim()).not.toBe("");
    expect(en[key].trim()).not.toBe("");
  });

  // Only the name of the language to switch to is in its own script.
  it.each(keys.filter((key) => !key.endsWith(".language")))(
    "%s has no Chinese in English",
    (key) => {
      expect(en[key]).not.toMatch(/[\u3400-\u9fff]/);
    },
  );

  it.each(keys)("%s has full-width punctuation in Chinese", (key) => {
    expect(zh[key]).not.toMatch(/[\u3400-\u9fff}][,:;?!()]|[,:;?!()][\u3400-\u9fff]/);
  });

  it("carry no key that nothing uses", () => {
    const text = sources();
    expect(keys.filter((key) => !text.includes(`"${key}"`) && !text.includes(`'${key}'`))).toEqual(
      [],
    );
  });
});

describe("words", () => {
  it("fills places and keeps what has no value", () => {
    expect(words("zh", "due.late", { n: 12 })).toBe("逾期 12 天");
    expect(words("en", "due.late")).toBe("{n} days late");
  });
});

describe("templates", () => {
  it("have no Chinese of their own: every word goes through the dictionaries", () => {
    const src = new URL("../src/", import.meta.url);
    const files = readdirSync(src, { recursive: true, encoding: "utf8" });
    const guilty = files.filter((name) => {
      if (!name.endsWith(".vue")) return false;
      const text = readFileSync(new URL(name, src), "utf8");
      const template = text.slice(text.indexOf("<template>"), text.lastIndexOf("</template>"));
      // The logo is a picture made of a character.
      return /[\u3400-\u9fff]/.test(template.replace('aria-hidden="true">图<', "><"));
    });
    expect(guilty).toEqual([]);
  });
});
