// Importing files against the real program, in real Chromium.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults, showTopActs } from "./browser.mjs";
import { bowTie, geojson, geopackage, record, square } from "./parcel-files.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
/** South-west of the district, where the demo has no parcels. */
const [lon, lat] = [120.62, 30.69];
const many = 4000;

describe("import", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let api;
  let person;
  /** No two tests write the same codes. */
  let series = 0;
  let code;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    api = apiClient(server.url);
    const people = await api.read("/people");
    person = people.find((each) => !each.unit)?.id ?? people[0].id;
    await api.be(person);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(() => {
    const prefix = `I${++series}-${Date.now() % 100_000}`;
    code = (n) => `${prefix}-${n}`;
  });

  /** The page with the import dialog open, and what one does there. */
  async function openImport(options = {}) {
    const { page, context, troubles } = await openPage(browser, server.url, { person, ...options });
    await showTopActs(page);
    await page.locator('[data-test="import"]').click();
    const on = (name) => page.locator(`[data-test="import-${name}"]`);
    return {
      ...{ page, context, troubles, on },
      async preview(file) {
        if (file) await on("file").setInputFiles(file);
        await on("preview").click();
        await on("report").waitFor({ state: "attached" });
      },
      async apply() {
        await on("apply").click();
        await on("undo").waitFor();
      },
      count: async (name) =>
        (await on("report").locator(`[data-count="${name}"] b`).innerText()).trim(),
    };
  }

  async function parcelOf(wanted) {
    const { features } = await api.read("/layers/parcels");
    return features.find(({ properties }) => properties.code === wanted);
  }
  /** The layer follows the journal a moment later. */
  async function waitForParcel(wanted, there = true) {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = await parcelOf(wanted);
      if ((found !== undefined) === there) return found;
      assert.ok(Date.now() < deadline, `${wanted} ${there ? "did not come" : "did not go"}`);
      await wait(100);
    }
  }

  /** Three squares of about 4 mu each in a row of their own. */
  function three() {
    const y = lat + series * 0.002;
    return [1, 2, 3].map((n) => record(code(n), `地块${n}`, square(lon + n * 0.001, y, 0.0005)));
  }

  it("asks for the coordinate system, and the answer puts the parcel in its place", async () => {
    const { context, on, page, preview, apply } = await openImport();
    // 3-degree zone 120E: 60 km east of 120° in the latitude of the district.
    await preview(
      geojson("无坐标系.geojson", [record(code(1), "甲", square(560_000, 3_396_000, 50))]),
    );
    await page.getByText("文件没有坐标系说明，请选择：").waitFor();
    assert.match(await on("summary").innerText(), /请先作出选择，再预览/);
    assert.equal(await on("apply").isDisabled(), true);
    await page.getByLabel("3度带120E（4549）").check();
    await preview();
    await on("headline").getByText("共 1 行，1 行可导入").waitFor();
    assert.match(await on("summary").innerText(), /将导入 1 个地块，面积 3\.7\d 亩/);
    await apply();
    const { geometry } = await waitForParcel(code(1));
    const [x, y] = geometry.coordinates[0][0].flat(2);
    assert.ok(Math.abs(x - 120.63) < 0.02 && Math.abs(y - 30.69) < 0.02, `${x}, ${y}`);
    await context.close();
  });

  it("asks which of two layers is meant", async () => {
    const [first, second, third] = three();
    const file = geopackage("两个图层.gpkg", [
      ["宗地", 4490, [first, second]],
      ["图斑", 4549, [third]],
    ]);
    const { context, on, page, preview, apply } = await openImport();
    await preview(file);
    await page.getByText("文件里有多个图层，请选择要导入的一个：").waitFor();
    await page.getByLabel("图斑").check();
    await preview();
    await on("headline").getByText("共 1 行，1 行可导入").waitFor();
    await apply();
    await waitForParcel(code(3));
    assert.equal(await parcelOf(code(1)), undefined);
    await context.close();
  });

  it("shows what a second file changes, field by field, and what it no longer has", async () => {
    const [first, second, third] = three();
    const mine = await openImport({ size: [1366, 768] });
    const { on, count } = mine;
    await mine.preview(geojson("第一次.geojson", [first, second, third]));
    assert.equal(await count("created"), "3");
    await mine.apply();

    await mine.page.locator('[data-test="modal-close"]').click();
    await mine.page.locator('[data-test="import"]').click();
    const [x, y] = first.geometry.coordinates[0][0];
    const changed = record(code(1), "地块1改名", square(x, y, 0.0004), { 电话: "0573" });
    await mine.preview(geojson("第二次.geojson", [changed, second]));
    for (const [name, n] of Object.entries({
      ...{ created: 0, changed_geometry: 1, changed_attributes: 1, unchanged: 1, gone: 1 },
    })) {
      assert.equal(await count(name), String(n), name);
    }
    const said = (await on("changed").innerText()).replace(/\s+/g, " ");
    assert.ok(said.includes(code(1)), said);
    assert.ok(said.includes("名称 地块1 → 地块1改名"), said);
    assert.ok(said.includes("电话 — → 0573"), said);
    assert.match(said, /图斑面积 3\.\d\d 亩 → 2\.\d\d 亩 .*−1\.\d\d 亩（−36\.\d%）/);
    assert.equal(said.match(/名称 地块1/g).length, 1);
    assert.match(
      await on("gone").innerText(),
      new RegExp(`本次文件中没有的地块（未删除）[^]*${code(3)}`),
    );
    assert.match(
      await on("summary").innerText(),
      /新增 0，更新 1，无变化 1；0 行不导入，1 个保留不动/,
    );
    await mine.page.screenshot({ path: `${out}import-diff-1366.png` });
    assert.deepEqual(await seriousFaults(mine.page), []);

    const before = (await parcelOf(code(1))).properties.mu;
    await mine.apply();
    const deadline = Date.now() + 20_000;
    while ((await parcelOf(code(1))).properties.mu === before) assert.ok(Date.now() < deadline);
    assert.ok(await parcelOf(code(3)), "what is not in the file stays");
    await mine.context.close();
  });

  it("takes a whole batch back with a reason, and applies it again", async () => {
    const { context, on, page, preview, apply } = await openImport();
    await preview(geojson("撤回.geojson", three()));
    await apply();
    await waitForParcel(code(1));
    await on("undo").click();
    await page.locator('[data-test="reason"]').fill("导错了文件");
    await page.locator('[data-test="reason-submit"]').click();
    await page.getByText("已整批撤回").first().waitFor();
    await on("undo").waitFor({ state: "detached" });
    await waitForParcel(code(1), false);
    await preview(); // and it is applied again
    await apply();
    await waitForParcel(code(1));
    await context.close();
  });

  it("hands out the rejected rows as a list, and shows the fault on the map", async () => {
    const y = lat + series * 0.002;
    const bad = record(code(9), "蝴蝶", bowTie(lon, y, 0.0005));
    const { context, on, page, preview } = await openImport({ size: [390, 844] });
    await preview(geojson("洪合镇图斑.geojson", [...three(), bad]));
    await on("headline").getByText("共 4 行，3 行可导入，1 行有误，可下载错误清单").waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), on("errors").click()]);
    assert.equal(download.suggestedFilename(), "洪合镇图斑_错误清单.csv");
    const bytes = readFileSync(await download.path());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [head, line, end] = bytes.subarray(3).toString("utf8").split("\r\n");
    assert.equal(head, "行号,编号,原因,经度,纬度");
    assert.match(line, new RegExp(`^4,${code(9)},.*自相交.*,120\\.620250,30\\.\\d{6}$`));
    assert.equal(end, "");

    await page.screenshot({ path: `${out}import-390.png` });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
    await on("locate").click();
    await page.locator(".ring-pointed").waitFor();
    await on("located").getByText("返回导入").click();
    assert.equal(await on("headline").isVisible(), true);
    assert.equal(await page.locator(".ring-pointed").count(), 0);

    await on("repair").check();
    assert.match(await on("summary").innerText(), /读取方式有改动，请重新预览/);
    await preview();
    await on("headline").getByText("共 4 行，4 行可导入").waitFor();
    await context.close();
  });

  it("shows how far a large file is, and cancels it without a trace", async () => {
    const large = Array.from({ length: many }, (_, n) =>
      record(
        code(n),
        `户${n}`,
        square(lon + (n % 80) * 0.0004, lat + 0.03 + Math.floor(n / 80) * 0.0004, 0.0003),
      ),
    );
    const { context, on, page, preview } = await openImport();
    await page.evaluate(() => {
      window.said = new Set();
      new MutationObserver(() => {
        const shown = document.querySelector('[data-test="import-progress"] .said');
        if (shown) window.said.add(shown.textContent);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await preview(geojson("大文件.geojson", large));
    await on("headline").getByText("共 4,000 行，4,000 行可导入").waitFor();
    const said = () => page.evaluate(() => [...window.said]);
    assert.ok((await said()).includes("正在上传"));
    assert.ok(
      (await said()).some((words) => /读取 [\d,]+\/4,000 行$/.test(words)),
      await said(),
    );

    await page.evaluate(() => {
      new MutationObserver(() => {
        const shown = document.querySelector('[data-test="import-progress"]');
        if (/读取/.test(shown?.textContent)) shown.querySelector("button").click();
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await on("all-in").click(); // some lie on parcels of the demo, and wait for a word
    await on("apply").click();
    await on("failure").getByText("已取消").waitFor();
    await page.waitForTimeout(2000);
    for (const n of [0, many - 1]) assert.equal(await parcelOf(code(n)), undefined);
    assert.equal(await on("apply").isEnabled(), true, "it can be applied again");
    await context.close();
  });

  it("asks before it is closed while an import runs", async () => {
    const { context, on, page, preview } = await openImport();
    await preview(geojson("关闭.geojson", three()));
    // The answer never comes.
    await page.route("**/api/v1/imports", () => {});
    await on("apply").click();
    await on("progress").getByText("正在上传").waitFor();
    const question = page.getByText("导入还没有完成，关闭将取消导入，确定？");
    await page.keyboard.press("Escape");
    await question.waitFor();
    await page.getByText("继续导入").click();
    await on("progress").getByText("正在上传").waitFor();
    await page.locator('[data-test="modal-close"]').first().click();
    await question.waitFor();
    await page.locator('[data-test="confirm"]').click();
    await page.locator("dialog").first().waitFor({ state: "detached" });
    assert.equal(await parcelOf(code(1)), undefined);
    await context.close();
  });
});
