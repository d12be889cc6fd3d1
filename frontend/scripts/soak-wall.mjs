// The wall for a while: one real page and 49 clients of the live stream, with people at work, restarts and cuts of the line.
// GUATU_BIN=bin/guatu node scripts/soak-wall.mjs [--minutes 30] [--restarts 5] [--cuts 5] [--rounds 1]
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../e2e/browser.mjs";
import { percentile, staleness } from "../e2e/followers.mjs";
import { startServer } from "../e2e/server.mjs";
import { growth, openScreen, soak } from "../e2e/soak.mjs";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    restarts: { type: "string", default: "5" },
    cuts: { type: "string", default: "5" },
    rounds: { type: "string", default: "1" },
  },
});
const ms = Number(options.minutes) * 60_000;
/** How long the line is away, and how often the heap is looked at, ms. */
const [away, look] = [10_000, Math.min(30_000, ms / 20)];
/** Code that is read late, and figures of the first minutes, are no growth. */
const warm = Math.min(120, ms / 5000);

process.env.GUATU_BIN = resolve(process.env.GUATU_BIN ?? "../bin/guatu");
// One address writes and 50 watch.
process.env.GUATU_RATE_SESSION ??= "0";
process.env.GUATU_RATE_ADDRESS ??= "0";

const say = (text) => process.stdout.write(`${text}\n`);

/** Looks at the heap after three collections, and at what the page holds. */
function heapWatch() {
  const found = [];
  let cdp;
  return {
    found,
    async look(page, seconds) {
      // Pages of the rotation hold more or less: it is looked at on the district's.
      await page.waitForFunction(
        () => document.querySelector(".wall").dataset.page === "district",
        undefined,
        { polling: 1000, timeout: 600_000 },
      );
      cdp ??= await page.context().newCDPSession(page);
      for (let n = 0; n < 3; n++) await cdp.send("HeapProfiler.collectGarbage");
      const { usedSize, backingStorageSize = 0 } = await cdp.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
      found.push({ seconds, mb: (usedSize + backingStorageSize) / 1e6, nodes, jsEventListeners });
    },
  };
}

/** The pages that have the whole map. */
const whole = ["district", "parks", "late"];

/** When what was marked was painted: the first tile after the page had it. Not of what was marked while the line or the server was away, or on a unit's page. */
function painted({ writer, notes, outages }) {
  const during = (t) => outages.some(({ from, to }) => t > from - 1000 && t < to + 5000);
  return writer.repaints.flatMap(([revision, at]) => {
    const [, had, shown] = notes.applied.find(([reached]) => reached >= revision) ?? [];
    const tile = notes.tiles.find((time) => time >= Math.min(at, had));
    const counts = whole.includes(shown) && tile !== undefined && !during(at);
    return counts ? [Math.max(had, tile) - at] : [];
  });
}

const printed = (page) =>
  page
    .locator("[data-metric] .number b, [data-step] > b")
    .evaluateAll((all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));

async function figuresAgree({ page, api }) {
  const { total } = await api.read("/figures");
  const told = [...total.metrics.map((m) => m.done), ...total.steps.map((s) => s.reached.cases)];
  // The last question of a burst is asked after a rest.
  for (let n = 0; n < 50; n++) {
    if (JSON.stringify(await printed(page)) === JSON.stringify(told)) return true;
    await page.waitForTimeout(200);
  }
  return false;
}

/** What was asked for, what was found, and whether it is met. */
function judged(run, heap, agree) {
  const { writer, followers, notes, lacking, kept, ended } = run;
  const stale = [...followers.map(({ arrived }) => arrived), notes.applied].flatMap((arrived) =>
    staleness(writer.commits, arrived, ended),
  );
  const paints = painted(run);
  const settled = heap.filter(({ seconds }) => seconds >= warm);
  const { grown, stray } = growth(settled.map(({ seconds, mb }) => [seconds, mb]));
  const [first, last] = [settled[0], settled[settled.length - 1]];
  const faults = followers.flatMap((each) => each.faults);
  const at = (values) => [50, 95, 99].map((p) => percentile(values, p).toFixed(0)).join(" / ");
  return [
    [
      "events missed or told twice, all clients",
      faults.length + lacking.length,
      "0",
      !faults.length && !lacking.length,
    ],
    [
      "staleness of all 50, outages included, p50 / p95 / p99 ms",
      at(stale),
      "p95 ≤ 2000",
      percentile(stale, 95) <= 2000,
    ],
    [
      `commit → painted on the wall (${paints.length} marks outside outages), p50 / p95 / p99 ms`,
      at(paints),
      "p95 ≤ 1000",
      paints.length > 0 && percentile(paints, 95) <= 1000,
    ],
    [
      "heap: growth by least squares, MB (values stray by)",
      `${grown.toFixed(2)} (± ${stray.toFixed(2)})`,
      "≤ 3 × stray or 1",
      grown <= Math.max(1, 3 * stray),
    ],
    [
      "nodes, listeners of the page, first → last",
      `${first.nodes} → ${last.nodes}, ${first.jsEventListeners} → ${last.jsEventListeners}`,
      "≤ 1.2 ×",
      last.nodes <= 1.2 * first.nodes && last.jsEventListeners <= 1.2 * first.jsEventListeners,
    ],
    [
      "the page was read once, its figures are the server's",
      `${kept}, ${agree}`,
      "true, true",
      kept && agree,
    ],
  ];
}

function tell(run, rows, heap) {
  const { writer, followers, outages, began } = run;
  const events = followers.reduce((sum, { arrived }) => sum + arrived.length, 0);
  const reconnected = followers.reduce((sum, { connections }) => sum + connections - 1, 0);
  say(
    `\n${(ms / 60_000).toFixed(1)} minutes, load average ${loadavg()
      .map((n) => n.toFixed(1))
      .join(" ")}`,
  );
  say(
    `${writer.commits.length} operations, ${events} events checked by ${followers.length} clients, who connected again ${reconnected} times`,
  );
  for (const { what, from, to } of outages)
    say(
      `at ${((from - began) / 1000).toFixed(0)} s: ${what} of ${((to - from) / 1000).toFixed(1)} s`,
    );
  say(`heap, MB: ${heap.map(({ mb }) => mb.toFixed(1)).join(" ")}\n`);
  for (const [what, found, asked, met] of rows)
    say(`${met ? "met  " : "NOT MET"} ${what}: ${found} (${asked})`);
}

async function round(browser) {
  const server = await startServer();
  const heap = heapWatch();
  try {
    const run = await soak({
      ...{ server, ms, away, look, restarts: Number(options.restarts), cuts: Number(options.cuts) },
      each: heap.look,
      open: (url, secret) => openScreen(browser, `${url}/wall#wall=${secret}`),
    });
    const rows = judged(run, heap.found, await figuresAgree(run));
    tell(run, rows, heap.found);
    await run.page.context().close();
    return rows.every(([, , , met]) => met);
  } finally {
    await server.stop();
  }
}

const browser = await launch();
try {
  for (let n = 1; n <= Number(options.rounds); n++) {
    say(`round ${n} of ${options.rounds}`);
    if (!(await round(browser))) process.exitCode = 1;
    if (process.exitCode) break;
  }
} finally {
  await browser.close();
}
