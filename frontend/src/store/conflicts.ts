import { computed, type Ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { Conflict, LiveChange, Text } from "../domain/types";

/** What was kept because it contradicts, and waits for a person. */
export interface Conflicts {
  /** Unresolved ones. */
  open: Readonly<Ref<readonly Conflict[]>>;
  failure: Ref<Text | undefined>;
  load(): Promise<void>;
  /** Reads again when the change may have made or resolved one. */
  follow(change: Pick<LiveChange, "kinds">): Promise<void>;
}

export function createConflicts(api: Pick<Api, "conflicts">): Conflicts {
  const all = shallowRef<readonly Conflict[]>([]);
  const failure = shallowRef<Text>();
  // Only the answer to the last question may be shown.
  let question = 0;

  /** A page without this list is of use all the same, so a failure stays here. */
  async function load(): Promise<void> {
    const mine = ++question;
    try {
      const read = await api.conflicts();
      if (mine === question) [all.value, failure.value] = [read, undefined];
    } catch (thrown) {
      if (mine === question) failure.value = failureText(thrown);
    }
  }

  async function follow({ kinds }: Pick<LiveChange, "kinds">): Promise<void> {
    const concerned = kinds.some((kind) => kind.startsWith("conflict.") || kind === "batch.undo");
    if (concerned) await load();
  }

  const open = computed(() => all.value.filter((each) => !each.resolved));
  return { open, failure, load, follow };
}
