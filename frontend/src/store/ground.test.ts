import { describe, expect, it, vi } from "vitest";
import type { ReferenceFeature } from "../api/client";
import { createData } from "./data";
import { createGround } from "./ground";
import { change, fakeApi } from "./testing";

function river(label: string): ReferenceFeature {
  const geometry = { type: "LineString", coordinates: [] } as const;
  return { geometry, properties: { id: 1, code: "w1", label, class: "river" } };
}

const info = (code: string) => ({ code, reference: true, revision: 1, features: 1 });

describe("ground", () => {
  it("reads the layers there are", async () => {
    const reference = vi.fn(async () => [river("新塍塘")]);
    const ground = createGround(
      fakeApi({ layers: async () => [info("parcels"), info("water"), info("zones")], reference }),
    );
    await ground.load();
    expect(reference.mock.calls).toEqual([["water", undefined]]);
    expect(ground.layers.value.get("water")?.[0]?.properties.label).toBe("新塍塘");
    expect(ground.layers.value.has("roads")).toBe(false);
  });

  it("follows a change of its layers from the change's revision on", async () => {
    const reference = vi.fn(async (name: string) => [river(name)]);
    const ground = createGround(fakeApi({ reference }));
    await ground.follow(change(9, { reload: ["parcels"] }));
    expect(reference).not.toHaveBeenCalled();
    await ground.follow(change(10, { reload: ["roads"] }));
    expect(reference.mock.calls).toEqual([["roads", 10]]);
    expect(ground.layers.value.get("roads")?.[0]?.properties.label).toBe("roads");
  });

  it("keeps the newest of two readings and what it has when the server is away", async () => {
    const answers: ((features: ReferenceFeature[]) => void)[] = [];
    const reference = vi.fn(
      () => new Promise<ReferenceFeature[]>((resolve) => answers.push(resolve)),
    );
    const ground = createGround(fakeApi({ reference }));
    const first = ground.follow(change(10, { reload: ["water"] }));
    const second = ground.follow(change(11, { reload: ["water"] }));
    answers[1]?.([river("新")]);
    answers[0]?.([river("旧")]);
    await Promise.all([first, second]);
    expect(ground.layers.value.get("water")?.[0]?.properties.label).toBe("新");
    reference.mockRejectedValueOnce(new Error("away"));
    await ground.follow(change(12, { reload: ["water"] }));
    expect(ground.layers.value.get("water")?.[0]?.properties.label).toBe("新");
  });

  it("is no reason to read the parcels again", () => {
    const stores = { parcels: { patch: () => [] }, cases: { patch: () => {} } };
    const data = createData(fakeApi({}), stores.parcels as never, stores.cases as never);
    expect(data.apply(change(3, { reload: ["water"] }))).toBe(false);
    expect(data.apply(change(4, { reload: ["water", "parcels"] }))).toBe(true);
  });
});
