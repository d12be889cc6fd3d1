import type { Api } from "../api/client";
import { civilDay } from "../domain/format";
import type { Health } from "../domain/types";
import type { Store } from "../store/store";
import type { Live } from "./live";

type Watched = Pick<Store, "contact" | "turnDay">;

/**
 * Makes one question to the server's health: it confirms 数据截至 while nothing changes, finds a
 * stream that is open and yet dead, and looks what day it is. Call it every 30 seconds or so.
 */
export function createHeartbeat(
  api: Pick<Api, "health">,
  store: Watched,
  live: Pick<Live, "heard" | "reopen">,
) {
  let behind = false;

  return async function beat(): Promise<void> {
    const health = await api.health().catch(() => undefined);
    if (!health) return;
    store.contact.meet(health.build);
    follow(health);
    await store.turnDay(civilDay(health.now));
  };

  /** A stream twice behind the server has been cut without a word. */
  function follow(health: Health): void {
    const late = health.revision > live.heard();
    if (!late && store.contact.live.value) store.contact.confirm(health.now);
    if (late && behind) live.reopen();
    behind = late && !behind;
  }
}
