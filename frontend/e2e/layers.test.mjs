// Themes, the legend as the filter, the layers menu, the base map and the small map beside another page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

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

/** A picture of one pixel, as 天地图 would send it. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

async function total(page) {
  const text = await page.locator('[data-test="total"]').first().innerText();
  return Number(text.match(/共 ([\d,]+) 家/)[1].replace(",", ""));
}

test("lamps: units are coloured with their word and rate, and the legend filters by them", async () => {
  const { page, context, troubles } = await openPage(browser, server.url, {
    hash: "#page=map&theme=lamp",
  });
  await page.locator(".unit-name small").first().waitFor();
  const said = await page.locator(".unit-name small").allInnerTexts();
  assert.equal(said.length, 6);
  for (const each of said) assert.match(each, /^(绿|黄|红) \d+\.\d%$/);
  assert.equal(await page.locator('.unit[data-lamp="red"]').count(), 1);

  const red = page.locator('.legend [data-lamp="red"]');
  const count = Number((await red.locator(".count").innerText()).match(/\d+/)[0]);
  await red.click();
  await page.waitForFunction(() => location.hash.includes("lamp=red"));
  assert.equal(await total(page), count);
  assert.deepEqual(await seriousFaults(page), []);
  assert.deepEqual(troubles, []);
  await context.close();
});

test("亩均评价: classes filter, also from an address, and another theme says so", async () => {
  const { page, context, troubles } = await openPage(browser, server.url, {
    hash: "#page=map&theme=class&class=D",
  });
  const line = page.locator('.legend [data-class="D"]');
  await line.waitFor();
  assert.equal(await line.getAttribute("aria-pressed"), "true");
  const count = Number((await line.locator(".count").innerText()).match(/\d+/)[0]);
  assert.ok(count > 0);
  assert.equal(await total(page), count);
  await page.locator('[data-theme-code="stage"]').click();
  await page.locator('[data-also="classes"]').click();
  await page.waitForFunction(() => !location.hash.includes("class="));
  assert.ok((await total(page)) > count);
  assert.deepEqual(troubles, []);
  await context.close();
});

test("layers are switched with the keyboard, kept in the address and by the browser", async () => {
  const { page, context, troubles } = await openPage(browser, server.url, {
    hash: "#page=map&view=120.5916,30.7890,15",
  });
  await page.locator(".place-name-park span").first().waitFor();
  await page.locator("path.park").first().waitFor();
  await page.locator('[data-test="layers"]').focus();
  await page.keyboard.press("Enter");
  await page.locator('input[data-layer="parks"]').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute("data-layer")),
    "parks",
  );
  await page.keyboard.press("Space");
  await page.locator("path.park").first().waitFor({ state: "detached" });
  assert.equal(await page.locator(".place-name-park").count(), 0);
  assert.deepEqual(await seriousFaults(page), []);
  await page.keyboard.press("Escape");
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute("data-test")),
    "layers",
  );
  await page.waitForFunction(() => location.hash.includes("layers=-parks"));
  assert.equal(await page.evaluate(() => localStorage.getItem("guatu.layers")), "-parks");
  assert.deepEqual(troubles, []);
  await context.close();
});

test("without a key there is no base map to choose; with one its tiles lie below, and faults are said quietly", async () => {
  const { page, context } = await openPage(browser, server.url, { hash: "#page=map" });
  await page.locator('[data-test="layers"]').click();
  await page.locator('input[data-layer="water"]').waitFor();
  assert.equal(await page.locator("[data-base]").count(), 0);
  await context.close();

  const other = await openPage(browser, server.url, { hash: "#page=map" });
  let away = false;
  await other.page.route("**/api/v1/basemap", (route) =>
    route.fulfill({ json: { layers: ["vec_w", "cva_w", "img_w", "cia_w"] } }),
  );
  await other.page.route("**/api/v1/basemap/*/*/*/*", (route) =>
    away
      ? route.fulfill({ status: 503 })
      : route.fulfill({ body: pixel, contentType: "image/png" }),
  );
  await other.page.locator('[data-test="layers"]').click();
  await other.page.locator('[data-base="vec"]').click();
  await other.page.locator(".base-picture img.leaflet-tile-loaded").first().waitFor();
  away = true;
  await other.page.locator('[data-base="img"]').click();
  await other.page.locator(".map-away").waitFor();
  await other.context.close();
});

test("beside the ledger the map has its legend and says where it is", async () => {
  const { page, context, troubles } = await openPage(browser, server.url, {
    hash: "#page=ledger&view=120.6446,30.6646,15",
  });
  const cells = page.locator('[data-test="map-legend"] [data-stage]');
  await cells.first().waitFor();
  assert.equal(await cells.count(), 9);
  await page.locator('[data-test="overview"]').waitFor();
  const before = await page.evaluate(() => location.hash);
  await page.locator(".overview-name", { hasText: "王江泾" }).press("Enter");
  await page.waitForFunction((old) => location.hash !== old, before);
  await cells.nth(6).press("Enter");
  await page.waitForFunction(() => location.hash.includes("stage=7"));
  assert.equal(await cells.nth(6).getAttribute("aria-pressed"), "true");
  assert.deepEqual(await seriousFaults(page), []);
  assert.deepEqual(troubles, []);
  await context.close();
});

test("the map prints as one A3 sheet of vectors, with legend, scale and the names of the units", async () => {
  const { page, context, troubles } = await openPage(browser, server.url, { hash: "#page=map" });
  await page.evaluate(() => {
    globalThis.print = () => {
      globalThis.printed = document.querySelector(".map-sheet").cloneNode(true);
    };
  });
  await page.locator('[data-test="layers"]').click();
  await page.locator('[data-test="print-map"]').click();
  await page.waitForFunction(() => globalThis.printed);
  const said = await page.evaluate(() => {
    document.body.append(globalThis.printed);
    return globalThis.printed.textContent;
  });
  for (const words of ["王江泾", "已腾空", "示意边界", "公里"]) {
    assert.ok(said.includes(words), words);
  }
  const path = fileURLToPath(new URL("out/map-sheet.pdf", import.meta.url));
  const pdf = (await page.pdf({ path, preferCSSPageSize: true, printBackground: true })).toString(
    "latin1",
  );
  assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g).length, 1);
  assert.match(pdf, /MediaBox \[0 0 119[01][.\d]* 84[12]/);
  assert.deepEqual(troubles, []);
  await context.close();
});
