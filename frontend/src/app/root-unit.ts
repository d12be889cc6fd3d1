import type { Ref } from "vue";

/** Pixels of a rem at scale 1; the style sheets are written for it (root-unit.ts beside vite.config.ts). */
const rem = 16;

/**
 * Keeps the root unit in proportion to the window: lengths of style sheets follow it, and what
 * reckons in pixels by itself is drawn as at scale 1 and enlarged as a whole (`.enlarged`). `scaleOf`
 * says how much a window of so many CSS pixels enlarges.
 */
export function followRootUnit(
  scale: Ref<number>,
  page: Window,
  scaleOf: (width: number, height: number) => number,
): void {
  const { style } = page.document.documentElement;
  const follow = () => {
    scale.value = scaleOf(page.innerWidth, page.innerHeight);
    style.fontSize = `${rem * scale.value}px`;
    style.setProperty("--scale", String(scale.value));
    style.setProperty("--enlarge", scale.value === 1 ? "none" : `scale(${scale.value})`);
  };
  follow();
  page.addEventListener("resize", follow);
}
