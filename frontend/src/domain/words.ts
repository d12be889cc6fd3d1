import type { Text } from "./types";
import { en } from "./words-en";
import { zh } from "./words-zh";

/** A language of the page. */
export type Language = "zh" | "en";
/** A key of the dictionaries; the compiler knows them all. */
export type WordKey = keyof typeof zh;
/** What fills the {places} of a sentence. */
export type WordValues = Record<string, string | number>;

const dictionaries: Record<Language, Record<WordKey, string>> = { zh, en };

/** The sentence of a key with its places filled; a place without a value stays visible. */
export function words(language: Language, key: WordKey, values: WordValues = {}): string {
  return dictionaries[language][key].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
}

/** Both languages of a key, for what is decided before the reader is known. */
export function bothWords(key: WordKey, values: WordValues = {}): Text {
  return { zh: words("zh", key, values), en: words("en", key, values) };
}

/** A text of the API in the reader's language, Chinese where the other is missing. */
export function pick(language: Language, text: Text | undefined): string {
  return text ? text[language] || text.zh : "";
}
