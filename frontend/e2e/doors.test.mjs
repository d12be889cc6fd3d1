// Ways in that are not the password, and the content policy of every page, in real Chromium.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openCase, openPage, seriousFaults } from "./browser.mjs";
import { startProvider } from "./provider.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

/** What stands on a page when it is read. */
const firstOf = {
  todo: "[data-todo]",
  ledger: '[data-test="list"] [data-key]',
  map: '[data-test="list"] [data-key]',
  progress: "canvas",
};

describe("doors", { timeout: 600_000 }, () => {
  let server;
  let provider;
  let browser;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer(async (url) => {
      provider = await startProvider(url, "shen", "ghost");
      return provider.settings;
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await provider?.stop();
  });

  /** Violations of the content policy, as the page itself hears of them. */
  async function watchPolicy(page) {
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    await page.reload();
  }

  async function openTokens(page) {
    await page.locator('[data-test="person"]').click();
    await page.locator('[data-test="to-tokens"]').click();
    await page.locator('[data-test="add-phone"]').waitFor();
  }

  /** Words of everywhere that are a script, if anything takes them for one. */
  const evil = `<img src=x onerror="window.violations.push('ran')"><script>window.violations.push("ran")</script>`;

  /** Writes them into whatever a case shows; answers its code. */
  async function plantScripts() {
    const office = apiClient(server.url);
    const { detail, kind } = await office.markable();
    const { id, code, unit } = detail.case;
    const done = async (change) => {
      const { status, body } = await office.change(change);
      assert.equal(status, 200, JSON.stringify(body));
    };
    const enterprise = { name: `${evil}厂`, kind: "enterprise", unit };
    await done({
      ...{ kind: "case.list", track: "upgrade", date: "2020-09-01", label: `${evil}案` },
      ...{ parcel_ids: [detail.parcels[0].id], enterprise },
    });
    const { version } = (await office.detail(id)).case;
    const fields = { note: evil, responsible: evil };
    await done({ kind: "case.amend", case_id: id, base_version: version, fields });
    await done({ kind: "case.ask", case_id: id, side: "held", reason: evil });
    const mark = { kind: "case.milestone", case_id: id, milestone: kind.code, note: evil };
    await done({ ...mark, date: "2020-09-29" });
    return code;
  }

  it("breaks the content policy on no page, and runs nothing that somebody wrote", async (t) => {
    const code = server.own ? await plantScripts() : t.skip("needs a program of its own");
    const { page, context, troubles } = await openPage(browser, server.url, { hash: "" });
    await watchPolicy(page);
    const said = () => page.evaluate(() => window.violations);
    await page.locator(".map-canvas").waitFor();
    for (const name of ["todo", "ledger", "map", "progress"]) {
      await page.locator(`[data-page="${name}"]`).click();
      await page.locator(firstOf[name]).first().waitFor();
      assert.deepEqual(await said(), [], name);
    }
    // Charts draw their tips as the pointer moves over them.
    const chart = page.locator("canvas").last();
    if (await chart.isVisible()) await chart.hover();
    await page.locator('[data-page="map"]').click();
    await openCase(page, code);
    await page.getByText("<script>", { exact: false }).first().waitFor();
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      assert.deepEqual(await said(), [], await tab.innerText());
    }
    await page.keyboard.press("?");
    const keys = page.locator("dialog[open]");
    await keys.waitFor();
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    await openTokens(page);
    await page.locator('[data-test="add-phone"]').click();
    await page.locator(".qr path").waitFor();
    assert.deepEqual(await said(), [], "card and dialogs");
    // Of a bare answer the browser asks for a picture that there is not.
    assert.deepEqual(troubles, []);
    for (const path of ["/api/v1/", "/api/v1/openapi.json"]) {
      await page.goto(`${server.url}${path}`);
      assert.deepEqual(await said(), [], path);
    }
    await context.close();
  });

  it("shows a wall of one unit by its token; the system administrator darkens it within seconds", async () => {
    const desk = await openPage(browser, server.url);
    await openTokens(desk.page);
    await desk.page.locator('[data-test="add-wall"]').click();
    await desk.page.locator('[data-test="token-name"]').fill("洪合镇政府大厅");
    await desk.page.locator('[data-test="token-unit"]').selectOption("honghe");
    await desk.page.locator('[data-test="token-make"]').click();
    const address = await desk.page.locator('[data-test="secret"]').innerText();
    assert.match(address, /\/wall#wall=guatu_wall_[A-Z2-7]{33}$/);
    assert.deepEqual(await seriousFaults(desk.page), []);
    await desk.page.screenshot({ path: `${out}tokens.png` });

    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const wall = await context.newPage();
    const refused = [];
    wall.on(
      "response",
      (each) => each.status() >= 400 && refused.push(`${each.status()} ${each.url()}`),
    );
    await wall.goto(address);
    await wall.locator('[data-test="wall-head"]').waitFor();
    await wall.locator(".map-canvas").waitFor();
    assert.doesNotMatch(wall.url(), /guatu_wall_/, "the token is out of the address");
    assert.equal(await wall.locator('[data-page="ledger"]').count(), 0);
    const parcels = wall.waitForResponse((each) => /layers\/parcels/.test(each.url()));
    await wall.reload();
    await wall.locator('[data-test="wall-head"]').waitFor();
    assert.equal((await parcels).status(), 200);
    await wall.locator(".map-canvas").waitFor();
    assert.equal(await wall.locator("h1").innerText(), "洪合镇·挂图作战");
    await wall.screenshot({ path: `${out}wall.png` });
    assert.deepEqual(refused, [], "it asks for nothing that is not for a screen");

    const fan = await openPage(browser, server.url, {
      ...{ size: [1366, 768], person: "fan", ready: '[data-login="shen"]' },
    });
    await fan.page.locator('[data-test="desk-tokens"]').click();
    const row = fan.page.locator('[data-token][data-state="in_force"]', { hasText: "洪合镇" });
    await row.waitFor();
    assert.match(await row.innerText(), /洪合镇政府大厅.*大屏.*洪合镇.*不限.*127\.0\.0\.1/s);
    assert.deepEqual(await seriousFaults(fan.page), []);
    await fan.page.screenshot({ path: `${out}tokens-desk.png` });
    await fan.page.locator('[data-test="add-wall"]').click();
    await fan.page.locator('[data-test="token-name"]').fill("二楼会议室");
    await fan.page.locator('[data-test="token-networks"]').fill("10.12.0.7，10.12.0.x");
    await fan.page.locator('[data-test="token-make"]').click();
    await fan.page.getByText("地址“10.12.0.x”应写作").waitFor();
    await fan.page.screenshot({ path: `${out}tokens-desk-form.png` });
    await fan.page.keyboard.press("Escape");
    await row.locator('[data-test="revoke"]').click();
    await fan.page.locator('[data-test="confirm"]').click();
    await wall.getByText("此大屏已停用，请联系区整治办").waitFor({ timeout: 15_000 });
    await wall.screenshot({ path: `${out}wall-over.png` });
    await row.waitFor({ state: "detached" });
    // The browser itself tells of the refused form.
    assert.deepEqual(
      fan.troubles.filter((each) => !/400/.test(each)),
      [],
    );
    await fan.context.close();
    await context.close();
    await desk.context.close();
  });

  /** Enters a PIN on the keys of the page. */
  async function press(phone, pin) {
    for (const digit of pin) await phone.click(`[data-digit="${digit}"]`);
  }
  const titled = (phone, title) => phone.getByRole("heading", { name: title }).waitFor();
  async function choose(phone, pin) {
    await titled(phone, "设置 6 位 PIN");
    await press(phone, pin);
    await titled(phone, "再输一次");
    await press(phone, pin);
  }

  it("enrols a phone once by the code on the screen, behind a PIN that is asked without a network too", async () => {
    const made = await openPage(browser, server.url, { person: "mei" });
    const answer = await made.context.request.post(`${server.url}/api/v1/tokens/enrolment`);
    const { code } = await answer.json();
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const phone = await context.newPage();
    await phone.goto(`${server.url}/field#enrol=${code}`);
    await titled(phone, "设置 6 位 PIN");
    await press(phone, "123456");
    await phone.getByText("太容易猜到，请换一个").waitFor();
    await phone.screenshot({ path: `${out}pin-new.png` });
    await press(phone, "471902");
    await titled(phone, "再输一次");
    await press(phone, "471903");
    await phone.getByText("两次不一致，请重新设置").waitFor();
    assert.deepEqual(await seriousFaults(phone), []);
    await choose(phone, "471902");
    await phone.locator('[data-test="tasks"] article').first().waitFor();
    const session = await (await context.request.get(`${server.url}/api/v1/session`)).json();
    assert.equal(session.person.id, "mei");
    assert.equal(session.device, true);
    const listed = await (await made.context.request.get(`${server.url}/api/v1/tokens`)).json();
    assert.deepEqual(
      listed.map(({ kind, unsent }) => [kind, unsent]),
      [["device", 0]],
      "the phone says that nothing waits on it",
    );

    // The desk does not take a phone's enrolment: the PIN would be gone round by it.
    await phone.goto(server.url);
    await phone.waitForURL(`${server.url}/field`);
    await titled(phone, "请输入 PIN");
    assert.deepEqual(await seriousFaults(phone), []);
    await phone.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await context.setOffline(true);
    await phone.reload();
    await titled(phone, "请输入 PIN");
    assert.equal(await phone.locator('[data-test="tasks"]').count(), 0, "nothing lies behind it");
    await phone.keyboard.press("Escape");
    await phone.keyboard.press("Escape");
    await press(phone, "471902");
    await phone.locator('[data-test="tasks"] article').first().waitFor();
    await phone.click('[data-tab="me"]');
    await phone.locator('[data-test="pin-change"]').waitFor();
    await phone.screenshot({ path: `${out}pin-me.png` });
    await phone.click('[data-test="pin-change"]');
    await titled(phone, "请输入现在的 PIN");
    await press(phone, "471902");
    await choose(phone, "330471");
    await phone.getByText("PIN 已修改").waitFor();

    await phone.setViewportSize({ width: 320, height: 568 });
    await phone.reload();
    for (const left of [4, 3, 2, 1]) {
      await press(phone, "471902");
      await phone.getByText(`PIN 不对，还可以试 ${left} 次`).waitFor();
    }
    await phone.screenshot({ path: `${out}pin-lock-320.png` });
    await press(phone, "471902");
    await phone
      .locator('[data-test="farewell"]', { hasText: "PIN 输错 5 次，已退出登录" })
      .waitFor();
    await phone.screenshot({ path: `${out}pin-spent-320.png` });
    await phone.reload();
    await phone.locator('[data-test="login"]').waitFor();
    await context.setOffline(false);
    // There is a network again: the server hears that the phone was left.
    const held = async () => (await context.request.get(`${server.url}/api/v1/session`)).json();
    for (const end = Date.now() + 15_000; (await held()).person; await wait(100))
      assert.ok(Date.now() < end, "the server never heard that the phone was left");
    const [token] = await (await made.context.request.get(`${server.url}/api/v1/tokens`)).json();
    assert.equal(token.state, "revoked");

    const other = await (await browser.newContext()).newPage();
    await other.goto(`${server.url}/field#enrol=${code}`);
    await choose(other, "471902");
    await other.getByText("二维码已使用或已过期，请在电脑上重新生成").waitFor();
    await other.context().close();
    await context.close();
    await made.context.close();
  });

  it("signs in by another system: one button, there and back to what was asked for; a refusal says why", async (t) => {
    if (!provider) return t.skip("needs a program of its own");
    const asked = "#page=ledger";
    const mine = await openPage(browser, server.url, { person: null, hash: asked });
    const button = mine.page.locator('[data-test="sign-in-outside"]');
    assert.equal((await button.innerText()).trim(), "用统一身份认证登录");
    assert.deepEqual(await seriousFaults(mine.page), []);
    await mine.page.screenshot({ path: `${out}sign-in-outside.png` });
    await button.click();
    await mine.page.waitForURL(`${provider.issuer}/**`);
    await provider.signIn(mine.page, "shen");
    await mine.page.locator('[data-test="person"]', { hasText: "沈某" }).waitFor();
    await mine.page.locator('[data-test="list"] [data-key]').first().waitFor();
    assert.ok(mine.page.url().startsWith(`${server.url}/${asked}`), mine.page.url());
    await mine.page.reload();
    await mine.page.locator('[data-test="person"]', { hasText: "沈某" }).waitFor();
    await mine.context.close();

    const ghost = await openPage(browser, server.url, { person: null });
    await ghost.page.locator('[data-test="sign-in-outside"]').click();
    await ghost.page.waitForURL(`${provider.issuer}/**`);
    await provider.signIn(ghost.page, "ghost");
    await ghost.page.getByText("本系统没有与“ghost”对应的账号，可联系区整治办").waitFor();
    assert.deepEqual(await seriousFaults(ghost.page), []);
    await ghost.page.screenshot({ path: `${out}sign-in-refused.png` });
    await ghost.page.getByText("返回登录页").click();
    await ghost.page.locator('[data-test="submit"]').waitFor();
    await ghost.context.close();
  });
});
