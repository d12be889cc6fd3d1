// What a case can do beside its milestones, against the real program, in real Chromium.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openCase, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

describe("case card", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let people;
  const used = [];
  const clients = {};

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    people = await apiClient(server.url).read("/people");
    for (const each of people.slice(0, 3)) {
      clients[each.id] = apiClient(server.url);
      await clients[each.id].be(each.id);
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // The district office, the commander, and a planner: who asks, who decides, who writes beside.
  const [asker, decider, writer] = [() => people[0], () => people[1], () => people[2]];
  const api = () => clients[asker().id];

  /** A case that nothing is asked of, another for each test. */
  async function freshCase() {
    for (;;) {
      const { detail } = await api().markable({ skip: used });
      used.push(detail.case.id);
      if (detail.requests.length === 0 && detail.sides.length === 0) return detail;
    }
  }

  async function opened(person, code) {
    const { page, context } = await openPage(browser, server.url, { person: person.id });
    await openCase(page, code);
    return { page, context };
  }

  /** The act's button; the menu closes by itself when the act before is saved. */
  async function menu(page, action) {
    await page.locator('[data-test="more"][aria-expanded="false"]').click();
    return page.locator(`[data-action="${action}"]`);
  }

  it("asks for a hold, refuses it to who asked, and another approves: the badge appears", async () => {
    const { id, code } = (await freshCase()).case;
    const mine = await opened(asker(), code);
    await (await menu(mine.page, "case.ask held")).click();
    await mine.page.getByText("须由另一人审批").waitFor();
    await mine.page.locator('dialog input[type="radio"]').first().check();
    await mine.page.locator('[data-test="reason"]').fill("住院至十月");
    await mine.page.locator('[data-test="reason-submit"]').click();
    await mine.page.locator('[data-asked="held"]').waitFor();

    const own = await menu(mine.page, "case.decide held approve");
    assert.equal(await own.isDisabled(), true);
    const refusal = "审批人不能是申请人";
    assert.ok((await mine.page.locator('[data-test="actions"]').innerText()).includes(refusal));
    const decide = { kind: "case.decide", case_id: id, side: "held", approve: true };
    const refused = await api().change(decide);
    assert.deepEqual([refused.status, refused.body.detail], [409, refusal]);

    const theirs = await opened(decider(), code);
    await (await menu(theirs.page, "case.decide held approve")).click();
    const parties = await theirs.page.locator('[data-test="parties"]').innerText();
    for (const each of [asker(), decider()]) assert.ok(parties.includes(each.name), parties);
    await theirs.page.screenshot({ path: `${out}decide.png` });
    await theirs.page.locator('[data-test="reason-submit"]').click();
    await theirs.page.locator('[data-in-force="held"]', { hasText: "暂缓" }).waitFor();
    // The other page hears of it, and the milestone cannot be marked there any more.
    await mine.page.locator('[data-in-force="held"]').waitFor();
    await mine.page.locator('[data-test="main-action"]:disabled').waitFor();

    const now = await api().detail(id);
    assert.equal(now.sides[0].reason_code !== undefined, true);
    assert.equal(now.sides[0].approved.name, decider().name);
    await mine.context.close();
    await theirs.context.close();
  });

  it("reports a blocker with the code of its reason, in the timeline in words, and solves it", async () => {
    const { id, code, label } = (await freshCase()).case;
    const { page, context } = await opened(asker(), code);
    const other = await openPage(browser, server.url);
    await (await menu(page, "case.ask blocked")).click();
    await page.getByLabel("产权纠纷").check();
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-in-force="blocked"]', { hasText: "产权纠纷" }).waitFor();
    assert.equal((await api().detail(id)).sides[0].reason_code, "ownership");
    const said = `${asker().name} 报卡点 · ${code} ${label}`;
    await other.page.locator('[data-test="live-region"]', { hasText: said }).waitFor({
      state: "attached",
    });
    await other.context.close();

    await (await menu(page, "case.leave blocked")).click();
    await page.locator('[data-test="reason"]').fill("已达成协议");
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-in-force="blocked"]').waitFor({ state: "detached" });
    await page.locator('[data-tab="timeline"]').click();
    const traces = await page.locator('[data-test="trace"]').allInnerTexts();
    assert.match(traces[0], /卡点已解决[\s\S]*已达成协议/);
    assert.match(traces[1], /报卡点[\s\S]*产权纠纷/);
    for (const trace of traces) assert.doesNotMatch(trace, /\b(case|batch)\.\w+/);
    await context.close();
  });

  it("shows what contradicts side by side, and a person chooses", async () => {
    const { id, code, version } = (await freshCase()).case;
    const amend = (responsible) => ({
      ...{ kind: "case.amend", case_id: id, base_version: version, fields: { responsible } },
    });
    assert.equal((await api().change(amend("甲某"))).body.outcome, "applied");
    const { page, context } = await opened(writer(), code);
    const kept = await clients[writer().id].change(amend("乙某"));
    assert.equal(kept.body.outcome, "quarantined");

    await page.locator('[data-test="conflicts"]').click();
    const conflict = page.locator("[data-conflict]").first();
    for (const word of ["责任人", "甲某", "乙某", asker().name, writer().name]) {
      await conflict.getByText(word).first().waitFor();
    }
    await page.screenshot({ path: `${out}conflicts.png` });
    assert.deepEqual(await seriousFaults(page), []);
    await conflict.locator("input").fill("已交接");
    await conflict.locator('[data-choose="kept"]').click();
    await page.locator('[data-test="no-conflicts"]').waitFor();
    await page.locator('[data-test="conflicts"]').waitFor({ state: "detached" });
    assert.equal((await api().detail(id)).responsible, "乙某");
    await context.close();
  });

  it("has no serious accessibility fault in any tab or dialog of the card", async () => {
    const { code } = (await freshCase()).case;
    const { page, context } = await opened(asker(), code);
    for (const tab of ["facts", "areas", "timeline", "milestones"]) {
      await page.locator(`[data-tab="${tab}"]`).click();
      assert.deepEqual(await seriousFaults(page), [], tab);
    }
    await page.locator('[data-test="more"]').click();
    for (const action of [
      "case.ask extended",
      "case.measure",
      "case.amend plans",
      "case.amend fields",
    ]) {
      const button = page.locator(`[data-action="${action}"]`);
      if (await button.isDisabled()) continue;
      await button.click();
      await page.locator("dialog").waitFor();
      assert.deepEqual(await seriousFaults(page), [], action);
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    }
    await context.close();
  });

  for (const size of [
    [1920, 1080],
    [1366, 768],
    [390, 844],
  ]) {
    it(`fits ${size.join("×")}`, async () => {
      // The building of six operators, one of them the landlord.
      const { items } = await api().read("/cases?q=联建厂房&limit=1");
      const { page, context } = await openPage(browser, server.url, { size, person: asker().id });
      await openCase(page, items[0].code);
      assert.ok((await page.locator("[data-case]").count()) >= 3);
      for (const tab of ["milestones", "facts", "areas", "timeline"]) {
        await page.locator(`[data-tab="${tab}"]`).click();
        await page.waitForTimeout(200);
        await page.screenshot({ path: `${out}case-${tab}-${size[0]}.png` });
      }
      await page.locator('[data-test="more"]').click();
      await page.screenshot({ path: `${out}case-menu-${size[0]}.png` });
      await page.locator('[data-action="case.ask blocked"]').click();
      await page.screenshot({ path: `${out}case-ask-${size[0]}.png` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
      await context.close();
    });
  }
});
