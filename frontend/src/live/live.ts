import { mergedChange } from "../domain/live-change";
import type { LiveChange, LiveDay, LiveHello } from "../domain/types";
import { newId } from "../store/new-id";
import type { Store } from "../store/store";
import type { HubSays, Line } from "./line";

/** What the live feed needs of the world. */
export interface LiveSurroundings {
  /** Finds the hub; what it says is heard from then on. */
  find: (hear: (what: HubSays) => void) => Promise<Line>;
  /** Runs the task later. */
  later: (task: () => void, ms: number) => void;
  /** Runs the task before the next picture, or soon where there is none. */
  nextFrame: (task: () => void) => void;
}

/** A running feed. */
export interface Live {
  /** The last revision the stream has spoken of. */
  heard(): number;
  /** Gives the stream up for a new one; what was missed comes with it. */
  reopen(): void;
  /** Takes up the line again, for a page that comes back. */
  follow(): void;
  /** Tells the hub that this page goes. */
  leave(): void;
}

type Fed = Pick<Store, "contact" | "apply" | "reload" | "load" | "turnDay">;

const patience = [1000, 2000, 5000, 10_000];

/** Feeds the store with every committed change after its revision, without a miss or a repeat; what comes within a frame is one change. */
export function startLive(store: Fed, around: LiveSurroundings): Live {
  const { contact } = store;
  const tab = newId();
  let line: Line | undefined;
  let [failures, heard] = [0, 0];
  let waiting: LiveChange[] = [];

  function hear(what: HubSays): void {
    if ("to" in what && (what.to ?? tab) !== tab) return;
    if (what.kind === "hello") greet(JSON.parse(what.data));
    else if (what.kind === "change") take(JSON.parse(what.data));
    else if (what.kind === "day") turn(store, JSON.parse(what.data));
    else if (what.kind === "lost") contact.live.value = false;
    else if (what.kind === "begun") follow();
  }

  const known = () => Math.max(contact.revision.value, waiting[waiting.length - 1]?.revision ?? 0);

  function follow(anew = false): void {
    line?.say({ kind: "follow", tab, after: known(), anew });
  }

  function greet(hello: LiveHello): void {
    failures = 0;
    heard = hello.revision;
    contact.live.value = true;
    contact.meet(hello.build);
    if (hello.revision < contact.revision.value) startOver();
    else if (hello.server_time) contact.confirm(hello.server_time);
    if (hello.day) void store.turnDay(hello.day);
  }

  /** The server has fewer revisions than this page: it has another database now. */
  function startOver(): void {
    waiting = [];
    contact.revision.value = 0;
    void store.load().then(() => follow());
  }

  function take(change: LiveChange): void {
    heard = Math.max(heard, change.revision);
    if (change.revision <= known()) return;
    if (waiting.push(change) === 1) around.nextFrame(flush);
  }

  function flush(): void {
    // Layers read meanwhile are ahead of what waited.
    const news = waiting.filter(({ revision }) => revision > contact.revision.value);
    waiting = [];
    if (news.length === 0) return;
    const change = mergedChange(news);
    if (store.apply(change)) readAgain(change.revision);
  }

  function readAgain(revision: number): void {
    store.reload(revision).catch(() => {
      const wait = patience[Math.min(failures++, patience.length - 1)] ?? 10_000;
      around.later(() => readAgain(revision), wait);
    });
  }

  void around.find(hear).then((found) => {
    line = found;
    follow();
  });
  return {
    heard: () => heard,
    reopen: () => follow(true),
    follow: () => follow(),
    leave: () => line?.say({ kind: "leave", tab }),
  };
}

function turn(store: Fed, { day, server_time }: LiveDay): void {
  store.contact.confirm(server_time);
  void store.turnDay(day);
}
