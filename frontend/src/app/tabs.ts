/** Several tabs of one page: they tell each other of news, and one of them works. */
export function tabsOf(name: string) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : undefined;
  return {
    tell: () => channel?.postMessage("news"),
    hear: (listen: () => Promise<void>) =>
      channel?.addEventListener("message", () => void listen()),
  };
}

/** Does work in one tab at a time; where another is at it, or on its way to it, not at all. */
export function aloneAmongTabs(name: string) {
  return async (work: () => Promise<void>): Promise<void> => {
    // Without locks two tabs may send the same operation, which the server enters once.
    if (!navigator.locks) return work();
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
    });
  };
}
