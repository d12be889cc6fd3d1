// The figures of the campaign on the page, against the real program, in real Chromium: to-do,
// progress table, headline figures, funnel, ranking, burn-up, and the lists behind all of them.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const patience = 15_000;

// 演示数据, 2020-09-30: 整治 · 其中企业 · 腾退 · 有效 · 提升 · 园（个） · 园（万㎡） · 入园.
const printed = {
  wangjiangjing: "71/100 33/45 361.27/520 262.41/390 24/35 0/1 0.00/6 31/50",
  youchegang: "30/50 16/25 127.46/220 92.30/165 9/15 0/— 0.00/— 0/—",
  xincheng: "66/85 31/40 322.18/420 241.75/315 23/30 1/1 5.12/5 33/40",
  wangdian: "62/75 34/40 311.05/380 236.88/285 24/30 1/1 6.05/6 38/45",
  honghe: "43/60 20/30 158.93/240 113.52/180 13/20 0/1 0.00/4 20/35",
  gaoxin: "25/30 17/20 183.64/220 139.07/165 17/20 1/1 4.10/4 27/30",
  total: "297/400 151/200 1,464.53/2,000 1,085.93/1,500 110/150 3/5 15.27/25 149/200",
};
const stepCodes = ["signed", "stopped", "vacated", "demolished", "accepted", "closed"];

describe("figures", { timeout: 900_000 }, () => {
  let server;
  let browser;
  let api;
  let shared;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    api = apiClient(server.url);
    await api.be("zhou");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = (options = {}) =>
    openPage(browser, server.url, { person: "zhou", hash: "#page=todo", ...options });

  /** The page most of this is read on, back at the to-do. */
  async function desk() {
    shared ??= (await open()).page;
    await shared.keyboard.press("Alt+1");
    await shared.locator('[data-page="todo"][aria-current="page"]').waitFor();
    return shared;
  }

  const cell = (page, row, col) =>
    page.locator(`[data-test="progress"] [data-row="${row}"] [data-col="${col}"]`);
  const said = async (locator) => (await locator.innerText()).replace(/\s+/g, "");

  /** Waits until a text of the page is this one, and fails with what stands there instead. */
  async function becomes(read, wanted) {
    const deadline = Date.now() + patience;
    let last;
    do last = await read();
    while (last !== wanted && Date.now() < deadline);
    assert.equal(last, wanted);
  }

  const chip = (page) => page.locator('[data-chip="list"]');

  /** 共 n 家，m 亩 above the ledger, once the list is there. */
  async function listed(page) {
    await chip(page).waitFor();
    await page.locator('[data-test="list"] [data-key]').first().waitFor();
    const [, n, area] = /共 ([\d,]+) [家个]，([\d,.]+)/.exec(
      await page.locator('[data-test="total"]').innerText(),
    );
    return { n, area };
  }

  /** Opens a number's list by a click and says what stands on top of it. */
  async function follow(page, link) {
    await link.click();
    return listed(page);
  }

  it("opens on the to-do where the address names no page", async () => {
    const { page, context, troubles } = await open({ hash: "", strict: true });
    assert.equal(await page.locator('[data-page="todo"]').getAttribute("aria-current"), "page");
    const strip = await api.read("/todo");
    await page.locator('[data-todo="review"]').waitFor();
    assert.match(await page.locator('[data-test="todo-badge"]').innerText(), /^待办\s+\d+$/);
    await becomes(
      () => page.locator('[data-test="todo-badge"] strong').innerText(),
      `${strip.mine}`,
    );
    assert.equal(await page.locator('[data-test="todo-mine"]').innerText(), `${strip.mine}`);
    await page.waitForTimeout(300);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("counts on each tile of the to-do what its list holds", async () => {
    const page = await desk();
    await page.locator('[data-todo="late"]').waitFor();
    const tiles = await page.locator("[data-todo]").all();
    assert.ok(tiles.length >= 6);
    for (const tile of tiles) {
      const count = await tile.locator(".count").innerText();
      if (count === "0") continue;
      assert.deepEqual((await follow(page, tile)).n, count, await tile.innerText());
      assert.equal(await tile.getAttribute("aria-current"), "true");
      assert.equal(await page.locator('[data-page="todo"]').getAttribute("aria-current"), "page");
    }
    await chip(page).click();
    await chip(page).waitFor({ state: "detached" });
  });

  it("prints every number of the demo's table", async () => {
    const page = await desk();
    await cell(page, "total", "task").waitFor();
    for (const [row, numbers] of Object.entries(printed)) {
      const [firms, enterprises, land, effective] = numbers.split(" ");
      const read = (col) => said(cell(page, row, col));
      assert.equal(`${await read("accepted")}/${await read("task")}`, firms, row);
      assert.equal(await read("part"), enterprises, row);
      assert.equal(`${await read("recovered")}/${await read("recovered-task")}`, land, row);
      assert.equal(`${await read("effective")}/${await read("effective-task")}`, effective, row);
    }
    const total = (col) => said(cell(page, "total", col));
    assert.deepEqual(await Promise.all(stepCodes.map(total)), "408 371 338 318 297 281".split(" "));
    assert.deepEqual(
      await Promise.all(["rate", "recovered-rate", "effective-rate", "gap", "light"].map(total)),
      ["74.3%", "73.2%", "72.4%", "−0.7", "黄"],
    );
    assert.equal(await said(cell(page, "youchegang", "gap")), "−15.0");
    assert.match(await said(cell(page, "gaoxin", "place")), /^1↑1/);
    assert.deepEqual([await total("late"), await total("rebounds")], ["23", "3"]);
    const late = cell(page, "total", "late");
    assert.match((await late.getAttribute("class")) ?? "", /late/);
  });

  it("prints the eight headline figures of the district and of every unit", async () => {
    const page = await desk();
    await page.keyboard.press("Alt+7");
    const cards = page.locator('[data-test="headlines"] [data-metric]');
    await cards.first().waitFor();
    const read = async () => {
      const numbers = await page.locator('[data-test="headlines"] .number').allInnerTexts();
      return numbers
        .map((each) => /^([\d,.]+)(?:\s*\/\s*([\d,.]+))?/.exec(each))
        .map(([, done, task = "—"]) => `${done}/${task}`)
        .join(" ");
    };
    for (const [row, numbers] of Object.entries(printed)) {
      await page.locator(`.head [data-code="${row === "total" ? "" : row}"]`).click();
      await becomes(read, numbers);
    }
  });

  it("draws the funnel, the ranking and the curve with its sentence", async () => {
    const page = await desk();
    await page.keyboard.press("Alt+7");
    const funnel = page.locator('[data-test="funnel"] [data-step]');
    await funnel.first().waitFor();
    const rows = (await funnel.allInnerTexts()).map((row) => row.replace(/\s+/g, " ").trim());
    assert.deepEqual(rows, [
      "已建档 479",
      "已签约 408 −71",
      "已停产 371 −37",
      "已腾空 338 −33",
      "已拆除 含不需拆除 58 318 −20",
      "已验收 297 −21",
      "已销号 281 −16",
    ]);
    assert.equal(await page.locator('[data-test="funnel-task"]').innerText(), "任务 400");
    const places = () =>
      page
        .locator('[data-test="ranking"] [data-row] th')
        .allInnerTexts()
        .then((all) => all.join(" "));
    await becomes(places, "高新区 王店 新塍 洪合 王江泾 油车港");
    await page.getByText("最快与最慢相差 23.3 个百分点").waitFor();
    await page.locator('[data-code="effective"]').click();
    await becomes(
      () => said(page.locator('[data-test="ranking"] [data-row="gaoxin"]')),
      "1高新区139.07/16584.3%↑1上升1位绿",
    );
    await page.getByText("按近四周进度，预计12月18日完成2,000亩（12月9日—12月30日）。").waitFor();
    await page.locator('[data-test="burn-up"] canvas').waitFor();
    assert.match(
      await page.locator('[data-test="burn-up"]').getAttribute("aria-label"),
      /09-30 完成 1,464\.53，序时 1,500\.00，任务 2,000/,
    );
    assert.equal(await page.locator('[data-test="burn-up"] canvas').count(), 1);
    assert.equal(await page.locator(".map-canvas").isVisible(), false);
  });

  const counted = ["part", ...stepCodes, "late", "rebounds"];

  async function opensItsList(page, row, col) {
    const link = cell(page, row, col).locator("a");
    await link.waitFor();
    const [number] = (await said(link)).split("/");
    const { n, area } = await follow(page, link);
    assert.equal(counted.includes(col) ? n : area, number, `${row} ${col}`);
    const { total, sums } = await api.read(
      `/cases?${await link.getAttribute("data-list")}&limit=1`,
    );
    assert.equal(n, `${total}`, `${row} ${col}`);
    const sum = { recovered: "recovered", effective: "effective", signed: "land" }[col];
    if (sum) assert.equal(area, muOf(sums[sum]), `${row} ${col}`);
    await chip(page).click();
  }

  it("opens from each kind of number the list that makes it", async () => {
    const page = await desk();
    for (const row of ["total", "wangjiangjing"]) {
      for (const col of [...counted, "recovered", "effective"]) await opensItsList(page, row, col);
      const [firms, land] = await cell(page, row, "added").locator("a").all();
      const wanted = { n: await firms.innerText(), area: await land.innerText() };
      assert.deepEqual(await follow(page, firms), wanted, "new in the period");
      await chip(page).click();
    }
  });

  it("tells where a list comes from, keeps it in the address and leaves it again", async () => {
    const { page, context } = await open();
    await follow(page, cell(page, "wangjiangjing", "signed").locator("a"));
    assert.match(await chip(page).innerText(), /^来自：已签约·王江泾镇/);
    const { context: second, page: other } = await open({ hash: new URL(page.url()).hash });
    assert.deepEqual(await listed(other), await listed(page));
    await second.close();
    await page.goBack();
    await chip(page).waitFor({ state: "detached" });
    await page.keyboard.press("Alt+7");
    await page.locator('[data-metric="park_floor"] a').click();
    assert.deepEqual(await listed(page), { n: "3", area: "15.27" });
    assert.equal(await page.locator('[data-page="ledger"]').getAttribute("aria-current"), "page");
    await page.goBack();
    await page.locator('[data-test="headlines"]').waitFor();
    await context.close();
  });

  it("opens the bulletins by the address, never empty, and the same issue for somebody else", async () => {
    const { page, context } = await open({
      hash: "#page=progress&issue=0",
      ready: '[data-test="bulletin-first"] [data-test="bulletin-message"]',
    });
    await page.locator('[data-test="bulletin-freeze"]').click();
    const issue = '[data-test="bulletin"] h2';
    await page.locator(issue).waitFor();
    await page.waitForURL(/[#&]issue=[1-9]\d*/);
    const name = await page.locator(issue).innerText();
    await page.screenshot({ path: `${out}bulletin.png` });
    const hash = new URL(page.url()).hash;
    const { context: second, page: other } = await open({ hash, ready: issue });
    await other.locator(issue, { hasText: name }).waitFor();
    await second.close();
    await page.goBack();
    await page.waitForURL(/[#&]issue=0/);
    await context.close();
  });

  it("lists the cases of a figure and nothing else", async () => {
    const page = await desk();
    await follow(page, cell(page, "total", "rebounds").locator("a"));
    const keys = await page.locator('[data-test="list"] [data-key]').all();
    assert.equal(keys.length, 3);
    for (const key of keys) assert.match(await key.getAttribute("data-key"), /^case-/);
  });

  it("unfolds a unit to its villages, and changes track and period", async () => {
    const page = await desk();
    const table = page.locator('[data-test="progress"]');
    await cell(page, "honghe", "task").waitFor();
    await table.locator('[data-row="honghe"] button').click();
    const village = table.locator(".row-village").first();
    await village.waitFor();
    const sheet = await api.read("/figures?by=village&unit=honghe&track=rectify");
    assert.equal(await table.locator(".row-village").count(), sheet.rows.length);
    const sum = sheet.rows.reduce((all, row) => all + row.steps[1].reached.cases, 0);
    assert.equal(await said(cell(page, "honghe", "signed")), `${sum}`);
    await page.locator('.progress [data-code="upgrade"]').click();
    await becomes(() => said(cell(page, "total", "task")), "150");
    assert.equal(await table.locator('thead th[scope="colgroup"]').count(), 1);
    await page.locator('.progress [data-code="rectify"]').click();
    await page.locator('.progress [data-code="month"]').click();
    await page.getByText("本月新增（家/").first().waitFor();
  });

  it("is walked by the keyboard: one stop a table, arrows inside, Enter opens", async () => {
    const page = await desk();
    await cell(page, "total", "task").waitFor();
    const stops = page.locator('[data-test="progress"] [tabindex="0"]');
    assert.equal(await stops.count(), 1);
    await stops.focus();
    const here = () =>
      page.evaluate(() => {
        const at = document.activeElement;
        return `${at.closest("tr")?.dataset.row} ${at.closest("td")?.dataset.col}`;
      });
    assert.equal(await here(), "total part");
    await page.keyboard.press("ArrowRight");
    assert.equal(await here(), "total signed");
    await page.keyboard.press("ArrowDown");
    assert.equal(await here(), "wangjiangjing signed");
    await page.keyboard.press("End");
    assert.equal(await here(), "wangjiangjing rebounds");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await here(), "wangjiangjing signed");
    await page.keyboard.press("Enter");
    assert.match(await chip(page).innerText(), /已签约·王江泾镇/);
    assert.equal(await here(), "wangjiangjing signed", "the focus stays on the number");
    assert.equal(await stops.count(), 1);
  });

  it("keeps other panels in use where one could not be read, and reads it again", async () => {
    const { page, context } = await open();
    await context.route("**/api/v1/figures/burn-up*", (route) => route.abort());
    await page.keyboard.press("Alt+7");
    await page.getByText(/曲线没有读到/).waitFor();
    await cell(page, "total", "task").waitFor();
    assert.equal(await page.locator('[data-test="funnel"]').isVisible(), true);
    await context.unroute("**/api/v1/figures/burn-up*");
    await page.getByRole("button", { name: "重试" }).click();
    await page.locator('[data-test="burn-up"] canvas').waitFor();
    assert.equal(await page.getByText(/曲线没有读到/).count(), 0);
    await context.close();
  });

  it("folds to its total on a small screen, where the map is a button", async () => {
    const { page, context } = await open({ size: [1366, 768] });
    const folded = page.locator('[data-test="progress-folded"]');
    await folded.waitFor();
    assert.match(
      await said(folded.locator("tbody")),
      /297\/400151\/20074\.3%−0\.71,464\.53\/2,000/,
    );
    assert.equal(await page.locator(".map-canvas").isVisible(), false);
    await page.locator('[data-test="map-button"]').click();
    assert.equal(await page.locator(".map-canvas").isVisible(), true);
    await page.keyboard.press("m");
    assert.equal(await page.locator(".map-canvas").isVisible(), false);
    await page.locator('[data-test="unfold"]').click();
    await cell(page, "gaoxin", "task").waitFor();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wider, false);
    await context.close();
  });

  /** A page at one size: pictured, asked by axe, searched for what does not fit. */
  async function inspect(page, key, name) {
    await page.keyboard.press(key);
    await page.locator('[data-row="total"]').first().waitFor();
    if (key === "Alt+7") await page.locator('[data-test="burn-up"] canvas').waitFor();
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${out}figures-${name}.png` });
    assert.deepEqual(await seriousFaults(page), [], name);
    assert.deepEqual(await clipped(page), [], name);
  }

  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [3840, 2160],
  ]) {
    it(`has no serious finding of axe and nothing clipped at ${width}`, async () => {
      const { page, context } = await open({ size: [width, height] });
      for (const theme of ["light", "dark"]) {
        await inspect(page, "Alt+1", `todo-${width}-${theme}`);
        await inspect(page, "Alt+7", `progress-${width}-${theme}`);
        await page.locator('[data-test="theme"]').click();
      }
      await context.close();
    });
  }

  it("follows a mark made elsewhere: table, funnel and open list", async () => {
    const { page, context } = await open();
    await api.be("zhou");
    const { detail, kind } = await api.markable();
    const link = cell(page, "total", kind.code).locator("a");
    await link.waitFor();
    const before = Number(await said(link));
    const { n } = await follow(page, link);
    assert.equal(Number(n), before);
    await mark(detail, kind.code);
    await becomes(() => said(cell(page, "total", kind.code)), `${before + 1}`);
    await becomes(async () => (await listed(page)).n, `${before + 1}`);
    await page.keyboard.press("Alt+7");
    const row = page.locator(`[data-test="funnel"] [data-step="${kind.code}"] .number`);
    await becomes(() => said(row), `${before + 1}`);
    await context.close();
  });

  it("moves the total by exactly the land that was accepted", async () => {
    const page = await desk();
    await api.be("yu");
    const waiting = await api.read("/cases?listed=true&next=accepted&ready=true&track=rectify");
    const detail = await api.detail(waiting.items[0].id);
    const before = await api.read("/figures");
    const land = (sheet) => sheet.total.metrics.find(({ code }) => code === "recovered");
    await cell(page, "total", "recovered").waitFor();
    assert.equal(await said(cell(page, "total", "recovered")), "1,464.53");
    const recovered_m2 = Math.floor(detail.areas.land.m2) - 0.5;
    await api.be("zhou");
    const measured = await api.change({
      kind: "case.measure",
      case_id: detail.case.id,
      base_version: detail.case.version,
      recovered_m2,
      effective_m2: recovered_m2 / 2,
      reason: "现场复核",
    });
    assert.equal(measured.status, 200, JSON.stringify(measured.body));
    await api.be("yu");
    await mark(await api.detail(detail.case.id), "accepted");
    await becomes(() => said(cell(page, "total", "accepted")), "298");
    const now = await api.read("/figures");
    const exact = Math.round(recovered_m2 * 10_000);
    assert.equal(land(now).exact - land(before).exact, exact);
    assert.equal(await said(cell(page, "total", "recovered")), muOf(land(before).exact + exact));
    await page.keyboard.press("Alt+7");
    const card = page.locator('[data-metric="recovered"] .number a');
    await becomes(() => said(card), muOf(land(before).exact + exact));
  });

  it("changes the campaign's data: effects first, then saved with why, and every open page follows", async () => {
    const elsewhere = await open();
    const { page, context, troubles } = await openPage(browser, server.url, {
      hash: "#page=settings",
      ready: '[data-test="task-rectified-youchegang"]',
    });
    const task = page.locator('[data-test="task-rectified-youchegang"]');
    const red = page.locator('[data-test="light-red"]');
    await task.fill("60");
    await page.locator('[data-code="lights"]').click();
    await red.fill("0.5");
    await page.locator('[data-test="settings-preview"]').click();
    // Red from above green: refused in words, nothing lost.
    await page.locator('[data-test="settings-refusal"]').waitFor();
    await red.fill("-30");
    // Unfinished work outlives a reload.
    await page.locator('[data-code="tasks"]').click();
    await page.reload();
    await task.waitFor();
    assert.equal(await task.inputValue(), "60");
    await page.locator('[data-test="settings-preview"]').click();
    const effects = page.locator('[data-test="settings-effects"]');
    await effects.waitFor();
    const foreseen = await effects.innerText();
    assert.match(foreseen, /油车港 整治完成 年度任务 · 任务数/);
    assert.match(foreseen, /−10\.0个百分点/);
    assert.match(foreseen, /各单位之和 410家，全区 400家，不一致/);
    assert.deepEqual(await seriousFaults(page), []);
    await page.locator(".why").fill("秀洲政办发〔2020〕22号");
    await page.locator('[data-test="settings-save"]').click();
    await page.locator('[data-code="history"]').click();
    const history = page.locator('[data-test="settings-history"]');
    await history.getByText("第 2 版").waitFor();
    assert.match(await history.innerText(), /依据：秀洲政办发〔2020〕22号/);
    await becomes(
      async () => (await api.read("/targets?unit=youchegang&metric=rectified")).items[0].task,
      60,
    );
    // The page that was open all the time has the new task.
    await becomes(() => said(cell(elsewhere.page, "youchegang", "task")), "60");
    assert.deepEqual(
      troubles.filter((each) => !/ 400 /.test(each)),
      [],
    );
    await context.close();
    await elsewhere.context.close();
  });

  async function mark(detail, milestone) {
    const { tracks } = await api.read("/campaign");
    const kind = tracks
      .find(({ code }) => code === detail.case.track)
      .milestones.find(({ code }) => code === milestone);
    const { status, body } = await api.change({
      kind: "case.milestone",
      case_id: detail.case.id,
      base_version: detail.case.version,
      milestone,
      date: "2020-09-30",
      ...(kind.checks ? { checks: kind.checks.map(({ code }) => code) } : {}),
    });
    assert.equal(status, 200, JSON.stringify(body));
  }
});

/** Printed mu of an area in 0.0001 m². */
function muOf(area) {
  const hundredths = Number((3n * BigInt(area) + 100_000n) / 200_000n);
  const whole = Math.floor(hundredths / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** Figures whose text is wider than their box, outside what scrolls. */
function clipped(page) {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "[data-col], .number, .standing, .note, [data-todo] .name, .tile .count",
      ),
    ]
      .filter((each) => each.offsetParent && each.scrollWidth > each.clientWidth + 1)
      .map((each) => `${each.className} ${each.textContent.trim().slice(0, 20)}`),
  );
}
