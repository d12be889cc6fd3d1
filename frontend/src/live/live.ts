import type { LiveChange, LiveHello } from "../domain/types";
import type { Store } from "../store/store";

/** The part of EventSource that is used; tests give their own. */
export interface Stream {
  readonly readyState: number;
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the live feed needs of the world. */
export interface LiveSurroundings {
  open: (url: string) => Stream;
  /** Runs the task later; the answer cancels it. */
  later: (task: () => void, ms: number) => () => void;
}

/** A running feed. */
export interface Live {
  /** The last revision the stream has spoken of. */
  heard(): number;
  /** Gives the stream up for a new one; what was missed comes with it. */
  reopen(): void;
  stop(): void;
}

type Fed = Pick<Store, "contact" | "apply" | "reload" | "load">;

const closed = 2;
const patience = [1000, 2000, 5000, 10_000];

/** Feeds the store with every committed change after its revision, without a miss or a repeat, and resumes by itself. */
export function startLive(store: Fed, around: LiveSurroundings): Live {
  const { contact } = store;
  let stream: Stream | undefined;
  let cancel = () => {};
  let failures = 0;
  let heard = 0;

  function reopen(): void {
    stop();
    stream = around.open(`/api/v1/live?after=${contact.revision.value}`);
    stream.onerror = lost;
    stream.addEventListener("hello", (event) => greet(JSON.parse(event.data)));
    stream.addEventListener("change", (event) => take(JSON.parse(event.data)));
  }

  /** The browser resumes a broken stream with its last id; one that was refused is opened anew. */
  function lost(): void {
    contact.live.value = false;
    if (stream?.readyState === closed) again(reopen);
  }

  function again(task: () => void): void {
    cancel();
    cancel = around.later(task, patience[Math.min(failures++, patience.length - 1)] ?? 10_000);
  }

  function greet(hello: LiveHello): void {
    failures = 0;
    heard = hello.revision;
    contact.live.value = true;
    contact.meet(hello.build);
    if (hello.revision < contact.revision.value) startOver();
    else contact.confirm(hello.server_time);
  }

  /** The server has fewer revisions than this page: it has another database now. */
  function startOver(): void {
    stop();
    contact.revision.value = 0;
    void store.load().then(reopen);
  }

  function take(change: LiveChange): void {
    heard = Math.max(heard, change.revision);
    // Layers read after the stream began are ahead of it.
    if (change.revision <= contact.revision.value) return;
    if (store.apply(change)) readAgain(change.revision);
  }

  function readAgain(revision: number): void {
    store.reload(revision).catch(() => again(() => readAgain(revision)));
  }

  function stop(): void {
    cancel();
    stream?.close();
  }

  reopen();
  return { heard: () => heard, reopen, stop };
}
