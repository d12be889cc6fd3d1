import type { HubSays, TabSays } from "./line";

/** The part of EventSource that is used; tests give their own. */
export interface Stream {
  readonly readyState: number;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the hub needs of the world. */
export interface HubSurroundings {
  open: (url: string) => Stream;
  say: (what: HubSays) => void;
  /** Runs the task later; the answer cancels it. */
  later: (task: () => void, ms: number) => () => void;
}

const closed = 2;
const patience = [1000, 2000, 5000, 10_000];
/** Changes kept for tabs that come later. */
const most = 500;

/**
 * Keeps one stream open for all tabs of a browser and passes everything on. A tab drops what it
 * has already; what a tab lacks and is not kept here, the server is asked for again.
 */
export class Hub {
  private readonly tabs = new Set<string>();
  private stream: Stream | undefined;
  /** What the server answered first on this stream. */
  private through: { build: string } | undefined;
  /** All changes after `since`, rising. */
  private kept: { revision: number; data: string }[] = [];
  private since = Number.POSITIVE_INFINITY;
  private cancel = () => {};
  private failures = 0;

  constructor(private readonly around: HubSurroundings) {}

  hear(said: TabSays): void {
    if (said.kind === "leave") {
      this.tabs.delete(said.tab);
      if (this.tabs.size === 0) this.stop();
      return;
    }
    this.tabs.add(said.tab);
    const { tab, after, anew } = said;
    if (anew || !this.stream || after < this.since) this.open(Math.min(after, this.newest()));
    else this.catchUp(tab, after);
  }

  /** Tells a tab what came since its revision; without a time, since nobody has asked for it now. */
  private catchUp(to: string, after: number): void {
    if (this.through) {
      const hello = { revision: this.newest(), build: this.through.build };
      this.around.say({ kind: "hello", data: JSON.stringify(hello), to });
    }
    for (const { revision, data } of this.kept) {
      if (revision > after) this.around.say({ kind: "change", data, to });
    }
  }

  private open(after: number): void {
    this.stop();
    this.since = after;
    const stream = this.around.open(`/api/v1/live?after=${after}`);
    this.stream = stream;
    stream.onerror = () => this.lost(stream);
    stream.addEventListener("hello", ({ data }) => this.greet(data));
    stream.addEventListener("change", ({ data }) => this.pass(data));
    stream.addEventListener("day", ({ data }) => this.around.say({ kind: "day", data }));
  }

  private greet(data: string): void {
    this.failures = 0;
    const hello = JSON.parse(data) as { revision: number; build: string };
    this.through = hello;
    // The server has another database now: what was kept is of the one before.
    if (hello.revision < this.newest()) [this.since, this.kept] = [hello.revision, []];
    this.around.say({ kind: "hello", data });
  }

  private pass(data: string): void {
    const { revision } = JSON.parse(data) as { revision: number };
    if (revision <= this.newest()) return;
    this.kept.push({ revision, data });
    if (this.kept.length > most) this.since = this.kept.shift()?.revision ?? this.since;
    this.around.say({ kind: "change", data });
  }

  private newest(): number {
    return this.kept[this.kept.length - 1]?.revision ?? this.since;
  }

  /** The browser resumes a broken stream with its last id; one that was refused is opened anew. */
  private lost(stream: Stream): void {
    this.through = undefined;
    this.around.say({ kind: "lost" });
    if (stream.readyState !== closed) return;
    this.cancel();
    const wait = patience[Math.min(this.failures++, patience.length - 1)] ?? 10_000;
    this.cancel = this.around.later(() => this.open(this.newest()), wait);
  }

  private stop(): void {
    this.cancel();
    this.stream?.close();
    [this.stream, this.through] = [undefined, undefined];
    [this.kept, this.since] = [[], Number.POSITIVE_INFINITY];
  }
}
