/** Mounts components for the tests of this room. */
import { afterEach, vi } from "vitest";
import { type Component, createApp, nextTick } from "vue";
import type { Api } from "../api/client";
import { casePage } from "../domain/testing";
import { createSettings } from "../store/settings";
import { createStore, type Store } from "../store/store";
import {
  campaign,
  detail,
  fakeApi,
  feature,
  flatLayer,
  memory,
  parcel,
  parcelDetail,
  session,
  summary,
  unitFeature,
} from "../store/testing";
import { storeKey } from "../store/use-store";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.innerHTML = "";
  vi.useRealTimers();
});

const cases = [
  summary(1, { stage: 5, m2: 1000 }),
  summary(2, { stage: 6, m2: 2000, deadline: "2020-09-20" }),
];

/** A component with a store that reads from a stand-in server. */
export async function setup(
  root: Component,
  told: Partial<Api> = {},
): Promise<{ store: Store; page: HTMLElement }> {
  const api = fakeApi({
    campaign: async () => campaign,
    units: async () => ({ revision: 1, features: [unitFeature("honghe")] }),
    parcels: async () =>
      flatLayer(1, [feature(parcel(1, { cases: [1] })), feature(parcel(9, { stage: 0 }))]),
    cases: async () => casePage(cases, { total_m2: 3000, total_mu: 4.5 }),
    layers: async () => [],
    session: async () => session,
    conflicts: async () => [],
    todo: async () => ({ revision: 1, day: "2020-09-30", mine: 0, groups: [] }),
    parcelDetail: async (id) => parcelDetail(id, { cases: id === 1 ? [summary(1)] : [] }),
    caseDetail: async (id) => detail(id),
    ...told,
  });
  const store = createStore(api, createSettings(memory()));
  await store.load();
  const page = document.body.appendChild(document.createElement("div"));
  const app = createApp(root).provide(storeKey, store);
  app.mount(page);
  ends.push(() => app.unmount());
  await nextTick();
  return { store, page };
}

/** The element, or a failure that says what is there. */
export function find<E extends HTMLElement>(page: ParentNode, selector: string): E {
  const element = page.querySelector<E>(selector);
  if (!element) throw new Error(`no ${selector} in ${page.textContent}`);
  return element;
}
