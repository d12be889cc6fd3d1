import { computed } from "vue";
import { type Deed, stateOf } from "../sync/deed";
import { useField, useFieldWords } from "./use-field";

/** How the states of a deed look: each its own colour, sign and words. */
const looks = {
  kept: { tone: "amber", icon: "clock", key: "field.state_kept" },
  sending: { tone: "blue", icon: "outbox", key: "field.state_sending" },
  entered: { tone: "green", icon: "tick", key: "field.state_entered" },
  contradicts: { tone: "alert", icon: "warn", key: "field.state_contradicts" },
  refused: { tone: "alert", icon: "warn", key: "field.state_refused" },
  undone: { tone: "grey", icon: "close", key: "field.state_undone" },
} as const;

export function useDeedWords(deed: () => Deed) {
  const { outbox } = useField();
  const { t, text } = useFieldWords();
  const shown = computed(() => {
    const state = stateOf(deed(), outbox.going.value);
    const look = looks[state];
    return { state, ...look, words: t(look.key, { why: text(deed().answer?.why) }) };
  });
  return { shown };
}
