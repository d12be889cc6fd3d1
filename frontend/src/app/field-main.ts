import { createApp as createVueApp, watch } from "vue";
import { attentive } from "../api/attentive";
import { createApi } from "../api/client";
import { createPhotoApi } from "../api/photos";
import { teach } from "../domain/words";
import { fieldZh } from "../domain/words-field-zh";
import { pinZh } from "../domain/words-pin-zh";
import { createField, type Field } from "../field/field";
import FieldApp from "../field/field-app.vue";
import { fieldKey } from "../field/use-field";
import { countUnsent, fieldCount } from "../store/outbox";
import { createSettings } from "../store/settings";
import { type Box, boxInMemory, openBox } from "../sync/box";
import { type LockStore, openLockStore } from "../sync/lock-store";
import { createPlace } from "../sync/place";
import { dropDelivered, forgetOld } from "../sync/tidy";
import { watchActivity } from "./activity";
import { deviceName } from "./device-name";
import { watchUpdates } from "./field-updates";
import { aloneAmongTabs, tabsOf } from "./tabs";
import "../field/field.css";

/** What waits is sent when the page opens, when it is seen again, when there is a network again, and so often; ms. */
const beat = 30_000;
/** How often is looked whether nobody touched the page for so long that the PIN is asked again, ms. */
const look = 5_000;
/** How long the page waits for the server before it shows what is on the phone, ms. */
const patience = 1500;

teach({ ...fieldZh, ...pinZh });
const entrance = /^#enrol=(.+)/.exec(location.hash)?.[1];
if (entrance) history.replaceState(null, "", location.pathname);

void start();

async function start(): Promise<void> {
  const opened = await openBox().catch(() => undefined);
  const lock = await openLockStore().catch(() => undefined);
  const field = furnish(opened ?? boxInMemory(), lock);
  field.code.value = entrance;
  await field.lock.open();
  // The list on the phone stands at once; who is here and what is new comes after it.
  await field.snapshot.load();
  if (!navigator.onLine) field.away.value = true;
  await field.outbox.restore();
  await Promise.race([field.wake(), new Promise((done) => setTimeout(done, patience))]);
  createVueApp(FieldApp, { keeps: opened !== undefined })
    .provide(fieldKey, field)
    .mount("#app");
  wakeWhenever(field);
  if (opened) void forgetOld(opened, Date.now()).then(() => dropDelivered(opened));
  watchUpdates();
}

/** The state of the page with the browser around it. */
function furnish(box: Box, lock: LockStore | undefined): Field {
  const [quiet, settings, tabs] = [
    watchActivity(window),
    createSettings(localStorage),
    tabsOf("guatu-field"),
  ];
  const asked = attentive((...request) => fetch(...request), {
    quiet,
    unsent: countUnsent(settings.keeper),
    unsigned: (why) => {
      // Whoever takes an enrolment back takes the list with it.
      if (field.session.state.value?.device) void field.leave(why);
      else field.session.end(why);
    },
  });
  const field = createField({
    ...{ api: createApi(asked), settings, quiet, box, lock, deviceName: deviceName() },
    photos: createPhotoApi(asked, "/api/v1"),
    place: createPlace(navigator.geolocation),
    clock: Date.now,
    alone: aloneAmongTabs("guatu-field-outbox"),
    told: tabs.tell,
    count: (n) => settings.keeper.setItem(fieldCount, String(n)),
  });
  tabs.hear(field.outbox.restore);
  watch(field.person, () => void field.outbox.restore());
  return field;
}

function wakeWhenever(field: Field): void {
  const seen = () => document.visibilityState === "visible";
  addEventListener("online", () => void field.wake());
  document.addEventListener("visibilitychange", () => {
    field.lock.check();
    if (seen()) void field.wake();
  });
  setInterval(() => {
    field.lock.check();
    void field.numbers.tidy();
  }, look);
  setInterval(() => {
    if (seen() && (field.outbox.unsent.value > 0 || field.away.value)) void field.wake();
  }, beat);
}
