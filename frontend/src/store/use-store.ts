import { type InjectionKey, inject } from "vue";
import type { CaseSummary, Text } from "../domain/types";
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

/** What has a name: a case, a parcel, what was found. */
type Named = Pick<CaseSummary, "label" | "code" | "reduced">;

/** The words of the page in the reader's language; templates that use them follow a switch. */
export function useWords() {
  const { language } = useStore().settings;
  const t = (key: WordKey, values?: WordValues) => words(language.value, key, values);
  return {
    /** The page's own words. */
    t,
    /** The name of a noun, its code where it has none; of another unit's it says that the name is not shown. */
    name: (noun: Named) => (noun.reduced ? t("name.hidden") : noun.label || noun.code),
    /** A text of the API. */
    text: (text: Text | undefined) => pick(language.value, text),
  };
}
