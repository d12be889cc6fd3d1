import { computed, type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { SearchResult, Suggestion, Text } from "../domain/types";

export type SuggestionKind = Suggestion["kind"];

/** Suggestions of one kind, and how many there are of it in all. */
export interface SuggestionGroup {
  readonly kind: SuggestionKind;
  readonly found: number;
  readonly items: readonly Suggestion[];
}

/** What is typed into the search of the top bar and what the server suggests. */
export interface Searching {
  text: Ref<string>;
  /** Undefined while nothing was asked or the answer is awaited for the first time. */
  groups: Readonly<Ref<readonly SuggestionGroup[] | undefined>>;
  /** All suggestions in the order in which they stand. */
  items: Readonly<Ref<readonly Suggestion[]>>;
  failure: Readonly<Ref<Text | undefined>>;
  /** The text is another one: asks after a rest. */
  typed(): void;
  clear(): void;
}

/** Typing rests this long before the server is asked, ms. */
const rest = 120;

/** In the order in which the kinds stand. */
const kinds: readonly SuggestionKind[] = ["case", "enterprise", "parcel", "village", "unit"];

export function createSearching(
  api: Pick<Api, "search">,
  later: (task: () => void) => () => void = (task) => {
    const timer = setTimeout(task, rest);
    return () => clearTimeout(timer);
  },
): Searching {
  const text = ref("");
  const result = shallowRef<SearchResult>();
  const failure = shallowRef<Text>();
  let cancel = () => {};
  // Only the answer to the last question may be shown.
  let question = 0;

  function typed(): void {
    cancel();
    const wanted = text.value.trim();
    if (wanted === "") clear();
    else cancel = later(() => void ask(wanted));
  }

  async function ask(wanted: string): Promise<void> {
    const mine = ++question;
    try {
      const found = await api.search(wanted);
      if (mine === question) [result.value, failure.value] = [found, undefined];
    } catch (thrown) {
      if (mine === question) failure.value = failureText(thrown);
    }
  }

  function clear(): void {
    cancel();
    question++;
    text.value = "";
    result.value = undefined;
    failure.value = undefined;
  }

  const groups = computed(() => result.value && groupsOf(result.value));
  const items = computed(() => groups.value?.flatMap((group) => group.items) ?? []);
  return { text, groups, items, failure, typed, clear };
}

function groupsOf({ items, found }: SearchResult): SuggestionGroup[] {
  return kinds.flatMap((kind) => {
    const own = items.filter((each) => each.kind === kind);
    return own.length > 0 ? [{ kind, found: found[kind] ?? own.length, items: own }] : [];
  });
}
