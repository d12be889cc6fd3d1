import type { AcceptedPlugin } from "postcss";

/** Pixels of a rem on a desk of 1920 × 1080. */
const rem = 16;

/** Drawn in pixels and enlarged as a whole (`.enlarged`): Leaflet reckons in pixels. */
const inPixels = /\/leaflet\/|\/src\/map\//;

/** Lengths in px as lengths in rem. */
export function inRem(value: string): string {
  return value.replace(
    /(?<![\w.#-])(-?(?:\d+\.)?\d+)px\b/g,
    (_, pixels: string) => `${+(Number(pixels) / rem).toFixed(5)}rem`,
  );
}

/**
 * Style sheets say px of a desk of 1920 × 1080; what the browser gets says rem, so that one root
 * unit (src/app/root-unit.ts) enlarges the page for a larger screen. So do the widths that a box
 * asks of the box around it; media queries keep their px.
 */
export function rootUnit(): AcceptedPlugin {
  return {
    postcssPlugin: "root-unit",
    OnceExit(sheet) {
      if (inPixels.test(sheet.source?.input.file ?? "")) return;
      sheet.walkDecls((each) => {
        each.value = inRem(each.value);
      });
      sheet.walkAtRules("container", (each) => {
        each.params = inRem(each.params);
      });
    },
  };
}
