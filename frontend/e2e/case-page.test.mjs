// 一企一档, marks shown before the answer, and work that survives a reload, against the real program.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults, tabTo } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const main = '[data-test="main-action"]';
const stage = '[data-test="card-stage"]';

describe("case page", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let people;
  const used = [];
  const clients = {};

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    people = (await apiClient(server.url).read("/people")).filter((each) => !each.unit);
    for (const each of people.slice(0, 2)) {
      clients[each.id] = apiClient(server.url);
      await clients[each.id].be(each.id);
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const me = () => people[0];
  const api = () => clients[me().id];

  /** A case whose next milestone may be marked and of which nothing is asked, another for each test. */
  async function freshCase() {
    for (;;) {
      const { detail, kind } = await api().markable({ skip: used });
      used.push(detail.case.id);
      if (detail.requests.length + detail.sides.length === 0) return { ...detail, kind };
    }
  }

  const opened = (code, more = {}) =>
    openPage(browser, server.url, {
      ...{ person: me().id, hash: `#page=case&case=${code}` },
      ...{ ready: '[data-test="case-file"] [role="tab"]', ...more },
    });

  /** Holds every change back until the answer is given; tells what was sent. */
  async function holdChanges(page) {
    const sent = [];
    let release;
    const released = new Promise((done) => {
      release = done;
    });
    await page.route("**/api/v1/changes", async (route) => {
      sent.push(route.request().postDataJSON());
      const how = await released;
      await how(route);
    });
    return { sent, release };
  }

  it("opens from its address: the file, the milestones in a line, the parcel on the map", async () => {
    const { case: own, milestones, parcels } = await freshCase();
    const { page, context, troubles } = await opened(own.code);
    await page.locator('[data-test="card-label"]', { hasText: own.label }).waitFor();
    assert.equal(await page.locator("[data-step]").count(), milestones.length);
    const next = page.locator('[data-step][aria-current="step"]');
    assert.equal(await next.getAttribute("data-step"), own.next);
    await page.locator("path.ring-chosen").first().waitFor();
    assert.equal(await page.locator("path.ring-chosen").count(), parcels.length);
    const rows = await page
      .locator("[data-area]")
      .evaluateAll((all) => all.map((r) => r.dataset.area));
    assert.deepEqual(rows, ["certificate", "geodesic", "plane", "accepted", "effective"]);
    assert.deepEqual(troubles, []);
    await page.keyboard.press("Escape");
    await page.locator('[role="grid"]').waitFor();
    assert.match(page.url(), /page=ledger/);
    await page.goBack();
    await page.locator('[data-test="case-file"] [role="tab"]').first().waitFor();
    await context.close();
  });

  it("says what is missing without a case", async () => {
    const { page, context } = await openPage(browser, server.url, {
      hash: "#page=case",
      ready: '[data-test="case-file"] p',
    });
    await page.getByText("没有打开的案卷，请从台账中选择一家").waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await context.close();
  });

  it("shows the six tenants of one parcel side by side, one of them with its land", async () => {
    const { items } = await api().read("/cases?q=联建厂房&limit=1");
    const { page, context } = await opened(items[0].code);
    await page.locator("[data-case]").nth(5).waitFor();
    const tenants = await page.locator("[data-case]").allInnerTexts();
    assert.equal(tenants.length, 6);
    assert.equal(tenants.filter((each) => each.includes("只计家数")).length, 5);
    assert.equal(tenants.filter((each) => /计 [\d.]+ 亩/.test(each)).length, 1);
    const boxes = await page
      .locator("[data-case]")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    assert.equal(new Set(boxes).size, 1, "they stand in one row");
    await page.locator("[data-case]", { hasText: "只计家数" }).first().click();
    await page.locator('[data-test="landless"]', { hasText: items[0].code }).waitFor();
    await context.close();
  });

  it("marks by keyboard, and undoes with a reason that stands in the traces", async () => {
    const { case: own, kind } = await freshCase();
    const { page, context } = await opened(own.code);
    await tabTo(page, main);
    await page.keyboard.press("Enter");
    await page.locator(stage, { hasText: kind.state.zh }).waitFor();
    await page.locator('[data-test="sending"]').first().waitFor({ state: "detached" });
    await page.locator('[data-test="undo-bar"]').waitFor();
    await page.locator('[data-test="undo-bar"]').waitFor({ state: "detached" });
    await tabTo(page, '[data-test="more"]');
    await page.keyboard.press("Enter");
    await tabTo(page, '[data-action^="batch.undo"]');
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor();
    await page.keyboard.press("Tab");
    await tabTo(page, '[data-test="reason-submit"]');
    await page.keyboard.press("Enter");
    await page.locator("dialog", { hasText: "请填写原因" }).waitFor();
    await tabTo(page, '[data-test="reason"]');
    await page.keyboard.type("点错了一家");
    await tabTo(page, '[data-test="reason-submit"]');
    await page.keyboard.press("Enter");
    await page.locator(stage, { hasText: own.state.zh }).waitFor();
    await page.locator('[data-tab="timeline"]').click();
    await page.locator('[data-test="trace"]', { hasText: "点错了一家" }).waitFor();
    assert.equal((await api().detail(own.id)).case.stage, own.stage);
    await context.close();
  });

  it("shows a mark at once as on its way, sends one of two presses, and makes it firm", async () => {
    const { case: own, kind } = await freshCase();
    const { page, context } = await opened(own.code);
    const { sent, release } = await holdChanges(page);
    await page.locator(main).dblclick();
    await page.locator(stage, { hasText: kind.state.zh }).waitFor();
    await page.locator(`${stage} [data-test="sending"]`).waitFor();
    await page.locator("path.ring-awaited").first().waitFor();
    await page.locator(main, { hasText: "正在保存" }).waitFor();
    await page.screenshot({ path: `${out}case-pending.png` });
    assert.deepEqual(await seriousFaults(page), []);
    await page.keyboard.press("Escape");
    await page.locator(`[data-key="case-${own.id}"] [data-test="sending"]`).waitFor();
    await page.locator('[data-test="undo-bar"]', { hasText: /已办理|正在发送/ }).waitFor();
    assert.equal((await api().detail(own.id)).case.stage, own.stage);
    release((route) => route.continue());
    await page
      .locator(`[data-key="case-${own.id}"] [data-test="sending"]`)
      .waitFor({ state: "detached" });
    await page.locator(`[data-key="case-${own.id}"]`, { hasText: kind.state.zh }).waitFor();
    assert.equal(await page.locator("path.ring-awaited").count(), 0);
    assert.equal(sent.length, 1);
    const now = await api().detail(own.id);
    assert.equal(now.case.stage, Math.max(kind.slot, own.stage));
    await context.close();
  });

  it("rolls a mark back with the server's sentence where another was first", async () => {
    const { case: own, kind } = await freshCase();
    const { page, context } = await opened(own.code);
    const { release } = await holdChanges(page);
    await page.locator(main).click();
    await page.locator(stage, { hasText: kind.state.zh }).waitFor();
    // Meanwhile the case is put on hold by two others.
    const other = clients[people[1].id];
    const about = { case_id: own.id, side: "held" };
    await api().change({ kind: "case.ask", ...about, reason: "住院至十月" });
    await other.change({ kind: "case.decide", ...about, approve: true });
    release((route) => route.continue());
    const failure = page.locator('[data-test="failure"]');
    await failure.waitFor();
    assert.match(await failure.innerText(), /暂缓/);
    await page.locator(stage, { hasText: own.state.zh }).waitFor();
    assert.equal(await page.locator('[data-test="sending"]').count(), 0);
    assert.equal((await api().detail(own.id)).case.stage, own.stage);
    await context.close();
  });

  it("sends an act that a dead page left unanswered once, under its own number", async () => {
    const { case: own, kind } = await freshCase();
    const { page, context } = await opened(own.code);
    const lost = [];
    await page.route("**/api/v1/changes", async (route) => {
      lost.push(route.request().postDataJSON());
      // The server does it, and the answer never comes.
      await route.fetch();
      await route.abort();
    });
    await page.locator(main).click();
    await page.getByText("暂时连不上服务器，内容已保留，正在重试").first().waitFor();
    await page.unroute("**/api/v1/changes");
    const again = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/changes")) {
        again.push(request.postDataJSON());
      }
    });
    await page.reload();
    await page.locator(stage, { hasText: kind.state.zh }).waitFor();
    await page.locator('[data-test="undo-bar"]', { hasText: "已办理" }).waitFor();
    await page.waitForFunction(() => localStorage.getItem("guatu.outbox") === "[]");
    assert.ok(again.length >= 1);
    for (const each of again) assert.deepEqual(each, lost[0]);
    const { timeline } = await api().detail(own.id);
    const marks = timeline.filter((each) => each.text.zh.includes(kind.state.zh));
    assert.equal(marks.length, 1);
    await page.reload();
    await page.locator(stage, { hasText: kind.state.zh }).waitFor();
    assert.equal(again.length, 1);
    await context.close();
  });

  it("keeps what was typed through a reload, offers it again, and forgets it once sent", async () => {
    const { case: own } = await freshCase();
    const { page, context } = await opened(own.code);
    const openDialog = async () => {
      await page.locator('[data-test="more"][aria-expanded="false"]').click();
      await page.locator('[data-action="case.ask blocked"]').click();
    };
    await openDialog();
    await page.getByLabel("产权纠纷").check();
    await page.locator('[data-test="reason"]').fill("继承人在外地，十月中旬回来签字");
    await page.reload();
    await page.locator('[data-test="begun"]', { hasText: "报卡点" }).waitFor();
    await page.screenshot({ path: `${out}case-begun.png` });
    await page.locator('[data-test="continue"]').click();
    await page.locator('[data-test="restored"]', { hasText: "已恢复未保存的内容" }).waitFor();
    assert.equal(
      await page.locator('[data-test="reason"]').inputValue(),
      "继承人在外地，十月中旬回来签字",
    );
    assert.equal(await page.getByLabel("产权纠纷").isChecked(), true);
    assert.deepEqual(await seriousFaults(page), []);
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-tab="sides"]').click();
    await page.locator('[data-in-force="blocked"]', { hasText: "继承人在外地" }).waitFor();
    await page.reload();
    await page.locator('[data-test="case-file"] [role="tab"]').first().waitFor();
    assert.equal(await page.locator('[data-test="begun"]').count(), 0);
    await context.close();
  });

  it("shows the padlock of an accepted case and asks for its opening", async () => {
    const { items } = await api().read(
      `/cases?track=${(await api().read("/campaign")).tracks[0].code}&stage=8,9&limit=50`,
    );
    let code;
    for (const each of items) {
      const detail = await api().detail(each.id);
      if (detail.locked && detail.parcels.length > 0) {
        code = each.code;
        break;
      }
    }
    const { page, context } = await opened(code);
    await page.locator('[data-tab="areas"]').click();
    await page.locator('[data-test="locked"]', { hasText: "已验收，数据已锁定" }).waitFor();
    await page.locator('[data-test="unlock"]', { hasText: "申请解锁" }).click();
    await page.getByLabel("面积有误").check();
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-tab="sides"]').click();
    await page.locator('[data-asked="unlocked"]').waitFor();
    await context.close();
  });

  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [3840, 2160],
  ]) {
    it(`fits ${width}×${height}, light and dark, without a serious fault in any part`, async () => {
      const { items } = await api().read("/cases?q=联建厂房&limit=1");
      const { page, context } = await opened(items[0].code, { size: [width, height] });
      for (const theme of ["light", "dark"]) {
        // Colours are the same at every size: each part is asked in both themes at one of them.
        const tabs =
          width === 1366 ? ["facts", "milestones", "sides", "timeline", "areas"] : ["areas"];
        for (const tab of tabs) {
          await page.locator(`[data-tab="${tab}"]`).click();
          assert.deepEqual(await seriousFaults(page), [], `${tab}, ${theme}`);
        }
        await page.screenshot({ path: `${out}case-page-${width}-${theme}.png` });
        await page.locator('[data-test="more"]').click();
        if (width === 1366) assert.deepEqual(await seriousFaults(page), [], `menu, ${theme}`);
        await page.screenshot({ path: `${out}case-page-menu-${width}-${theme}.png` });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
        await page.keyboard.press("Escape");
        await page.locator('[data-test="theme"]').click();
      }
      await context.close();
    });
  }
});
