import type { Api } from "../api/client";
import { civilDay } from "../domain/format";
import type { Health } from "../domain/types";
import type { Store } from "../store/store";
import type { Live } from "./live";

type Watched = Pick<Store, "contact" | "loadPlace">;

/**
 * Makes one question to the server's health: it confirms 数据截至 while nothing changes, finds a
 * stream that is open and yet dead, and notices midnight. Call it every 30 seconds or so.
 */
export function createHeartbeat(
  api: Pick<Api, "health">,
  store: Watched,
  live: Pick<Live, "heard" | "reopen">,
) {
  let behind = false;
  let day = "";

  return async function beat(): Promise<void> {
    const health = await api.health().catch(() => undefined);
    if (!health) return;
    store.contact.meet(health.build);
    follow(health);
    // A failure leaves the day as it was, so the next beat tries again.
    await turnDay(civilDay(health.now)).catch(() => undefined);
  };

  /** A stream twice behind the server has been cut without a word. */
  function follow(health: Health): void {
    const late = health.revision > live.heard();
    if (!late && store.contact.live.value) store.contact.confirm(health.now);
    if (late && behind) live.reopen();
    behind = late && !behind;
  }

  async function turnDay(now: string): Promise<void> {
    if (day !== "" && day !== now) await store.loadPlace();
    day = now;
  }
}
