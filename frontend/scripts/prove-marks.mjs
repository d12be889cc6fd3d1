// A hundred marks a second, each with a photo announced, from 200 phones for a minute:
//   GUATU_BIN=… node scripts/prove-marks.mjs [--seconds 60] [--rate 100] [--phones 200]
// Marks are sent when they are due, however long others take, and are timed from then on.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { apiClient } from "../e2e/api.mjs";
import { startServer } from "../e2e/server.mjs";
import { picture, signIn } from "./phones.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "100" },
    phones: { type: "string", default: "200" },
  },
});
const [seconds, rate, phoneCount] = ["seconds", "rate", "phones"].map((key) => Number(values[key]));
const people = [
  ["shen", "honghe"],
  ["lu", "wangjiangjing"],
  ["qian", "xincheng"],
  ["mei", "youchegang"],
  ["jin", "wangdian"],
];

const server = await startServer(async () => ({
  GUATU_RATE_SESSION: "0",
  GUATU_RATE_ADDRESS: "0",
}));
try {
  await prove();
} finally {
  await server.stop();
}

async function prove() {
  const cases = await listCases();
  // One session a person: signing in is limited, and no part of what is measured.
  const cookies = await Promise.all(people.map(([person]) => signIn(server.url, person)));
  const phones = Array.from({ length: phoneCount }, (_, i) => ({
    ...{ device: `phone ${i}`, cookie: cookies[i % people.length] },
  }));
  const [times, answers] = [[], []];
  const began = performance.now();
  for (let n = 0; n < cases.length; n++) {
    const due = began + (1000 * n) / rate;
    await wait(Math.max(0, due - performance.now()));
    // The n-th case is of the unit of the n-th phone.
    answers.push(
      mark(phones[n % phones.length], cases[n]).then((answer) => {
        times.push(performance.now() - due);
        return answer;
      }),
    );
  }
  const told = await Promise.all(answers);
  const took = (performance.now() - began) / 1000;
  await eachStands(told, cases);
  await server.halt();
  const env = { ...process.env, GUATU_DATA: server.data };
  const verified = await promisify(execFile)(process.env.GUATU_BIN, ["verify"], { env });
  await server.resume();
  times.sort((a, b) => a - b);
  const at = (share) => `${times[Math.ceil(share * times.length) - 1].toFixed(0)} ms`;
  console.log(
    `${told.length} marks with a photo announced, of ${phoneCount} phones, ${rate} a second: all acknowledged in ${took.toFixed(1)} s, none lost`,
  );
  console.log(
    `from when each was due to its answer: median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, longest ${at(1)}`,
  );
  console.log(verified.stdout.trim());
}

/** A case for each mark, in turn of the units of the people. */
async function listCases() {
  const office = apiClient(server.url);
  const all = [];
  while (all.length < seconds * rate) {
    const n = Math.min(500, seconds * rate - all.length);
    const changes = Array.from({ length: n }, (_, i) => {
      const [, unit] = people[(all.length + i) % people.length];
      return { kind: "case.list", unit, label: `证明${all.length + i}号` };
    });
    const { status, body } = await office.changes(changes);
    if (status !== 200) throw new Error(JSON.stringify(body));
    all.push(...body.entries.map(({ noun_id }) => noun_id));
  }
  return all;
}

/** One mark as a phone sends it; what is not acknowledged ends the proof. */
async function mark({ cookie, device }, id) {
  const changes = [
    {
      kind: "photo.attach",
      case_id: id,
      milestone: "surveyed",
      photo: { sha256: picture(10, 20).sha256 },
    },
    { kind: "case.milestone", case_id: id, base_version: 1, milestone: "filed" },
  ];
  const response = await fetch(`${server.url}/api/v1/changes`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ op_id: randomUUID(), device, changes }),
  });
  const body = await response.json();
  if (response.status !== 200 || body.outcome !== "applied")
    throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return body;
}

/** Each mark has entries of its own, and each case is marked. */
async function eachStands(told, cases) {
  const entries = new Set(told.flatMap((each) => each.entries.map(({ id }) => id)));
  if (entries.size !== 2 * told.length)
    throw new Error(`${entries.size} entries of ${told.length} marks`);
  const wanted = new Set(cases);
  const newest = Math.max(...told.map(({ revision }) => revision));
  const office = apiClient(server.url);
  for (let after = ""; ; ) {
    const page = await office.read(`/cases?limit=1000&next=planned&min_revision=${newest}${after}`);
    for (const { id } of page.items) wanted.delete(id);
    if (!page.next_after) break;
    after = `&after=${encodeURIComponent(page.next_after)}`;
  }
  if (wanted.size > 0) throw new Error(`${wanted.size} cases are not marked`);
}
