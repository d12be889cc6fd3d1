// Every page has room on every screen: from a phone to 3840 × 2160.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { apiClient } from "./api.mjs";
import { atRest, firstRow, launch, openPage, seriousFaults, showTopActs } from "./browser.mjs";
import { startServer } from "./server.mjs";

const pages = ["todo", "ledger", "map", "progress", "compare", "acceptance", "tracks"];
const hash = { compare: "#page=map&from=2020-08-31", tracks: "#page=tracks&track=parks" };
const ledgers = { upgrade: "one_policy", outdated: "basis", move_in: "tenant" };
const pageOf = (name) => (name === "compare" ? "map" : name);
const compared = ".comparing .map-then .unit-name span";

describe("room on every screen", { timeout: 300_000 }, () => {
  let server;
  let browser;

  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const ready = {
    progress: '[data-test="progress"]',
    compare: compared,
    acceptance: '[data-test="queue"] [data-todo]',
    tracks: '[data-test="coverage"]',
  };
  const hashOf = (page) => hash[page] ?? `#page=${page}`;

  /** Opens a page at a size and waits until its figures stand. */
  async function open(page, size) {
    return openPage(browser, server.url, { size, hash: hashOf(page), ready: ready[page] });
  }

  for (const size of [
    [1366, 768],
    [390, 844],
  ]) {
    it(`no page is broader than ${size[0]} px, in either language`, async () => {
      const { page, context } = await open(pages[0], size);
      for (const language of ["zh", "en"]) {
        if (language === "en") await speakEnglish(page);
        for (const name of pages) {
          await page.goto(`${server.url}/${hashOf(name)}`);
          await page
            .locator(`[data-page="${pageOf(name)}"][aria-current="page"]`)
            .waitFor({ state: "attached" });
          await page
            .locator(ready[name] ?? firstRow)
            .first()
            .waitFor();
          assert.deepEqual(await tooBroad(page), [], `${name} (${language})`);
        }
      }
      await context.close();
    });
  }

  it("shows the progress table whole at 1366 px, in both languages", async () => {
    const { page, context } = await open("progress", [1366, 768]);
    const hidden = () =>
      page.locator(".progress .scroll").evaluate((box) => box.scrollWidth - box.clientWidth);
    assert.equal(await hidden(), 0);
    await speakEnglish(page);
    assert.equal(await hidden(), 0);
    await context.close();
  });

  it("shows every ledger of the tracks whole at 1366 px, and the units without a park by name", async () => {
    const { page, context, troubles } = await open("tracks", [1366, 768]);
    await page
      .locator('[data-test="coverage"]', { hasText: /有园单位 5\/6\s*尚缺：油车港/ })
      .waitFor();
    for (const track of ["rectify", "upgrade", "outdated", "parks", "move_in"]) {
      await page.locator(`.tracks .head [data-code="${track}"]`).click();
      const shown = { parks: '[data-sheet="park"]', rectify: '[data-test="areas"]' }[track];
      await page.locator(shown ?? `[data-sheet="${ledgers[track]}"]`).waitFor();
      const hidden = await page
        .locator(".tracks .scroll")
        .evaluateAll((all) => all.map((box) => box.scrollWidth - box.clientWidth));
      assert.ok(
        hidden.every((n) => n === 0),
        `${track}: ${hidden}`,
      );
      assert.deepEqual(await seriousFaults(page), [], track);
    }
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("needs two rows for the top bar of a phone, the rest in its menu", async () => {
    const { page, context } = await open("map", [390, 844]);
    const top = await page.locator("header.top").boundingBox();
    assert.ok(top.height <= 110, `${top.height} px`);
    await showTopActs(page);
    await page.locator('[data-test="language"]').waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await context.close();
  });

  it("shows a case on a phone with its lamp and the next act at hand", async () => {
    const [late] = (await apiClient(server.url).read("/cases?late_days=31&limit=1")).items;
    const { page, context } = await openPage(browser, server.url, {
      size: [390, 844],
      hash: `#page=case&case=${late.code}`,
      ready: '[data-test="case-light"]',
    });
    assert.equal(await page.locator('[data-test="case-light"]').innerText(), "红");
    const act = await page.locator('[data-test="main-action"]').boundingBox();
    assert.ok(act.y + act.height <= 844, "in sight without scrolling");
    assert.deepEqual(await tooBroad(page), []);
    assert.deepEqual(await seriousFaults(page), []);
    await context.close();
  });

  it("puts no name below a button, a note or a card", async () => {
    for (const [name, wide] of [
      ["compare", [1440, 900]],
      ["map", [1366, 768]],
    ]) {
      const { page, context } = await open(name, wide);
      await atRest(page.locator(".area-map"));
      assert.deepEqual(await coveredNames(page), [], name);
      // A name that is panned below a button stands elsewhere then.
      await page.locator(".map-fill .map-canvas").focus();
      for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowDown");
      await atRest(page.locator(".area-map"));
      assert.deepEqual(await coveredNames(page), [], `${name}, panned`);
      await page.setViewportSize({ width: 390, height: 844 });
      await atRest(page.locator(".area-map"));
      assert.deepEqual(await coveredNames(page), [], `${name} of a phone`);
      await context.close();
    }
  });

  it("is the page of 1920 × 1080 doubled at 3840 × 2160, and as sharp", async () => {
    const [small, large] = [await open("map", [1920, 1080]), await open("map", [3840, 2160])];
    for (const selector of [".top", ".area-list", ".map-canvas", ".map-buttons", ".area-time"]) {
      const [one, two] = await Promise.all(
        [small, large].map(({ page }) => page.locator(selector).first().boundingBox()),
      );
      for (const side of ["x", "y", "width", "height"]) {
        assert.ok(Math.abs(2 * one[side] - two[side]) <= 2, `${selector}: ${side}`);
      }
    }
    const canvas = large.page.locator(".map-canvas canvas").first();
    const [drawn, shown] = await canvas.evaluate((each) => [
      each.width,
      each.getBoundingClientRect().width,
    ]);
    assert.ok(Math.abs(drawn - shown) <= 2, `${drawn} pixels for ${shown}`);
    // The pointer meets the parcel it points at.
    await large.page.locator('[data-test="list"] [data-key]').first().click();
    // The card is read.
    await large.page.locator('[data-test="main-action"]').waitFor();
    const label = await large.page.locator('[data-test="card-label"]').innerText();
    await atRest(large.page.locator(".area-map"));
    const ring = await large.page.locator(".ring-chosen").first().boundingBox();
    await large.page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2);
    await large.page.locator(".map-tip").waitFor();
    assert.match(await large.page.locator(".map-tip").innerText(), new RegExp(escaped(label)));
    for (const { context } of [small, large]) await context.close();
  });
});

async function speakEnglish(page) {
  await showTopActs(page);
  await page.locator('[data-test="language"]').click();
  await page.locator('html[lang="en"]').waitFor();
  // On a phone that closes the menu.
  await page.keyboard.press("Escape");
}

/** How far the page, or what is laid out beside its edge, reaches beyond the window. */
function tooBroad(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    return wide > 0 ? [`${wide} px`] : [];
  });
}

/** Names of units that lie below what lies over the map. */
function coveredNames(page) {
  return page.evaluate(() => {
    const over = ".map-buttons, .map-tools, .map-foot, .overview, .peek, .key";
    const boxes = Array.from(document.querySelectorAll(over), (each) =>
      each.getBoundingClientRect(),
    ).filter(({ width }) => width > 0);
    return Array.from(document.querySelectorAll(".unit-name span"))
      .filter((name) => {
        const a = name.getBoundingClientRect();
        return boxes.some(
          (b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
        );
      })
      .map((name) => name.textContent);
  });
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
