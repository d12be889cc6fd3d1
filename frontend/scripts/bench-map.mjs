// Measures the page's map in real Chromium, with so many parcels beside the demo's, next to the same
// GeoJSON in a plain L.geoJSON with preferCanvas: GUATU_BIN=bin/guatu node scripts/bench-map.mjs [n…]
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { apiClient } from "../e2e/api.mjs";
import { enter, launch } from "../e2e/browser.mjs";
import { startServer } from "../e2e/server.mjs";

const require = createRequire(import.meta.url);
const leaflet = readFileSync(require.resolve("leaflet/dist/leaflet.js"), "utf8");
const style = readFileSync(require.resolve("leaflet/dist/leaflet.css"), "utf8");
const sizes = process.argv.slice(2).map(Number);
const rounds = Number(process.env.GUATU_BENCH_ROUNDS ?? 3);
const liveUpdates = Number(process.env.GUATU_BENCH_UPDATES ?? 10_000);
const view = [30.7, 120.68];

/** Parcels of 5 to 20 corners in rows, n of them. */
function parcels(from, to) {
  let state = 7;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const features = [];
  for (let i = from; i < to; i++) {
    const [x, y] = [120.55 + 0.0006 * (i % 400), 30.6 + 0.0004 * Math.floor(i / 400)];
    const corners = 5 + Math.floor(16 * next());
    const ring = Array.from({ length: corners }, (_, k) => {
      const angle = ((k + 0.6 * next()) / corners) * 2 * Math.PI;
      return [x + 0.00024 * Math.cos(angle), y + 0.00016 * Math.sin(angle)];
    });
    const geometry = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
    features.push({ type: "Feature", properties: { code: `B${i}`, label: `地块${i}` }, geometry });
  }
  return JSON.stringify({ type: "FeatureCollection", features });
}

function addParcels(server, from, to) {
  const file = join(tmpdir(), `guatu-bench-${process.pid}.geojson`);
  writeFileSync(file, parcels(from, to));
  const env = { ...process.env, GUATU_DATA: server.data };
  execFileSync(process.env.GUATU_BIN, ["import", file], { env, stdio: "ignore" });
  rmSync(file);
}

/** The page of the plain layer: the same parcels, nothing else. */
const plainPage = `<!doctype html><style>${style} html,body,#map{height:100%;margin:0}</style><div id="map"></div><script>${leaflet}</script><script>
window.map = L.map("map", { preferCanvas: true, zoomSnap: 0.25, fadeAnimation: false }).setView(${JSON.stringify(view)}, 12);
fetch("/api/v1/layers/parcels").then((r) => r.json()).then((all) => {
  const fills = ["#ddd", "#bfc0f7", "#9ca2ff", "#689abe"];
  window.layer = L.geoJSON(all, { style: ({ properties }) => ({ weight: 1, color: "#27313f", fillOpacity: 1, fillColor: fills[properties.stage % 4] }) }).addTo(window.map);
  requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
});
</script>`;

async function openFresh(browser, server, path, prepare) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  await enter(context, server.url);
  const page = await context.newPage();
  await prepare?.(page);
  const cdp = await context.newCDPSession(page);
  // Processor time: a machine that does other things as well does not count.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(server.url + path, { waitUntil: "commit" });
  return { page, cdp, close: () => context.close() };
}

const openPlain = (browser, server) =>
  openFresh(browser, server, "/plain-map", (page) =>
    page.route("**/plain-map", (route) =>
      route.fulfill({ body: plainPage, contentType: "text/html" }),
    ),
  );
const hash = `/#page=map&view=${view[1]},${view[0]},12`;
const openOwn = (browser, server) => openFresh(browser, server, hash, noteTiles);

/** Notes when the last tile of the map was painted. */
function noteTiles(page) {
  return page.addInitScript(() => {
    window.painted = undefined;
    const { drawImage } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.drawImage = function (...told) {
      drawImage.apply(this, told);
      if (this.canvas.closest(".parcel-tiles")) window.lastTile = performance.now();
    };
    const look = () => {
      const tiles = [...document.querySelectorAll(".parcel-tiles canvas")];
      const ready = document.querySelector('[data-test="list"] [data-key]');
      const rest = performance.now() - (window.lastTile ?? Number.POSITIVE_INFINITY);
      // What is painted before the parcels are here is not the map yet.
      const [told] = performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.includes("/layers/parcels"));
      const since = told?.responseEnd || Number.POSITIVE_INFINITY;
      const loaded = tiles.length > 0 && tiles.every((t) => t.matches(".leaflet-tile-loaded"));
      if (ready && loaded && rest > 700 && window.lastTile > since)
        window.painted = window.lastTile;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

async function painted(page) {
  await page.waitForFunction(() => window.painted !== undefined, undefined, { timeout: 180_000 });
  return page.evaluate(() => window.painted);
}

/** Milliseconds of tasks of the page's main thread so far. */
async function mainTime(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
}

async function heapMB(cdp) {
  for (let n = 0; n < 3; n++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await cdp.send("Runtime.getHeapUsage");
  return (usedSize + backingStorageSize) / 1e6;
}

async function still(page, ms = 900) {
  await page.waitForTimeout(ms);
}

/** Main-thread time of three zooms by the wheel, in and out. */
async function zooms(page, cdp) {
  await page.mouse.move(1000, 500);
  const before = await mainTime(cdp);
  for (const turn of [-300, 300, -300]) {
    await page.mouse.wheel(0, turn);
    await still(page, 1500);
  }
  return (await mainTime(cdp)) - before;
}

async function measure(browser, server, open) {
  const { page, cdp, close } = await open(browser, server);
  const first = await painted(page);
  await still(page);
  const load = await mainTime(cdp);
  const heap = await heapMB(cdp);
  const zoom = await zooms(page, cdp);
  await close();
  return { first, load, heap, zoom };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const middle = (all) =>
  Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))]));

/** Amends cases, fifty in each operation, over and over while a page watches: main-thread time an update, and what the heap keeps. */
async function updates(browser, server, api, count) {
  const { page, cdp, close } = await openOwn(browser, server);
  await painted(page);
  await still(page);
  const cases = (await api.read("/cases?limit=200")).items.slice(0, 50);
  const versions = new Map(cases.map(({ id, version }) => [id, version]));
  const round = async (from, to) => {
    for (let n = from; n < to; n += cases.length) {
      const changes = cases.map(({ id }) => ({
        ...{ kind: "case.amend", case_id: id, base_version: versions.get(id) },
        fields: { note: `${n}` },
      }));
      const { status, body } = await api.changes(changes);
      if (status !== 200) throw new Error(JSON.stringify(body));
      for (const { noun_id, version } of body.entries) versions.set(noun_id, version);
    }
  };
  await round(0, 200);
  await still(page, 2000);
  const [heap, main] = [await heapMB(cdp), await mainTime(cdp)];
  await round(200, 200 + count);
  await still(page, 2000);
  const result = {
    each: ((await mainTime(cdp)) - main) / count,
    grown: (await heapMB(cdp)) - heap,
  };
  await close();
  return result;
}

process.env.GUATU_BIN = resolve(process.env.GUATU_BIN ?? "../bin/guatu");
// The writer below asks more than people may.
process.env.GUATU_RATE_SESSION ??= "0";
process.env.GUATU_RATE_ADDRESS ??= "0";
const server = await startServer();
const browser = await launch();
const api = apiClient(server.url);
const missed = [];
/** Notes what is above the most it may be. */
function hold(what, value, most) {
  if (most !== undefined && value > most) missed.push(`${what}: ${value.toFixed(2)} > ${most}`);
}
const print = (...told) => process.stdout.write(`${told.join("  ")}\n`);
try {
  print(
    `node ${process.version}, ${browser.version()}, ${cpus().length} × ${cpus()[0]?.model}, load average ${loadavg().map((n) => n.toFixed(1))}`,
  );
  print("parcels  layer  first full map ms  load main ms  heap MB  three zooms main ms");
  let have = 0;
  for (const n of [0, ...(sizes.length > 0 ? sizes : [10_000, 100_000])]) {
    if (n > have) addParcels(server, have, n);
    have = Math.max(have, n);
    const found = { own: [], plain: [] };
    for (let r = 0; r < rounds; r++) {
      found.own.push(await measure(browser, server, openOwn));
      found.plain.push(await measure(browser, server, openPlain));
    }
    const [own, plain] = [middle(found.own), middle(found.plain)];
    for (const [name, { first, load, heap, zoom }] of Object.entries({ own, plain }))
      print(n, name, first.toFixed(0), load.toFixed(0), heap.toFixed(1), zoom.toFixed(0));
    hold(`first full map at ${n}, ms`, own.first, { 10000: 1000, 100000: 2000 }[n]);
    if (n !== 100_000) continue;
    hold("heap at 100,000, MB", own.heap, 40);
    hold("load beside plain", own.load / plain.load, 0.25);
    hold("zooms beside plain", own.zoom / plain.zoom, 0.1);
  }
  const { each, grown } = await updates(browser, server, api, liveUpdates);
  print(
    `${liveUpdates} live updates at ${have}: ${each.toFixed(3)} ms main an update, heap ${grown.toFixed(2)} MB`,
  );
  hold("an update, ms", each, 0.25);
  hold("heap after the updates, MB", grown, 1);
  print(`load average ${loadavg().map((n) => n.toFixed(1))}`);
  if (missed.length > 0) {
    print(`above what it may be: ${missed.join("; ")}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
}
