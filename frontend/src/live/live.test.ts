import { describe, expect, it, vi } from "vitest";
import type { LiveChange } from "../domain/types";
import { createContact } from "../store/contact";
import { change } from "../store/testing";
import { createHeartbeat } from "./heartbeat";
import type { HubSays, TabSays } from "./line";
import { startLive } from "./live";

/** A page and its end of the line: what it said, and how it is spoken to. */
async function setup(revision = 3) {
  const contact = createContact();
  contact.reach(revision);
  const applied: LiveChange[] = [];
  const store = {
    contact,
    apply: vi.fn((each: LiveChange) => {
      applied.push(each);
      contact.reach(each.revision);
      return (each.reload?.length ?? 0) > 0;
    }),
    reload: vi.fn(async () => {}),
    load: vi.fn(async () => contact.reach(1)),
    turnDay: vi.fn(async (_day: string) => {}),
  };
  const said: TabSays[] = [];
  const tasks: { task: () => void; ms: number }[] = [];
  const frames: (() => void)[] = [];
  let tell: (what: HubSays) => void = () => {};
  const live = startLive(store, {
    find: async (hear) => {
      tell = hear;
      return { say: (what) => void said.push(what) };
    },
    later: (task, ms) => void tasks.push({ task, ms }),
    nextFrame: (task) => void frames.push(task),
  });
  await vi.waitFor(() => expect(said).toHaveLength(1));
  const say = (kind: "hello" | "change" | "day", what: unknown, to?: string) =>
    tell({ kind, data: JSON.stringify(what), ...(to ? { to } : {}) });
  const frame = () => {
    for (const task of frames.splice(0)) task();
  };
  return { contact, store, applied, said, tasks, frames, frame, say, tell: () => tell, live };
}

const hello = (revision: number, build = "b1") => ({
  revision,
  server_time: "2020-09-30T06:32:05Z",
  build,
});

describe("live", () => {
  it("follows from the page's revision and takes over each change once", async () => {
    const { said, say, frame, applied, contact } = await setup(3);
    expect(said[0]).toMatchObject({ kind: "follow", after: 3 });
    say("hello", hello(4));
    expect(contact.live.value).toBe(true);
    for (const revision of [3, 4, 5, 5, 4, 6]) {
      say("change", change(revision));
      frame();
    }
    expect(applied.map((each) => each.revision)).toEqual([4, 5, 6]);
  });

  it("takes what comes within a frame as one change", async () => {
    const { say, frames, frame, applied } = await setup(3);
    for (let revision = 4; revision < 204; revision++) {
      const parcels = [{ id: revision % 7, stage: revision % 9 }];
      say("change", change(revision, { parcels: parcels as never, kinds: ["case.milestone"] }));
    }
    expect(frames).toHaveLength(1);
    frame();
    expect(applied).toHaveLength(1);
    expect([applied[0]?.first, applied[0]?.revision]).toEqual([4, 203]);
    expect(applied[0]?.parcels).toHaveLength(7);
    expect(applied[0]?.parcels.find(({ id }) => id === 203 % 7)?.stage).toBe(203 % 9);
    say("change", change(150));
    frame();
    expect(applied).toHaveLength(1);
  });

  it("hears only what is for all or for itself", async () => {
    const { said, say, frame, applied } = await setup(3);
    const own = said[0]?.tab;
    say("change", change(4), "another tab");
    frame();
    expect(applied).toEqual([]);
    say("change", change(4), own);
    frame();
    expect(applied).toHaveLength(1);
  });

  it("says again what it follows when a new hub begins, with what waits for the frame", async () => {
    const { said, say, tell } = await setup(3);
    say("change", change(9));
    tell()({ kind: "begun" });
    expect(said[1]).toMatchObject({ kind: "follow", after: 9 });
  });

  it("reads the layers again from the revision that says so, and tries it again when it fails", async () => {
    const { say, frame, store, tasks } = await setup(3);
    store.reload.mockRejectedValueOnce(new Error("away"));
    say("change", change(9, { reload: ["parcels"] }));
    frame();
    expect(store.reload).toHaveBeenCalledWith(9);
    await vi.waitFor(() => expect(tasks).toHaveLength(1));
    tasks[0]?.task();
    expect(store.reload).toHaveBeenCalledTimes(2);
  });

  it("starts over with a server that has another database", async () => {
    const { say, said, store, contact } = await setup(30);
    say("hello", hello(2));
    await vi.waitFor(() => expect(said).toHaveLength(2));
    expect(store.load).toHaveBeenCalledTimes(1);
    expect(contact.revision.value).toBe(1);
    expect(said[1]).toMatchObject({ kind: "follow", after: 1 });
  });

  it("says that the page is old when the server's build changes", async () => {
    const { say, contact } = await setup();
    say("hello", hello(3, "b1"));
    expect(contact.outdated.value).toBe(false);
    say("hello", hello(3, "b2"));
    expect(contact.outdated.value).toBe(true);
  });

  it("turns the day with the server's word, also with that of a stream that was broken at midnight", async () => {
    const { say, store, contact } = await setup();
    say("day", { day: "2020-10-01", server_time: "2020-09-30T16:00:00Z" });
    expect(contact.asOf.value).toBe("2020-09-30T16:00:00Z");
    say("hello", { ...hello(3), day: "2020-10-02" });
    say("hello", { revision: 3, build: "b1" });
    expect(store.turnDay.mock.calls).toEqual([["2020-10-01"], ["2020-10-02"]]);
  });

  it("does not take an old greeting for contact", async () => {
    const { say, contact, tell } = await setup();
    say("hello", { revision: 3, build: "b1" });
    expect([contact.live.value, contact.asOf.value]).toEqual([true, ""]);
    tell()({ kind: "lost" });
    expect(contact.live.value).toBe(false);
  });
});

describe("contact", () => {
  it("says how long nothing has confirmed the picture, by no clock but the elapsed time", () => {
    let now = 0;
    const contact = createContact(() => now);
    contact.confirm("2020-09-30T06:00:00Z");
    const silenceAt = (ms: number) => {
      now = ms;
      contact.listen();
      return [contact.silence.value, contact.silentMinutes.value];
    };
    expect(silenceAt(59_999)).toEqual(["none", 0]);
    expect(silenceAt(60_000)).toEqual(["stale", 1]);
    expect(silenceAt(299_999)).toEqual(["stale", 4]);
    expect(silenceAt(360_000)).toEqual(["lost", 6]);
    contact.confirm("2020-09-30T06:07:00Z");
    expect([contact.silence.value, contact.asOf.value]).toEqual(["none", "2020-09-30T06:07:00Z"]);
  });
});

describe("heartbeat", () => {
  function beating(heard: number) {
    const contact = createContact();
    contact.live.value = true;
    const health = { status: "ok", revision: 5, build: "b1", now: "2020-09-30T06:00:00Z" };
    const turnDay = vi.fn(async (_day: string) => {});
    const live = { heard: () => heard, reopen: vi.fn() };
    const beat = createHeartbeat(
      { health: async () => ({ ...health }) },
      { contact, turnDay },
      live,
    );
    return { contact, health, turnDay, live, beat };
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

  it("says what day it is in China", async () => {
    const { health, turnDay, beat } = beating(5);
    health.now = "2020-09-30T15:59:50Z";
    await beat();
    health.now = "2020-09-30T16:00:20Z";
    await beat();
    expect(turnDay.mock.calls).toEqual([["2020-09-30"], ["2020-10-01"]]);
  });
});
