// The story of a district leader, on the demo, against the real program in real Chromium: who is
// red, what blocks it, what just came in, and how it stood a month ago.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

describe("the story of a district leader", { timeout: 300_000 }, () => {
  let server;
  let browser;
  let office;
  let page;
  let context;

  before(async () => {
    server = await startServer();
    browser = await launch();
    office = apiClient(server.url);
    await office.be("zhou");
    // 区领导 reads; others act.
    ({ page, context } = await openPage(browser, server.url, { person: "li", hash: "" }));
  });
  after(async () => {
    await context?.close();
    await browser?.close();
    await server?.stop();
  });

  const cell = (row, col) =>
    page.locator(`[data-test="progress"] [data-row="${row}"] [data-col="${col}"]`);
  const said = async (locator) => (await locator.innerText()).replace(/\s+/g, "");
  const becomes = (locator, text) => locator.filter({ hasText: text }).waitFor();

  /** What a member of the acceptance team does about a case that is ready. */
  async function accept(detail) {
    const { tracks } = await office.read("/campaign");
    const kind = tracks[0].milestones.find(({ code }) => code === "accepted");
    const { id, version } = detail.case;
    const checks = kind.checks?.map(({ code }) => code);
    const change = { kind: "case.milestone", case_id: id, base_version: version };
    const done = { ...change, milestone: "accepted", date: "2020-09-30", checks };
    const { status, body } = await office.change(done);
    assert.equal(status, 200, JSON.stringify(body));
  }

  it("finds the one red unit on the first page", async () => {
    await cell("total", "light").waitFor();
    const units = (await office.read("/campaign")).units.map(({ code }) => code);
    const lights = await Promise.all(units.map((code) => said(cell(code, "light"))));
    const red = units.filter((_, i) => lights[i] === "红");
    assert.deepEqual(red, ["youchegang"]);
    assert.equal(await said(cell("youchegang", "gap")), "−15.0");
  });

  it("opens what blocks it, one after the other, each with its reason and who has it", async () => {
    const blocked = await office.read("/cases?unit=youchegang&side=blocked&sort=-late");
    assert.equal(blocked.items.length, 3, "the demo plants three");
    await page.locator('[data-page="ledger"]').click();
    await page.locator('[data-test="unit"]').selectOption("youchegang");
    await page.locator('[data-test="side"]').selectOption("blocked");
    await page.locator('[data-test="total"]', { hasText: "3 家" }).waitFor();
    for (const { id, code } of blocked.items) {
      const detail = await office.detail(id);
      const why = detail.sides.find(({ side }) => side === "blocked");
      await page.locator(`[data-key="case-${id}"]`).click();
      await page.keyboard.press("Enter");
      await page.locator(".page-case").waitFor();
      await page.getByText(code).first().waitFor();
      await page.locator('[data-tab="sides"]').click();
      await page.getByText(why.reason).first().waitFor();
      const main = page.locator('[data-test="main-action"]');
      assert.equal(await main.isDisabled(), true, "a leader does not mark");
      await page.keyboard.press("Escape");
      await page.locator(".page-ledger").waitFor();
    }
    assert.deepEqual(await seriousFaults(page), []);
  });

  it("is told what fell late for long, and reminds by hand once a day", async () => {
    const { items } = await office.read("/reminders");
    const mine = items.filter(({ told }) => told.some(({ rung }) => rung === "leader"));
    const tile = page.locator('[data-todo="told"] .count');
    await page.locator('[data-page="todo"]').click();
    await becomes(tile, `${mine.length}`);
    await page.locator('[data-page="supervision"]').click();
    await page.locator('[data-code="reminders"]').click();
    const rows = page.locator('[data-test="reminders"] tbody tr');
    await becomes(rows.first(), mine[0].case.code);
    await rows.first().locator('[data-test="remind"]').click();
    await page.locator('[data-test="reason"]').fill("请于本周内腾空");
    await page.locator('[data-test="reason-submit"]').click();
    await rows.first().locator('[data-rung="hand"]').waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    const again = await office.change({ kind: "case.remind", case_id: mine[0].case.id });
    assert.equal(again.body.code, "reminded_today");
  });

  it("names who is to solve what holds a case up, and by when", async () => {
    const { items } = await office.read("/blockers");
    await page.locator('[data-page="supervision"]').click();
    await page.locator('[data-test="supervision"] [data-code="blockers"]').click();
    const row = page.locator(`[data-blocker="${items[0].case.code}"]`);
    await row.locator('[data-test="blocker-assign"]').click();
    await page.locator('[data-test="blocker-owner"]').fill("区资规分局");
    await page.locator('[data-test="blocker-owner-submit"]').click();
    await becomes(row.locator('[data-test="owner"]'), "区资规分局");
    assert.deepEqual(await seriousFaults(page), []);
  });

  it("sees an acceptance come in: one firm more, and exactly its land", async () => {
    await page.locator('[data-page="todo"]').click();
    await becomes(cell("total", "accepted"), "297");
    const waiting = await office.read(
      "/cases?listed=true&next=accepted&ready=true&track=rectify&limit=1",
    );
    const detail = await office.detail(waiting.items[0].id);
    const { id: case_id, version: base_version } = detail.case;
    const recovered_m2 = Math.floor(detail.areas.land.m2) - 0.5;
    const areas = { recovered_m2, effective_m2: recovered_m2 / 2, reason: "现场复核" };
    const measured = await office.change({ kind: "case.measure", case_id, base_version, ...areas });
    assert.equal(measured.status, 200, JSON.stringify(measured.body));
    const exact = async () =>
      (await office.read("/figures")).total.metrics.find(({ code }) => code === "recovered").exact;
    const before = await exact();
    await office.be("yu");
    await accept(await office.detail(case_id));
    await office.be("zhou");
    await becomes(cell("total", "accepted"), "298");
    const after = await exact();
    assert.equal(after - before, Math.round(recovered_m2 * 10_000));
    const hundredths = Math.floor((3 * after + 100_000) / 200_000);
    const mu = (hundredths / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
    await becomes(cell("total", "recovered"), mu);
  });

  it("looks at how it stood on 08-31, and sets the two days side by side", async () => {
    await page.locator('[data-page="map"]').click();
    await page.locator('[data-handle="day"]').focus();
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-test="time-words"]', { hasText: "2020-08-31" }).waitFor();
    const then = await office.read("/figures?as_of=2020-08-31");
    const closed = then.total.stages[8].cases;
    await page.locator('.legend [data-stage="9"]', { hasText: `${closed} 家` }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator('[data-test="compare"]').click();
    await page.locator('[data-test="time-words"]', { hasText: "08-31 ↔ 09-30" }).waitFor();
    const now = await office.read("/figures");
    await page
      .locator('[data-compared="9"]', { hasText: `${closed} → ${now.total.stages[8].cases}` })
      .waitFor();
    const { cases } = await office.read("/figures/moves?from=2020-08-31");
    const ofTrack = cases.filter(({ code }) => code.startsWith("XZ-"));
    assert.ok(ofTrack.length > 0);
    await page.locator("[data-move]").first().waitFor();
    assert.deepEqual(await seriousFaults(page), []);
  });
});
