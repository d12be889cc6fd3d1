import { createApp as createVueApp } from "vue";
import { createApi } from "../api/client";
import { createSettings } from "../store/settings";
import { createStore } from "../store/store";
import { storeKey } from "../store/use-store";
import App from "./app.vue";
import { followHash } from "./follow-hash";
import "./tokens.css";
import "./base.css";

const api = createApi((...request) => fetch(...request));
const store = createStore(api, createSettings(localStorage));

const address = followHash(store, window);

createVueApp(App).provide(storeKey, store).mount("#app");

// Needed when everything is read, and read meanwhile.
const following = import("./go-live");
void loadAll().then(async () => {
  void address.opened();
  (await following).goLive(api, store);
});
setInterval(store.contact.listen, 1000);

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
