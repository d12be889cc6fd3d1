// Any day on the page: the time bar, replay, the comparison of two days, and back to live.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));

/** Merge patches (RFC 7396) of a noun up to a day; undefined where it was not there. */
function foldOne({ days }, day) {
  let is;
  for (const { on, patch } of days) {
    if (on > day) break;
    const merged = patch && Object.entries({ ...is, ...patch });
    is = merged && Object.fromEntries(merged.filter(([, value]) => value !== null));
  }
  return is || undefined;
}

function fold(of, day) {
  const all = of.map((each) => [each.id, foldOne(each, day)]);
  return new Map(all.filter(([, is]) => is));
}

describe("time", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let api;
  let campaign;
  let history;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    api = apiClient(server.url);
    const people = await api.read("/people");
    await api.be(people.find((each) => !each.unit)?.id ?? people[0].id);
    campaign = await api.read("/campaign");
    history = await api.read("/history");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const words = (page) => page.locator('[data-test="time-words"]');
  const handle = (page, of = "day") => page.locator(`[data-handle="${of}"]`);
  const hashOf = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1));
  const allOf = async (query) => (await api.read(`/cases?limit=1000&${query}`)).items;

  /** What the legend and the ledger say, as numbers; the legend comes later than the first row. */
  async function shownBy(page) {
    await page.locator('.legend [data-test="late"]').waitFor();
    return page.evaluate(() => {
      const count = (row) => Number(row.querySelector(".count").textContent.replace(/\D/g, ""));
      const rows = [...document.querySelectorAll(".legend [data-stage]")];
      const stages = Object.fromEntries(rows.map((row) => [row.dataset.stage, count(row)]));
      delete stages[0];
      return {
        stages,
        late: count(document.querySelector('.legend [data-test="late"]')),
        total: Number(
          document.querySelector('[data-test="total"]').textContent.match(/共 ([\d,]+) 家/)[1],
        ),
      };
    });
  }
  /** The same of the API's list of a day. */
  async function saidOf(day) {
    const track = campaign.tracks[0].code;
    const items = await allOf(`track=${track}&as_of=${day}`);
    const stages = Object.fromEntries(
      campaign.slots.map(({ slot }) => [slot, items.filter(({ stage }) => stage === slot).length]),
    );
    const late = items.filter((each) => each.late).length;
    return { stages, late, total: items.length };
  }
  async function go(page, day) {
    await page.evaluate((to) => {
      location.hash = `#day=${to}`;
    }, day);
    await words(page).getByText(day).waitFor();
  }

  /** Waits until legend and ledger say the same as the API, and fails with what they say instead. */
  async function shows(page, said, what) {
    const deadline = Date.now() + 10_000;
    let shown = await shownBy(page);
    while (!isDeepStrictEqual(shown, said) && Date.now() < deadline) {
      await page.waitForTimeout(20);
      shown = await shownBy(page);
    }
    assert.deepEqual(shown, said, what);
  }

  /** Days of the past by a generator that gives the same ones every time. */
  function someDays(n) {
    const [first, last] = [Date.parse(history.from), Date.parse(history.to)];
    let seed = 20200930;
    return Array.from({ length: n }, () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const at = first + Math.floor(((last - first) * seed) / 2147483648);
      return new Date(at).toISOString().slice(0, 10);
    });
  }

  it("has of every day what the lists and the layer of that day say", async () => {
    for (const day of [...someDays(20), "2020-08-31", history.to]) {
      const cases = fold(history.cases, day);
      const items = await allOf(`as_of=${day}`);
      assert.equal(cases.size, items.length, day);
      for (const { late: _, ...item } of items) assert.deepEqual(cases.get(item.id), item, day);
      const parcels = fold(history.parcels, day);
      const { features } = await api.read(`/layers/parcels?as_of=${day}`);
      assert.equal(parcels.size, features.length, day);
      for (const { properties, geometry } of features) {
        assert.deepEqual(parcels.get(properties.id), { ...properties, geometry }, day);
      }
    }
  });

  it("shows on 20 days what the API says of them", async () => {
    const { page, context, troubles } = await openPage(browser, server.url);
    for (const day of someDays(20)) {
      await go(page, day);
      await shows(page, await saidOf(day), day);
    }
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("jumps to 08-31 by the keys: figures, card and address follow, nothing can be done, and Esc is live again", async () => {
    const { page, context } = await openPage(browser, server.url);
    const live = await shownBy(page);
    await handle(page).focus();
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowRight");
    await words(page).getByText("2020-08-31").waitFor();
    await words(page).getByText("回放·当日23:59口径").waitFor();
    await page.locator('[data-test="replay"]', { hasText: "回放" }).waitFor();
    await shows(page, await saidOf("2020-08-31"));
    const figures = await api.read("/figures?as_of=2020-08-31");
    assert.equal(figures.total.stages[8].cases, (await shownBy(page)).stages[9]);
    await page.locator(".page.replaying").waitFor();
    await page.waitForURL(/day=2020-08-31/);

    await page.locator('[data-test="list"] [data-key]').first().click();
    const card = page.locator('[data-test="card"]');
    await card.getByText("回放中不能办理").waitFor();
    assert.equal(await page.locator('[data-test="main-action"]').count(), 0);
    assert.equal(await page.locator('[data-test="import"]').isDisabled(), true);
    await page.waitForURL(/case=/);
    const code = hashOf(page).get("case");
    const { items } = await api.read(`/cases?as_of=2020-08-31&q=${code}`);
    await card.getByText(items[0].state.zh, { exact: false }).first().waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}time-0831.png` });

    const other = await context.newPage();
    await other.goto(page.url());
    await words(other).getByText("2020-08-31").waitFor();
    await other.locator('[data-test="card"]').waitFor();
    await other.locator('[data-test="card"]').getByText("回放中不能办理").waitFor();
    await shows(other, await saidOf("2020-08-31"));
    await other.close();

    // The first Esc closes the card, the second goes back to live.
    await card.locator("button").first().focus();
    await page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
    assert.equal(await page.locator(".page.replaying").count(), 1);
    await page.keyboard.press("Escape");
    await page.locator(".page.replaying").waitFor({ state: "detached" });
    await words(page).getByText("实时·上期通报 第36期").waitFor();
    await shows(page, live);
    await context.close();
  });

  it("says on a bulletin's day that it agrees with the bulletin", async () => {
    const { page, context } = await openPage(browser, server.url, { hash: "#day=2020-09-24" });
    await words(page).getByText("与通报第36期一致").waitFor();
    await page.locator('[data-test="to-live"]').click();
    await words(page).getByText("2020-09-30").waitFor();
    await context.close();
  });

  it("does not disturb who looks back, and has what came meanwhile when he is live again", async () => {
    const { page, context } = await openPage(browser, server.url, { hash: "#day=2020-08-31" });
    await words(page).getByText("2020-08-31").waitFor();
    const then = await shownBy(page);
    const { detail, kind } = await api.markable();
    const { status, body } = await api.change({
      kind: "case.milestone",
      case_id: detail.case.id,
      base_version: detail.case.version,
      milestone: kind.code,
    });
    assert.equal(status, 200, JSON.stringify(body));
    await page.waitForTimeout(1500);
    await shows(page, then);
    assert.equal(await page.locator('[data-test="live-region"]').innerText(), "");
    await page.locator('[data-test="replay"] button').click();
    await words(page).getByText("2020-09-30").waitFor();
    const today = (await api.read("/campaign")).clock.today;
    await shows(page, await saidOf(today));
    await context.close();
  });

  it("plays smoothly, and ends live", async (test) => {
    const { page, context } = await openPage(browser, server.url);
    await go(page, "2020-05-01");
    await page.locator('[data-speed="12"]').click();
    await page.evaluate(() => {
      window.longTasks = [];
      new PerformanceObserver((list) =>
        window.longTasks.push(...list.getEntries().map((each) => Math.round(each.duration))),
      ).observe({ entryTypes: ["longtask"] });
    });
    await page.locator('[data-test="play"]').click();
    await page.waitForTimeout(5000);
    await page.locator('[data-test="play"]').click();
    const day = (await words(page).innerText()).slice(0, 10);
    const days = (Date.parse(day) - Date.parse("2020-05-01")) / 86_400_000;
    const tasks = await page.evaluate(() => window.longTasks);
    test.diagnostic(
      `12 days a second: ${days} days in 5 s; tasks above 50 ms: ${tasks.join(", ") || "none"}`,
    );
    assert.ok(days >= 20, `${days} days`);
    await shows(page, await saidOf(day));
    await go(page, "2020-09-25");
    await handle(page).focus();
    await page.keyboard.press("Space");
    await page.locator(".page.replaying").waitFor({ state: "detached" });
    await words(page).getByText("实时·上期通报").waitFor();
    assert.equal(await page.locator('[data-test="play"]').innerText(), "▶ 播放");
    await context.close();
  });

  it("is worked by the pointer: a day is grabbed and dragged", async () => {
    const { page, context } = await openPage(browser, server.url);
    const box = await page.locator(".time .track").boundingBox();
    const x = (day) =>
      box.x +
      (box.width * (Date.parse(day) - Date.parse(campaign.start))) /
        (Date.parse(campaign.end) - Date.parse(campaign.start));
    await page.mouse.move(x("2020-06-30"), box.y + 22);
    await page.mouse.down();
    await words(page).getByText("2020-06-30").waitFor();
    await page.mouse.move(x("2020-04-15"), box.y + 22, { steps: 6 });
    await words(page).getByText("2020-04-15").waitFor();
    await page.mouse.up();
    await shows(page, await saidOf("2020-04-15"));
    await page.mouse.click(x("2020-11-20"), box.y + 22);
    await words(page).getByText("2020-09-30").waitFor();
    await context.close();
  });

  it("compares 08-31 with 09-30: two maps, figures, what moved; the address opens the same", async () => {
    const { page, context, troubles } = await openPage(browser, server.url);
    await page.locator('[data-test="compare"]').click();
    await words(page).getByText("08-31 ↔ 09-30").waitFor();
    const [before, after, moves] = [
      await api.read("/figures?as_of=2020-08-31"),
      await api.read("/figures"),
      await api.read("/figures/moves?from=2020-08-31"),
    ];
    const strip = page.locator('[data-test="compare-strip"]');
    const firms = (figures) => figures.total.metrics.find(({ code }) => code === "rectified");
    await strip
      .locator('[data-side="then"]', { hasText: `${firms(before).done} / 400 家` })
      .waitFor();
    await strip
      .locator('[data-side="now"]', { hasText: `${firms(after).done} / 400 家` })
      .waitFor();
    await page
      .locator('[data-compared="9"]', {
        hasText: `${before.total.stages[8].cases} → ${after.total.stages[8].cases}`,
      })
      .waitFor();
    for (const metric of after.total.metrics) {
      const then = before.total.metrics.find(({ code }) => code === metric.code);
      const delta = Math.abs(metric.done - then.done);
      const text = metric.measure === "count" ? String(delta) : delta.toFixed(2);
      await page.locator(`[data-metric="${metric.code}"] .delta`, { hasText: text }).waitFor();
    }
    const rooms = await Promise.all(
      (await page.locator(".area-map .leaflet-container").all()).map((each) => each.boundingBox()),
    );
    assert.equal(rooms.length, 2);
    const [one, two] = rooms;
    assert.ok(
      Math.abs(one.width - two.width) <= 2 && one.height === two.height,
      "half the room each",
    );
    const whole = await page.locator(".area-map").boundingBox();
    assert.ok(
      rooms.every(({ x, width }) => x + width <= whole.x + whole.width),
      "within the room",
    );

    // A figure lists what it counts differently, and a line opens its case.
    const moved = moves.cases.filter((each) =>
      each.metrics.some(({ metric }) => metric === "recovered"),
    );
    await page.locator('[data-metric="recovered"]').click();
    await page.locator('[data-test="moves-count"]', { hasText: `共 ${moved.length} 件` }).waitFor();
    const line = page.locator("[data-move]").first();
    const code = await line.getAttribute("data-move");
    assert.equal(code, moved[0].code);
    await line.click();
    await page.locator('[data-test="card"]', { hasText: code }).waitFor();
    await page.waitForURL(/from=2020-08-31/);
    assert.deepEqual(await seriousFaults(page), []);

    const other = await context.newPage();
    await other.goto(page.url());
    await words(other).getByText("08-31 ↔ 09-30").waitFor();
    await other.locator('[data-test="card"]', { hasText: code }).waitFor();
    assert.equal(await other.locator(".area-map .leaflet-container").count(), 2);
    await other.close();

    await handle(page, "from").focus();
    await page.keyboard.press("PageDown");
    await words(page).getByText("07-31 ↔ 09-30").waitFor();
    await strip.locator('[data-side="then"]', { hasText: "2020-07-31" }).waitFor();
    await page.locator('[data-test="to-live"]').click();
    await page.locator('[data-test="compare-panel"]').waitFor({ state: "detached" });
    assert.equal(await page.locator(".area-map .leaflet-container").count(), 1);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it("marks what was recorded after the first day though it had happened before (补报)", async () => {
    const { cases } = await api.read("/figures/moves?from=2020-08-31");
    const late = cases.filter(({ milestones }) => milestones.some((each) => each.late));
    const { page, context } = await openPage(browser, server.url, {
      hash: "#page=map&track=all&from=2020-08-31",
      ready: '[data-test="moves-count"]',
    });
    await page.locator('[data-test="moves-count"]', { hasText: `共 ${cases.length} 件` }).waitFor();
    const marked = new Set();
    const box = page.locator('[data-test="moves"]');
    for (let top = 0; top < cases.length * 52; top += 200) {
      await box.evaluate((element, to) => element.scrollTo(0, to), top);
      await page.waitForTimeout(30);
      for (const code of await page
        .locator("[data-move]:has(.late-entry)")
        .evaluateAll((lines) => lines.map((each) => each.dataset.move)))
        marked.add(code);
    }
    assert.deepEqual([...marked].sort(), late.map(({ code }) => code).sort());
    await context.close();
  });

  it("says above the bar why the past cannot be read, and reads it again", async () => {
    const { page, context } = await openPage(browser, server.url);
    await page.route("**/api/v1/history", (route) => route.abort());
    await handle(page).focus();
    await page.keyboard.press("ArrowLeft");
    const band = page.locator('[data-test="time"] [data-test="panel-band"]');
    await band.getByText("暂时连不上服务器").waitFor();
    assert.equal(await page.locator(".page.replaying").count(), 0);
    await page.unroute("**/api/v1/history");
    await band.locator("button").click();
    await band.waitFor({ state: "detached" });
    await handle(page).focus();
    await page.keyboard.press("ArrowLeft");
    await words(page).getByText("2020-09-29").waitFor();
    await context.close();
  });

  it("is clean to axe and to the eye at both sizes, light and dark", async () => {
    for (const size of [
      [1366, 768],
      [1920, 1080],
    ]) {
      const { page, context } = await openPage(browser, server.url, { size });
      for (const theme of ["light", "dark"]) {
        for (const [name, hash] of [
          ["day", "#page=map&day=2020-08-31"],
          ["two", "#page=map&from=2020-08-31"],
        ]) {
          await page.goto(`${server.url}/${hash}`);
          await words(page).getByText("08-31").waitFor();
          await page
            .locator("[data-move]")
            .first()
            .waitFor({ state: name === "two" ? "visible" : "detached" });
          await page.waitForTimeout(600);
          assert.deepEqual(await seriousFaults(page), [], `${name} ${size} ${theme}`);
          await page.screenshot({ path: `${out}time-${name}-${size[0]}-${theme}.png` });
        }
        await page.locator('[data-test="theme"]').click();
      }
      await context.close();
    }
  });
});
