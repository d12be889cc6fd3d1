// Reports what the first load of each page costs, gzipped, and what the field keeps for offline; fails over a budget.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const pages = {
  index: { js: 120, css: 25 },
  field: { js: 110, css: 25 },
};
/** Of all files that the service worker of the field keeps, KiB. */
const kept = 450;

function report(what, size, budget, unit) {
  process.stdout.write(`${what} ${size.toFixed(1)} ${unit}, budget ${budget} ${unit}\n`);
  if (size > budget) process.exitCode = 1;
}

for (const [name, budget] of Object.entries(pages)) {
  // What is read later, when a dialog is first opened, is no part of the first load.
  const page = readFileSync(new URL(`${name}.html`, dist), "utf8");
  const kilobytes = { js: 0, css: 0 };
  for (const file of readdirSync(new URL("assets/", dist))) {
    const kind = file.split(".").pop();
    if (!(kind in kilobytes) || !page.includes(file)) continue;
    const bytes = readFileSync(new URL(`assets/${file}`, dist));
    kilobytes[kind] += gzipSync(bytes, { level: 9 }).length / 1000;
  }
  for (const [kind, size] of Object.entries(kilobytes))
    report(`${name} ${kind}`, size, budget[kind], "kB gz");
}

const worker = readFileSync(new URL("field-worker.js", dist), "utf8");
const files = [...worker.matchAll(/"(\/(?:assets\/)?[\w.-]+\.\w+)"/g)].map(([, file]) => file);
const bytes = ["/field.html", ...files].map((file) => statSync(new URL(`.${file}`, dist)).size);
report(`field keeps ${files.length} files`, bytes.reduce((a, b) => a + b) / 1024, kept, "KiB");
