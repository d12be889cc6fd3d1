import { createApp as createVueApp } from "vue";
import { createApi } from "../api/client";
import { createHeartbeat } from "../live/heartbeat";
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

void store.load().then(() => {
  void address.opened();
  const live = startLive(store, {
    open: (url) => new EventSource(url),
    later(task, ms) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
  const beat = createHeartbeat(api, store, live);
  void beat();
  setInterval(() => void beat(), beatEvery);
});
