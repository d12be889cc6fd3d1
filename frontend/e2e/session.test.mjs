// Signing in and out against the real program, in real Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { accountOf } from "./accounts.mjs";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults, showTopActs } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

describe("session", { timeout: 600_000 }, () => {
  let server;
  let browser;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** The page before anybody signed in, and what one types there. */
  async function stranger(size = [1366, 768]) {
    const { page, context, troubles } = await openPage(browser, server.url, { size, person: null });
    return {
      ...{ page, context, troubles },
      async enter(login, password) {
        await page.locator('[data-test="login"]').fill(login);
        await page.locator('[data-test="password"]').fill(password);
        await page.locator('[data-test="submit"]').click();
      },
      failure: () => page.locator('[data-test="sign-in-failure"]').innerText(),
      list: page.locator('[data-test="list"] [data-key]').first(),
    };
  }

  /** An account made beside the running server, as an administrator does. */
  function makeAccount(login) {
    const env = { ...process.env, GUATU_DATA: server.data };
    const words = ["user", "add", login, "--name", "何某", "--role", "field", "--unit", "honghe"];
    const said = execFileSync(process.env.GUATU_BIN, words, { env, encoding: "utf8" });
    return /密码：(\S+)（/.exec(said)[1];
  }

  it("shows nothing of the campaign before somebody signs in", async () => {
    const { page, context, list, enter, failure, troubles } = await stranger();
    await page.locator('[data-test="submit"]').waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}sign-in.png` });
    assert.equal(await list.count(), 0);
    await page.keyboard.press("Escape");
    await page.locator('[data-test="submit"]').waitFor();
    assert.equal((await fetch(`${server.url}/api/v1/cases`)).status, 401);

    const { login, password } = accountOf(server.url, "li");
    await enter(login, `${password}x`);
    await page.getByText("账号或密码不正确，还可尝试 4 次").waitFor();
    assert.match(await failure(), /还可尝试 4 次/);
    await enter(login, password);
    await list.waitFor();
    await page.locator('[data-test="person"]', { hasText: "李某·区领导（指挥）" }).waitFor();
    // The browser itself tells of the one refused attempt.
    assert.deepEqual(
      troubles.filter((each) => !/401/.test(each)),
      [],
    );
    await context.close();
  });

  it("locks an account for who fails five times, and for nobody else", async () => {
    const { page, context, enter } = await stranger();
    const { login, password } = accountOf(server.url, "tang");
    for (const left of [4, 3, 2, 1]) {
      await enter(login, "wrong");
      await page.getByText(`还可尝试 ${left} 次`).waitFor();
    }
    await enter(login, "wrong");
    await page.getByText("连续 5 次输错，账号已锁定 30 分钟").waitFor();
    await enter(login, password);
    await page.getByText("连续 5 次输错，账号已锁定 30 分钟").waitFor();
    const other = accountOf(server.url, "gu");
    await enter(other.login, other.password);
    await page.locator('[data-test="person"]', { hasText: "顾某" }).waitFor();
    await context.close();
  });

  it("has a given password changed before anything else", async (t) => {
    if (!server.own) return t.skip("needs the server's own data folder");
    const given = makeAccount("he.fang");
    const { page, context, enter, list } = await stranger([390, 844]);
    await enter("he.fang", given);
    await page.locator('[data-test="password-due"]').waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}password-due.png` });
    const change = async (wanted, again = wanted) => {
      await page.locator('[data-test="old-password"]').fill(given);
      await page.locator('[data-test="new-password"]').fill(wanted);
      await page.locator('[data-test="new-password-again"]').fill(again);
      await page.locator('[data-test="change-password"]').click();
    };
    await change("Tuanjie-7lu", "Tuanjie-8lu");
    await page.getByText("两次输入的新密码不一致").waitFor();
    await change("password");
    await page.getByText("密码不符合要求：至少 8 位").waitFor();
    assert.equal(await list.count(), 0);
    await change("Tuanjie-7lu");
    await list.waitFor();
    await showTopActs(page);
    await page.locator('[data-test="person"]', { hasText: "何某·镇村外勤" }).waitFor();
    await context.close();
  });

  it("shows a town's field officer no names of other units, and says so", async () => {
    const office = apiClient(server.url);
    const { items } = await office.read("/cases?track=rectify&unit=wangdian&limit=50");
    const foreign = items.find(({ label, stage }) => label.length > 5 && stage > 2);
    const { responsible } = await office.detail(foreign.id);
    const { page, context, troubles } = await openPage(browser, server.url, { person: "shen" });
    const shown = () => page.evaluate(() => document.body.innerText);
    const hidden = "其他单位企业，名称不公开";
    await page.locator('[data-test="list"] .label', { hasText: hidden }).first().waitFor();
    await page.locator('[data-test="search"]').fill(foreign.code);
    await page.locator('[data-test="list"] [data-key]').first().click();
    await page.locator('[data-test="card-label"]', { hasText: hidden }).waitFor();
    await page.getByRole("tab", { name: "基本情况" }).click();
    await page.locator('[data-test="facts"]', { hasText: "其他单位事项，不公开" }).waitFor();
    await page.screenshot({ path: `${out}other-unit.png` });
    for (const secret of [foreign.label, responsible, "undefined"].filter(Boolean)) {
      assert.doesNotMatch(await shown(), new RegExp(secret.replaceAll("*", "\\*")));
    }
    assert.deepEqual(await seriousFaults(page), []);
    await page.locator('[data-test="find"]').fill(foreign.label);
    await page.getByText("没有找到").first().waitFor();
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("signs out here and everywhere; a page elsewhere keeps what is open and asks again", async () => {
    const mine = await openPage(browser, server.url, { person: "mei" });
    const theirs = await openPage(browser, server.url, { person: "mei" });
    await theirs.page.locator('[data-test="list"] [data-key]').first().click();
    await theirs.page.locator('[data-test="main-action"]').waitFor();
    await mine.page.locator('[data-test="person"]').click();
    await mine.page.screenshot({ path: `${out}account.png` });
    assert.deepEqual(await seriousFaults(mine.page), []);
    await mine.page.locator('[data-test="sign-out-everywhere"]').click();
    await mine.page.locator('[data-test="submit"]').waitFor();

    // The stream that ends tells the other page, or the next thing it asks for.
    const other = theirs.page.locator('[data-test="list"] [data-key]').nth(2);
    await other.click({ timeout: 2000 }).catch(() => {});
    await theirs.page.locator('[data-test="submit"]').waitFor();
    await theirs.page.screenshot({ path: `${out}session-over.png` });
    const { login, password } = accountOf(server.url, "mei");
    await theirs.page.locator('[data-test="login"]').fill(login);
    await theirs.page.locator('[data-test="password"]').fill(password);
    await theirs.page.locator('[data-test="submit"]').click();
    await theirs.page.locator('[data-test="sign-in"]').waitFor({ state: "detached" });
    await theirs.page.locator('[data-test="main-action"]').waitFor();
    await mine.context.close();
    await theirs.context.close();
  });

  /** The desk of one of the three administrators. */
  async function desk(person, shown) {
    const opened = await openPage(browser, server.url, {
      ...{ size: [1366, 768], person, ready: shown, slow: 400 },
    });
    assert.deepEqual(await seriousFaults(opened.page), [], person);
    return opened;
  }

  it("takes two administrators to let somebody in, and a third reads of it; none sees the campaign", async () => {
    const fan = await desk("fan", '[data-login="shen"]');
    await fan.page.locator('[data-test="new-account"]').click();
    await fan.page.locator('[data-test="new-person"]').selectOption("gao");
    await fan.page.locator('[data-test="new-login"]').fill("gao.2");
    await fan.page.locator('[data-test="create"]').click();
    const given = await fan.page.locator('[data-test="given"]').innerText();
    assert.deepEqual(await seriousFaults(fan.page), []);
    const knock = () =>
      fan.context.request.fetch(`${server.url}/api/v1/session`, {
        method: "POST",
        headers: { cookie: "" },
        data: { login: "gao.2", password: given },
      });
    assert.equal((await (await knock()).json()).code, "account_not_approved");

    const pan = await desk("pan", '[data-person="shen"]');
    await pan.page.locator('[data-login="gao.2"] [data-test="approve"]').click();
    await pan.page.locator('[data-test="confirm"]').click();
    await pan.page.getByText("没有待批准的账号").waitFor();
    await pan.page.locator('[data-person="gao"] [data-test="edit"]').click();
    await pan.page.locator('[data-test="role"]').selectOption("planner");
    await pan.page.locator('[data-test="save"]').click();
    await pan.page.getByText("高某 的权限已保存，并记入流水").waitFor();

    const shi = await desk("shi", '[data-kind="account.approve"]');
    await shi.page.screenshot({ path: `${out}audit.png` });
    await shi.page.locator('[data-test="kind"]').selectOption("rights.assign");
    await shi.page.locator('[data-kind="account.approve"]').waitFor({ state: "detached" });
    await shi.page.locator('[data-kind="rights.assign"]', { hasText: "潘某" }).waitFor();
    await shi.page.locator('[data-kind="rights.assign"] button').first().click();
    await shi.page.getByText("role: planner").waitFor();
    const [file] = await Promise.all([
      shi.page.waitForEvent("download"),
      shi.page.locator('[data-test="export-xlsx"]').click(),
    ]);
    assert.equal(file.suggestedFilename(), "访问日志.xlsx");

    for (const { page, context, troubles } of [fan, pan, shi]) {
      const refused = await context.request.get(`${server.url}/api/v1/cases`);
      assert.equal(refused.status(), 403);
      assert.equal(await page.locator(".map-canvas").count(), 0);
      assert.deepEqual(troubles, []);
      await context.close();
    }
  });

  it("shows everybody where they are signed in, and ends what is not theirs any more", async () => {
    const mine = await openPage(browser, server.url, { person: "yu" });
    const other = await openPage(browser, server.url, { person: "yu" });
    await mine.page.locator('[data-test="person"]').click();
    await mine.page.locator('[data-test="end-session"]').click();
    await mine.page.locator('[data-test="end-session"]').waitFor({ state: "detached" });
    assert.equal(await mine.page.locator('[data-test="own-session"]').count(), 1);
    const visit = await other.context.request.get(`${server.url}/api/v1/session`);
    assert.equal((await visit.json()).person, undefined);
    await mine.context.close();
    await other.context.close();
  });
});
