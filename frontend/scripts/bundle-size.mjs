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

/** What a file imports before it runs, and its workers. */
const imported = /(?:from|import)"\.\/([\w-]+\.js)"|\/assets\/([\w-]+worker-[\w-]+\.js)/g;

/** A file with all of that; what it reads later is no part of it. */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(new URL(`assets/${file}`, dist), "utf8");
  for (const [, chunk, worker] of text.matchAll(imported)) withImports(chunk ?? worker, found);
  return found;
}

// The wall's page: the first load and the chunk with its regions, the map among them.
const assets = readdirSync(new URL("assets/", dist));
const [entry] = /main-[\w-]+\.js/.exec(readFileSync(new URL("index.html", dist), "utf8")) ?? [];
const page = assets.find(
  (file) =>
    file.endsWith(".js") &&
    readFileSync(new URL(`assets/${file}`, dist), "utf8").includes("wall-basis"),
);
if (!entry || !page) throw new Error("the chunks of the wall are not found");
const ofWall = [...withImports(page, withImports(entry))];
const wallBytes = ofWall.reduce(
  (sum, file) => sum + gzipSync(readFileSync(new URL(`assets/${file}`, dist)), { level: 9 }).length,
  0,
);
report(`wall js, ${ofWall.length} files`, wallBytes / 1000, 260, "kB gz");

// The desk (土地量算): all that its page and its map may read from the first load on, but not the chunk that draws (Geoman), dialogs that
// are asked for, the other language, nor what belongs to other pages alone. What nobody names here counts as the desk's.
const drawing = "src/map/editor-of.ts";
const elsewhere = [
  "src/app/phone-page.vue",
  "src/app/wall-page.vue",
  "src/domain/words-en.ts",
  "src/ui/burn-up-chart.ts",
  "src/ui/case-page.vue",
  "src/ui/ledger-table.vue",
  "src/ui/import-either.vue",
  "src/ui/office-desk.vue",
  "src/ui/progress-page.vue",
  "src/ui/settings-page.vue",
  "src/ui/supervision-page.vue",
  "src/ui/tracks-page.vue",
];
const manifest = JSON.parse(readFileSync(new URL("../.vite/manifest.json", dist), "utf8"));

const apart = (name) =>
  name === drawing || elsewhere.includes(name) || name.endsWith("-dialog.vue");

/** The files that a module of the manifest may ask for, now or later, and the workers among its assets. */
function withEverything(name, found = new Map()) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is no chunk of the build: scripts/bundle-size.mjs names it`);
  if (found.has(name)) return found;
  found.set(name, [chunk.file, ...(chunk.assets ?? [])]);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])])
    if (!apart(next)) withEverything(next, found);
  return found;
}

for (const name of [drawing, ...elsewhere])
  if (!manifest[name]?.isDynamicEntry) throw new Error(`${name} is read with the first load`);
const desk = new Set([...withEverything("index.html").values()].flat());
const ofDesk = [...desk].filter((file) => file.endsWith(".js"));
const deskBytes = ofDesk.reduce(
  (sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length,
  0,
);
report(`desk js before the drawing chunk, ${ofDesk.length} files`, deskBytes / 1000, 300, "kB gz");

const worker = readFileSync(new URL("field-worker.js", dist), "utf8");
const files = [...worker.matchAll(/"(\/(?:assets\/)?[\w.-]+\.\w+)"/g)].map(([, file]) => file);
const bytes = ["/field.html", ...files].map((file) => statSync(new URL(`.${file}`, dist)).size);
report(`field keeps ${files.length} files`, bytes.reduce((a, b) => a + b) / 1024, kept, "KiB");
