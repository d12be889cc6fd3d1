// 土地量算: a recovered polygon drawn along a neighbour and into a river's ground, accepted, counted; against the real program.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { apiClient } from "./api.mjs";
import { launch, openPage, seriousFaults } from "./browser.mjs";
import { startServer } from "./server.mjs";

const out = fileURLToPath(new URL("out/", import.meta.url));
const water = new Set(["canal", "river", "stream", "lake"]);
const ready = '[data-test="land-tools"]';

describe("land", { timeout: 600_000 }, () => {
  let server;
  let browser;
  let planner;
  let place;

  before(async () => {
    mkdirSync(out, { recursive: true });
    server = await startServer();
    browser = await launch();
    planner = apiClient(server.url);
    await planner.be("xu");
    place = await findPlace();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Ground beside recorded land that reaches into water, for a case of the same unit that waits for acceptance. */
  async function findPlace() {
    const { items } = await planner.read("/cases?track=rectify&limit=500");
    const waiting = items.filter(
      ({ next, sides, m2 }) => next === "accepted" && sides.length === 0 && m2 > 0,
    );
    const { features } = await planner.read("/layers/recovered");
    for (const { geometry, properties } of features) {
      const own = waiting.find(({ unit }) => unit === properties.unit);
      const [ring] = geometry.coordinates[0];
      for (let i = 0; own && i + 1 < ring.length; i++) {
        const corners = beyond(ring[i], ring[i + 1], 60);
        const drawn = [[...corners, corners[0]]];
        const told = await planner.post("/land/effective", {
          case_id: own.id,
          recovered: { type: "Polygon", coordinates: drawn },
        });
        const wet = told.deductions?.some(({ code, m2 }) => water.has(code) && m2 > 50);
        if (wet && told.effective && told.faults.length === 0)
          return { own, corners, neighbour: properties.code };
      }
    }
    throw new Error("the demo has no recovered land beside water");
  }

  /** A strip so many metres broad to the right of a side, as a counter-clockwise ring has its outside. */
  function beyond(a, b, metres) {
    const [east, north] = [(b[0] - a[0]) * 95_600, (b[1] - a[1]) * 110_900];
    const length = Math.hypot(east, north);
    const [dx, dy] = [((north / length) * metres) / 95_600, ((-east / length) * metres) / 110_900];
    return [a, [a[0] + dx, a[1] + dy], [b[0] + dx, b[1] + dy], b];
  }

  const zoom = 18;
  const mercator = ([lon, lat]) => {
    const scale = (256 * 2 ** zoom) / (2 * Math.PI);
    const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [x * scale, -Math.log(Math.tan(Math.PI / 4 + y / 2)) * scale];
  };

  function middle() {
    const at = (k) => place.corners.reduce((sum, corner) => sum + corner[k] / 4, 0);
    return [at(0), at(1)];
  }

  async function openLand(person, more = {}) {
    const [lon, lat] = middle();
    const hash = `#page=land&view=${lon.toFixed(6)},${lat.toFixed(6)},${zoom}&case=${place.own.code}`;
    const opened = await openPage(browser, server.url, { person, hash, ready, ...more });
    const box = await opened.page.locator(".map-canvas").boundingBox();
    const centre = mercator([Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
    const pixel = (at) => {
      const [x, y] = mercator(at);
      return [box.x + box.width / 2 + x - centre[0], box.y + box.height / 2 + y - centre[1]];
    };
    return { ...opened, pixel };
  }

  const figure = async (client, revision = 0) => {
    const { total } = await client.read(`/figures?min_revision=${revision}`);
    return total.metrics.find(({ code }) => code === "recovered");
  };

  it("draws along a neighbour with its corners, counts off the river, and moves the total by exactly its m²", async () => {
    const { page, context, troubles, pixel } = await openLand("xu");
    await page.locator("path.neighbour-recovered").first().waitFor({ state: "attached" });
    await page.keyboard.press("d");
    // The hand misses the neighbour's corners by some pixels; they are taken over nonetheless.
    for (const [k, corner] of place.corners.entries()) {
      const [x, y] = pixel(corner);
      const miss = k === 0 || k === 3 ? 4 : 0;
      await page.mouse.move(x + miss, y - miss, { steps: 4 });
      await page.waitForTimeout(150); // Geoman looks for corners ten times a second.
      await page.mouse.click(x + miss, y - miss);
    }
    await page.locator('[data-test="land-said"]', { hasText: "预估" }).waitFor();
    const [x, y] = pixel(place.corners[0]);
    await page.mouse.click(x, y);
    await page.locator('[data-test="land-when"].firm').waitFor();
    assert.equal(await page.locator("[data-fault]").count(), 0);
    const codes = await page
      .locator("[data-deduction]")
      .evaluateAll((all) => all.map((each) => each.dataset.deduction));
    assert.ok(
      codes.some((code) => water.has(code)),
      codes.join(),
    );
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}land-1920.png` });

    // Unsaved work survives the page.
    await page.reload();
    await page.locator('[data-test="land-restored"]').waitFor();
    await page.locator('[data-test="land-save"]:enabled').click();
    await page.locator('[data-test="undo"], [data-test="undo-bar"]').first().waitFor();
    assert.deepEqual(troubles, []);
    await context.close();

    const mine = await recoveredOf(place.own.code);
    const corners = mine.geometry.coordinates[0][0].map(String);
    for (const shared of [place.corners[0], place.corners[3]])
      assert.ok(corners.includes(String(shared)), `${shared} is a corner of both`);
  });

  /** What was recovered of a case, once the layer has it: a save is shown before it is answered. */
  async function recoveredOf(code) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const { features } = await planner.read("/layers/recovered");
      const mine = features.find(({ properties }) => properties.code === code);
      if (mine) return mine;
      assert.ok(Date.now() < deadline, `${code} is not in the layer`);
    }
  }

  it("is accepted by whoever accepts, as it was measured", async () => {
    const before = await figure(planner);
    const yu = apiClient(server.url);
    await yu.be("yu");
    const { page, context } = await openPage(browser, server.url, {
      ...{ person: "yu", hash: `#page=case&case=${place.own.code}` },
      ready: '[data-test="case-file"] [role="tab"]',
    });
    await page.locator('[data-test="to-land"]').waitFor();
    const file = await yu.read(`/cases/${place.own.id}`);
    const { recovered } = file.land.recorded;
    const measured = { kind: "case.measure", case_id: place.own.id, from_land: true };
    assert.equal((await yu.change({ ...measured, reason: "按实测范围" })).status, 200);
    await page
      .locator('[data-area="accepted"]', { hasText: recovered.m2.toLocaleString("en-US") })
      .waitFor();
    await context.close();
    const zhou = apiClient(server.url);
    await zhou.be("zhou");
    const { tracks } = await zhou.read("/campaign");
    const { checks } = tracks[0].milestones.find(({ code }) => code === "accepted");
    const accepted = {
      ...{ kind: "case.milestone", case_id: place.own.id, milestone: "accepted" },
      checks: checks.map(({ code }) => code),
    };
    const { status, body } = await zhou.change(accepted);
    assert.equal(status, 200, JSON.stringify(body));
    const after = await figure(planner, body.revision);
    const moved = after.exact - before.exact;
    assert.equal((moved / 10_000).toFixed(2), recovered.m2.toFixed(2));
  });

  /** A parcel with one case that is not accepted, and where it lies. */
  async function findParcel() {
    const { items } = await planner.read("/parcels?track=rectify&sort=-area&limit=500");
    const { features } = await planner.read("/layers/parcels");
    const { items: cases } = await planner.read("/cases?track=rectify&limit=1000");
    const open = new Set(cases.filter(({ stage }) => stage < 6).map(({ id }) => id));
    const found = items.find(
      (each) => each.cases.length === 1 && open.has(each.cases[0].id) && each.m2 < 20_000,
    );
    const { geometry } = features.find(({ properties }) => properties.id === found.id);
    const [xs, ys] = [0, 1].map((k) => geometry.coordinates[0][0].map((at) => at[k]));
    return { ...found, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
  }

  it("cuts a parcel along a line, asks on which piece its case stands, and takes it back", async () => {
    const parcel = await findParcel();
    const [west, south, east, north] = parcel.box;
    const [lon, lat] = [((west + east) / 2).toFixed(6), ((south + north) / 2).toFixed(6)];
    const { page, context, troubles } = await openPage(browser, server.url, {
      ...{ person: "xu", size: [1366, 768], ready },
      hash: `#page=land&view=${lon},${lat},17.5&case=${parcel.cases[0].code}`,
    });
    await page.locator('[data-tab="plots"]').click();
    await page.locator('[data-test="plot-chosen"]', { hasText: parcel.code }).waitFor();
    await page.locator('[data-test="plot-draw"]').click();
    await page.locator(".drawing-land").waitFor();
    const map = await page.locator(".map-canvas").boundingBox();
    const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
    const degree = (256 * 2 ** 17.5) / 360 / Math.cos((lat * Math.PI) / 180);
    const far = 20 + ((north - south) / 2) * degree;
    for (const at of [-far, far, far]) await page.mouse.click(x + 3, y + at);
    await page.locator('[data-test="plot-piece"]').nth(1).waitFor();
    const figures = await page
      .locator('[data-test="plot-piece"] td, [data-test="plot-total"]')
      .allTextContents();
    const [one, , two, , total] = figures.map((each) => Math.round(100 * each.replaceAll(",", "")));
    assert.equal(one + two, total, `what is printed adds up: ${figures}`);
    await page.locator('[data-test="plot-refusal"]', { hasText: "在哪一块上" }).waitFor();
    await page.locator('[data-piece="0"]').check();
    await page.locator('[data-test="plot-save"]:enabled').waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}land-split-1366.png` });
    await page.locator('[data-test="plot-save"]').click();
    await page.locator('[data-test="confirm"]').click();
    await page.locator('[data-test="undo"]').waitFor();
    const codes = async () => {
      const { items } = await planner.read(`/parcels?q=${parcel.code}`);
      return items.map(({ code }) => code).sort();
    };
    await settles(codes, [`${parcel.code}-1`, `${parcel.code}-2`]);
    await page.locator('[data-test="undo"]').click();
    await settles(codes, [parcel.code]);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  /** Waits until what is read is what is wanted. */
  async function settles(read, wanted) {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = await read();
      if (JSON.stringify(found) === JSON.stringify(wanted)) return;
      if (Date.now() > deadline) assert.deepEqual(found, wanted);
    }
  }

  it("lists what the rules find, goes there, and lets it be for a reason until that is taken back", async () => {
    const { page, context, troubles } = await openPage(browser, server.url, {
      ...{ person: "xu", hash: "#page=todo", ready: '[data-test="todo"]' },
    });
    await page.keyboard.press("Alt+4");
    await page.locator('[data-tab="all"]').click();
    const row = page.locator('[data-finding="parcels_overlap"]');
    await row.locator(".what").click();
    assert.equal(await row.locator('[data-test="finding-size"]').textContent(), "0.36 亩");
    const mark = page.locator(".finding-mark-chosen span", { hasText: "0.36 亩" });
    await mark.waitFor();
    const [map, at] = [
      await page.locator(".map-canvas").boundingBox(),
      await page.locator("path.finding-chosen").boundingBox(),
    ];
    const near = Math.abs(at.x + at.width / 2 - map.x - map.width / 2);
    assert.ok(near < 40 && at.height > 60, `in the middle and near: ${near}, ${at.height}`);
    assert.match(page.url(), /check=all/);
    assert.deepEqual(await seriousFaults(page), []);
    await page.screenshot({ path: `${out}land-findings-1920.png` });

    const found = async () => {
      const todo = await planner.read("/todo");
      return todo.groups.find(({ code }) => code === "data").count;
    };
    const before = await found();
    await row.locator('[data-test="finding-waive"]').click();
    await page.locator('[data-test="reason"]').fill("界址误差，待测绘核定");
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-test="findings-none"]').waitFor();
    await mark.waitFor({ state: "detached" });
    assert.equal(before - (await found()), 2, "both its cases have nothing else");
    await page.locator('[data-code="waived"]').click();
    await row.locator(".what").click();
    await page.locator('[data-test="finding-why"]', { hasText: "界址误差，待测绘核定" }).waitFor();
    await row.locator('[data-test="finding-reopen"]').click();
    await page.locator('[data-test="reason"]').fill("已测绘，应裁切");
    await page.locator('[data-test="reason-submit"]').click();
    await page.locator('[data-test="findings-none"]').waitFor();
    assert.equal(await found(), before);
    assert.deepEqual(troubles, []);
    await context.close();
  });
});
