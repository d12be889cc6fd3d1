// The page's own outbox against the real program and PostgreSQL, which are killed again and again, in rounds that can be run
// in pieces: what a round has shown is kept in .cache/proof, and counts as long as the sources are the same.
//   GUATU_BIN=… node scripts/prove-outbox.mjs [--operations 50000] [--kills 200] [--phones 20] [--rounds 10] [--now 10] [--sources NAME]
// Ends with 3 while rounds are missing; a round that fails ends it with 1 and counts for nothing.
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const text = (of) => ({ type: "string", default: of });
const { values } = parseArgs({
  options: {
    ...{ operations: text("50000"), kills: text("200"), phones: text("20") },
    ...{ rounds: text("10"), now: text("10"), sources: text("") },
  },
});
const number = (key) => Number(values[key]);
const [rounds, phones] = [number("rounds"), number("phones")];
const each = {
  operations: Math.ceil(number("operations") / rounds),
  kills: Math.ceil(number("kills") / rounds),
  phones,
};
/** What rounds must share to be added up. */
const name = JSON.stringify([values.sources, rounds, each]);
const folder = fileURLToPath(new URL("../../.cache/proof/", import.meta.url));
const state = `${folder}outbox.jsonl`;
const round = fileURLToPath(new URL("outbox-round.mjs", import.meta.url));

const done = known();
for (let n = 0; n < number("now") && done.length < rounds; n++) done.push(await run());
report();
if (done.length < rounds) process.exitCode = 3;

/** The rounds that were run of these sources before. */
function known() {
  try {
    const lines = readFileSync(state, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line)).filter((found) => found.name === name);
  } catch (thrown) {
    if (thrown.code === "ENOENT") return [];
    throw thrown;
  }
}

/** Runs one more, in a process of its own, and keeps what it counted. */
async function run() {
  const wanted = Object.entries(each).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const child = spawn(process.execPath, [round, ...wanted], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = [];
  child.stdout.on("data", (part) => said.push(part));
  const code = await new Promise((hear) => child.once("close", hear));
  const line = Buffer.concat(said).toString().trim().split("\n").pop();
  if (code !== 0) {
    console.error(`a round failed: ${line}`);
    process.exit(1);
  }
  const found = { name, at: new Date().toISOString(), ...JSON.parse(line) };
  mkdirSync(folder, { recursive: true });
  appendFileSync(state, `${JSON.stringify(found)}\n`);
  return found;
}

/** Adds up what several rounds counted under the same names. */
function sum(all) {
  const total = {};
  for (const counted of all)
    for (const [key, n] of Object.entries(counted)) total[key] = (total[key] ?? 0) + n;
  return total;
}

function report() {
  const of = sum(done.map(({ sums }) => sums));
  const outcomes = JSON.stringify(sum(done.map((found) => found.outcomes)));
  const lines = done.flatMap(({ at, sums, verified }, i) => [
    `round ${i + 1}, ${at}: ${sums.operations} operations, ${sums.server + sums.postgres} kills, ${sums.seconds} s`,
    ...verified.split("\n").map((line) => `  ${line}`),
  ]);
  if (done.length > 0)
    lines.push(
      `${of.operations} operations of ${phones} phones acknowledged, ${outcomes}, ${of.saved} done, ${of.seconds} s`,
      `killed: the server ${of.server} times, PostgreSQL ${of.postgres} times, tabs ${of.tabs} times`,
      `the way: ${of.requests} requests, ${of.lost} lost, ${of.unheard} answers not heard, ${of.doubled} sent twice`,
      `asked again, every operation has its answer; ${of.entries} entries, none of two operations`,
      `${of.photos} photos with a receipt, each stored byte for byte; ${of.refusedPhotos} refused`,
    );
  if (done.length < rounds) lines.push(`${done.length} of ${rounds} rounds: run again to go on`);
  console.log(lines.join("\n"));
}
