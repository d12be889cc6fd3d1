import { type Ref, type ShallowRef, shallowRef, watch } from "vue";
import { failureText } from "../api/problem";
import type { Text } from "../domain/types";

/** What the server said to a question, kept as new as the page itself. */
export interface Reading<T> {
  /** Undefined until the question that stands now is answered. */
  value: Readonly<ShallowRef<T | undefined>>;
  /** Why the last attempt failed; what was read before stays beside it. */
  failure: Readonly<ShallowRef<Text | undefined>>;
  retry(): void;
}

/** Runs a task later; the answer cancels it. */
export type Later = (task: () => void, ms: number) => () => void;

/** Between two readings of a burst of changes, ms. */
const pause = 1000;

const onClock: Later = (task, ms) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};

/**
 * Asks at once and at every other question, and again after changes: the first change of a burst is
 * followed immediately, the others together after a pause, and never two questions at once.
 * Ends with the scope around it. `asked` undefined asks nothing.
 */
export function followReading<Q, T>(
  asked: () => Q | undefined,
  read: (question: Q, minRevision: number | undefined) => Promise<T>,
  revision: Readonly<Ref<number>>,
  later: Later = onClock,
): Reading<T> {
  const value = shallowRef<T>();
  const failure = shallowRef<Text>();
  let turn = 0;
  let busy = false;
  let behind = false;
  let endRest = () => {};

  async function ask(): Promise<void> {
    const [mine, question] = [++turn, asked()];
    endRest();
    behind = false;
    busy = question !== undefined;
    if (question === undefined) return;
    try {
      const answer = await read(question, revision.value || undefined);
      if (mine === turn) [value.value, failure.value] = [answer, undefined];
    } catch (thrown) {
      if (mine === turn) failure.value = failureText(thrown);
    }
    if (mine === turn) endRest = later(rested, pause);
  }

  function rested(): void {
    busy = false;
    if (behind) void ask();
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      value.value = undefined;
      failure.value = undefined;
      void ask();
    },
    { immediate: true },
  );
  watch(revision, () => {
    if (busy) behind = true;
    else void ask();
  });
  return { value, failure, retry: () => void ask() };
}
