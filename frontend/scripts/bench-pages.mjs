// The two pages that bench-map.mjs compares, and what is measured of one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { enter } from "../e2e/browser.mjs";

const require = createRequire(import.meta.url);
const leaflet = readFileSync(require.resolve("leaflet/dist/leaflet.js"), "utf8");
const style = readFileSync(require.resolve("leaflet/dist/leaflet.css"), "utf8");
const view = [30.7, 120.68];
const hash = `/#page=map&view=${view[1]},${view[0]},12`;

/** The page of the plain layer: the same parcels on a map of the same size, nothing else. */
const plainPage = ({ width, height }) =>
  `<!doctype html><style>${style} body{margin:0} #map{width:${width}px;height:${height}px}</style><div id="map"></div><script>${leaflet}</script><script>
window.map = L.map("map", { preferCanvas: true, zoomSnap: 0.25, fadeAnimation: false }).setView(${JSON.stringify(view)}, 12);
fetch("/api/v1/layers/parcels").then((r) => r.json()).then((all) => {
  const fills = ["#ddd", "#bfc0f7", "#9ca2ff", "#689abe"];
  window.layer = L.geoJSON(all, { style: ({ properties }) => ({ weight: 1, color: "#27313f", fillOpacity: 1, fillColor: fills[properties.stage % 4] }) }).addTo(window.map);
  requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
});
</script>`;

/**
 * Waits until the browser does nothing any more and returns its processor time so far, ms: a context
 * opens a window with an interface of its own, which is there before anybody goes to an address.
 */
async function atRest(whole) {
  let before = await processTime(whole);
  for (const from = Date.now(); Date.now() - from < 10_000; ) {
    await new Promise((done) => setTimeout(done, 300));
    const now = await processTime(whole);
    if (now - before < 10) return now;
    before = now;
  }
  return before;
}

/** Measures of one page in a context of its own. */
export class Bench {
  /** How large our map is, pixels: the plain one is made as large. */
  size = { width: 1294, height: 912 };

  constructor(browser, url) {
    this.browser = browser;
    this.url = url;
  }

  async own() {
    const opened = await this.open(hash, noteTiles);
    const box = await opened.page.locator(".leaflet-container").first().boundingBox();
    this.size = { width: Math.round(box.width), height: Math.round(box.height) };
    return opened;
  }

  plain() {
    return this.open("/plain-map", (page) =>
      page.route("**/plain-map", (route) =>
        route.fulfill({ body: plainPage(this.size), contentType: "text/html" }),
      ),
    );
  }

  async open(path, prepare) {
    const context = await this.browser.newContext({ viewport: { width: 1920, height: 1080 } });
    await enter(context, this.url);
    const page = await context.newPage();
    await prepare(page);
    const cdp = await context.newCDPSession(page);
    const workers = await followWorkers(cdp);
    // Processor time: a machine that does other things as well does not count.
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const whole = await this.browser.newBrowserCDPSession();
    const before = await atRest(whole);
    await page.goto(this.url + path, { waitUntil: "commit" });
    await page.waitForFunction(() => window.painted !== undefined, undefined, { timeout: 180_000 });
    const opened = {
      page,
      first: await page.evaluate(() => window.painted),
      main: () => mainTime(cdp),
      heap: async () => {
        const own = await heapOf((...what) => cdp.send(...what));
        return (own + (await page.evaluate(() => window.sharedBytes?.() ?? 0))) / 1e6;
      },
      workerHeap: () => workers.heap(),
      processes: async () => (await processTime(whole)) - before,
      still: (ms = 900) => page.waitForTimeout(ms),
      close: () => context.close(),
    };
    await opened.still();
    return opened;
  }
}

/** Load, heap and zooms of a page that was just opened. */
export async function measure(opened) {
  const { page, first } = opened;
  const [load, all] = [await opened.main(), await opened.processes()];
  // Over the map of either page.
  await page.mouse.move(1000, 500);
  await opened.still();
  const [heap, workers] = [await opened.heap(), await opened.workerHeap()];
  const zoom = await zooms(opened);
  await opened.close();
  return { first, load, all, heap, workers, zoom };
}

/** Main-thread time of three zooms by the wheel, in and out. */
async function zooms({ page, main, still }) {
  const before = await main();
  for (const turn of [-300, 300, -300]) {
    await page.mouse.wheel(0, turn);
    await still(1500);
  }
  return (await main()) - before;
}

/** Notes when the last tile of the map was painted. */
function noteTiles(page) {
  return page.addInitScript(() => {
    window.painted = undefined;
    // No heap counts what page and worker share: made here, or told by the worker.
    const [Shared, Told] = [window.SharedArrayBuffer, window.Worker];
    const shared = [];
    window.sharedBytes = () =>
      shared.reduce((sum, each) => sum + (each.deref()?.byteLength ?? 0), 0);
    window.SharedArrayBuffer =
      Shared &&
      class extends Shared {
        constructor(length) {
          super(length);
          shared.push(new WeakRef(this));
        }
      };
    window.Worker = class extends Told {
      constructor(...how) {
        super(...how);
        this.addEventListener("message", ({ data }) => {
          if (Shared && data?.index instanceof Shared) shared.push(new WeakRef(data.index));
        });
      }
    };
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

/** Milliseconds of tasks of the page's main thread so far. */
async function mainTime(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
}

/** Milliseconds of all processes of the browser so far. */
async function processTime(cdp) {
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  return 1000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Bytes of objects and of array buffers after everything that is not needed was thrown away. */
async function heapOf(send) {
  for (let n = 0; n < 3; n++) await send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize;
}

/** Follows the dedicated workers of a page; `heap` is what all of them hold, MB. */
async function followWorkers(cdp) {
  const [sessions, waiting] = [new Set(), new Map()];
  let number = 0;
  cdp.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type === "worker") sessions.add(sessionId);
  });
  cdp.on("Target.detachedFromTarget", ({ sessionId }) => sessions.delete(sessionId));
  cdp.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  await cdp.send("Target.setAutoAttach", {
    ...{ autoAttach: true, waitForDebuggerOnStart: false, flatten: false },
  });
  const sender = (sessionId) => async (method) => {
    const id = ++number;
    const answer = new Promise((done) => waiting.set(id, done));
    const message = JSON.stringify({ id, method });
    await cdp.send("Target.sendMessageToTarget", { sessionId, message });
    return answer;
  };
  return {
    async heap() {
      let sum = 0;
      for (const each of sessions) sum += await heapOf(sender(each));
      return sum / 1e6;
    },
  };
}
