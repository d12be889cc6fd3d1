/** A worker that was started and that no map has taken yet. */
let early: Worker | undefined;
/** A map that was sooner has its own. */
let taken = false;

/** Starts the worker that paints before there is a map: it takes as long as the page takes to begin. */
export function startPainter(): void {
  if (taken || !canPaintAway()) return;
  const worker = newPainter();
  early = worker;
  // Whoever takes one finds out by itself whether the browser refuses.
  worker.onerror = () => {
    if (early === worker) early = undefined;
  };
}

/** The worker of one map. */
export function takePainter(): Worker {
  const worker = early ?? newPainter();
  early = undefined;
  taken = true;
  return worker;
}

/** Whether this browser can paint in a worker. */
export function canPaintAway(): boolean {
  return typeof OffscreenCanvas === "function" && typeof Worker === "function";
}

function newPainter(): Worker {
  return new Worker(new URL("./painter-worker.ts", import.meta.url), { type: "module" });
}
