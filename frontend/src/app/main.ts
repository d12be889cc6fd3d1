import { createApp as createVueApp, ref, watch } from "vue";
import { attentive } from "../api/attentive";
import { createApi } from "../api/client";
import { isPhone } from "../domain/is-phone";
import { screenScale } from "../domain/screen-scale";
import type { SessionState } from "../domain/types";
import type { Live } from "../live/live";
import { later } from "../store/later";
import { countUnsent } from "../store/outbox";
import { createSettings } from "../store/settings";
import { createStore } from "../store/store";
import { storeKey } from "../store/use-store";
import { watchActivity } from "./activity";
import { ahead } from "./ahead";
import App from "./app.vue";
import { followHash } from "./follow-hash";
import { followRootUnit } from "./root-unit";
import "./tokens.css";
import "./base.css";

/** The wall is another page at another address: nobody works there. */
const onWall = location.pathname === "/wall";
const quiet = watchActivity(window);
const asked = attentive(ahead, {
  quiet,
  unsent: countUnsent(localStorage),
  unsigned: (why) => store.session.end(why),
});
const served = createApi(asked);
const api = { ...served, session: whoIsHere };
const settings = createSettings(localStorage);
/** The wall's link on a phone is the leader's page. */
const onPhone = onWall && isPhone(innerWidth);
// They are dark and light whatever this browser remembers.
if (onWall) settings.theme = ref(onPhone ? "light" : "dark");
const store = createStore(api, settings, quiet, onWall);
const { session } = store;

/** Who is here. An enrolled phone comes in at the page 现场, where its PIN is asked, and is nobody on the desk. */
async function whoIsHere(): Promise<SessionState> {
  const now = await served.session();
  if (!now.device || onWall) return now;
  location.replace("/field");
  const { person: _, ...nobody } = now;
  return nobody;
}

// A screen comes with what lets it in behind the #: it is taken out of the address at once.
const entrance = /^#wall=(.+)/.exec(location.hash);
if (entrance) history.replaceState(null, "", location.pathname);
if (!onWall) followRootUnit(store.scale, window, screenScale);
const address = onWall ? undefined : followHash(store, window);

// Needed when everything is read, and read meanwhile.
const following = import("./go-live");
let live: Live | undefined;

/** Reads everything and follows it, once somebody is signed in. */
async function begin(): Promise<void> {
  if (entrance) await (await import("./enter")).enter(api, store, entrance.splice(0));
  await loadAll();
  // A screen has one page, also once it was switched off.
  const screen = session.wall.value || session.state.value?.refused === "wall";
  if (screen && !onWall) return location.replace("/wall");
  if (!session.sees.value) return;
  if (live) {
    // The stream goes on with the rights of whom it was opened for.
    live.reopen();
    return store.card.refresh();
  }
  void address?.opened();
  live = (await following).goLive(api, store);
}

watch(session.arrivals, begin);
// Names of the old unit stand in every part of the page: it begins anew. What is not sent is kept.
watch(session.moved, () => location.reload());
watch(session.ready, (ready) => ready || live?.leave());
// Who looks is asked first of all: the page is put up while the server answers.
void begin();
// Two functions: of one that chooses between two imports the builder loads the style sheets of the last.
const phonePage = later(() => import("./phone-page.vue"));
const wallPage = later(() => import("./wall-page.vue"));
createVueApp(onPhone ? phonePage : onWall ? wallPage : App)
  .provide(storeKey, store)
  .mount("#app");
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
