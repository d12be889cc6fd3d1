// Playback on the wall: the year at 12 days a second, the figures of each day against those of the server, and how long pictures take with so
// many parcels. GUATU_BIN=bin/guatu node scripts/bench-wall.mjs [--report file] [n]
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { apiClient } from "../e2e/api.mjs";
import { launch } from "../e2e/browser.mjs";
import { percentile } from "../e2e/followers.mjs";
import { startServer } from "../e2e/server.mjs";
import { openScreen } from "../e2e/soak.mjs";
import { addParcels, parcelFeatures } from "./bench-parcels.mjs";

const { values: options, positionals } = parseArgs({
  ...{ options: { report: { type: "string" } }, allowPositionals: true },
});
const n = Number(positionals[0] ?? 10_000);
const inOperation = 50;

/** Lists a case on each parcel that lies in a unit; answers [case, parcel] ids. */
async function listCases(api, parcels) {
  const pairs = [];
  for (let i = 0; i < parcels.length; i += inOperation) {
    const some = parcels.slice(i, i + inOperation);
    const changes = some.map(({ id }) => ({ kind: "case.list", parcel_ids: [id] }));
    const { status, body } = await api.changes(changes);
    if (status !== 200) throw new Error(JSON.stringify(body));
    const cases = body.entries.filter(({ noun }) => noun === "case");
    pairs.push(...cases.map(({ noun_id }, k) => [noun_id, some[k]]));
  }
  return pairs;
}

async function allParcels(api) {
  const found = [];
  for (let after = 0; after !== undefined; ) {
    const page = await api.read(`/parcels?limit=1000&after=${after}`);
    found.push(...page.items);
    after = page.next_after;
  }
  return found;
}

/** The server's history with what was put in as if it had been worked on all year: a stage every few weeks. */
function busierHistory(history, pairs, shapes) {
  const from = Date.parse(history.from);
  const span = (Date.parse(history.to) - from) / 86_400_000;
  const dayAt = (share) =>
    new Date(from + Math.floor(share * span) * 86_400_000).toISOString().slice(0, 10);
  const cases = [...history.cases];
  const parcels = [...history.parcels];
  for (const [i, [id, parcel]] of pairs.entries()) {
    const { code, label, unit, m2, mu } = parcel;
    const steps = Array.from({ length: 9 }, (_, k) => dayAt(((i * 0.618) % 1) * 0.5 + k * 0.055));
    const common = {
      id,
      code: `XZ-B-${i}`,
      label,
      unit,
      m2,
      mu,
      kind: "workshop",
      track: "rectify",
      sides: [],
    };
    cases.push({
      id,
      days: steps.map((on, k) => ({
        on,
        patch: { ...(k === 0 ? common : {}), stage: k + 1, version: k + 1 },
      })),
    });
    const own = {
      id: parcel.id,
      code,
      label,
      unit,
      m2,
      mu,
      cases: [id],
      geometry: shapes.get(code),
    };
    parcels.push({
      id: parcel.id,
      days: steps.map((on, k) => ({ on, patch: { ...(k === 0 ? own : {}), stage: k + 1 } })),
    });
  }
  return { ...history, cases, parcels };
}

/** Notes the figures printed in each frame under the day that stands there, and how long each frame took. */
const watchFrames = () => {
  window.days = new Map();
  window.frames = [];
  let last = performance.now();
  const look = (now) => {
    window.frames.push(now - last);
    last = now;
    const day = document.querySelector('[data-test="time-words"] b').textContent;
    const printed = [...document.querySelectorAll("[data-metric] .number b, [data-step] > b")];
    window.days.set(day, printed.map((each) => each.textContent.replaceAll(",", "")).join(" "));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** Processor time of every task of the page's main thread, ms, from a trace. */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace);
  const mains = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  return traceEvents
    .filter(({ name }) => name === "ThreadControllerImpl::RunTask")
    .filter(({ pid, tid, tdur }) => tdur && mains.includes(`${pid} ${tid}`))
    .map(({ tdur }) => tdur / 1000);
}

/** Plays the year; answers figures by day, frames, and processor time of the main thread. */
async function play(browser, page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const main = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
  await page.locator('[data-speed="12"]').click();
  // The past is read and folded before the first day stands.
  await page.locator('[data-test="play"]').click();
  await page.locator(".wall.replaying").waitFor({ timeout: 120_000 });
  await page.evaluate(watchFrames);
  await browser.startTracing(page, { categories: ["toplevel"] });
  const [before, began] = [await main(), Date.now()];
  await page.locator(".wall:not(.replaying)").waitFor({ timeout: 300_000 });
  const [after, seconds] = [await main(), (Date.now() - began) / 1000];
  const tasks = tasksOf(await browser.stopTracing());
  const found = await page.evaluate(() => ({ days: [...window.days], frames: window.frames }));
  return { ...found, tasks, main: after - before, seconds };
}

/** Days whose figures were not the server's. */
async function strayed(api, days) {
  const wrong = [];
  for (const [day, printed] of days) {
    const { total } = await api.read(`/figures?as_of=${day}`);
    const told = [
      ...total.metrics.map(({ done }) => done),
      ...total.steps.map((s) => s.reached.cases),
    ];
    const same = printed.split(" ").every((each, i) => Number(each) === told[i]);
    if (!same) wrong.push(`${day}: ${printed} and not ${told.join(" ")}`);
  }
  return wrong;
}

/** Of the demo as it is: each day's figures. */
async function figuresOfYear(browser, server, api, secret) {
  const page = await openScreen(browser, `${server.url}/wall#wall=${secret}`);
  const played = await play(browser, page);
  await page.context().close();
  // The last one is today, which is live.
  const days = played.days.filter(([day]) => /^\d{4}-\d\d-\d\d$/.test(day)).slice(0, -1);
  return { ...played, days, wrong: await strayed(api, days) };
}

/** With so many parcels more. */
async function framesOf(browser, server, api, secret) {
  // Many lie outside the units.
  await addParcels(server, 0, 3 * n);
  const own = (await allParcels(api)).filter(({ code, unit }) => /^B\d+$/.test(code) && unit);
  const mine = own.slice(0, n);
  const pairs = await listCases(api, mine);
  const shapes = new Map(
    parcelFeatures(0, 3 * n).map(({ properties, geometry: { coordinates } }) => [
      properties.code,
      { type: "MultiPolygon", coordinates: [coordinates] },
    ]),
  );
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: "zh-CN" });
  await page.route("**/api/v1/history*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: busierHistory(await response.json(), pairs, shapes) });
  });
  await page.goto(`${server.url}/wall#wall=${secret}`);
  await page.locator('[data-test="wall-late"] li').first().waitFor({ timeout: 60_000 });
  await page.locator(".parcel-tiles canvas").first().waitFor();
  const played = await play(browser, page);
  await page.context().close();
  return { ...played, parcels: pairs.length };
}

const three = (values) => [50, 95, 99].map((p) => percentile(values, p).toFixed(1)).join(" / ");
const slow = (frames) => frames.filter((ms) => ms > 50).length;
const commit = () =>
  execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();

function report(year, busy, load) {
  const row = (what, of) => {
    const days = of.days.length;
    const cells = [
      what,
      days,
      of.seconds.toFixed(1),
      three(of.frames),
      `${slow(of.frames)} of ${of.frames.length}`,
    ];
    const longest = Math.max(...of.tasks).toFixed(1);
    const own = [`${percentile(of.tasks, 99).toFixed(1)} / ${longest}`, slow(of.tasks)];
    return `| ${[...cells, ...own, (of.main / days).toFixed(1)].join(" | ")} |`;
  };
  return `# The wall in playback: measurements

Written by \`frontend/scripts/bench-wall.mjs --report\`, commit ${commit()}. ${cpus().length} × ${cpus()[0]?.model}, Chromium without a GPU; load average before ${load[0]}, after ${load[1]}.

The year played at 12 days a second on a screen of 1920 × 1080. Printed figures (eight headlines, seven rows of the funnel) of each of ${year.days.length} days, as they stood in the last frame of the
day, against \`GET /figures?as_of=\` of that day: **${year.wrong.length} differ**.

| | days | seconds | frames, p50 / p95 / p99 ms | longer than 50 ms | tasks, p99 / longest ms | more than 50 ms | main thread, ms a day |
|---|---|---|---|---|---|---|---|
${row("the demo's year", year)}
${row(`with ${busy.parcels} parcels and cases more, nine steps each`, busy)}

Asked for are frames of at most 50 ms with 10,000 parcels (p95): ${percentile(busy.frames, 95) <= 50 ? "met" : "**not met**"}.

- *Frames*: between calls of \`requestAnimationFrame\` while playing: wall clock, so a busy machine counts.
- *Tasks*, *main thread*: processor time of the tasks of the page's main thread, each (from a trace) and by day played (\`Performance.getMetrics\`, threadTicks): another program does not count.
- What is known of earlier days cannot be put in afterwards: the page is given the server's history with the parcels in it as if they had been worked on all year. Today's state, layers and figures are the server's.
${year.wrong
  .slice(0, 10)
  .map((each) => `- ${each}\n`)
  .join("")}`;
}

process.env.GUATU_BIN = resolve(process.env.GUATU_BIN ?? "../bin/guatu");
process.env.GUATU_RATE_SESSION ??= "0";
process.env.GUATU_RATE_ADDRESS ??= "0";
const load = () =>
  loadavg()
    .map((each) => each.toFixed(1))
    .join(" ");
const loads = [load()];
const server = await startServer();
const browser = await launch();
try {
  const api = apiClient(server.url);
  const { secret } = await api.post("/tokens", { kind: "wall", name: "bench" });
  const year = await figuresOfYear(browser, server, api, secret);
  process.stdout.write(`${year.days.length} days, ${year.wrong.length} differ\n`);
  const busy = await framesOf(browser, server, api, secret);
  loads.push(load());
  const told = report(year, busy, loads);
  process.stdout.write(told);
  if (options.report) writeFileSync(options.report, told);
  if (year.wrong.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
