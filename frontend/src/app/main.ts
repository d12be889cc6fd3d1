import { createApp as createVueApp, watch } from "vue";
import { createApi } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
import { findHub } from "../live/line";
import { startLive } from "../live/live";
import { createSettings } from "../store/settings";
import { createStore } from "../store/store";
import { storeKey } from "../store/use-store";
import App from "./app.vue";
import { followHash } from "./follow-hash";
import "./tokens.css";
import "./base.css";

const beatEvery = 30_000;

const api = createApi((...request) => fetch(...request));
const store = createStore(api, createSettings(localStorage));

const address = followHash(store, window);

createVueApp(App).provide(storeKey, store).mount("#app");

void loadAll().then(() => {
  void address.opened();
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
});
setInterval(store.contact.listen, 1000);

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

/** A page that opens while the server is away tries until it has everything. */
async function loadAll(): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(2 * wait, 10_000)) {
    await store.load();
    if (!store.failure.value) return;
    await new Promise((done) => setTimeout(done, wait));
    // The reader may have pressed 重试 meanwhile.
    if (!store.failure.value) return;
  }
}
