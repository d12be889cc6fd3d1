// The ledger as a table, its conditions, ticks and batches, and the search, against the real program.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults, tabTo } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const row = '[data-test="list"] [data-key]';

describe("ledger", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let api;
  let person;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    api = apiClient(server.url);
    const people = await api.read("/people");
    person = people.find((each) => !each.unit).id;
    await api.be(person);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const ledger = (more = {}) =>
    openPage(browser, server.url, { person, hash: "#page=ledger", ...more });
  const firstTrack = async () => (await api.read("/campaign")).tracks[0].code;
  const total = async (page) => page.locator('[data-test="total"]').innerText();

  /** Figures as they are printed: 1,464.53. */
  const printed = (n) => n.toLocaleString("en", { minimumFractionDigits: 2 });

  it("says with each condition what the server counts, and clears them all", async () => {
    const track = await firstTrack();
    const { page, context, troubles } = await ledger();
    for (const [condition, query] of [
      [
        () => page.locator('[data-test="unit"]').selectOption({ label: "油车港镇" }),
        "unit=youchegang",
      ],
      [
        () => page.locator('[data-test="side"]').selectOption({ label: "卡点" }),
        "unit=youchegang&side=blocked",
      ],
    ]) {
      await condition();
      const asked = await api.read(`/cases?track=${track}&${query}&limit=1`);
      const words = `筛选出 ${asked.total} 家，${printed(asked.total_mu)} 亩`;
      await page.locator('[data-test="total"]', { hasText: words }).waitFor();
    }
    assert.match(page.url(), /unit=youchegang&side=blocked/);
    assert.equal(await page.locator("[data-chip]").count(), 2);
    await page.locator('[data-chip="side"] button').click();
    assert.equal(await page.locator("[data-chip]").count(), 1);
    await page.locator('[data-test="clear"]').click();
    const { total: all } = await api.read(`/cases?track=${track}&limit=1`);
    await page.locator('[data-test="total"]', { hasText: `共 ${all} 家` }).waitFor();
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("orders by any head, both ways, as the server does", async () => {
    const track = await firstTrack();
    const { page, context } = await ledger();
    for (const [head, sort] of [
      ["land", "land"],
      ["code", "code"],
    ]) {
      for (const [way, prefix] of [
        ["ascending", ""],
        ["descending", "-"],
      ]) {
        await page.locator(`[data-sort="${head}"]`).click();
        await page.locator(`[aria-sort="${way}"] [data-sort="${head}"]`).waitFor();
        const { items } = await api.read(`/cases?track=${track}&sort=${prefix}${sort}&limit=3`);
        const shown = await page
          .locator(row)
          .evaluateAll((rows) =>
            rows.slice(0, 3).map((each) => each.querySelector(".code").textContent.trim()),
          );
        if (sort === "code")
          assert.deepEqual(
            shown,
            items.map((each) => each.code),
          );
        else {
          const { items: mine } = await api.read(`/cases?track=${track}&q=${shown[0]}&limit=1`);
          assert.equal(mine[0].mu, items[0].mu);
        }
      }
    }
    await context.close();
  });

  it("remembers columns, row height and filters in this browser", async () => {
    const { page, context } = await ledger();
    await page.locator('[data-test="columns"] button').first().click();
    await page.locator('[data-column="effective"]').uncheck();
    await page.locator('[data-column="batch"]').check();
    await page.getByLabel("紧凑").check();
    await page.keyboard.press("Escape");
    await page.locator('[data-test="unit"]').selectOption({ label: "洪合镇" });
    await page.locator('[data-test="my-filters"] button').first().click();
    await page.locator('[data-test="filter-name"]').fill("洪合全部");
    await page.locator('[data-test="filter-save"]').click();
    await page.goto(`${server.url}/#page=ledger`);
    await page.reload();
    await page.locator(row).first().waitFor();
    assert.equal(await page.locator('[data-sort="effective"]').count(), 0);
    assert.equal(await page.getByRole("columnheader", { name: "批次" }).count(), 1);
    assert.equal((await page.locator(row).first().boundingBox()).height, 32);
    await page.locator('[data-test="my-filters"] button').first().click();
    await page.locator('[data-test="saved-filter"]', { hasText: "洪合全部" }).click();
    await page.locator('[data-chip="unit"]').waitFor();
    assert.equal(await page.locator('[data-test="unit"]').inputValue(), "honghe");
    await context.close();
  });

  it("has one set of ticks for table and map, with their land", async () => {
    const { page, context } = await ledger();
    await page.locator(row).first().click();
    await page.locator('[data-test="list"]').focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    assert.match(await total(page), /已选 3 家，[\d.]+ 亩/);
    assert.equal(await page.locator('[role="row"][aria-selected="true"]').count(), 3);
    // Parcels may be shared: as many rings as the three stand on.
    const rings = await page.locator("path.ring-selected").count();
    assert.ok(rings >= 1 && rings <= 3, `${rings} rings`);
    const keys = await page
      .locator(row)
      .evaluateAll((rows) => rows.slice(0, 3).map((r) => r.dataset.key));
    let land = 0;
    for (const key of keys) land += (await api.detail(Number(key.split("-")[1]))).case.m2;
    const mu = (Math.round((land * 3) / 20) / 100).toFixed(2);
    assert.ok((await total(page)).includes(`已选 3 家，${mu} 亩`), `${await total(page)} ${mu}`);
    await page.locator('[data-test="clear"]').click();
    assert.equal(await page.locator("path.ring-selected").count(), 0);
    await context.close();
  });

  it("acts on several cases as one batch: verdicts of the server, summary, one undo", async () => {
    const { items } = await api.read(`/cases?track=${await firstTrack()}&next=stopped&limit=1000`);
    const open = items.filter((each) => !each.sides?.length).slice(0, 3);
    const [other] = (await api.read(`/cases?track=${await firstTrack()}&stage=9&limit=1`)).items;
    const { page, context } = await ledger();
    for (const { code } of [...open, other]) {
      await page.evaluate((q) => {
        location.hash = `#page=ledger&q=${q}`;
      }, code);
      await page.locator(`${row}:has-text("${code}") [data-test="tick"]`).click();
    }
    await page.locator('[data-test="batch"]').click();
    await page.locator('[data-batch$="mark stopped"] input').check();
    await page.locator("[data-verdict]").nth(3).waitFor();
    const verdicts = await page.locator("[data-verdict]").allInnerTexts();
    assert.equal(verdicts.filter((each) => each.includes("可以办理")).length, 3);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}batch-verdicts.png` });
    await page.locator('[data-test="batch-next"]').click();
    const land = open.reduce((sum, each) => sum + each.m2, 0);
    const mu = (Math.round((land * 3) / 20) / 100).toFixed(2);
    const summary = await page.locator('[data-test="batch-summary"]').innerText();
    assert.equal(summary, `将为 3 家办理停产，涉及腾退面积 ${mu} 亩，确定？`);
    assert.equal(await page.locator('[data-test="batch-no"]:focus').count(), 1);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}batch-summary.png` });
    await page.locator('[data-test="batch-yes"]').click();
    await page.locator('[data-test="undo"]').waitFor();
    for (const { id } of open) assert.equal((await api.detail(id)).case.stage, 5);
    await page.locator('[data-test="undo"]:enabled').click();
    await page.locator('[data-test="undo-bar"]').waitFor({ state: "detached" });
    for (const { id, stage } of open) assert.equal((await api.detail(id)).case.stage, stage);
    await context.close();
  });

  it("suggests by pinyin initials in groups, arrows choose, Enter opens, Escape closes", async () => {
    const { page, context } = await ledger();
    await page.keyboard.press("/");
    await page.locator('[data-test="find"]:focus').waitFor();
    await page.keyboard.type("nmclj");
    await page.locator('[data-found="case"]', { hasText: "南梅村联建厂房" }).waitFor();
    assert.equal(await page.locator('[data-test="find"][aria-expanded="true"]').count(), 1);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}search.png` });
    await page.keyboard.press("Enter");
    await page.locator('[data-test="case-file"] h2', { hasText: "南梅村联建厂房" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(row).first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("油车港");
    const unit = page.locator('[data-found="unit"]');
    await unit.waitFor();
    for (let n = 0; n < 40 && (await unit.getAttribute("aria-selected")) !== "true"; n++) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await page.locator('[data-chip="unit"]').waitFor();
    assert.equal(await page.locator('[data-test="unit"]').inputValue(), "youchegang");
    await page.keyboard.press("/");
    await page.keyboard.type("没有这样的");
    await page.getByText("没有找到“没有这样的”").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator('[data-test="find"][aria-expanded="false"]').count(), 1);
    assert.equal(await page.locator('[data-test="find"]').inputValue(), "");
    await context.close();
  });

  it("asks nothing while an input method composes", async () => {
    const { page, context } = await ledger();
    const asked = [];
    page.on(
      "request",
      (request) => request.url().includes("/search?") && asked.push(request.url()),
    );
    await page.locator('[data-test="find"]').focus();
    const client = await context.newCDPSession(page);
    await client.send("Input.imeSetComposition", {
      text: "hong",
      selectionStart: 4,
      selectionEnd: 4,
    });
    await page.keyboard.press("ArrowDown");
    await client.send("Input.insertText", { text: "宏" });
    await page.locator("[data-found]").first().waitFor();
    assert.deepEqual(
      asked.map((url) => new URL(url).searchParams.get("q")),
      ["宏"],
    );
    await context.close();
  });

  it("is walked by keyboard alone: the red unit's late blockers, each opened and left", async () => {
    const { page, context } = await openPage(browser, server.url, { person });
    await page.keyboard.press("Alt+2");
    await page.locator('[role="grid"]').waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("油车港镇");
    await page.locator('[data-found="unit"]').waitFor();
    const unit = page.locator('[data-found="unit"]');
    for (let n = 0; n < 40 && (await unit.getAttribute("aria-selected")) !== "true"; n++) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await page.locator('[data-chip="unit"]').waitFor();
    await tabTo(page, '[data-test="side"]');
    while ((await page.locator('[data-test="side"]').inputValue()) !== "blocked") {
      await page.keyboard.press("ArrowDown");
    }
    await tabTo(page, '[data-test="conditions"] button');
    await page.keyboard.press("Enter");
    await tabTo(page, '[data-test="due"]');
    await page.keyboard.press("ArrowDown");
    await page.locator('[data-chip="late"]').waitFor();
    await page.keyboard.press("Escape");
    await tabTo(page, '[data-test="list"]');
    const codes = await page.locator(`${row} .code`).allInnerTexts();
    assert.ok(codes.length >= 1, "the red unit has late blockers");
    for (const code of codes.slice(0, 3)) {
      await page.keyboard.press("ArrowDown");
      await page.locator(".row.current", { hasText: code }).waitFor();
      await page.keyboard.press("Enter");
      await page.locator('[data-test="case-file"]', { hasText: code }).waitFor();
      await tabTo(page, '[role="tab"][aria-selected="true"]');
      while ((await page.locator('[data-tab="sides"][aria-selected="true"]').count()) === 0) {
        await page.keyboard.press("ArrowRight");
      }
      await page.locator('[data-in-force="blocked"]').first().waitFor();
      await page.keyboard.press("Escape");
      await page.locator('[role="grid"]').waitFor();
      await tabTo(page, '[data-test="list"]');
    }
    await page.keyboard.press("?");
    await page.locator("dialog kbd", { hasText: "Shift ↑ ↓" }).waitFor();
    await context.close();
  });

  it("has no serious accessibility fault, and prints the whole list", async () => {
    const { page, context } = await ledger();
    assert.deepEqual(await seriousFaults(page), []);
    for (const panel of ["columns", "my-filters", "conditions"]) {
      await page.locator(`[data-test="${panel}"] button`).first().click();
      assert.deepEqual(await seriousFaults(page), [], panel);
      await page.keyboard.press("Escape");
    }
    // What the browser would print, held still.
    await page.evaluate(() => {
      window.print = () => {
        window.printed = document.querySelectorAll(".sheet tbody tr").length;
      };
    });
    await page.locator('[data-test="print"]').click();
    await page.waitForFunction(() => window.printed !== undefined);
    const rows = await page.locator('[data-test="list"]').getAttribute("aria-rowcount");
    assert.equal(await page.evaluate(() => window.printed), Number(rows) - 1);
    await context.close();
  });

  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [3840, 2160],
  ]) {
    it(`fits ${width}×${height}, light and dark`, async () => {
      const { page, context } = await ledger({ size: [width, height] });
      await page.locator(row).nth(2).click();
      await page.keyboard.press("Space");
      const tools = await page.locator(".tools").boundingBox();
      assert.ok(tools.height < (width / 1920 > 1 ? 120 : 60), "the buttons stand in one line");
      for (const theme of ["light", "dark"]) {
        await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: "attached" });
        await page.screenshot({ path: `${out}ledger-${width}-${theme}.png` });
        assert.deepEqual(await seriousFaults(page), [], theme);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
        await page.locator('[data-test="theme"]').click();
      }
      await context.close();
    });
  }
});
