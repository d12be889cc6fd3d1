// Chromium as the tests use it, and what they ask of a page again and again.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { accountOf } from "./accounts.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Otherwise pages are given the priority of everything else, whatever that of the browser is.
  "--disable-renderer-priority-management",
];

/** A fresh browser: every launch has a user data folder of its own. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.GUATU_CHROMIUM ?? "/usr/bin/chromium",
    args: flags,
    // Without a locale Chromium calls every file with a Chinese name "download".
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
}

/** A row or line of the list: the page has read its data. */
export const firstRow = '[data-test="list"] [data-key]';

/**
 * Opens the page in a context of its own, as a person of the demo (without a name the district
 * office, null: nobody); `troubles` gathers errors and foreign requests. Who is signed in is
 * learned `slow` ms later than it could be.
 */
export async function openPage(
  browser,
  url,
  {
    size = [1920, 1080],
    person,
    strict = false,
    slow = 0,
    hash = "#page=map",
    ready = firstRow,
  } = {},
) {
  const [width, height] = size;
  const context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN" });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      troubles.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !/^(data|blob):/.test(asked)) troubles.push(`foreign: ${asked}`);
  });
  if (strict) await tighten(page, url);
  if (slow)
    await page.route("**/api/v1/session", (route) => setTimeout(() => route.continue(), slow));
  if (person !== null) await enter(context, url, person);
  await page.goto(`${url}/${hash}`);
  const shown = person === null ? '[data-test="submit"]' : ready;
  await page.locator(shown).first().waitFor();
  return { page, context, troubles };
}

/** Signs a person of the demo in, without a name the district office. */
export async function enter(context, url, person) {
  const entered = await context.request.post(`${url}/api/v1/session`, {
    data: accountOf(url, person),
  });
  if (!entered.ok()) throw new Error(`${person}: ${await entered.text()}`);
}

/** The page must work without any inline style or script, whatever the server permits. */
async function tighten(page, url) {
  await page.route(`${url}/`, async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'self'; img-src 'self' blob: data:; worker-src 'self'";
    const headers = { ...response.headers(), "content-security-policy": policy };
    await route.fulfill({ response, headers });
  });
}

/** Opens a case in the card by searching its code in the ledger. */
export async function openCase(page, code) {
  await page.locator('[data-test="search"]').fill(code);
  await page.locator('[data-test="list"] [data-key]').first().click();
  await page.locator('[data-test="main-action"]').waitFor();
  await page.locator('[data-test="search"]').fill("");
}

/** Shows the buttons that concern the whole page: on a phone they stand in a menu of the top bar. */
export async function showTopActs(page) {
  if (page.viewportSize().width < 900) await page.locator("header .more > button").click();
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page, selector, most = 60) {
  for (let n = 0; n < most; n++) {
    if (await page.locator(`${selector}:focus`).count()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} is not reached by ${most} times Tab`);
}

/** The middle of the map on the screen. */
export async function middleOf(page) {
  const box = await page.locator(".map-canvas").boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** A picture of an element that has come to rest: two in a row are equal, or ten seconds are over. */
export async function atRest(element) {
  const deadline = Date.now() + 10_000;
  let before = await element.screenshot();
  for (;;) {
    await new Promise((done) => setTimeout(done, 250));
    const now = await element.screenshot();
    if (now.equals(before) || Date.now() > deadline) return now;
    before = now;
  }
}

/** How many pixels of two pictures differ to the eye: by more than a tenth in a channel. Edges may be smoothed in another order. */
export function differing(page, ...pictures) {
  return page.evaluate(
    async (encoded) => {
      const [a, b] = await Promise.all(encoded.map(pixels));
      if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY;
      let count = 0;
      for (let i = 0; i < a.data.length; i += 4) {
        const far = [0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > 26);
        if (far) count++;
      }
      return count;

      async function pixels(text) {
        const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      }
    },
    pictures.map((each) => each.toString("base64")),
  );
}

/** What axe finds of serious or critical impact: rule and first element. */
export async function seriousFaults(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")}`);
  });
}
