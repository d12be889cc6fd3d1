import { describe, expect, it, vi } from "vitest";
import type { LiveChange } from "../domain/types";
import { createContact } from "../store/contact";
import { change } from "../store/testing";
import { createHeartbeat } from "./heartbeat";
import { type Stream, startLive } from "./live";

class FakeStream implements Stream {
  readyState = 1;
  onopen = null;
  onerror: ((event: Event) => unknown) | null = null;
  closed = false;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly url: string) {}

  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(kind, listener);
  }

  say(kind: string, data: unknown): void {
    this.listeners.get(kind)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.(new Event("error"));
  }

  close(): void {
    this.closed = true;
  }
}

function setup(revision = 3) {
  const contact = createContact();
  contact.reach(revision);
  const applied: number[] = [];
  const store = {
    contact,
    apply: vi.fn((each: LiveChange) => {
      applied.push(each.revision);
      contact.reach(each.revision);
      return (each.reload?.length ?? 0) > 0;
    }),
    reload: vi.fn(async () => {}),
    load: vi.fn(async () => contact.reach(1)),
  };
  const streams: FakeStream[] = [];
  const tasks: { task: () => void; ms: number }[] = [];
  const live = startLive(store, {
    open: (url) => {
      const stream = new FakeStream(url);
      streams.push(stream);
      return stream;
    },
    later: (task, ms) => {
      tasks.push({ task, ms });
      return () => {};
    },
  });
  return { contact, store, applied, streams, tasks, live };
}

const hello = (revision: number, build = "b1") => ({
  revision,
  server_time: "2020-09-30T06:32:05Z",
  build,
});

describe("live", () => {
  it("asks for what follows the page's revision and takes over each change once", () => {
    const { streams, applied, contact } = setup(3);
    expect(streams[0]?.url).toBe("/api/v1/live?after=3");
    streams[0]?.say("hello", hello(4));
    expect(contact.live.value).toBe(true);
    for (const revision of [3, 4, 5, 5, 4, 6]) streams[0]?.say("change", change(revision));
    expect(applied).toEqual([4, 5, 6]);
  });

  it("reads the layers again from the revision that says so", () => {
    const { streams, store } = setup(3);
    streams[0]?.say("change", change(9, { reload: ["parcels"] }));
    expect(store.reload).toHaveBeenCalledWith(9);
  });

  it("tries the reading again when it fails", async () => {
    const { streams, store, tasks } = setup(3);
    store.reload.mockRejectedValueOnce(new Error("away"));
    streams[0]?.say("change", change(9, { reload: ["parcels"] }));
    await vi.waitFor(() => expect(tasks).toHaveLength(1));
    tasks[0]?.task();
    expect(store.reload).toHaveBeenCalledTimes(2);
  });

  it("leaves a broken stream to the browser and opens a refused one anew, after what it has", () => {
    const { streams, contact, tasks } = setup(3);
    streams[0]?.say("hello", hello(3));
    streams[0]?.say("change", change(8));
    streams[0]?.fail(0);
    expect(contact.live.value).toBe(false);
    expect(tasks).toHaveLength(0);
    streams[0]?.fail(2);
    expect(tasks.map((each) => each.ms)).toEqual([1000]);
    tasks[0]?.task();
    expect(streams[1]?.url).toBe("/api/v1/live?after=8");
    streams[1]?.fail(2);
    expect(tasks.map((each) => each.ms)).toEqual([1000, 2000]);
  });

  it("starts over with a server that has another database", async () => {
    const { streams, store, contact } = setup(30);
    streams[0]?.say("hello", hello(2));
    expect(streams[0]?.closed).toBe(true);
    await vi.waitFor(() => expect(streams).toHaveLength(2));
    expect(store.load).toHaveBeenCalledTimes(1);
    expect(contact.revision.value).toBe(1);
    expect(streams[1]?.url).toBe("/api/v1/live?after=1");
  });

  it("says that the page is old when the server's build changes", () => {
    const { streams, contact } = setup();
    streams[0]?.say("hello", hello(3, "b1"));
    expect(contact.outdated.value).toBe(false);
    streams[0]?.say("hello", hello(3, "b2"));
    expect(contact.outdated.value).toBe(true);
  });
});

describe("heartbeat", () => {
  function beating(heard: number) {
    const contact = createContact();
    contact.live.value = true;
    const health = { status: "ok", revision: 5, build: "b1", now: "2020-09-30T06:00:00Z" };
    const loadPlace = vi.fn(async () => {});
    const live = { heard: () => heard, reopen: vi.fn() };
    const beat = createHeartbeat(
      { health: async () => ({ ...health }) },
      { contact, loadPlace },
      live,
    );
    return { contact, health, loadPlace, live, beat };
  }

  it("confirms the time while the stream is up with the server", async () => {
    const { contact, beat, live } = beating(5);
    await beat();
    await beat();
    expect(contact.asOf.value).toBe("2020-09-30T06:00:00Z");
    expect(live.reopen).not.toHaveBeenCalled();
  });

  it("gives up a stream that is twice behind", async () => {
    const { contact, beat, live } = beating(4);
    await beat();
    expect(live.reopen).not.toHaveBeenCalled();
    await beat();
    expect(live.reopen).toHaveBeenCalledTimes(1);
    expect(contact.asOf.value).toBe("");
  });

  it("reads the campaign again after midnight in China", async () => {
    const { health, loadPlace, beat } = beating(5);
    health.now = "2020-09-30T15:59:50Z";
    await beat();
    expect(loadPlace).not.toHaveBeenCalled();
    health.now = "2020-09-30T16:00:20Z";
    await beat();
    await beat();
    expect(loadPlace).toHaveBeenCalledTimes(1);
  });
});
