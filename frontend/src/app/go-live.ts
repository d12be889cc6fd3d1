import { watch } from "vue";
import type { Api } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
import { findHub } from "../live/line";
import { type Live, startLive } from "../live/live";
import type { Store } from "../store/store";

const beatEvery = 30_000;

/** Follows the server once everything has been read. */
export function goLive(api: Api, store: Store): Live {
  const live = startLive(store, {
    find: findHub,
    later: (task, ms) => void setTimeout(task, ms),
    nextFrame,
  });
  keepBeating(api, store, live);
  addEventListener("pagehide", live.leave);
  addEventListener("pageshow", ({ persisted }) => persisted && live.follow());
  return live;
}

function keepBeating(api: Api, store: Store, live: Live): void {
  const once = createHeartbeat(api, store, live);
  const beat = async () => {
    if (!store.session.ready.value) return;
    await store.session.check();
    await once();
  };
  // A stream that ends may have ended because nobody may follow any more.
  const turn = (open: boolean) => void (open ? beat() : store.session.check());
  watch(store.contact.live, turn, { immediate: true });
  setInterval(() => void beat(), beatEvery);
  // Timers sleep in hidden tabs.
  document.addEventListener("visibilitychange", () => void (document.hidden || beat()));
}

/** A hidden tab has no frames. */
function nextFrame(task: () => void): void {
  let due = true;
  const run = () => {
    if (due) task();
    due = false;
  };
  requestAnimationFrame(run);
  setTimeout(run, 250);
}
