import { type InjectionKey, inject } from "vue";
import type { Text } from "../domain/types";
import { pick, type WordKey, type WordValues, words } from "../domain/words";
import type { Store } from "./store";

/** Under which the app provides the store. */
export const storeKey: InjectionKey<Store> = Symbol("store");

/** The store of the app around this component. */
export function useStore(): Store {
  const store = inject(storeKey);
  if (!store) throw new Error("no store is provided");
  return store;
}

/** The words of the page in the reader's language; templates that use them follow a switch. */
export function useWords() {
  const { language } = useStore().settings;
  return {
    /** The page's own words. */
    t: (key: WordKey, values?: WordValues) => words(language.value, key, values),
    /** A text of the API. */
    text: (text: Text | undefined) => pick(language.value, text),
  };
}
