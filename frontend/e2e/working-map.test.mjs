// The working map against the real program, in real Chromium.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, middleOf, openCase, openPage, seriousFaults, showTopActs } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

describe("working map", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let api;
  let person;
  const used = [];

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

  /** Another case for each test, so that none depends on the order. */
  async function freshCase(options) {
    const found = await api.markable({ skip: used, ...options });
    used.push(found.detail.case.id);
    return found;
  }

  it("loads complete, without errors, foreign requests or inline styles", async () => {
    const { page, context, troubles } = await openPage(browser, server.url, { strict: true });
    const campaign = await api.read("/campaign");
    await page.getByText(campaign.title.zh).first().waitFor();
    assert.equal(await page.getByText("演示数据").first().isVisible(), true);
    await page.locator("header").getByText("实时").waitFor();
    await page
      .getByText(/数据截至 \d\d-\d\d \d\d:\d\d:\d\d/)
      .first()
      .waitFor();
    assert.equal(await page.getByText("示意边界，不作为权属依据").isVisible(), true);
    for (const unit of campaign.units) {
      await page.locator(".unit-name span", { hasText: unit.short.zh }).first().waitFor();
    }
    await page.waitForTimeout(500);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("picks a parcel by a click and by the keyboard", async () => {
    const { detail } = await freshCase();
    const { page, context } = await openPage(browser, server.url, { person });
    await openCase(page, detail.case.code);
    await page.waitForTimeout(600);
    const middle = await middleOf(page);
    await page.locator('[data-test="card-close"]').click();
    await page.locator('[data-test="card"]').waitFor({ state: "detached" });
    await page.mouse.click(middle.x, middle.y);
    await page.locator('[data-test="card"]').waitFor();
    await page.getByText(detail.case.code).first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator('[data-test="card"]').waitFor({ state: "detached" });

    await openCase(page, detail.case.code);
    await page.waitForTimeout(600);
    const shown = await page.locator('[data-test="card-label"]').innerText();
    await page.locator(".map-canvas").focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(400);
    assert.equal(await page.locator('[data-test="card-label"]').innerText(), shown);
    await context.close();
  });

  it("shows a mark in another browser within two seconds, without reload", async () => {
    const { detail, kind } = await freshCase();
    const { code, id } = detail.case;
    const [mine, theirs] = [
      await openPage(browser, server.url, { person }),
      await openPage(browser, server.url),
    ];
    await openCase(mine.page, code);
    await openCase(theirs.page, code);
    const button = mine.page.locator('[data-test="main-action"]');
    assert.match(await button.innerText(), new RegExp(kind.button.zh));
    const width = (await button.boundingBox()).width;

    const answered = mine.page.waitForResponse((r) => r.url().endsWith("/changes") && r.ok());
    await button.dblclick();
    await answered;
    const committed = Date.now();
    await theirs.page.locator(`[data-milestone="${kind.code}"].done`).waitFor({ timeout: 2000 });
    const took = Date.now() - committed;
    assert.ok(took <= 2000, `took ${took} ms`);
    assert.match(await theirs.page.locator('[data-test="live-region"]').innerText(), /\S/);

    await mine.page.locator('[data-test="undo-bar"]', { hasText: kind.state.zh }).waitFor();
    const now = await api.detail(id);
    assert.equal(now.case.version, detail.case.version + 1, "a double click marks once");
    assert.equal(now.milestones.find((m) => m.code === kind.code).standing, "done");
    assert.ok(width > 0);
    await mine.context.close();
    await theirs.context.close();
  });

  it("takes a mark back with the undo bar", async () => {
    const { detail, kind } = await freshCase();
    const { page, context } = await openPage(browser, server.url, { person });
    await openCase(page, detail.case.code);
    await page.locator('[data-test="main-action"]').click();
    await page.locator(`[data-milestone="${kind.code}"].done`).waitFor();
    await page.locator('[data-test="undo"]:enabled').click();
    await page.locator(`[data-milestone="${kind.code}"].next`).waitFor();
    const now = await api.detail(detail.case.id);
    assert.equal(now.case.next, detail.case.next);
    assert.ok(now.timeline.some((entry) => entry.undone));
    await page.locator('[data-tab="timeline"]').click();
    await page.locator('[data-test="trace"].undone').first().waitFor();
    await context.close();
  });

  it("refuses an illegal move, API and page alike, in the same words", async () => {
    const { detail } = await freshCase();
    // Some milestones are not this person's at all; the rules speak of the others.
    const later = detail.actions.find(
      (a) => a.kind === "case.milestone" && a.refusal?.zh.startsWith("还不能"),
    );
    const { id, version, code } = detail.case;
    const change = {
      kind: "case.milestone",
      case_id: id,
      base_version: version,
      milestone: later.milestone,
    };
    const refused = await api.change(change);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.detail, later.refusal.zh);

    const { page, context } = await openPage(browser, server.url, { person });
    await openCase(page, code);
    await page.locator('[data-test="more"]').click();
    const button = page.locator(`[data-action="case.milestone ${later.milestone}"]`);
    assert.equal(await button.isDisabled(), true);
    assert.match(
      await page.locator('[data-test="actions"]').innerText(),
      new RegExp(later.refusal.zh),
    );

    // A page that believes the move to be legal is told by the server.
    await page.route(`**/api/v1/cases/${id}*`, async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      for (const action of body.actions) delete action.refusal;
      await route.fulfill({ response, json: body });
    });
    await page.locator('[data-test="card-close"]').click();
    await openCase(page, code);
    await page.locator('[data-test="more"]').click();
    await page.locator(`[data-action="case.milestone ${later.milestone}"]`).click();
    const confirm = page.locator('[data-test="confirm"]');
    const failure = page.locator('[data-test="failure"]');
    await Promise.race([confirm.waitFor(), failure.waitFor()]);
    for (const box of await page.locator('[data-test="checks"] input').all()) await box.check();
    if (await confirm.isVisible()) await confirm.click();
    await failure.waitFor();
    assert.equal(await failure.innerText(), later.refusal.zh);
    assert.equal((await api.detail(id)).case.version, version);
    await context.close();
  });

  it("repeats an unanswered act with the same id, and it counts once", async () => {
    const { detail, kind } = await freshCase();
    const { page, context } = await openPage(browser, server.url, { person });
    await openCase(page, detail.case.code);
    const bodies = [];
    await page.route("**/api/v1/changes", async (route) => {
      bodies.push(route.request().postData());
      if (bodies.length > 1) return route.continue();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await page.locator('[data-test="main-action"]').click();
    await page.getByText("暂时连不上服务器，内容已保留，正在重试").waitFor();
    await page.locator(`[data-milestone="${kind.code}"].done`).waitFor();
    await page.locator('[data-test="undo-bar"]').waitFor();
    assert.equal(bodies.length, 2);
    assert.equal(bodies[0], bodies[1]);
    assert.equal((await api.detail(detail.case.id)).case.version, detail.case.version + 1);
    await context.close();
  });

  it("filters by the legend, and the total is the server's", async () => {
    const { page, context } = await openPage(browser, server.url);
    const campaign = await api.read("/campaign");
    const track = campaign.tracks[0].code;
    let sum = 0;
    for (const { slot } of campaign.slots) {
      const { total } = await api.read(`/cases?track=${track}&stage=${slot}&limit=1`);
      sum += total;
      assert.match(
        await page.locator(`[data-stage="${slot}"]`).innerText(),
        new RegExp(`^\\D*${slot}[^\\d]*${total} 家`),
      );
    }
    const all = await api.read(`/cases?track=${track}&limit=1`);
    assert.equal(sum, all.total);
    const stage = campaign.slots.find((each) => each.slot === 5).slot;
    const five = await api.read(`/cases?track=${track}&stage=${stage}&limit=1`);
    await page.locator(`[data-stage="${stage}"]`).click();
    await page.waitForTimeout(600);
    const mu = five.total_mu.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",");
    const total = await page.locator('[data-test="total"]').innerText();
    assert.ok(total.includes(`共 ${five.total} 家，${mu} 亩`), total);
    assert.match(await page.locator('[data-stage="6"]').getAttribute("class"), /pale/);
    await page.locator('[data-test="clear-filter"]').click();
    await context.close();
  });

  it("speaks English", async () => {
    const { page, context, troubles } = await openPage(browser, server.url, { person });
    await page.locator('[data-test="language"]').click();
    await page.getByText("Not listed").first().waitFor();
    const said = await page.locator(".page").innerText();
    assert.doesNotMatch(said, /数据截至|未启动|台账|口径/);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.reload();
    await page.getByText("Not listed").first().waitFor();
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("imports a file after a preview, and lists its parcel", async () => {
    const { page, context } = await openPage(browser, server.url, { person });
    const name = `端到端地块${Date.now() % 100_000}`;
    await page.locator('[data-test="import"]').click();
    await page.locator('[data-test="import-file"]').setInputFiles({
      name: "parcel.geojson",
      mimeType: "application/geo+json",
      buffer: Buffer.from(JSON.stringify(parcelFile(name))),
    });
    await page.locator('[data-test="import-preview"]').click();
    await page.locator('[data-test="import-apply"]:enabled').click();
    await page.getByText("已写入").waitFor();
    await page.locator("dialog").getByText("关闭").click();
    await page.locator('[data-test="search"]').fill(name);
    await page.locator('[data-key^="parcel-"]').first().click();
    await page.locator('[data-test="main-action"]', { hasText: "列入清单" }).click();
    const unit = page.locator('[data-test="list-unit"]');
    if (await unit.isVisible()) await unit.selectOption({ index: 1 });
    await page.locator('[data-test="list-submit"]').click();
    await page.locator('[data-key^="case-"]', { hasText: name }).waitFor();
    await page.locator('[data-test="card-stage"]', { hasText: "已排查" }).waitFor();
    await context.close();
  });

  it("misses nothing while the server is away", async (test) => {
    if (!server.own) return test.skip("needs a server it may restart (GUATU_BIN)");
    const { detail, kind } = await freshCase();
    const { page, context } = await openPage(browser, server.url);
    await openCase(page, detail.case.code);
    await page.getByText("实时").first().waitFor();
    await server.restart();
    const { id, version } = detail.case;
    const mark = {
      kind: "case.milestone",
      case_id: id,
      base_version: version,
      milestone: kind.code,
    };
    assert.equal((await api.change(mark)).status, 200);
    await page.locator(`[data-milestone="${kind.code}"].done`).waitFor({ timeout: 20_000 });
    await page.getByText("实时").first().waitFor();
    await context.close();
  });

  it("has no serious accessibility fault on the page, in the card or in a dialog", async () => {
    const { detail } = await freshCase();
    const { page, context } = await openPage(browser, server.url, { person });
    assert.deepEqual(await seriousFaults(page), []);
    await openCase(page, detail.case.code);
    await page.locator('[data-test="more"]').click();
    assert.deepEqual(await seriousFaults(page), []);
    await page.locator('[data-test="theme"]').click();
    assert.deepEqual(await seriousFaults(page), []);
    for (const button of ["import", "person"]) {
      await page.locator(`[data-test="${button}"]`).click();
      await page.locator("dialog").waitFor();
      assert.deepEqual(await seriousFaults(page), []);
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
      const { detail } = await freshCase();
      const { page, context } = await openPage(browser, server.url, { size, person });
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${out}map-${size[0]}.png` });
      await openCase(page, detail.case.code);
      await page.waitForTimeout(800);
      await page.screenshot({ path: `${out}card-${size[0]}.png` });
      await showTopActs(page);
      await page.locator('[data-test="theme"]').click({ force: true });
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${out}dark-${size[0]}.png` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
      await context.close();
    });
  }
});

/** One parcel of about 1 ha in the south-west of the district. */
function parcelFile(label) {
  const [x, y] = [120.62 + Math.random() * 0.01, 30.69 + Math.random() * 0.01];
  const ring = [
    [x, y],
    [x + 0.001, y],
    [x + 0.001, y + 0.001],
    [x, y + 0.001],
    [x, y],
  ];
  const geometry = { type: "Polygon", coordinates: [ring] };
  const properties = { code: `E2E-${Date.now()}`, label };
  return { type: "FeatureCollection", features: [{ type: "Feature", properties, geometry }] };
}
