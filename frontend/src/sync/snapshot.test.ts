import { describe, expect, it } from "vitest";
import type { Api } from "../api/client";
import {
  campaign,
  fakeApi,
  feature,
  flatLayer,
  parcel,
  person,
  square,
  summary,
  unitFeature,
} from "../store/testing";
import { boxInMemory } from "./box";
import { createSnapshot, NotKept } from "./snapshot";

const page = {
  total: 1,
  total_m2: 0,
  total_mu: 0,
  items: [summary(1)],
  revision: 7,
  day: "2020-09-30",
};
const api = fakeApi({
  campaign: async () => campaign,
  cases: async () => page as unknown as Awaited<ReturnType<Api["cases"]>>,
  parcels: async () => flatLayer(7, [feature(parcel(9)), feature(parcel(8, { unit: "xinteng" }))]),
  units: async () =>
    ({ revision: 7, features: [unitFeature("honghe"), unitFeature("xinteng")] }) as never,
});

describe("what the phone takes along", () => {
  it("has the cases, the ground and the boundary of its unit, also when the page is opened anew", async () => {
    const box = boxInMemory();
    await createSnapshot(api, box, () => 0).refresh(person, "honghe");
    const opened = createSnapshot(api, box, () => 0);
    await opened.load();
    expect(opened.now.value?.cases.map(({ id }) => id)).toEqual([1]);
    expect([...(opened.now.value?.parcels.ids ?? [])]).toEqual([9]);
    expect(opened.now.value?.outline).toEqual(square(120.6, 30.6, 0.2));
  });

  it("says so where the phone does not keep it, and shows it all the same", async () => {
    const full = {
      ...boxInMemory(),
      putCopy: async () => Promise.reject(new DOMException("full", "QuotaExceededError")),
    };
    const snapshot = createSnapshot(api, full, () => 0);
    await expect(snapshot.refresh(person, "honghe")).rejects.toBeInstanceOf(NotKept);
    expect(snapshot.now.value?.revision).toBe(7);
  });
});
