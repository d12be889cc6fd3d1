import { type InjectionKey, inject } from "vue";
import type { Text } from "../domain/types";
import { pick, type WordKey, type WordValues, words } from "../domain/words";
import type { Field } from "./field";

/** Under which the page provides its state. */
export const fieldKey: InjectionKey<Field> = Symbol("field");

export function useField(): Field {
  const field = inject(fieldKey);
  if (!field) throw new Error("no field is provided");
  return field;
}

/** Words and names in the reader's language. */
export function useFieldWords() {
  const { language } = useField().settings;
  return {
    t: (key: WordKey, values?: WordValues) => words(language.value, key, values),
    text: (text: Text | undefined) => pick(language.value, text),
  };
}
