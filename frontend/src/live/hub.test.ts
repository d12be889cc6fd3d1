import { describe, expect, it, vi } from "vitest";
import { Hub, type Stream } from "./hub";
import { leadOrFollow } from "./leader";
import type { HubSays, Line, TabSays } from "./line";

class FakeStream implements Stream {
  readyState = 1;
  onerror: ((event: Event) => unknown) | null = null;
  open = true;
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
    this.open = false;
  }
}

function setup() {
  const streams: FakeStream[] = [];
  const said: HubSays[] = [];
  const tasks: { task: () => void; ms: number }[] = [];
  const hub = new Hub({
    open: (url) => {
      const stream = new FakeStream(url);
      streams.push(stream);
      return stream;
    },
    say: (what) => said.push(what),
    later: (task, ms) => {
      tasks.push({ task, ms });
      return () => {};
    },
  });
  const follow = (tab: string, after: number, anew = false) =>
    hub.hear({ kind: "follow", tab, after, anew });
  /** The revisions a tab was told since the last asking. */
  const told = (tab: string) =>
    said
      .splice(0)
      .flatMap((what) =>
        what.kind === "change" && (what.to === undefined || what.to === tab)
          ? [(JSON.parse(what.data) as { revision: number }).revision]
          : [],
      );
  return { hub, streams, said, tasks, follow, told };
}

const hello = (revision: number) => ({ revision, server_time: "2020-09-30T06:32:05Z", build: "b" });

describe("hub", () => {
  it("opens one stream for all tabs, from what the first one has", () => {
    const { streams, follow, told } = setup();
    follow("a", 5);
    expect(streams.map(({ url }) => url)).toEqual(["/api/v1/live?after=5"]);
    streams[0]?.say("hello", hello(6));
    for (const revision of [6, 7]) streams[0]?.say("change", { revision });
    expect(told("a")).toEqual([6, 7]);
    follow("b", 6);
    follow("c", 7);
    expect(streams).toHaveLength(1);
    expect(told("b")).toEqual([7]);
  });

  it("greets a later tab with the newest revision and no time", () => {
    const { streams, said, follow } = setup();
    follow("a", 5);
    streams[0]?.say("hello", hello(6));
    for (const revision of [6, 7]) streams[0]?.say("change", { revision });
    said.splice(0);
    follow("b", 7);
    expect(said).toEqual([{ kind: "hello", to: "b", data: '{"revision":7,"build":"b"}' }]);
  });

  it("asks the server again for what a tab lacks and is not kept", () => {
    const { streams, follow } = setup();
    follow("a", 5);
    follow("b", 2);
    expect(streams.map(({ url, open }) => [url, open])).toEqual([
      ["/api/v1/live?after=5", false],
      ["/api/v1/live?after=2", true],
    ]);
  });

  it("gives a tab that comes while the stream is broken what is kept", () => {
    const { streams, follow, told, said } = setup();
    follow("a", 5);
    streams[0]?.say("hello", hello(6));
    for (const revision of [6, 7]) streams[0]?.say("change", { revision });
    streams[0]?.fail(0);
    expect(said.some(({ kind }) => kind === "lost")).toBe(true);
    said.splice(0);
    follow("b", 6);
    expect(told("b")).toEqual([7]);
  });

  it("leaves a broken stream to the browser and opens a refused one anew, after what it has", () => {
    const { streams, follow, tasks } = setup();
    follow("a", 5);
    streams[0]?.say("hello", hello(5));
    streams[0]?.say("change", { revision: 8 });
    streams[0]?.fail(0);
    expect(tasks).toHaveLength(0);
    streams[0]?.fail(2);
    expect(tasks.map((each) => each.ms)).toEqual([1000]);
    tasks[0]?.task();
    expect(streams[1]?.url).toBe("/api/v1/live?after=8");
    streams[1]?.fail(2);
    expect(tasks.map((each) => each.ms)).toEqual([1000, 2000]);
  });

  it("opens another stream for a tab that finds this one dead, and ends with the last tab", () => {
    const { hub, streams, follow } = setup();
    follow("a", 5);
    follow("b", 5);
    streams[0]?.say("hello", hello(5));
    streams[0]?.say("change", { revision: 9 });
    follow("a", 9, true);
    expect(streams.map(({ url, open }) => [url, open])).toEqual([
      ["/api/v1/live?after=5", false],
      ["/api/v1/live?after=9", true],
    ]);
    hub.hear({ kind: "leave", tab: "a" });
    expect(streams[1]?.open).toBe(true);
    hub.hear({ kind: "leave", tab: "b" });
    expect(streams[1]?.open).toBe(false);
  });

  it("tells every tab that another day has begun", () => {
    const { streams, said, follow } = setup();
    follow("a", 5);
    streams[0]?.say("day", { day: "2020-10-01" });
    expect(said).toEqual([{ kind: "day", data: '{"day":"2020-10-01"}' }]);
  });

  it("forgets what it kept when the server has another database", () => {
    const { streams, follow, told } = setup();
    follow("a", 5);
    streams[0]?.say("hello", hello(5));
    streams[0]?.say("change", { revision: 900 });
    streams[0]?.say("hello", hello(2));
    told("a");
    streams[0]?.say("change", { revision: 3 });
    expect(told("a")).toEqual([3]);
    follow("b", 2);
    expect(told("b")).toEqual([3]);
  });
});

/** Tabs that meet over one channel; a lock goes from tab to tab as they close. */
function tabsOver(server: { journal: number[]; streams: FakeStream[] }) {
  type Tab = { line: Line; has: number; repeats: number; open: boolean; revisions: number[] };
  const channels: { onmessage: ((event: MessageEvent) => void) | null; tab: Tab }[] = [];
  const queue: (() => void)[] = [];
  let held: Tab | undefined;

  function openTab(has: number): Tab {
    const tab = { has, repeats: 0, open: true, revisions: [] } as unknown as Tab;
    const channel = { onmessage: null as ((event: MessageEvent) => void) | null, tab };
    channels.push(channel);
    const id = `tab-${channels.length}`;
    const follow = () => tab.line?.say({ kind: "follow", tab: id, after: tab.has });
    const hear = (what: HubSays) => {
      if (what.kind === "begun") follow();
      if (what.kind !== "change" || (what.to && what.to !== id)) return;
      const { revision } = JSON.parse(what.data) as { revision: number };
      if (revision <= tab.has) tab.repeats++;
      else tab.revisions.push(revision);
      tab.has = Math.max(tab.has, revision);
    };
    tab.line = leadOrFollow(hear, {
      channel: {
        postMessage(data: TabSays | HubSays) {
          for (const other of channels) {
            if (other.tab !== tab && other.tab.open) other.onmessage?.({ data } as MessageEvent);
          }
        },
        set onmessage(listener: ((event: MessageEvent) => void) | null) {
          channel.onmessage = listener;
        },
        get onmessage() {
          return null;
        },
      },
      whenLeading: (lead) => {
        const begin = () => {
          held = tab;
          void lead();
        };
        if (held) queue.push(begin);
        else begin();
      },
    });
    follow();
    return tab;
  }

  function close(tab: Tab): void {
    tab.open = false;
    for (const stream of server.streams) stream.close();
    held = undefined;
    queue.shift()?.();
  }
  return { openTab, close };
}

describe("leading tab", () => {
  it("hands over without a miss or a repeat when it closes", () => {
    const server = { journal: [1, 2, 3], streams: [] as FakeStream[] };
    vi.stubGlobal(
      "EventSource",
      class extends FakeStream {
        constructor(url: string) {
          super(url);
          server.streams.push(this);
        }
      },
    );
    /** The server sends everything after what was asked for. */
    const deliver = () => {
      for (const stream of server.streams.filter(({ open }) => open)) {
        const after = Number(new URL(stream.url, "http://x").searchParams.get("after"));
        stream.say("hello", hello(server.journal[server.journal.length - 1] ?? 0));
        for (const revision of server.journal) {
          if (revision > after) stream.say("change", { revision });
        }
      }
    };
    const { openTab, close } = tabsOver(server);
    const tabs = [openTab(3), openTab(3), openTab(2)];
    deliver();
    server.journal.push(4, 5);
    deliver();
    expect(tabs.map(({ has }) => has)).toEqual([5, 5, 5]);
    expect(server.streams.filter(({ open }) => open)).toHaveLength(1);
    const [leader, second, third] = tabs;
    server.journal.push(6);
    if (leader) close(leader);
    server.journal.push(7);
    deliver();
    server.journal.push(8);
    deliver();
    expect(second?.revisions).toEqual([4, 5, 6, 7, 8]);
    expect(third?.revisions).toEqual([3, 4, 5, 6, 7, 8]);
    expect(server.streams.filter(({ open }) => open)).toHaveLength(1);
    vi.unstubAllGlobals();
  });
});
