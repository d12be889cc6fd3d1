import type { Ref } from "vue";
import { screenScale } from "../domain/screen-scale";

/** Pixels of a rem at scale 1; the style sheets are written for it (root-unit.ts beside vite.config.ts). */
const rem = 16;

/**
 * Keeps the root unit in proportion to the window: lengths of style sheets follow it, and what
 * reckons in pixels by itself is drawn as at scale 1 and enlarged as a whole (`.enlarged`).
 */
export function followRootUnit(scale: Ref<number>, page: Window): void {
  const { style } = page.document.documentElement;
  const follow = () => {
    scale.value = screenScale(page.innerWidth, page.innerHeight);
    style.fontSize = `${rem * scale.value}px`;
    style.setProperty("--scale", String(scale.value));
    style.setProperty("--enlarge", scale.value === 1 ? "none" : `scale(${scale.value})`);
  };
  follow();
  page.addEventListener("resize", follow);
}
