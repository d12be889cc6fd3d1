// Photos as evidence: several at once into their slots, kept over a lost network and a reload, looked at, removed.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const vacated = '[data-milestone="vacated"]';
const several = `${vacated} .several input`;

/** A picture made by the browser; each is another. */
async function picture(page) {
  const seed = randomBytes(1)[0];
  const bytes = await page.evaluate(async (n) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = `hsl(${n * 1.4} 60% 55%)`;
    pen.fillRect(0, 0, 640, 480);
    pen.fillStyle = "#fff";
    pen.fillRect(Math.random() * 500, Math.random() * 400, 120, 60);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, seed);
  return Buffer.from(bytes);
}

describe("photos", { timeout: 300_000 }, () => {
  let server;
  let browser;
  let code;
  let caseId;
  const me = "zhou";

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    const api = apiClient(server.url);
    await api.be(me);
    const { detail } = await api.markable({ skip: [] });
    [code, caseId] = [detail.case.code, detail.case.id];
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = async () => {
    const opened = await openPage(browser, server.url, {
      ...{ person: me, hash: `#page=case&case=${code}` },
      ready: '[data-test="case-file"] [role="tab"]',
    });
    await opened.page.click('[data-tab="photos"]');
    await opened.page.waitForSelector(vacated);
    return opened;
  };
  const stored = (page, n) =>
    page.waitForFunction(
      (wanted) => document.querySelectorAll('[data-photo][data-state="stored"]').length === wanted,
      n,
    );
  const named = (buffer, i) => ({ name: `IMG_${i}.jpg`, mimeType: "image/jpeg", buffer });

  it("takes several at once into the empty slots, says what is no photo, and shows them", async () => {
    const { page, troubles } = await open();
    const files = [await picture(page), await picture(page)].map(named);
    const heic = { name: "a.heic", mimeType: "", buffer: Buffer.from("\0\0\0\x18ftypheic") };
    await page.setInputFiles(several, [...files, heic]);
    await stored(page, 2);
    assert.match(await page.textContent('[data-test="photo-refusal"]'), /不支持 HEIC 照片/);
    assert.deepEqual(await page.locator(`${vacated} [data-photo] .name`).allTextContents(), [
      "大门全景",
      "车间内部",
    ]);
    assert.match(await page.textContent('[data-test="photo-queue"]'), /已送达服务器（已入账）/);
    assert.equal(await page.locator(".untold").count(), 2, "pictures without EXIF");

    await page.click("[data-photo] >> nth=0");
    await page.waitForFunction(() => document.querySelector(".stage img")?.naturalWidth === 640);
    assert.match(await page.textContent(".about"), /照片 1\/2　大门全景/);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}photo-viewer.png` });
    await page.keyboard.press("ArrowRight");
    assert.match(await page.textContent(".about"), /照片 2\/2　车间内部/);
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("text=下载")]);
    const bytes = readFileSync(await saved.path());
    const hash = createHash("sha256").update(bytes).digest("hex");
    assert.equal(
      hash,
      createHash("sha256").update(files[1].buffer).digest("hex"),
      "as it was sent",
    );
    await page.keyboard.press("Escape");
    await page.waitForSelector(".viewer", { state: "detached" });
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}photos.png` });
    assert.deepEqual(troubles, []);
  });

  it("keeps them without a network and over a reload, and sends them by itself", async () => {
    const { page, context } = await open();
    const before = await page.locator("[data-photo]").count();
    const file = named(await picture(page), 3);
    await page.route("**/api/v1/photos/*", (route) => route.abort());
    await page.setInputFiles(`${vacated} input[data-slot="meter"]`, file);
    await page.waitForSelector('[data-test="photo-queue"] li[data-state="offline"]');
    assert.match(await page.textContent('[data-test="photo-queue"]'), /没有网络，已保存到本机/);
    await page.screenshot({ path: `${out}photos-offline.png` });
    await page.close();

    const again = await context.newPage();
    await again.goto(`${server.url}/#page=case&case=${code}`);
    await again.click('[data-tab="photos"]');
    await stored(again, before + 1);
    assert.equal(
      await again.locator(`${vacated} input[data-slot="meter"]`).count(),
      0,
      "in its slot",
    );
  });

  it("is removed for a reason and stands in the timeline", async () => {
    const { page } = await open();
    const before = await page.locator("[data-photo]").count();
    await page.click("[data-photo] >> nth=0");
    await page.click('[data-test="photo-remove"]');
    await page.fill('[data-test="reason"]', "拍错了地方");
    await page.click('[data-test="reason-submit"]');
    await page.waitForFunction(
      (n) => document.querySelectorAll("[data-photo]").length === n,
      before - 1,
    );
    await page.keyboard.press("Escape");
    await page.click('[data-tab="timeline"]');
    const traces = await page.locator('[data-test="trace"]').allTextContents();
    assert.match(traces[0], /删除照片：大门全景[\s\S]*拍错了地方/);
    assert.ok(traces.some((each) => each.includes("添加照片：电表")));
    const left = await page.evaluate(
      async (id) => (await fetch(`/api/v1/cases/${id}/photos`)).json(),
      caseId,
    );
    const photos = left.milestones.flatMap((each) => each.photos);
    assert.equal(photos.length, before - 1);
  });

  it("shows a contact masked, in full for a reason alone, and keeps nothing of it in the browser", async () => {
    const { page } = await open();
    await page.click('[data-tab="facts"]');
    await page.click('[data-test="contact-put"]');
    await page.fill('[data-test="contact-name"]', "褚志明");
    await page.fill('[data-test="contact-phone"]', "12345");
    await page.click('[data-test="contact-save"]');
    await page.waitForSelector("text=联系电话应为 11 位手机号码");
    await page.fill('[data-test="contact-phone"]', "138-6731 0842");
    await page.click('[data-test="contact-save"]');
    await page.waitForSelector('[data-test="contact-said"] >> text=褚**　138****0842');
    await page.screenshot({ path: `${out}contact.png` });
    await page.click('[data-test="contact-show"]');
    await page.fill('[data-test="reason"]', "上门前联系");
    await page.click('[data-test="reason-submit"]');
    await page.waitForSelector('[data-test="contact-said"] >> text=褚志明　13867310842');
    assert.equal(await page.getAttribute('[data-test="contact"] a', "href"), "tel:13867310842");
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(kept, /13867310842|6731|褚志明/);
    assert.deepEqual(await seriousFaults(page), []);
    await page.click("text=隐藏");
    await page.waitForSelector('[data-test="contact-said"] >> text=138****0842');
  });

  it("lays after over before, divided by the keys, and prints the whole file with its photos", async () => {
    const { page, troubles } = await open();
    const had = await page.locator('[data-photo][data-state="stored"]').count();
    for (const slot of ["before", "after"]) {
      await page.setInputFiles(`input[data-slot="${slot}"]`, named(await picture(page), slot));
    }
    await stored(page, had + 2);
    await page.click('[data-test="compare-photos"]');
    const divide = page.locator('[data-test="photo-divide"]:focus');
    await divide.waitFor();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowLeft");
    const cut = () => getComputedStyle(document.querySelector("img.before")).clipPath;
    assert.match(await page.evaluate(cut), /60%/, "forty per cent are of before");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".stage img")].every((image) => image.naturalWidth === 640),
    );
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}photo-compare.png` });
    await page.keyboard.press("Escape");
    await page.waitForSelector(".compare[open]", { state: "detached" });

    await page.evaluate(() => {
      globalThis.print = () => {
        globalThis.printed = document.querySelector(".dossier").cloneNode(true);
      };
    });
    await page.click('[data-test="print-case"]');
    await page.waitForFunction(() => globalThis.printed);
    const said = await page.evaluate(() => {
      document.body.append(globalThis.printed);
      const { printed } = globalThis;
      const pictures = [...printed.querySelectorAll("img")];
      return { text: printed.textContent, pictures: pictures.length };
    });
    assert.equal(said.pictures, had + 2);
    for (const words of [code, "基本情况", "认定面积", "添加照片：整治后"]) {
      assert.ok(said.text.includes(words), words);
    }
    const pdf = await page.pdf({
      preferCSSPageSize: true,
      printBackground: true,
      path: `${out}dossier.pdf`,
    });
    assert.match(pdf.toString("latin1"), /MediaBox \[0 0 59[45][.\d]* 84[12]/);
    assert.deepEqual(troubles, []);
  });

  it("prints the acceptance form on one page, also with long texts, and takes its stamped copy back", async () => {
    const api = apiClient(server.url);
    await api.be(me);
    const { items } = await api.read("/cases?track=rectify&next=accepted&ready=true&limit=20");
    const fresh = items.find(({ sides }) => sides.length === 0);
    const { page } = await openPage(browser, server.url, {
      ...{ person: me, hash: `#page=case&case=${fresh.code}` },
      ready: '[data-test="print-form"]',
    });
    await page.evaluate(() => {
      globalThis.print = () => {
        globalThis.printed = document.querySelector(".acceptance-form").cloneNode(true);
      };
    });
    await page.click('[data-test="print-form"]');
    await page.waitForSelector('[data-form="out"] >> text=待盖章');
    const pages = async () => {
      const bytes = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      const sheets = bytes.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g);
      const [, width, height] = bytes.toString("latin1").match(/MediaBox \[0 0 ([\d.]+) ([\d.]+)/);
      return { sheets: sheets.length, size: [Number(width), Number(height)].map(Math.round) };
    };
    const a4 = { sheets: 1, size: [595, 842] };
    const boxes = await page.evaluate(() => {
      document.body.append(globalThis.printed);
      return globalThis.printed.querySelectorAll(".opinion").length;
    });
    assert.equal(boxes, 4);
    assert.deepEqual(await pages(), a4);
    await page.evaluate(() => {
      for (const each of globalThis.printed.querySelectorAll(".value"))
        each.textContent = "很长的名称".repeat(60);
    });
    assert.deepEqual(await pages(), a4, "however long the texts are");
    await page.evaluate(() => globalThis.printed.remove());

    const stamped = await picture(page);
    await page.setInputFiles('[data-test="form-upload"]', {
      ...{ name: "盖章件.jpg", mimeType: "image/jpeg", buffer: stamped },
    });
    await page.waitForSelector('[data-form="back"] >> text=已回传');
    await page.click('[data-tab="timeline"]');
    await page.waitForSelector('[data-test="trace"] >> text=上传盖章件');
  });
});
