const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** Watches for signs of a user; the answer tells how many seconds ago the last one was. */
export function watchActivity(page: Window, now = Date.now): () => number {
  let last = now();
  const seen = () => {
    last = now();
  };
  for (const sign of signs) page.addEventListener(sign, seen, { capture: true, passive: true });
  return () => (now() - last) / 1000;
}
