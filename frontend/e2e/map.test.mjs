// The map against the real program: tracks, addresses, coordinates and keys.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import {
  atRest,
  differing,
  launch,
  middleOf,
  openCase,
  openPage,
  seriousFaults,
} from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

describe("map", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let api;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    api = apiClient(server.url);
    const people = await api.read("/people");
    await api.be(people.find((each) => !each.unit)?.id ?? people[0].id);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const hashOf = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1));
  /** The view goes into the address when the map has come to rest. */
  async function until(page, holds) {
    const deadline = Date.now() + 20_000;
    while (!holds() && Date.now() < deadline) await page.waitForTimeout(100);
    assert.ok(holds());
  }
  const said = (page) => page.locator('[data-test="go-to-said"]').innerText();

  it("shows one track at a time, and its figures are the server's", async () => {
    const { page, context, troubles } = await openPage(browser, server.url);
    const { tracks } = await api.read("/campaign");
    const legend = page.locator(".legend");
    for (const code of [...tracks.map((track) => track.code), ""]) {
      await page.locator('[data-test="track"]').selectOption(code);
      const { total } = await api.read(`/cases?limit=1${code && `&track=${code}`}`);
      await legend.getByText(`列入清单 ${total} 家`).waitFor();
      const ledger = page.locator('[data-test="total"]', { hasText: `共 ${total} 家` });
      if (total > 0) await ledger.waitFor();
    }
    await page.reload();
    await legend.getByText("列入清单 881 家").waitFor();
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("opens the same picture at its address, and goes back and forth", async () => {
    const { detail } = await api.markable();
    const stage = `[data-stage="${detail.case.stage}"]`;
    const { page, context } = await openPage(browser, server.url);
    await page.locator(stage).click();
    await openCase(page, detail.case.code);
    await page.waitForURL(/case=/);
    await page.waitForTimeout(1200);
    const url = page.url();
    assert.deepEqual(
      [hashOf(page).get("case"), hashOf(page).get("stage")],
      [detail.case.code, String(detail.case.stage)],
    );

    await page.screenshot({ path: `${out}address.png` });
    const other = await context.newPage();
    await other.goto(url);
    await other.locator('[data-test="main-action"]').waitFor();
    await atRest(other.locator(".area-map"));
    assert.equal(new URL(other.url()).hash, new URL(url).hash);
    await other.screenshot({ path: `${out}address-opened.png` });
    const map = other.locator(".area-map");
    const once = await atRest(map);
    await other.reload();
    await other.locator('[data-test="main-action"]').waitFor();
    const again = await atRest(map);
    writeFileSync(`${out}address-again.png`, again);
    const differ = await differing(other, once, again);
    assert.ok(differ <= 20, `every opening gives the same picture; ${differ} pixels differ`);

    await page.goBack();
    await page.locator('[data-test="card"]').waitFor({ state: "detached" });
    assert.equal(await page.locator(stage).getAttribute("aria-pressed"), "true");
    await page.goBack();
    await page.locator(`${stage}[aria-pressed="false"]`).waitFor();
    await page.goForward();
    await page.goForward();
    await page.locator('[data-test="card"]').waitFor();
    assert.equal(hashOf(page).get("case"), detail.case.code);
    await context.close();
  });

  it("turns pages by the navigation and by Alt and a digit, and keeps where the map stands", async () => {
    const { page, context } = await openPage(browser, server.url);
    await page.locator(".page-map").waitFor();
    await page.waitForURL(/view=/);
    // The whole district stays whole in any room; a view that somebody chose is kept.
    const zoomOf = (url) => new URLSearchParams(url.hash.slice(1)).get("view")?.split(",")[2];
    const whole = zoomOf(new URL(page.url()));
    await page.locator(".map-buttons button >> nth=0").click();
    await page.waitForURL((url) => zoomOf(url) !== whole);
    const zoom = zoomOf(new URL(page.url()));
    await page.keyboard.press("Alt+2");
    await page.locator(".page-ledger").waitFor();
    assert.equal(hashOf(page).get("page"), "ledger");
    await page.locator('[data-page="map"]').click();
    await page.locator('[data-page="map"][aria-current="page"]').waitFor();
    await page.waitForTimeout(500);
    assert.equal(zoomOf(new URL(page.url())), zoom);
    await page.goBack();
    await page.locator(".page-ledger").waitFor();
    await context.close();
  });

  it("goes to a coordinate in any notation, and refuses nonsense", async () => {
    const { page, context } = await openPage(browser, server.url);
    await page.locator('[data-test="go-to"]').click();
    const field = page.locator('[data-test="go-to-field"]');
    for (const [text, sentence] of [
      ["120.71, 30.76", "按经度 120.710000、纬度 30.760000（CGCS2000）理解"],
      ["30.76 120.71", "按经度 120.710000、纬度 30.760000（CGCS2000）理解，两个数已按数值调换次序"],
      ["120°42′36″ 30°45′36″", "按度分秒理解：经度 120.710000、纬度 30.760000（CGCS2000）"],
      [
        "567970.25, 3404620.15",
        "按 EPSG:4549 理解：X（北） 3404620.15，Y（东） 567970.25，两个数已按数值调换次序",
      ],
    ]) {
      await field.fill(text);
      await field.press("Enter");
      await page.waitForTimeout(600);
      assert.equal(await said(page), sentence);
      await page.locator(".ring-pin").waitFor({ state: "attached" });
      const [lon, lat] = hashOf(page).get("view").split(",").map(Number);
      assert.ok(Math.abs(lon - 120.71) < 0.001 && Math.abs(lat - 30.76) < 0.001, `${lon}, ${lat}`);
    }
    await page.screenshot({ path: `${out}go-to.png` });
    const before = page.url();
    for (const [text, sentence] of [
      ["洪合镇", "没有认出两个坐标数"],
      ["20, 10", "不是国内的经纬度"],
      ["116.4, 39.9", "离本区太远"],
    ]) {
      await field.fill(text);
      await field.press("Enter");
      assert.match(await said(page), new RegExp(sentence));
    }
    await page.waitForTimeout(500);
    assert.equal(page.url(), before);
    assert.deepEqual(await seriousFaults(page), []);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".ring-pin").count(), 0);
    await context.close();
  });

  it("says coordinates in three notations, and copies them", async () => {
    const { page, context } = await openPage(browser, server.url);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const place = page.locator('[data-test="place"]');
    const notation = page.locator('[data-test="notation"]');
    assert.match(await place.innerText(), /经度 120\.\d{6}\s+纬度 30\.\d{6}/);
    await notation.click();
    assert.match(await place.innerText(), /X（北） 34\d{5}\.\d\d\s+Y（东） 5\d{5}\.\d\d/);
    await place.click();
    await page.locator('[data-test="map-said"]', { hasText: "已复制 34" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^34\d{5}\.\d\d, 5\d{5}\.\d\d$/);
    await notation.click();
    assert.match(await place.innerText(), /120°\d\d′\d\d\.\d\d″E\s+30°\d\d′\d\d\.\d\d″N/);
    await page.reload();
    await place.waitFor();
    assert.match(await place.innerText(), /″E/);
    const { x, y } = await middleOf(page);
    await page.mouse.click(x + 40, y, { button: "right" });
    await page.locator('[data-test="map-said"]', { hasText: "已复制 120°" }).waitFor();
    await context.close();
  });

  it("is worked by keys alone", async () => {
    const { detail } = await api.markable();
    const { page, context } = await openPage(browser, server.url);
    const focused = (selector) =>
      page.evaluate((s) => document.activeElement?.matches(s), selector);
    await page.locator('[data-test="find"]').waitFor();
    await page.keyboard.press("/");
    assert.equal(await focused('[data-test="find"]'), true);
    await page.keyboard.press("F6");
    assert.equal(await focused('[data-test="search"]'), true);
    await page.keyboard.type(detail.case.code);
    assert.equal(await page.locator('[data-test="search"]').inputValue(), detail.case.code);
    await page.keyboard.press("F6");
    assert.equal(await focused('[data-test="list"]'), true);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator('[data-test="main-action"]').waitFor();
    await page.waitForTimeout(600);
    await page.keyboard.press("F6");
    assert.equal(await focused(".map-canvas"), true);
    await page.locator(".map-cross").waitFor();
    const label = await page.locator('[data-test="card-label"]').innerText();
    await page.keyboard.press("Escape");
    await page.locator('[data-test="card"]').waitFor({ state: "detached" });
    await page.waitForTimeout(400);

    // The card gave its room back; the parcel is a little left of the cross.
    const [lon] = hashOf(page).get("view").split(",").map(Number);
    await page.keyboard.press("ArrowLeft");
    const lonNow = () => Number(hashOf(page).get("view").split(",")[0]);
    await until(page, () => lonNow() < lon);
    const zoom = () => Number(hashOf(page).get("view").split(",")[2]);
    const before = zoom();
    await page.keyboard.press("-");
    await until(page, () => zoom() < before);
    assert.ok(label.length > 0);

    await page.keyboard.press("3");
    await page.locator('[data-theme-code="groups"][aria-pressed="true"]').waitFor();
    await page.keyboard.press("m");
    await page.locator(".page.list-wide").waitFor();
    assert.equal(await focused('[data-test="list"]'), true);
    await page.keyboard.press("m");
    assert.equal(await focused(".map-canvas"), true);
    await page.keyboard.press("g");
    assert.equal(await focused('[data-test="go-to-field"]'), true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.locator("dialog", { hasText: "快捷键" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await context.close();
  });

  it("picks a symbol in the view of the whole district", async () => {
    const { page, context } = await openPage(browser, server.url, { size: [1366, 768] });
    await page.getByText("地块符号已放大").waitFor();
    const canvas = page.locator(".map-canvas");
    const box = await canvas.boundingBox();
    // Symbols stand thick enough that a walk over the northern part meets one.
    let met = false;
    for (let x = 0.5; x < 0.64 && !met; x += 0.004) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * 0.22);
      met = await page.locator(".map-tip").isVisible();
      if (met) await page.mouse.down();
    }
    assert.equal(met, true, "no symbol was met");
    await page.mouse.up();
    await page.locator('[data-test="card"]').waitFor();
    await context.close();
  });

  it("keeps names off each other and off the edge", async () => {
    for (const size of [
      [1366, 768],
      [1920, 1080],
      [390, 844],
    ]) {
      const { page, context } = await openPage(browser, server.url, { size });
      await page.waitForTimeout(400);
      const boxes = await page.locator(".unit-name span").evaluateAll((names) =>
        names.map((name) => {
          const { left, right, top, bottom } = name.getBoundingClientRect();
          return { text: name.textContent, left, right, top, bottom };
        }),
      );
      assert.ok(boxes.length >= 6, `${boxes.length} names`);
      const map = await page.locator(".map-canvas").boundingBox();
      for (const [i, a] of boxes.entries()) {
        assert.ok(a.left >= map.x && a.right <= map.x + map.width, `${a.text} is cut`);
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          assert.ok(apart, `${a.text} lies on ${b.text}`);
        }
      }
      await context.close();
    }
  });
});
