// Reports what the first load of the page costs, gzipped, and fails over the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = { js: 120, css: 25 };
const folder = new URL("../dist/assets/", import.meta.url);
// What is read later, when a dialog is first opened, is no part of the first load.
const page = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
const kilobytes = { js: 0, css: 0 };

for (const name of readdirSync(folder)) {
  const kind = name.split(".").pop();
  if (!(kind in kilobytes) || !page.includes(name)) continue;
  kilobytes[kind] += gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;
}
for (const [kind, size] of Object.entries(kilobytes)) {
  process.stdout.write(`${kind} ${size.toFixed(1)} kB gz, budget ${budget[kind]} kB\n`);
  if (size > budget[kind]) process.exitCode = 1;
}
