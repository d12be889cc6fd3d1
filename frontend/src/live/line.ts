/** The line between a tab and the hub that keeps the one connection of all tabs. */

/** What a tab says to the hub: from which revision on it follows (`anew`: the stream is dead), or that it leaves. */
export type TabSays =
  | { kind: "follow"; tab: string; after: number; anew?: boolean }
  | { kind: "leave"; tab: string };

/** What the hub says; `to` names the only tab it is for. Data is that of the server's event. */
export type HubSays =
  | { kind: "hello" | "change" | "day"; data: string; to?: string }
  | { kind: "lost" }
  /** A hub has just begun: tabs say again what they follow. */
  | { kind: "begun" }
  /** There can be no hub here. */
  | { kind: "unable" };

/** A tab's end of the line. */
export interface Line {
  say(said: TabSays): void;
}

/** The name under which the tabs of one server meet. */
export const meeting = "guatu-live";

/**
 * Finds the hub: in a shared worker; where there is none, in the tab that holds a lock, reached by
 * a broadcast channel; where there is neither (plain HTTP on a phone), in this tab alone.
 */
export async function findHub(hear: (what: HubSays) => void): Promise<Line> {
  return (await inWorker(hear)) ?? (await inLeader(hear)) ?? ownHub(hear);
}

function inWorker(hear: (what: HubSays) => void): Promise<Line | undefined> {
  if (typeof SharedWorker === "undefined") return Promise.resolve(undefined);
  return new Promise((found) => {
    const worker = new SharedWorker(new URL("./hub-worker.ts", import.meta.url), {
      type: "module",
      name: meeting,
    });
    const { port } = worker;
    // An old browser may have shared workers and not know this one's kind.
    worker.onerror = () => found(undefined);
    port.onmessage = ({ data }: MessageEvent<HubSays>) => {
      if (data.kind === "unable") found(undefined);
      else if (data.kind === "begun") found({ say: (said) => port.postMessage(said) });
      else hear(data);
    };
    port.start();
  });
}

async function inLeader(hear: (what: HubSays) => void): Promise<Line | undefined> {
  if (typeof BroadcastChannel === "undefined" || !navigator.locks) return undefined;
  const { leadOrFollow } = await import("./leader");
  return leadOrFollow(hear, {
    channel: new BroadcastChannel(meeting),
    whenLeading: (lead) => void navigator.locks.request(meeting, lead),
  });
}

async function ownHub(hear: (what: HubSays) => void): Promise<Line> {
  const { pageHub } = await import("./leader");
  const hub = pageHub(hear);
  return { say: (said) => hub.hear(said) };
}
