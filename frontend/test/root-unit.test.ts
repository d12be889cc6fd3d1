import { expect, test } from "vitest";
import { inRem } from "../root-unit";

test.each([
  ["16px", "1rem"],
  ["-4px 8px 0.5px", "-0.25rem 0.5rem 0.03125rem"],
  ["14px / 20px var(--font)", "0.875rem / 1.25rem var(--font)"],
  ["minmax(574px, 30%)", "minmax(35.875rem, 30%)"],
  ["calc(100vw - 24px)", "calc(100vw - 1.5rem)"],
  ["var(--h4px)", "var(--h4px)"],
  ["url(#a4px)", "url(#a4px)"],
  ["0 0 auto", "0 0 auto"],
  ["ledger (max-width: 1200px)", "ledger (max-width: 75rem)"],
])("%s is %s", (pixels, rem) => {
  expect(inRem(pixels)).toBe(rem);
});
