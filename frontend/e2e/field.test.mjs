// The page 现场 in a real browser: without a network, with tabs and servers that die, and two phones that contradict.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer, request } from "node:http";
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

/** Names the files of a later build. */
const newerBuild = "0123456789abcdef";

const named = (buffer, i) => ({ name: `IMG_${i}.jpg`, mimeType: "image/jpeg", buffer });

describe("field", { timeout: 120_000 }, () => {
  let server;
  let browser;
  let api;
  /** Open cases of wangjiangjing that may be marked vacated next, each used by one test. */
  let ready;
  const me = "lu";

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
  async function phone({ size = [390, 844], person = me, at, url = server.url } = {}) {
    const context = await browser.newContext({
      viewport: { width: size[0], height: size[1] },
      locale: "zh-CN",
      hasTouch: true,
      isMobile: true,
      ...(at ? { geolocation: at, permissions: ["geolocation"] } : {}),
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const troubles = [];
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => {
      const lost = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED/;
      if (message.type() === "error" && !lost.test(message.text())) troubles.push(message.text());
    });
    await enter(context, server.url, person);
    await page.goto(`${url}/field`);
    await page.locator(card).first().waitFor();
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
    await same(page, id);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("is taken back within five seconds by an entry of its own", async () => {
    const { code, id } = ready[1];
    const { page, context } = await phone();
    await openCase(page, code);
    await page.click('[data-test="all-fit"]');
    await page.fill('[data-test="note"]', "设备已拆");
    await page.click('[data-test="mark-without"]');
    await page.click('[data-test="undo"]');
    await page.click('[data-tab="outbox"]');
    await page.locator('[data-deed="undone"]').waitFor();
    await page.locator('[data-deed="entered"]').waitFor();
    const { case: now, timeline } = await api.detail(id);
    assert.equal(now.next, "vacated");
    const [undo, mark] = timeline;
    assert.deepEqual([undo.kind, mark.kind, mark.undone], ["batch.undo", "case.milestone", true]);
    assert.equal(mark.note, "设备已拆");
    await context.close();
  });

  it("loses nothing with a tab that dies in mid-write: the deed is whole, or what was entered still stands", async () => {
    const { code, id } = ready[2];
    let { page, context } = await phone();
    await openCase(page, code);
    await page.click('[data-test="all-fit"]');
    await photograph(page, 4);
    let cut = true;
    await context.route("**/api/v1/**", (route) => (cut ? route.abort() : route.continue()));
    for (const wait of [0, 3, 12]) {
      await page.evaluate(() => {
        const press = () => document.querySelector('[data-test="main"]').click();
        setTimeout(press, 20);
      });
      await new Promise((done) => setTimeout(done, 20 + wait));
      const dying = page;
      const session = await context.newCDPSession(dying);
      const dead = dying.waitForEvent("crash");
      // The command is never answered: there is nobody left.
      session.send("Page.crash").catch(() => {});
      await dead;
      page = await context.newPage();
      await page.goto(`${server.url}/field`);
      await page.locator(card).first().waitFor();
      const { deeds, drafts, files } = await boxOf(page);
      assert.equal(deeds.length + drafts.length, 1, "one of both, never none or both");
      assert.equal([...deeds, ...drafts][0].photos.length, 4);
      assert.equal(files.length, 4);
      if (deeds.length > 0) break;
      await openCase(page, code);
      await page.locator('[data-taken="true"]').nth(3).waitFor();
    }
    if ((await boxOf(page)).deeds.length === 0) await page.click('[data-test="main"]');
    cut = false;
    await page.click('[data-tab="outbox"]');
    await page.click('[data-test="sync"]');
    await page.locator('[data-test="receipt"].green').nth(3).waitFor();
    assert.equal((await api.detail(id)).case.stage, 6);
    await same(page, id);
    await context.close();
  });

  it("goes on where it was when the server is killed between the second and the third photo", async () => {
    const { code, id } = ready[3];
    const { page, context } = await phone({ size: [320, 568] });
    await killAfter(page, 2);
    await openCase(page, code);
    await page.click('[data-test="all-fit"]');
    await photograph(page, 4);
    await page.screenshot({ path: `${out}field-do-320.png` });
    await page.click('[data-test="main"]');
    await page.click('[data-tab="outbox"]');
    await page.locator('[data-test="offline"]').waitFor();
    assert.equal(await page.locator('[data-test="receipt"].green').count(), 2);
    await page.screenshot({ path: `${out}field-queue-320.png` });
    await server.resume();
    await page.click('[data-test="sync"]');
    await page.locator('[data-test="receipt"].green').nth(3).waitFor();
    const { timeline } = await api.detail(id);
    const marks = timeline.filter(
      ({ kind, text }) => kind === "case.milestone" && /腾空/.test(text.zh),
    );
    assert.equal(marks.length, 1, "entered once");
    await same(page, id);
    await context.close();
  });

  it("keeps both when two phones contradict, says who was first, and leaves it to the town lead", async () => {
    const { code, id } = ready[4];
    const late = await phone();
    await late.context.setOffline(true);
    await openCase(late.page, code);
    const first = await phone({ person: "tang" });
    for (const { page } of [first, late]) {
      if (page === first.page) await openCase(page, code);
      await page.click('[data-test="all-fit"]');
      await page.click('[data-test="mark-without"]');
      if (page === first.page)
        await page.locator(`[data-case="${code}"] [data-state="entered"]`).waitFor();
    }
    await late.context.setOffline(false);
    await late.page.click('[data-tab="outbox"]');
    const kept = late.page.locator('[data-deed="contradicts"]');
    await kept.waitFor();
    assert.match(await kept.innerText(), /待镇责任人核对/);
    assert.match(await kept.innerText(), /汤某已于 \d\d:\d\d 标记已腾空，您的内容已保留/);
    const waiting = (await api.read("/conflicts")).filter((each) => each.case.id === id);
    assert.deepEqual(
      waiting.map(({ actor }) => actor.id),
      [me],
    );
    await kept.locator('[data-test="compare"]').click();
    const sides = late.page.locator('[data-test="sides"]');
    await sides.waitFor();
    assert.match(
      await sides.innerText(),
      /汤某.*先送达，已入账.*我（陆某）.*后送达，已保留.*腾空日期/s,
    );
    assert.deepEqual(await seriousFaults(late.page), []);
    await late.page.screenshot({ path: `${out}field-conflict.png` });
    await late.page.setViewportSize({ width: 320, height: 568 });
    await late.page.screenshot({ path: `${out}field-conflict-320.png` });
    await late.page.click('[data-test="withdraw"]');
    await late.page.fill('[data-test="why-withdraw"]', "以汤某为准");
    await late.page.click('[data-test="withdraw-now"]');
    await late.page.locator('[data-deed="undone"]').waitFor();
    const [compared] = (await api.read("/conflicts")).filter((each) => each.case.id === id);
    assert.equal(compared.resolution, "standing", "nobody needs to choose any more");
    await first.context.close();
    await late.context.close();
  });

  it("is updated with unsent work on it, when its user wants it", async (test) => {
    const { code, id } = ready[5];
    const between = await proxy(server.url);
    test.after(() => between.close());
    const { page, context } = await phone({ url: between.url });
    await installed(page);
    await page.reload();
    await page.locator(card).first().waitFor();
    between.cut = true;
    await openCase(page, code);
    await page.click('[data-test="all-fit"]');
    await page.click('[data-test="mark-without"]');
    await page.locator(`[data-case="${code}"] [data-state="kept"]`).waitFor();
    between.newer = true;
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const before = await page.evaluate(() => caches.keys());
    await Promise.all([page.waitForEvent("load"), page.click('[data-test="update"]')]);
    await page.locator(card).first().waitFor();
    await page.waitForFunction(async () => (await caches.keys()).length === 1);
    const [kept] = await page.evaluate(() => caches.keys());
    assert.equal(before.length, 2);
    assert.equal(kept, `guatu-field-${newerBuild}`, "the newer files alone are left");
    assert.equal((await boxOf(page)).deeds.length, 1);
    between.cut = false;
    await page.click('[data-tab="outbox"]');
    await page.click('[data-test="sync"]');
    await page.locator('[data-deed="entered"]').waitFor();
    assert.equal((await api.detail(id)).case.stage, 6);
    await context.close();
  });

  it("says that the phone is full before anything is lost, and where somebody stands", async () => {
    const { code } = ready[6];
    const far = { longitude: 120.7, latitude: 30.9, accuracy: 12 };
    const { page, context } = await phone({ at: far });
    await openCase(page, code);
    assert.match(await page.locator('[data-test="where"]').innerText(), /距地块 \d+ 米，请选原因/);
    await full(page, true);
    await page.setInputFiles('[data-test="gallery"]', [named(await picture(page), 1)]);
    await page.getByText("手机空间不足，请先同步再拍照").waitFor();
    assert.equal((await boxOf(page)).files.length, 0);
    const lookAgain = () =>
      page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await lookAgain();
    await page.getByText("清单没有存到手机，没有网络时打不开").waitFor();
    await full(page, false);
    await lookAgain();
    await page.locator('[data-test="trouble"]').waitFor({ state: "detached" });
    await photograph(page, 1);
    await page.click("text=在村委办理");
    await page.screenshot({ path: `${out}field-where.png` });
    await page.click('[aria-label="关闭"]');
    await page.click('[data-tab="map"]');
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${out}field-map.png` });
    await page.click('[data-tab="me"]');
    await page.click('[data-test="numbers-take"]');
    // The demo has nobody's number: each was asked for, and none is there.
    await page.locator('[data-test="notice"]', { hasText: "没有登记电话" }).waitFor();
    await page.screenshot({ path: `${out}field-me.png` });
    await page.click('[data-test="sign-out"]');
    await page.locator('[data-test="login"]').waitFor();
    const left = await boxOf(page);
    assert.deepEqual(
      [left.copies.length, left.drafts.length],
      [0, 1],
      "the list goes, the work stays",
    );
    await context.close();
  });

  /** Kills the server when so many photos have their receipts and the next is on its way. */
  async function killAfter(page, photos) {
    let taken = 0;
    await page.route("**/api/v1/photos/*", async (route) => {
      if (route.request().method() !== "PATCH" || taken > photos) return route.continue();
      if (taken === photos) await server.kill();
      taken++;
      await route.continue();
    });
  }

  /** The bytes that the phone holds of a case are those that the server gives back. */
  async function same(page, id) {
    const { files } = await boxOf(page);
    const photos = await stored(id);
    assert.equal(photos.length, 4);
    assert.equal(new Set(photos.map(({ slot }) => slot)).size, 4);
    for (const photo of photos) {
      assert.ok(files.includes(photo.sha256), "named by the hash of what the phone holds");
      const bytes = await api.bytes(`/cases/${id}/photos/${photo.id}?size=original`);
      assert.equal(createHash("sha256").update(bytes).digest("hex"), photo.sha256);
    }
  }
});

/** Cases of a unit whose next milestone is 腾空 and that nothing stops. */
async function vacatable(api, unit) {
  const page = await api.read(`/cases?unit=${unit}&next=vacated&ready=true&limit=1000`);
  return page.items;
}

/** What lies on the phone, files by the hash of their bytes as the browser reckons it now. */
function boxOf(page) {
  return page.evaluate(async () => {
    const done = (asked) =>
      new Promise((hear, fail) => {
        asked.onsuccess = () => hear(asked.result);
        asked.onerror = () => fail(asked.error);
      });
    const database = await done(indexedDB.open("guatu-field"));
    const all = (table) => done(database.transaction(table).objectStore(table).getAll());
    const tables = ["deeds", "drafts", "copies", "files"];
    const [deeds, drafts, copies, kept] = await Promise.all(tables.map(all));
    database.close();
    const hex = (bytes) =>
      [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const hash = async ({ bytes }) => hex(await crypto.subtle.digest("SHA-256", bytes));
    return {
      deeds: deeds.map(({ photos }) => ({ photos })),
      drafts: drafts.filter(({ photos, checks }) => photos.length + checks.length > 0),
      copies: copies.map(() => 1),
      files: await Promise.all(kept.map(hash)),
    };
  });
}

/** The browser's database takes nothing more, or does again, as a browser without room says it. */
function full(page, isFull) {
  return page.evaluate((refuse) => {
    window.realPut ??= IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = refuse
      ? () => {
          throw new DOMException("the quota has been exceeded", "QuotaExceededError");
        }
      : window.realPut;
  }, isFull);
}

/** The server behind an address that can be cut off from the API, and that can have a newer page. */
async function proxy(target) {
  const { hostname, port } = new URL(target);
  const state = { cut: false, newer: false };
  const server = createServer((asked, answer) => {
    if (state.cut && asked.url.startsWith("/api/")) return asked.socket.destroy();
    const { method, headers, url } = asked;
    const onward = request({ hostname, port, path: url, method, headers }, async (response) => {
      const { "content-length": _, ...rest } = response.headers;
      answer.writeHead(response.statusCode, rest);
      if (!state.newer || url !== "/field-worker.js") return response.pipe(answer);
      const parts = [];
      for await (const part of response) parts.push(part);
      answer.end(
        Buffer.concat(parts)
          .toString()
          .replace(/[0-9a-f]{16}/, newerBuild),
      );
    });
    onward.on("error", () => asked.socket.destroy());
    asked.pipe(onward);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return state;
}
