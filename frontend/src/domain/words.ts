import type { Text } from "./types";
import { zh } from "./words-zh";

/** A language of the page. */
export type Language = "zh" | "en";
/** A key of the dictionaries; the compiler knows them all. */
export type WordKey = keyof typeof zh;
/** What fills the {places} of a sentence. */
export type WordValues = Record<string, string | number>;

const dictionaries: { zh: Record<WordKey, string>; en?: Record<WordKey, string> } = { zh };

/** Whether a language can be shown at once. */
export function hasWords(language: Language): boolean {
  return dictionaries[language] !== undefined;
}

/** Reads a language; Chinese is there from the start, English comes when somebody wants it. */
export async function readWords(language: Language): Promise<void> {
  if (!hasWords(language)) dictionaries.en = (await import("./words-en")).en;
}

/** The sentence of a key with its places filled; a place without a value stays visible. */
export function words(language: Language, key: WordKey, values: WordValues = {}): string {
  const dictionary = dictionaries[language] ?? dictionaries.zh;
  return dictionary[key].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
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
