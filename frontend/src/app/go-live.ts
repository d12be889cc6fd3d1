import { watch } from "vue";
import type { Api } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
import { findHub } from "../live/line";
import { startLive } from "../live/live";
import type { Store } from "../store/store";

const beatEvery = 30_000;

/** Follows the server once everything has been read. */
export function goLive(api: Api, store: Store): void {
  const live = startLive(store, {
    find: findHub,
    later: (task, ms) => void setTimeout(task, ms),
    nextFrame,
  });
  const beat = createHeartbeat(api, store, live);
  watch(store.contact.live, (open) => void (open && beat()), { immediate: true });
  setInterval(() => void beat(), beatEvery);
  // The stream goes on with the rights of whom it was opened for.
  watch(store.session.person, live.reopen);
  addEventListener("pagehide", live.leave);
  addEventListener("pageshow", ({ persisted }) => persisted && live.follow());
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
