/** The hub in a shared worker: it lives as long as any tab does. */
import { pageHub } from "./leader";
import type { HubSays, TabSays } from "./line";

const scope = globalThis as unknown as {
  onconnect: ((event: MessageEvent) => void) | null;
  EventSource?: unknown;
};
const ports = new Map<string, MessagePort>();
const hub = scope.EventSource
  ? pageHub((what) => {
      for (const port of ports.values()) port.postMessage(what);
    })
  : undefined;

scope.onconnect = ({ ports: [port] }) => {
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<TabSays>) => {
    if (data.kind === "leave") ports.delete(data.tab);
    else ports.set(data.tab, port);
    hub?.hear(data);
  };
  port.postMessage({ kind: hub ? "begun" : "unable" } satisfies HubSays);
};
