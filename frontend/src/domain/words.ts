import type { Text } from "./types";
import { firstZh } from "./words-first-zh";
import type { zh } from "./words-zh";

/** A language of the page. */
export type Language = "zh" | "en";
/** A key of the dictionaries; the compiler knows them all. */
export type WordKey = keyof typeof zh;
/** What fills the {places} of a sentence. */
export type WordValues = Record<string, string | number>;

type Dictionary = Partial<Record<WordKey, string>>;

/** Of Chinese the first words are here from the start. */
const dictionaries: { zh: Dictionary; en?: Dictionary } = { zh: firstZh };

/** Chinese words of a page of its own, beside the first ones: it shows them at once, without the rest. */
export function teach(more: Dictionary): void {
  if (dictionaries.zh === firstZh) dictionaries.zh = { ...firstZh, ...more };
}

/** Whether a language can be shown at once. */
export function hasWords(language: Language): boolean {
  return dictionaries[language] !== undefined;
}

/** Reads the whole dictionary of a language: Chinese with the first thing that needs it, English when somebody wants it. */
export async function readWords(language: Language): Promise<void> {
  if (language === "en") dictionaries.en ??= (await import("./words-en")).en;
  else if (dictionaries.zh === firstZh) dictionaries.zh = (await import("./words-zh")).zh;
}

/** The sentence of a key with its places filled; a place without a value stays visible. */
export function words(language: Language, key: WordKey, values: WordValues = {}): string {
  const sentence = dictionaries[language]?.[key] ?? dictionaries.zh[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Both languages of a key, for what is decided before the reader is known; each when it is read. */
export function bothWords(key: WordKey, values: WordValues = {}): Text {
  return {
    zh: words("zh", key, values),
    get en() {
      return words("en", key, values);
    },
  };
}

/** A text of the API in the reader's language, Chinese where the other is missing. */
export function pick(language: Language, text: Text | undefined): string {
  return text ? text[language] || text.zh : "";
}
