import { ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { ApiProblem } from "../api/problem";
import type { Text } from "../domain/types";
import type { Session } from "../store/session";
import type { Lock } from "../sync/lock";
import type { Outbox } from "../sync/outbox";
import type { SnapshotKeeper } from "../sync/snapshot";

interface DoorParts {
  readonly session: Session;
  readonly snapshot: SnapshotKeeper;
  readonly outbox: Pick<Outbox, "restore">;
  readonly lock: Lock;
  readonly numbers: { load(): Promise<void> };
  /** How this phone is named where phones are listed. */
  readonly deviceName: string;
}

export type Doors = ReturnType<typeof createDoors>;

/** How a phone is enrolled and how it is left. */
export function createDoors(
  api: Pick<Api, "enrol">,
  { session, snapshot, outbox, lock, numbers, deviceName }: DoorParts,
) {
  /** The code of a QR that waits for a PIN to be chosen. */
  const code = ref<string>();
  /** Why nobody is here any more, or why the QR let nobody in. */
  const farewell = shallowRef<Text>();

  /** Has the server end what it gave this phone. Rejects while it has not heard it: what the browser holds is good until then. */
  async function tell(): Promise<void> {
    if (!lock.leaving.value) return;
    await session.signOut(false).catch((thrown: unknown) => {
      // It knows of nobody: there is nothing left to end.
      if (!(thrown instanceof ApiProblem && thrown.status === 401)) throw thrown;
    });
    await lock.left();
  }

  /** Takes list and PIN off the phone; what is not sent stays, for its owner. Good without a network, too: the server hears of it later. */
  async function leave(why?: Text): Promise<void> {
    if (why) farewell.value = why;
    await lock.leave();
    await snapshot.wipe();
    session.end({ zh: "", en: "" });
    await Promise.all([outbox.restore(), numbers.load()]);
    await tell().catch(() => {});
  }

  /** Enrols the phone with the PIN that was chosen for it. The one that was there holds until the server has said yes. */
  async function enrol(pin: string): Promise<void> {
    await tell();
    const now = await api.enrol(code.value ?? "", deviceName);
    if (snapshot.now.value?.person.id !== now.person?.id) await snapshot.wipe();
    await lock.set(pin);
    session.enter(now);
    [code.value, farewell.value] = [undefined, undefined];
  }

  /** The QR let nobody in. */
  function refuse(why: Text): void {
    [code.value, farewell.value] = [undefined, why];
  }

  return { code, farewell, tell, leave, enrol, refuse };
}
