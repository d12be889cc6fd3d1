// Runs all suites, or those named, two at a time (a suite mostly waits), each on a copy of one loaded demo.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeData } from "./seed.mjs";
import { startServer } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const suites = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
const wanted = process.argv.slice(2);
const chosen = suites.filter((s) => wanted.length === 0 || wanted.includes(s.split(".")[0]));
if (chosen.length === 0) {
  throw new Error(
    `no suite of that name; there are: ${suites.map((s) => s.split(".")[0]).join(", ")}`,
  );
}

const files = chosen.map((name) => join(here, name));
if (process.env.GUATU_URL) await run({});
else {
  const first = await startServer();
  await first.halt();
  try {
    await run({ GUATU_E2E_SEED: first.data });
  } finally {
    removeData(first.data);
  }
}

async function run(more) {
  const env = { ...process.env, ...more };
  const tests = spawn(process.execPath, ["--test", "--test-concurrency=2", ...files], {
    stdio: "inherit",
    env,
  });
  [process.exitCode] = await once(tests, "exit");
}
