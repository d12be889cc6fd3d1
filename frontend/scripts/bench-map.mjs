// Measures the page's map in real Chromium, with so many parcels beside the demo's, next to the same GeoJSON in a plain
// L.geoJSON with preferCanvas: GUATU_BIN=bin/guatu node scripts/bench-map.mjs [--report file] [n…]
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { apiClient } from "../e2e/api.mjs";
import { launch } from "../e2e/browser.mjs";
import { startServer } from "../e2e/server.mjs";
import { Bench, measure } from "./bench-pages.mjs";
import { addParcels } from "./bench-parcels.mjs";
import { goalsOf, report } from "./bench-report.mjs";

const { values: options, positionals } = parseArgs({
  ...{ options: { report: { type: "string" } }, allowPositionals: true },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [10_000, 100_000];
const rounds = Number(process.env.GUATU_BENCH_ROUNDS ?? 3);
const liveUpdates = Number(process.env.GUATU_BENCH_UPDATES ?? 10_000);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const middle = (all) =>
  Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))]));

/** Amends cases, fifty in each operation, over and over while a page watches: main-thread time an update, and what the heap keeps. */
async function updates(bench, api, count) {
  const opened = await bench.own();
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
  await opened.still(2000);
  const [heap, main] = [await opened.heap(), await opened.main()];
  await round(200, 200 + count);
  await opened.still(2000);
  const result = {
    each: ((await opened.main()) - main) / count,
    grown: (await opened.heap()) - heap,
  };
  await opened.close();
  return result;
}

/** Both pages in turn, so that both meet the same machine. */
async function compare(bench) {
  const found = { own: [], plain: [] };
  for (let r = 0; r < rounds; r++) {
    found.own.push(await measure(await bench.own()));
    found.plain.push(await measure(await bench.plain()));
  }
  return { own: middle(found.own), plain: middle(found.plain) };
}

process.env.GUATU_BIN = resolve(process.env.GUATU_BIN ?? "../bin/guatu");
// The writer below asks more than people may.
process.env.GUATU_RATE_SESSION ??= "0";
process.env.GUATU_RATE_ADDRESS ??= "0";
const load = [loadavg()];
const server = await startServer();
const browser = await launch();
const bench = new Bench(browser, server.url);
const bySize = new Map();
try {
  let have = 0;
  for (const n of [0, ...sizes]) {
    if (n > have) await addParcels(server, have, n);
    have = Math.max(have, n);
    bySize.set(n, await compare(bench));
    process.stdout.write(`${n} ${JSON.stringify(bySize.get(n))}\n`);
  }
  const live = await updates(bench, apiClient(server.url), liveUpdates);
  load.push(loadavg());
  const goals = goalsOf(bySize, live);
  const told = report({
    ...{ bySize, goals, rounds, load, liveUpdates, size: bench.size },
    browser: browser.version(),
  });
  process.stdout.write(told);
  if (options.report) writeFileSync(options.report, told);
  if (goals.some(({ met }) => !met)) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
