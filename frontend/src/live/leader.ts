import { Hub } from "./hub";
import type { HubSays, Line, TabSays } from "./line";

/** Over what the tabs speak, and how one of them becomes the leader. */
export interface Meeting {
  channel: Pick<BroadcastChannel, "postMessage" | "onmessage">;
  /** Calls once this tab is to lead; it leads until it is closed. */
  whenLeading: (lead: () => Promise<never>) => void;
}

/** One tab runs the hub for all; when it is closed the next one does, from what each tab has. */
export function leadOrFollow(
  hear: (what: HubSays) => void,
  { channel, whenLeading }: Meeting,
): Line {
  let hub: Hub | undefined;
  channel.onmessage = ({ data }: MessageEvent<TabSays | HubSays>) => {
    if (!isTabs(data)) hear(data);
    else hub?.hear(data);
  };
  whenLeading(() => {
    const say = (what: HubSays) => {
      channel.postMessage(what);
      hear(what);
    };
    hub = pageHub(say);
    say({ kind: "begun" });
    // The lock goes on to another tab when this one is gone.
    return new Promise<never>(() => {});
  });
  return {
    say(said) {
      if (hub) hub.hear(said);
      else channel.postMessage(said);
    },
  };
}

/** A hub in this page. */
export function pageHub(say: (what: HubSays) => void): Hub {
  return new Hub({
    say,
    open: (url) => new EventSource(url),
    later(task, ms) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
}

function isTabs(said: TabSays | HubSays): said is TabSays {
  return said.kind === "follow" || said.kind === "leave";
}
