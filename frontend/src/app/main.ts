import { createApp as createVueApp, watch } from "vue";
import { attentive } from "../api/attentive";
import { createApi } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
import { findHub } from "../live/line";
import { type Live, startLive } from "../live/live";
import { createSettings } from "../store/settings";
import { createStore } from "../store/store";
import { storeKey } from "../store/use-store";
import { watchActivity } from "./activity";
import App from "./app.vue";
import { followHash } from "./follow-hash";
import "./tokens.css";
import "./base.css";

const beatEvery = 30_000;

const quiet = watchActivity(window);
const asked = attentive((...request) => fetch(...request), {
  quiet,
  unsigned: (why) => store.session.end(why),
});
const api = createApi(asked);
const store = createStore(api, createSettings(localStorage), quiet);
const { session } = store;

const address = followHash(store, window);

createVueApp(App).provide(storeKey, store).mount("#app");

let live: Live | undefined;

/** Reads everything and follows it, once somebody is signed in. */
async function begin(): Promise<void> {
  await loadAll();
  if (!session.ready.value) return;
  if (live) {
    // The stream goes on with the rights of whom it was opened for.
    live.reopen();
    return store.card.refresh();
  }
  void address.opened();
  live = startLive(store, {
    find: findHub,
    later: (task, ms) => void setTimeout(task, ms),
    nextFrame,
  });
  keepBeating(live);
  addEventListener("pagehide", live.leave);
  addEventListener("pageshow", ({ persisted }) => persisted && live?.follow());
}

function keepBeating(line: Live): void {
  const once = createHeartbeat(api, store, line);
  const beat = async () => {
    if (!session.ready.value) return;
    await session.check();
    await once();
  };
  watch(store.contact.live, (open) => void (open && beat()), { immediate: true });
  setInterval(() => void beat(), beatEvery);
  // Timers sleep in hidden tabs.
  document.addEventListener("visibilitychange", () => void (document.hidden || beat()));
}

watch(session.arrivals, begin);
watch(session.ready, (ready) => ready || live?.leave());
void begin();
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
