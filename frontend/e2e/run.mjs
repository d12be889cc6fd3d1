// Runs all suites, or those named, two at a time (a suite mostly waits), each on a copy of one loaded demo.
// A suite that fails is run once more, alone: on a machine at its limit one late picture must not refuse
// a whole delivery. It is named at the end all the same, and what fails twice fails.
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { tap } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { removeData } from "./seed.mjs";
import { startServer } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
// The same engine without windows, which every context of the whole browser opens anew (ARCHITECTURE.md).
const shell = "/usr/bin/chromium-headless-shell";
if (existsSync(shell)) process.env.GUATU_CHROMIUM ??= shell;

// The wall takes longest: nobody waits for it at the end.
const suites = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs"))
  .sort((a, b) => Number(b.startsWith("wall")) - Number(a.startsWith("wall")));
const wanted = process.argv.slice(2);
const chosen = suites.filter((s) => wanted.length === 0 || wanted.includes(s.split(".")[0]));
if (chosen.length === 0) {
  throw new Error(
    `no suite of that name; there are: ${suites.map((s) => s.split(".")[0]).join(", ")}`,
  );
}

const files = chosen.map((name) => join(here, name));
if (process.env.GUATU_URL) await twice();
else {
  const first = await startServer();
  await first.halt();
  process.env.GUATU_E2E_SEED = first.data;
  try {
    await twice();
  } finally {
    removeData(first.data);
  }
}

async function twice() {
  const failed = await failing(files, 2);
  const again = await failing(failed, 1);
  const names = (paths) => paths.map((path) => basename(path, ".test.mjs")).join(", ");
  if (failed.length > 0) console.log(`# failed at first: ${names(failed)}`);
  if (again.length > 0) console.log(`# failed twice: ${names(again)}`);
  process.exitCode = again.length > 0 ? 1 : 0;
}

/** Those of the suites in which a test failed, run so many at a time. */
async function failing(paths, concurrency) {
  if (paths.length === 0) return [];
  const failed = new Set();
  const tests = run({ files: paths, concurrency });
  tests.on("test:fail", ({ file }) => failed.add(file));
  const said = tests.compose(tap);
  said.pipe(process.stdout);
  await once(said, "end");
  const stray = [...failed].filter((file) => !paths.includes(file));
  if (stray.length > 0) throw new Error(`failed outside of every suite: ${stray.join(", ")}`);
  return paths.filter((path) => failed.has(path));
}
