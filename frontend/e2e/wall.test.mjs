// The wall: every region in its place at every size, the figures of the server, keys, another day, lost contact and back.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { openScreen, soak } from "./soak.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const lateRow = '[data-test="wall-late"] li';

/** Regions of mocks/wall.md: left, top, width, height in px of 1920 × 1080. */
const regions = {
  '[data-test="wall-head"]': [0, 0, 1920, 72],
  '[data-test="wall-cards"]': [16, 76, 1888, 132],
  '[data-test="wall-funnel"]': [16, 220, 400, 416],
  '[data-test="wall-burn-up"]': [16, 648, 400, 324],
  '[data-test="wall-map"]': [428, 220, 1064, 752],
  '[data-test="wall-ranking"]': [1504, 220, 400, 360],
  '[data-test="wall-late"]': [1504, 592, 400, 380],
  '[data-test="time"]': [16, 984, 1888, 56],
  '[data-test="wall-basis"]': [16, 1044, 1888, 28],
};

/** What is in the regions of a page whose root unit is so many times that of 1920 × 1080. */
async function boxes(page, scale) {
  const found = {};
  for (const region of Object.keys(regions)) {
    const { x, y, width, height } = await page.locator(region).boundingBox();
    found[region] = [x, y, width, height].map((each) => Math.round(each / scale));
  }
  return found;
}

/** Texts that are too small for six metres, and what runs out of its box. */
function faults(page, scale) {
  return page.evaluate((factor) => {
    const own = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    // In a picture px are of the picture, which is enlarged as a whole.
    const sizeOf = (element) =>
      Number.parseFloat(getComputedStyle(element).fontSize) /
      (element.closest("svg, .enlarged") ? 1 : factor);
    const leaves = (element) => {
      const panel = element.closest(".wall-panel, .wall-cards li, [data-test=wall-basis]");
      const [box, room] = [element, panel].map((each) => each?.getBoundingClientRect());
      return room && (box.right > room.right + 1 || box.bottom > room.bottom + 1);
    };
    return [...document.querySelectorAll(".wall *")]
      .filter((each) => own(each) && each.getBoundingClientRect().width > 0)
      .filter((each) => !each.closest(".visually-hidden, title"))
      .filter((each) => sizeOf(each) < 17.9 || leaves(each))
      .map((each) => `${sizeOf(each)} px: ${each.textContent.trim()}`);
  }, scale);
}

/** Another screen: the root unit is that of it when this is over. */
async function resize(page, width, height) {
  await page.setViewportSize({ width, height });
  const unit = `${16 * Math.min(width / 1920, height / 1080)}px`;
  await page.waitForFunction((is) => document.documentElement.style.fontSize === is, unit);
}

describe("the wall", { timeout: 240_000 }, () => {
  let server;
  let browser;
  let wall;
  let api;

  before(async () => {
    mkdirSync(out, { recursive: true });
    // 50 watch from one address.
    const noLimit = { GUATU_RATE_SESSION: "0", GUATU_RATE_ADDRESS: "0" };
    server = await startServer(async () => noLimit);
    browser = await launch();
    api = apiClient(server.url);
    wall = await openPage(browser, server.url, { hash: "wall", ready: lateRow });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("has every region in its place, no text below 18 px, nothing out of its box", async () => {
    const { page } = wall;
    await page.locator(".unit-name span").first().waitFor();
    assert.deepEqual(await boxes(page, 1), regions);
    assert.deepEqual(await faults(page, 1), []);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}wall-1920.png` });

    await resize(page, 3840, 2160);
    assert.deepEqual(await boxes(page, 2), regions);
    assert.deepEqual(await faults(page, 2), []);
    await page.screenshot({ path: `${out}wall-3840.png` });

    // What a screen has over in width is the map's.
    for (const [width, height, scale] of [
      [3840, 1080, 1],
      [5760, 2160, 2],
    ]) {
      await resize(page, width, height);
      const wide = await boxes(page, scale);
      const over = width / scale - 1920;
      assert.deepEqual(wide['[data-test="wall-funnel"]'], [16, 220, 400, 416]);
      assert.deepEqual(wide['[data-test="wall-map"]'], [428, 220, 1064 + over, 752]);
      assert.deepEqual(wide['[data-test="wall-late"]'], [1504 + over, 592, 400, 380]);
      assert.deepEqual(await faults(page, scale), []);
      await page.screenshot({ path: `${out}wall-${width}x${height}.png` });
    }
    await resize(page, 1920, 1080);
  });

  it("prints the server's figures, of now and of another day", async () => {
    const { page } = wall;
    const printed = () =>
      page
        .locator("[data-metric] .number b, [data-step] > b")
        .evaluateAll((all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));
    const told = async (query) => {
      const { total } = await api.read(`/figures${query}`);
      return [...total.metrics.map(({ done }) => done), ...total.steps.map((s) => s.reached.cases)];
    };
    assert.deepEqual(await printed(), await told(""));
    const { late_total } = await api.read("/wall");
    assert.match(await page.locator('[data-test="wall-late"] h2').innerText(), RegExp(late_total));

    const handle = page.locator('[data-handle="day"]');
    await handle.focus();
    await handle.press("PageDown");
    await page.locator(".wall.replaying").waitFor();
    const day = await page.locator('[data-test="time-words"] b').innerText();
    const then = await told(`?as_of=${day}`);
    await page.waitForFunction(
      (first) => document.querySelector("[data-metric] .number b")?.textContent === String(first),
      then[0],
    );
    assert.deepEqual(await printed(), then);
    assert.equal(await page.locator(".wall-head .replay").innerText(), "回放");
    await page.screenshot({ path: `${out}wall-replay.png` });
    await handle.press("Escape");
    await page.locator(".wall:not(.replaying)").waitFor();
  });

  it("turns to a unit and hides from visitors what is not for them, by keys", async () => {
    const { page } = wall;
    await page.locator("body").press("PageDown");
    await page.getByRole("heading", { level: 1, name: "王江泾镇·挂图作战" }).waitFor();
    await page.locator('[data-test="wall-ranking"] h2', { hasText: "各村（社区）进度" }).waitFor();
    await page.locator(lateRow).first().waitFor();
    assert.deepEqual(await faults(page, 1), []);
    await page.screenshot({ path: `${out}wall-unit.png` });
    await page.locator("body").press("Home");
    await page.locator('[data-row="youchegang"]').waitFor();
    await page.locator("body").press("v");
    await page.locator('[data-test="wall-reception"]').waitFor();
    assert.equal(await page.locator('[data-test="wall-late"]').count(), 0);
    assert.equal(await page.locator('[data-test="wall-forecast"]').count(), 0);
    assert.doesNotMatch(await page.locator('[data-test="wall-legend"]').innerText(), /逾期/);
    const order = await page
      .locator('[data-test="wall-ranking"] [data-row]')
      .evaluateAll((all) => all.map((row) => row.dataset.row));
    const { rows } = await api.read("/figures");
    assert.deepEqual(
      order,
      [...rows].map(({ code }) => code),
    );
    assert.doesNotMatch(await page.locator('[data-test="wall-ranking"]').innerText(), /↑|↓|相差/);
    await page.locator("body").press("v");
  });

  it("misses nothing and tells nothing twice when the server begins anew and the line breaks", async (t) => {
    if (!server.own) return t.skip("needs a program of its own");
    // Seconds of what scripts/soak-wall.mjs does for half an hour.
    const run = await soak({
      ...{ server, ms: 15_000, away: 1500, restarts: 1, cuts: 1, pace: 200 },
      open: (url, secret) => openScreen(browser, `${url}/wall#wall=${secret}`),
    });
    assert.deepEqual(
      run.followers.flatMap(({ faults }) => faults),
      [],
    );
    assert.deepEqual(run.lacking, []);
    assert.equal(run.followers.length, 49);
    assert.ok(run.kept, "the page was not read anew");
    await run.page.context().close();
  });

  it("is the leader's page on a phone: figures, ranking, what is late; a list, a unit and the map a tap away", async () => {
    const { secret } = await api.post("/tokens", { kind: "wall", name: "工作群" });
    const context = await browser.newContext({
      ...{ viewport: { width: 390, height: 844 }, locale: "zh-CN" },
      ...{ deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    });
    const page = await context.newPage();
    await page.goto(`${server.url}/wall#wall=${secret}`);
    await page.locator('[data-test="phone-late"] li').first().waitFor();
    await page.locator('[data-row="youchegang"]').waitFor();
    const { total } = await api.read("/figures");
    const [rectified] = total.metrics;
    const printed = page.locator('[data-metric="rectified"] .number b');
    await printed.waitFor();
    assert.equal(await printed.innerText(), String(rectified.done));
    assert.equal(await page.locator('[data-test="phone-late"] li').count(), 5);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, "nothing runs out of the screen");
    const ground = page.locator(".phone");
    const colour = await ground.evaluate((box) => getComputedStyle(box).backgroundColor);
    assert.equal(colour, "rgb(240, 243, 248)", "its style sheet has come");
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}phone-leader.png`, fullPage: true });

    await page.locator('[data-metric="rectified"]').click();
    const list = page.locator('[data-test="phone-list"]');
    await list.locator("li").first().waitFor();
    assert.match(await list.innerText(), RegExp(`共 ${rectified.done} 件`));
    await page.goBack();
    await list.waitFor({ state: "detached" });
    await page.locator('[data-row="youchegang"] button').click();
    await page.locator('.phone[data-page="youchegang"]').waitFor();
    await page.locator('[data-test="phone-head"] h1', { hasText: "油车港镇" }).waitFor();
    await page.goBack();
    await page.locator('[data-test="phone-map"]').click();
    await page.locator('[data-test="phone-map-view"] canvas').first().waitFor();
    await page.screenshot({ path: `${out}phone-map.png` });
    await context.close();
  });

  it("says by server time that contact is lost, and takes it back without being read anew", async () => {
    const { page } = wall;
    await page.evaluate(() => {
      window.notReadAnew = true;
    });
    await server.halt();
    // Time is told forward, not waited for: the page reckons silence with it.
    const { origin } = await page.evaluate(() => {
      const now = performance.now.bind(performance);
      window.ahead = 0;
      performance.now = () => now() + window.ahead;
      return { origin: now() };
    });
    assert.ok(origin > 0);
    const forward = (ms) =>
      page.evaluate((by) => {
        window.ahead += by;
      }, ms);
    await forward(61_000);
    await page.locator('[data-test="wall-stale"]').waitFor();
    assert.match(
      await page.locator('[data-test="wall-stale"]').innerText(),
      /^重连中·画面为 \d\d:\d\d:\d\d 的数据$/,
    );
    await forward(300_000);
    await page.locator('[data-test="wall-lost"]').waitFor();
    assert.match(await page.locator('[data-test="wall-lost"]').innerText(), /与服务器失联 6 分钟/);
    assert.match(await page.locator('[data-test="time-words"]').innerText(), /画面停留在/);
    await page.screenshot({ path: `${out}wall-stale.png` });
    await server.resume();
    await page.locator('[data-test="wall-lost"]').waitFor({ state: "detached", timeout: 40_000 });
    await page.locator('[data-test="wall-as-of"]').waitFor();
    assert.equal(await page.evaluate(() => window.notReadAnew), true);
  });
});
