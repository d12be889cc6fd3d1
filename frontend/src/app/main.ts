import { createApp as createVueApp, watch } from "vue";
import { attentive } from "../api/attentive";
import { createApi } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
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
  await store.load();
  if (!session.ready.value) return;
  if (live) {
    live.reopen();
    return store.card.refresh();
  }
  void address.opened();
  live = startLive(store, {
    open: (url) => new EventSource(url),
    later(task, ms) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
  const beat = createHeartbeat(api, store, live);
  void beat();
  setInterval(() => {
    if (session.ready.value) void session.check().then(beat);
  }, beatEvery);
}

watch(session.arrivals, begin);
watch(session.ready, (ready) => ready || live?.stop());
void begin();
