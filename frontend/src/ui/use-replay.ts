import { ref, shallowRef } from "vue";
import { answer } from "../api/answer";
import { ApiProblem, failureText } from "../api/problem";
import { type HeldDeed, replayOf } from "../domain/held";
import type { Outcome, Text } from "../domain/types";
import { newId } from "../store/new-id";
import { useStore } from "../store/use-store";

/** Sends again what was done on a phone; asked twice for the same, it is one operation. */
export function useReplay() {
  const { client, session, settings } = useStore();
  const ids = new Map<string, string>();
  const sending = ref<string>();
  const said = shallowRef<{ id: string; text: Text }>();

  /** `before` puts its pictures on the server; gives undefined, and says why, where it was refused or did not get through. */
  async function replay(
    deed: HeldDeed,
    before: () => Promise<void> = async () => {},
  ): Promise<Outcome | undefined> {
    if (sending.value || !session.ask()) return undefined;
    sending.value = deed.id;
    said.value = undefined;
    try {
      await before();
      const id = ids.get(deed.id) ?? newId();
      ids.set(deed.id, id);
      return await answer(client.POST("/changes", { body: replayOf(deed, settings.device, id) }));
    } catch (thrown) {
      said.value = { id: deed.id, text: failureText(thrown) };
      // A refusal is on record under its id: once the reason is gone, it is asked for anew.
      if (thrown instanceof ApiProblem && thrown.recorded) ids.delete(deed.id);
      return undefined;
    } finally {
      sending.value = undefined;
    }
  }
  return { sending, said, replay };
}
