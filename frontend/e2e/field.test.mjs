// The page 现场 in a real browser: without a network, with tabs and servers that die, and two phones that contradict.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { enter, launch, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const card = '[data-test="tasks"] article';

/** A JPEG of noise made by the browser, with an EXIF segment in front as a camera writes it: orientation 6 and a date. */
async function picture(page, width = 2000, height = 1500) {
  const bytes = await page.evaluate(
    async ([w, h]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
      const pen = canvas.getContext("2d");
      for (let i = 0; i < 400; i++) {
        pen.fillStyle = `hsl(${Math.random() * 360} 60% 55%)`;
        pen.fillRect(Math.random() * w, Math.random() * h, w / 8, h / 8);
      }
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [width, height],
  );
  const jpeg = Buffer.from(bytes);
  return Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]);
}

/** APP1: little endian, orientation upright, taken on 2020-09-30 14:10:00. */
function exif() {
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 2 + 12 + 4 + 20);
  tiff.write("II", 0);
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  entry(tiff, 10, 0x0112, 3, 1, 1);
  entry(tiff, 22, 0x8769, 4, 1, 38);
  tiff.writeUInt16LE(1, 38);
  entry(tiff, 40, 0x9003, 2, 20, 56);
  tiff.write("2020:09:30 14:10:00\0", 56);
  const head = Buffer.from([0xff, 0xe1, 0, 0, ...Buffer.from("Exif\0\0")]);
  head.writeUInt16BE(2 + 6 + tiff.length, 2);
  return Buffer.concat([head, tiff]);
}

function entry(tiff, at, tag, type, count, value) {
  tiff.writeUInt16LE(tag, at);
  tiff.writeUInt16LE(type, at + 2);
  tiff.writeUInt32LE(count, at + 4);
  tiff.writeUInt32LE(value, at + 8);
}

const named = (buffer, i) => ({ name: `IMG_${i}.jpg`, mimeType: "image/jpeg", buffer });

describe("field", { timeout: 120_000 }, () => {
  let server;
  let browser;
  let api;
  /** Open cases of wangjiangjing that may be marked vacated next, each used by one test. */
  let ready;
  const me = "lu";
  const phones = [];

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer(async () => ({ GUATU_RATE_SESSION: "0", GUATU_RATE_ADDRESS: "0" }));
    browser = await launch();
    api = apiClient(server.url);
    await api.be(me);
    ready = await vacatable(api, "wangjiangjing");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A phone of a person: a browser of its own, signed in, with the list on it. */
  async function phone({ size = [390, 844], person = me, at } = {}) {
    const context = await browser.newContext({
      viewport: { width: size[0], height: size[1] },
      locale: "zh-CN",
      hasTouch: true,
      isMobile: true,
      ...(at ? { geolocation: at, permissions: ["geolocation"] } : {}),
    });
    const page = await context.newPage();
    const troubles = [];
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => {
      const lost = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED/;
      if (message.type() === "error" && !lost.test(message.text())) troubles.push(message.text());
    });
    if (person) await enter(context, server.url, person);
    await page.goto(`${server.url}/field`);
    if (person) await page.locator(card).first().waitFor();
    phones.push(troubles);
    return { context, page, troubles };
  }

  const find = async (page, code) => {
    await page.fill('[data-test="search"]', code);
    await page.locator(`[data-case="${code}"]`).waitFor();
  };
  const openCase = async (page, code) => {
    await find(page, code);
    await page.click(`[data-case="${code}"] [data-test="do"]`);
    await page.locator('[data-test="boxes"]').waitFor();
  };
  const photograph = async (page, n) => {
    const files = [];
    for (let i = 0; i < n; i++) files.push(await picture(page));
    await page.setInputFiles('[data-test="gallery"]', files.map(named));
    await page
      .locator('[data-taken="true"]')
      .nth(n - 1)
      .waitFor();
    return files;
  };
  /** Every photo of a case, with the bytes that the server gives back. */
  const stored = async (id) => {
    const { milestones } = await api.read(`/cases/${id}/photos`);
    return milestones.find(({ code }) => code === "vacated").photos;
  };
  const installed = (page) =>
    page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });

  it("opens without a network, marks with four photos in three taps, and sends all of it afterwards", async () => {
    const { code, id } = ready[0];
    const { page, context, troubles } = await phone();
    await installed(page);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}field-list.png` });
    await context.setOffline(true);
    await page.reload();
    await page.locator('[data-test="offline"]').waitFor();
    await openCase(page, code);
    await page.screenshot({ path: `${out}field-do.png` });
    await page.click('[data-test="all-fit"]');
    await photograph(page, 4);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}field-do-ready.png` });
    await page.click('[data-test="main"]');
    await page.locator('[data-test="undo-bar"]').waitFor();
    await page.screenshot({ path: `${out}field-offline.png` });
    const bar = page.locator(`[data-case="${code}"] [data-test="deed-bar"]`);
    assert.match(await bar.textContent(), /已保存到手机.*照片 4\/4/s);
    assert.equal((await api.detail(id)).case.next, "vacated", "the server knows nothing yet");

    await context.setOffline(false);
    await page.locator('[data-state="entered"]').waitFor();
    await page.click('[data-tab="outbox"]');
    await page.locator('[data-test="receipt"].green').nth(3).waitFor();
    await page.screenshot({ path: `${out}field-queue.png` });
    const detail = await api.detail(id);
    assert.equal(detail.case.stage, 6);
    const photos = await stored(id);
    assert.deepEqual(photos.map(({ slot }) => slot).sort(), [
      "equipment",
      "gate",
      "meter",
      "workshop",
    ]);
    for (const each of photos) {
      assert.equal(each.state, "stored");
      assert.equal(Math.max(each.width, each.height), 1600);
      assert.equal(each.told, true, "the camera's own words came along");
    }
    assert.deepEqual(troubles, []);
  });
});

/** Cases of a unit whose next milestone is 腾空 and that nothing stops. */
async function vacatable(api, unit) {
  const page = await api.read(`/cases?unit=${unit}&next=vacated&ready=true&limit=1000`);
  return page.items;
}
