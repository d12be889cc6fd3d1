import { type Ref, ref, watch } from "vue";
import { useStore } from "../store/use-store";

/** What a dialog has kept of an earlier, unfinished entry. */
export interface Draft {
  /** The fields were filled from it. */
  restored: Ref<boolean>;
  /** Empties the fields and forgets. */
  discard(): void;
}

/**
 * Keeps the fields of a dialog under the key of its act until they are sent or discarded, and
 * fills them again. Without a key nothing is kept.
 */
export function useDraft(act: string | undefined, fields: Record<string, Ref>): Draft {
  const { drafts } = useStore();
  const restored = ref(false);
  const asOpened = snapshot();

  function snapshot(): string {
    return JSON.stringify(Object.entries(fields).map(([name, field]) => [name, field.value]));
  }

  function fill(entered: Record<string, unknown>): void {
    for (const [name, field] of Object.entries(fields)) {
      if (likeness(entered[name]) === likeness(field.value)) field.value = entered[name];
    }
  }

  function discard(): void {
    fill(Object.fromEntries(JSON.parse(asOpened)));
    restored.value = false;
    if (act !== undefined) drafts.drop(act);
  }

  const kept = act === undefined ? undefined : drafts.get(act);
  if (kept) {
    fill(kept);
    restored.value = snapshot() !== asOpened;
  }
  watch(
    Object.values(fields),
    () => {
      if (act === undefined) return;
      if (snapshot() === asOpened) drafts.drop(act);
      else drafts.put(act, Object.fromEntries(JSON.parse(snapshot())));
    },
    { deep: true, flush: "sync" },
  );
  return { restored, discard };
}

/** Fields take back only what is like what they hold; another version of the page may have kept it. */
function likeness(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
