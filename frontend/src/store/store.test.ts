import { describe, expect, it, vi } from "vitest";
import { nextTick, ref } from "vue";
import type { CaseQuery } from "../api/client";
import { casePage as page } from "../domain/testing";
import type { CaseDetail } from "../domain/types";
import { sameShape } from "../geo/flat-made";
import type { AreaGeometry } from "../geo/shapes";
import { createCard } from "./card";
import { CaseStore } from "./cases";
import { createData } from "./data";
import { createFigures } from "./figures";
import { createFilter, passes } from "./filter";
import { ledgerRows, nounOf } from "./ledger-rows";
import { createLists } from "./lists";
import { newId } from "./new-id";
import { type ParcelEvent, ParcelStore } from "./parcels";
import { createSettings } from "./settings";
import { createStore } from "./store";
import {
  both,
  campaign,
  change,
  detail,
  fakeApi,
  feature,
  flatLayer,
  parcel,
  parcelDetail,
  session,
  square,
  summary,
} from "./testing";
import { createTotals } from "./totals";

const today = ref("2020-09-30");

describe("parcels", () => {
  it("patches only what is named and tells of it", () => {
    const store = new ParcelStore();
    store.reset(flatLayer(1, [feature(parcel(1)), feature(parcel(2))]));
    const events: ParcelEvent[] = [];
    const end = store.listen((event) => events.push(event));
    expect(store.patch([parcel(2, { stage: 6 }), parcel(99)])).toEqual([99]);
    end();
    store.patch([parcel(1, { stage: 9 })]);
    expect(events).toEqual([{ kind: "changed", ids: [2] }]);
    expect(store.get(2)?.properties.stage).toBe(6);
    expect(sameShape(store.get(2)?.geometry as AreaGeometry, square())).toBe(true);
  });

  it("finds the topmost parcel at a place", () => {
    const store = new ParcelStore();
    store.reset(
      flatLayer(1, [
        feature(parcel(1), square(120.7, 30.7)),
        feature(parcel(2), square(120.7005, 30.7)),
      ]),
    );
    expect(store.at(120.7002, 30.7005)?.properties.id).toBe(1);
    expect(store.at(120.7007, 30.7005)?.properties.id).toBe(2);
    expect(store.at(120.71, 30.7005)).toBeUndefined();
  });
});

describe("cases", () => {
  it("take over what is newer and leave an echo of the past", () => {
    const store = new CaseStore();
    store.reset([summary(1, { version: 3, stage: 6 })]);
    store.patch([summary(1, { version: 2, stage: 5 }), summary(2)]);
    expect(store.get(1)?.stage).toBe(6);
    expect(store.get(2)?.stage).toBe(5);
    store.patch([summary(1, { version: 4, stage: 7 })]);
    expect(store.get(1)?.stage).toBe(7);
  });
});

describe("data", () => {
  it("reads all pages", async () => {
    const cases = vi.fn(async ({ after }: CaseQuery) =>
      after ? page([summary(2)]) : page([summary(1)], { next_after: "XZ-2020-0001" }),
    );
    const stores = { parcels: new ParcelStore(), cases: new CaseStore() };
    const api = fakeApi({
      cases,
      parcels: async () => flatLayer(4, [feature(parcel(1))]),
    });
    expect(await createData(api, stores.parcels, stores.cases).read()).toBe(4);
    expect(stores.cases.size).toBe(2);
    expect(stores.parcels.size).toBe(1);
  });

  it("loses no change that arrives while everything is read", async () => {
    const stores = { parcels: new ParcelStore(), cases: new CaseStore() };
    let finish: () => void = () => {};
    const gate = new Promise<void>((done) => {
      finish = done;
    });
    const api = fakeApi({
      parcels: async () => flatLayer(4, [feature(parcel(1, { stage: 5 }))]),
      cases: () => gate.then(() => page([summary(1, { version: 1, stage: 5 })])),
    });
    const data = createData(api, stores.parcels, stores.cases);
    const reading = data.read();
    data.apply(
      change(5, {
        cases: [summary(1, { version: 2, stage: 6 })],
        parcels: [parcel(1, { stage: 6 })],
      }),
    );
    finish();
    await reading;
    expect(stores.parcels.get(1)?.properties.stage).toBe(6);
    expect(stores.cases.get(1)?.stage).toBe(6);
  });

  it("asks to read again for a parcel it does not know, or when told", async () => {
    const data = createData(fakeApi({}), new ParcelStore(), new CaseStore());
    expect(data.apply(change(5))).toBe(false);
    expect(data.apply(change(6, { parcels: [parcel(3)] }))).toBe(true);
    expect(data.apply(change(7, { reload: ["parcels"] }))).toBe(true);
  });
});

describe("figures", () => {
  it("count cases by stage, parcels without one apart, and convert the sum once", () => {
    const [cases, parcels] = [new CaseStore(), new ParcelStore()];
    const figures = createFigures(cases, parcels, createFilter(), today);
    expect(figures.value.listed).toEqual({ count: 0, mu: 0 });
    cases.reset([1, 2, 3].map((id) => summary(id, { m2: 3.33 })));
    parcels.reset(
      flatLayer(1, [
        feature(parcel(9, { stage: 0, m2: 2000 })),
        feature(parcel(8, { cases: [1] })),
      ]),
    );
    expect(figures.value.stages[5]).toEqual({ count: 3, mu: 1 });
    expect(figures.value.stages[0]).toEqual({ count: 1, mu: 300 });
    expect(figures.value.late.count).toBe(0);
    cases.patch([summary(1, { version: 2, m2: 3.33, deadline: "2020-09-29" })]);
    expect(figures.value.late.count).toBe(1);
  });
});

describe("filter", () => {
  it("lets stage, unit and lateness through", () => {
    const filter = createFilter();
    const late = summary(1, { deadline: "2020-09-29", stage: 4 });
    expect(passes(filter, late, "2020-09-30")).toBe(true);
    filter.toggleStage(4);
    filter.toggleStage(6);
    expect(passes(filter, late, "2020-09-30")).toBe(true);
    expect(passes(filter, summary(2, { stage: 5 }), "2020-09-30")).toBe(false);
    filter.toggleStage(4);
    expect(passes(filter, late, "2020-09-30")).toBe(false);
    filter.clear();
    expect(filter.active.value).toBe(false);
    filter.late.value = true;
    expect(passes(filter, late, "2020-09-29")).toBe(false);
    expect(passes(filter, summary(3, { deadline: undefined }), "2020-09-30")).toBe(false);
  });

  it("leaves lines of the ledger: late first, then by code, parcels without a case too", () => {
    const [cases, parcels, filter] = [new CaseStore(), new ParcelStore(), createFilter()];
    cases.reset([
      summary(1, { deadline: undefined }),
      summary(2, { deadline: "2020-09-01" }),
      summary(3, { deadline: "2020-10-09", label: "嘉盛" }),
    ]);
    parcels.reset(
      flatLayer(1, [
        feature(parcel(7, { stage: 0 })),
        feature(parcel(8, { stage: 5, cases: [1] })),
      ]),
    );
    const codes = () =>
      [...ledgerRows(cases, parcels, filter, "2020-09-30")].map((r) => nounOf(r).code);
    expect(codes()).toEqual(["XZ-2020-0002", "XZ-2020-0003", "XZ-2020-0001", "P-7"]);
    filter.sort.value = "code";
    expect(codes()).toEqual(["XZ-2020-0001", "XZ-2020-0002", "XZ-2020-0003", "P-7"]);
    filter.search.value = " 嘉盛";
    expect(codes()).toEqual(["XZ-2020-0003"]);
    filter.search.value = "p-7";
    expect(codes()).toEqual(["P-7"]);
  });
});

describe("totals", () => {
  it("count at once and then show the server's own sum", async () => {
    const [cases, parcels, filter] = [new CaseStore(), new ParcelStore(), createFilter()];
    cases.reset([summary(1, { m2: 3.33 }), summary(2, { m2: 3.33, stage: 6 })]);
    const asked: CaseQuery[] = [];
    const api = fakeApi({
      cases: async (query: CaseQuery) => {
        asked.push(query);
        return page([], { total: query.stage ? 1 : 2, total_m2: 6.67 });
      },
    });
    const tasks: (() => void)[] = [];
    const lists = createLists(api, filter, {
      ...{ campaign: ref(), cases, revision: ref(0), person: ref() },
    });
    const stores = { cases, parcels, filter, lists, today };
    const totals = createTotals(api, stores, (task) => tasks.push(task));
    expect(totals.cases.value).toEqual({ count: 2, mu: 1 });
    filter.toggleStage(6);
    await nextTick();
    expect(totals.cases.value).toEqual({ count: 1, mu: 0 });
    for (const task of tasks) task();
    await vi.waitFor(() => expect(totals.cases.value).toEqual({ count: 1, mu: 1 }));
    // The first filter was overtaken before it was asked for.
    expect(asked.map((query) => query.stage)).toEqual([[6]]);
  });
});

describe("card", () => {
  it("shows the parcel and the first case on it, and rings all its parcels", async () => {
    const two = [
      { id: 1, code: "a", share_m2: 1, share_mu: 0 },
      { id: 5, code: "b", share_m2: 1, share_mu: 0 },
    ];
    const card = createCard({
      parcelDetail: async (id) => parcelDetail(id, { cases: [summary(11), summary(12)] }),
      caseDetail: async (id) => detail(id, { parcels: two }),
    });
    await card.openParcel(1);
    expect(card.detail.value?.case.id).toBe(11);
    expect(card.ringed.value).toEqual([1, 5]);
    await card.openCase(12);
    expect(card.parcel.value?.id).toBe(1);
    expect(card.caseId.value).toBe(12);
    card.close();
    expect(card.open.value).toBe(false);
  });

  it("never shows the answer to an older question", async () => {
    const waiting = new Map<number, (answer: CaseDetail) => void>();
    const card = createCard({
      parcelDetail: async (id) => parcelDetail(id),
      caseDetail: (id) => new Promise((done) => waiting.set(id, done)),
    });
    const [first, second] = [card.openCase(1), card.openCase(2)];
    waiting.get(2)?.(detail(2));
    await second;
    waiting.get(1)?.(detail(1));
    await first;
    expect(card.detail.value?.case.id).toBe(2);
    expect(card.loading.value).toBe(false);
  });

  it("reads again from the revision of a change that concerns it, and only then", async () => {
    const caseDetail = vi.fn(async (id: number, min?: number) =>
      detail(id, { revision: min ?? 1 }),
    );
    const card = createCard({ parcelDetail: async (id) => parcelDetail(id), caseDetail });
    await card.openCase(1);
    await card.follow(change(5, { cases: [summary(2)] }));
    expect(caseDetail).toHaveBeenCalledTimes(1);
    await card.follow(change(6, { cases: [summary(1)] }));
    expect(caseDetail).toHaveBeenLastCalledWith(1, 6);
    await card.follow(change(6, { cases: [summary(1)] }));
    expect(caseDetail).toHaveBeenCalledTimes(2);
  });

  it("says why it cannot be shown", async () => {
    const card = createCard({
      parcelDetail: () => Promise.reject(new Error("boom")),
      caseDetail: async (id) => detail(id),
    });
    await card.openParcel(1);
    expect(card.failure.value?.zh).toBe("暂时连不上服务器，请稍后重试");
    expect(card.loading.value).toBe(false);
  });
});

describe("settings", () => {
  it("keep the device over pages, and language and theme", async () => {
    const kept = new Map<string, string>();
    const keeper = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const first = createSettings(keeper);
    first.language.value = "en";
    first.theme.value = "dark";
    await nextTick();
    const second = createSettings(keeper);
    expect(second.device).toBe(first.device);
    expect([second.language.value, second.theme.value]).toEqual(["en", "dark"]);
  });

  it("do without a keeper that refuses", () => {
    const refuse = () => {
      throw new Error("denied");
    };
    expect(createSettings({ getItem: refuse, setItem: refuse }).device).toMatch(/^web-/);
  });
});

describe("newId", () => {
  it("makes a version 4 UUID without randomUUID, which plain HTTP does not have", () => {
    const source = { getRandomValues: <T>(bytes: T) => (bytes as Uint8Array).fill(255) as T };
    expect(newId(source as never)).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});

describe("the campaign", () => {
  it("is read again when an operation changed its data", async () => {
    const names = ["整治", "攻坚"];
    const read = vi.fn(async () => ({ ...campaign, name: both(names.shift() ?? "") }));
    const api = fakeApi({
      campaign: read,
      units: async () => ({ revision: 1, features: [] }),
      parcels: async () => flatLayer(1, []),
      cases: async () => page([]),
      layers: async () => [],
      session: async () => session,
      conflicts: async () => [],
    });
    const store = createStore(api, createSettings({ getItem: () => null, setItem: () => {} }));
    await store.load();
    store.apply(change(2));
    expect(read).toHaveBeenCalledTimes(1);
    store.apply(change(3, { campaign: true, reload: ["units", "parcels"] }));
    await vi.waitFor(() => expect(store.campaign.value?.name.zh).toBe("攻坚"));
  });
});
