import { describe, expect, it, vi } from "vitest";
import type { PhotoApi } from "../api/photos";
import { ApiProblem, NoAnswer } from "../api/problem";
import type { Operation } from "../domain/types";
import {
  createPhotoQueue,
  type PhotoQueue,
  type QueueSurroundings,
  type Wanted,
} from "./photo-queue";
import { type Shelf, shelfInMemory, type Waiting } from "./photo-shelf";
import { both, outcome } from "./testing";

const jpeg = (...content: number[]) =>
  new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...Array(8).fill(0), ...content])], "a.jpg");
const gate: Wanted = { caseId: 7, milestone: "vacated", slot: "gate" };
const meter: Wanted = { ...gate, slot: "meter" };

/** A server that keeps what is sent, up to `cut` bytes at a time, and fails as told. */
function server(fails: unknown[] = []) {
  const files = new Map<string, number>();
  const ops: Operation[] = [];
  const parts: [offset: number, size: number][] = [];
  const photos: Pick<PhotoApi, "state" | "send"> = {
    state: async (sha256) => ({ sha256, offset: files.get(sha256) ?? 0, complete: false }),
    send: async (sha256, part, offset, length) => {
      const failure = fails.shift();
      if (failure) throw failure;
      parts.push([offset, part.size]);
      files.set(sha256, offset + part.size);
      return { sha256, offset: offset + part.size, complete: offset + part.size === length };
    },
  };
  const api: QueueSurroundings["api"] = {
    change: async (op) => {
      ops.push(op);
      return outcome({ revision: 40 + ops.length });
    },
  };
  return { photos, api, ops, parts, files };
}

function setup(told: Partial<QueueSurroundings> = {}, fails: unknown[] = []) {
  const remote = server(fails);
  const shelf = shelfInMemory();
  const delivered: [number, number][] = [];
  const counts: number[] = [];
  const waits: (() => void)[] = [];
  const queue = createPhotoQueue({
    ...{ ...remote, shelf, device: "web-1", person: () => "shen" },
    delivered: (...how) => void delivered.push(how),
    count: (n) => void counts.push(n),
    wait: () => new Promise((go) => waits.push(go)),
    ...told,
  });
  return { ...remote, queue, shelf, delivered, counts, waits };
}

const states = (q: PhotoQueue) => q.list.value.map(({ state }) => state);
const until = (q: PhotoQueue, wanted: string[]) =>
  vi.waitFor(() => expect(states(q)).toEqual(wanted));

describe("the queue of photos", () => {
  it("sends the file first, then attaches it, then forgets it", async () => {
    const { queue, ops, shelf, delivered, counts } = setup();
    expect(await queue.add([jpeg(1), jpeg(2)], [gate, meter])).toBeUndefined();
    await until(queue, ["delivered", "delivered"]);
    expect(ops.map(({ changes }) => changes[0]?.photo?.slot)).toEqual(["gate", "meter"]);
    expect(ops[0]?.changes[0]).toMatchObject({
      kind: "photo.attach",
      case_id: 7,
      milestone: "vacated",
    });
    expect(delivered).toEqual([
      [7, 41],
      [7, 42],
    ]);
    expect(await shelf.all()).toEqual([]);
    expect(counts[counts.length - 1]).toBe(0);
  });

  it("goes on from where the server is, in parts", async () => {
    const { queue, parts, files, photos } = setup();
    const size = 1_200_000;
    const big = new File([jpeg(), new Uint8Array(size - 12)], "big.jpg");
    const state = photos.state;
    photos.state = async (sha256) => {
      files.set(sha256, files.get(sha256) ?? 100_000);
      return state(sha256);
    };
    await queue.add([big], [gate]);
    await vi.waitFor(() =>
      expect(parts).toEqual([
        [100_000, 524_288],
        [624_288, 524_288],
        [1_148_576, size - 1_148_576],
      ]),
    );
  });

  it("keeps what nobody answers and tries again, at once when told to", async () => {
    const { queue, shelf, waits } = setup({}, [new NoAnswer("away"), new NoAnswer("away")]);
    await queue.add([jpeg(1)], [gate]);
    await until(queue, ["offline"]);
    expect(await shelf.all()).toHaveLength(1);
    waits.shift()?.();
    await vi.waitFor(() => expect(waits).toHaveLength(1));
    queue.run();
    await until(queue, ["delivered"]);
  });

  it("says what is refused, goes on with the next, and forgets it when told to", async () => {
    const full = new ApiProblem(409, "photo_hash", both("校验值不符"));
    const { queue, shelf, counts } = setup({}, [full]);
    await queue.add([jpeg(1), jpeg(2)], [gate, meter]);
    await until(queue, ["refused", "delivered"]);
    expect(queue.list.value[0]?.why?.zh).toBe("校验值不符");
    expect(await shelf.all()).toHaveLength(1);
    await queue.discard(queue.list.value[0]?.id ?? "");
    expect(await shelf.all()).toEqual([]);
    expect(counts[counts.length - 1]).toBe(0);
  });

  it("takes up what an earlier page left, of this person alone, as the same operation", async () => {
    const shelf: Shelf = shelfInMemory();
    const left = (id: string, person: string, addedAt: string): Waiting => ({
      ...{ ...gate, id, person, addedAt, name: `${id}.jpg`, sha256: id, blob: jpeg(1) },
    });
    await shelf.put(left("two", "shen", "2020-09-30T02:00:00Z"));
    await shelf.put(left("one", "shen", "2020-09-30T01:00:00Z"));
    await shelf.put(left("other", "lu", "2020-09-30T00:00:00Z"));
    const { queue, ops } = setup({ shelf });
    await queue.restore();
    await queue.restore();
    await vi.waitFor(() => expect(ops.map(({ op_id }) => op_id)).toEqual(["one", "two"]));
    await until(queue, ["delivered", "delivered"]);
    expect((await shelf.all()).map(({ id }) => id)).toEqual(["other"]);
  });

  it("waits while nobody is signed in", async () => {
    let person: string | undefined = "shen";
    const expired = new ApiProblem(401, "session_over", both("已退出"));
    const { queue, waits } = setup({ person: () => person }, [expired]);
    await queue.add([jpeg(1)], [gate]);
    await until(queue, ["kept"]);
    person = undefined;
    waits.shift()?.();
    await until(queue, ["kept"]);
    person = "shen";
    await queue.restore();
    await until(queue, ["delivered"]);
  });

  it("takes a photo that the case has already for delivered", async () => {
    const there = new ApiProblem(409, "photo_there", both("已有"));
    const { queue } = setup({ api: { change: () => Promise.reject(there) } });
    await queue.add([jpeg(1)], [gate]);
    await until(queue, ["delivered"]);
  });

  it("refuses what is no photo before anything is kept", async () => {
    const { queue, shelf } = setup();
    const heic = new File(["\0\0\0\u0018ftypheic"], "a.heic");
    expect((await queue.add([heic], [gate]))?.zh).toContain("兼容性最佳");
    expect((await queue.add([new File(["<svg/>"], "a.jpg")], [gate]))?.zh).toContain(
      "JPEG、PNG、WebP",
    );
    expect(queue.list.value).toEqual([]);
    expect(await shelf.all()).toEqual([]);
  });
});
