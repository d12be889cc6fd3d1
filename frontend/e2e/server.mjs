// Starts the real program on a free port with its own data, and stops it.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { knowAccounts } from "./accounts.mjs";
import { copyData, removeData } from "./seed.mjs";

// The first start makes a database cluster.
const patience = 180_000;

/**
 * A running program: where it answers, and how to end it. Its data are a copy of the seed, or made anew; `settings` may
 * give it more settings once it is known where it will answer.
 */
export async function startServer(settings = async () => ({})) {
  const given = process.env.GUATU_URL;
  if (given) {
    const nothing = async () => {};
    return {
      url: given,
      own: false,
      halt: nothing,
      kill: nothing,
      resume: nothing,
      restart: nothing,
      stop: nothing,
    };
  }
  const binary = process.env.GUATU_BIN;
  if (!binary)
    throw new Error("GUATU_BIN must name the guatu binary (or GUATU_URL a running server)");

  const data = mkdtempSync(join(tmpdir(), "guatu-e2e-"));
  const seed = process.env.GUATU_E2E_SEED;
  if (seed) copyData(seed, data);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  knowAccounts(url, join(data, "demo-accounts.txt"));
  const more = await settings(url);
  const start = () => run(binary, { ...place(data, port), ...more }, url);
  let running = await start();
  return {
    url,
    data,
    own: true,
    /** The program ends; its data stay. */
    halt: () => end(running),
    /** It ends without a word. */
    kill: () => end(running, "SIGKILL"),
    async resume() {
      running = await start();
    },
    async restart() {
      await end(running);
      running = await start();
    },
    async stop() {
      await end(running);
      removeData(data);
    },
  };
}

/** Settings of every program under test; its passwords need no hashing that takes long. */
function place(data, port) {
  return { GUATU_ADDR: `127.0.0.1:${port}`, GUATU_DATA: data, GUATU_ARGON2: "8,1,1" };
}

async function run(binary, settings, url) {
  const env = { ...process.env, ...settings };
  const child = spawn(binary, ["demo"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => said.push(part));
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/api/v1/health`).catch(() => undefined);
    if (answer?.ok) return child;
    await wait(200);
  }
  child.kill("SIGTERM");
  throw new Error(`guatu demo did not answer at ${url}:\n${Buffer.concat(said)}`);
}

async function end(child, signal = "SIGTERM") {
  if (child.exitCode !== null) return;
  const over = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  const stuck = setTimeoutKill(child);
  await over;
  clearTimeout(stuck);
}

function setTimeoutKill(child) {
  return globalThis.setTimeout(() => child.kill("SIGKILL"), 30_000);
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
