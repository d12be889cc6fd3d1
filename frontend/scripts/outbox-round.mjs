// One round of prove-outbox.mjs: the page's own outbox against the real program and PostgreSQL, which are killed again and again.
//   GUATU_BIN=… node scripts/outbox-round.mjs --operations 5000 --kills 20 --phones 20
// Each acknowledged operation must have been entered once, each receipted photo be stored byte for byte, and verify be clean.
// The last line it writes is what was counted, as JSON.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { apiClient } from "../e2e/api.mjs";
import { startServer } from "../e2e/server.mjs";
import { createPhone, noCounts, pageModules, picture, signIn, until } from "./phones.mjs";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "5000" },
    kills: { type: "string", default: "20" },
    phones: { type: "string", default: "20" },
  },
});
const [operations, kills, phoneCount] = ["operations", "kills", "phones"].map((key) =>
  Number(values[key]),
);
const people = {
  wangjiangjing: ["lu", "tang"],
  xincheng: ["qian", "gu"],
  honghe: ["shen", "zhang"],
};
const units = Object.keys(people);
const chain = ["filed", "planned", "notified", "valued", "signed", "stopped", "vacated"];
const photosOf = { stopped: ["during"], vacated: ["gate", "workshop", "meter", "equipment"] };
const way = { lost: 0.03, unheard: 0.03, doubled: 0.02 };
const any = (list) => list[Math.floor(Math.random() * list.length)];
const both = (zh) => ({ zh, en: zh });

const counts = { ...noCounts(), saved: 0, server: 0, postgres: 0, refusedPhotos: 0 };
/** What the phones were told, with all that is needed to ask again. */
const told = new Map();
const receipts = new Set();

const began = Date.now();
const modules = await pageModules();
const server = await startServer(async () => ({
  GUATU_RATE_SESSION: "0",
  GUATU_RATE_ADDRESS: "0",
}));
try {
  await prove();
} finally {
  await server.stop();
  await modules.close();
}

async function prove() {
  const office = apiClient(server.url);
  const { clock } = await office.read("/campaign");
  const ahead = Date.parse(clock.now) - Date.now();
  const pools = await listCases(office);
  const phones = [];
  for (let i = 0; i < phoneCount; i++) phones.push(await newPhone(i, ahead, pools));
  const done = Promise.all(phones.map((phone) => live(phone)));
  await Promise.all([killAgainAndAgain(done), done]);
  Object.assign(way, { lost: 0, unheard: 0, doubled: 0 });
  await Promise.all(phones.map(settle));
  await askedAgain(phones);
  stored();
  await sameLists(phones);
  await server.halt();
  const verified = await verify();
  await server.resume();
  report(verified);
}

async function listCases(office) {
  const pools = Object.fromEntries(units.map((unit) => [unit, []]));
  const wanted = Math.ceil(operations / 8);
  for (let n = 0; n < wanted; n += 500) {
    const some = Array.from(
      { length: Math.min(500, wanted - n) },
      (_, i) => units[(n + i) % units.length],
    );
    const changes = some.map((unit, i) => ({ kind: "case.list", unit, label: `证明${n + i}号` }));
    const { status, body } = await office.changes(changes);
    if (status !== 200) throw new Error(JSON.stringify(body));
    const made = body.entries.filter(({ kind }) => kind === "case.list");
    for (const [i, { noun_id }] of made.entries()) pools[some[i]].push(noun_id);
  }
  return pools;
}

async function newPhone(i, ahead, pools) {
  const unit = units[i % units.length];
  const person = people[unit][Math.floor(i / units.length) % 2];
  const cookie = await signIn(server.url, person);
  const from = { url: server.url, cookie, person, device: `phone ${i}`, way, counts, ahead };
  const phone = createPhone(modules, from);
  // What it knows of each case: its version, and the milestone that it expects to be next.
  return { ...phone, unit, pool: pools[unit], known: new Map(), last: undefined };
}

function open() {
  return told.size < operations || counts.server + counts.postgres < kills;
}

/** A person who works on, whatever the line does; what is sent is noted and tidied away. */
async function live(phone) {
  while (open()) {
    for (let n = 1 + Math.floor(Math.random() * 4); n > 0; n--) await act(phone);
    const sending = phone.run();
    if (Math.random() < 0.02) await phone.killTab();
    else await sending;
    await note(phone);
    await wait(phone.line() === "offline" ? 100 : 0);
  }
}

async function act(phone) {
  // Mostly the newest cases, so that phones of a unit meet.
  const reach = Math.max(12, Math.floor((phone.pool.length * told.size) / operations) + 12);
  const id =
    phone.pool[Math.min(phone.pool.length - 1, Math.floor(reach * (1 - Math.random() * 0.3)))];
  if (Math.random() < 0.4) await look(phone, id);
  const state = phone.known.get(id) ?? { version: 1, next: 0 };
  const roll = Math.random();
  counts.saved++;
  if (roll < 0.05 && phone.last) return phone.undo(phone.last);
  if (roll < 0.3 || state.next >= chain.length) return amend(phone, id, state);
  const milestone = chain[state.next];
  const files = taken(milestone);
  const changes = [
    ...files.map(({ sha256, of, slot }) => ({
      ...{ kind: "photo.attach", case_id: id, milestone: of },
      photo: { sha256, ...(slot ? { slot } : {}) },
    })),
    { kind: "case.milestone", case_id: id, base_version: state.version, milestone },
  ];
  const photos = files.map(({ sha256, slot = "", bytes }) => ({
    ...{ sha256, slot, name: both(slot), bytes: bytes.byteLength },
  }));
  const said = {
    caseId: id,
    label: String(id),
    done: both(milestone),
    expected: [],
    changes,
    photos,
  };
  const deed = await phone.save(
    said,
    files.map(({ sha256, bytes }) => ({ sha256, bytes })),
  );
  phone.known.set(id, { ...state, next: state.next + 1 });
  phone.last = deed.id;
}

/** Pictures for the slots of a milestone; of one without, at times some of the yard. */
function taken(milestone) {
  const slots = photosOf[milestone];
  if (slots)
    return slots
      .filter(() => Math.random() < 0.7)
      .map((slot) => ({ of: milestone, slot, ...picture() }));
  const n = Math.random() < 0.4 ? 1 + Math.floor(Math.random() * 3) : 0;
  return Array.from({ length: n }, () => ({ of: "vacated", ...picture() }));
}

/** Reads a case anew, where there is a line. */
async function look(phone, id) {
  const { case: now } = await phone
    .api()
    .caseDetail(id)
    .catch(() => ({}));
  if (!now) return;
  const next = now.next ? chain.indexOf(now.next) : chain.length;
  phone.known.set(id, { version: now.version, next: next < 0 ? chain.length : next });
}

async function amend(phone, id, { version }) {
  const fields = { [any(["note", "responsible"])]: `说明${Math.floor(Math.random() * 20)}` };
  const changes = [{ kind: "case.amend", case_id: id, base_version: version, fields }];
  await phone.save({
    caseId: id,
    label: String(id),
    done: both("改"),
    expected: [],
    changes,
    photos: [],
  });
}

/** Notes what was answered in full, and takes it off the phone as the page does after a week. */
async function note(phone) {
  for (const deed of await phone.box.deeds()) {
    if (!deed.answer) continue;
    hear(deed, phone);
    const { photos, undone, id } = deed;
    if (!undone && photos.some((each) => !each.storedAt && !each.refused)) continue;
    counts.refusedPhotos += photos.filter(({ refused }) => refused).length;
    await phone.box.change(id, () => undefined);
    for (const { sha256 } of photos) await phone.box.dropFile(sha256);
  }
  await phone.restore();
}

function hear({ answer, photos, op, id }, phone) {
  const before = told.get(id);
  if (before && before.answer.revision !== answer.revision)
    throw new Error(`${id} was answered twice, differently`);
  told.set(id, { op, answer, phone });
  for (const { storedAt, sha256 } of photos) if (storedAt) receipts.add(sha256);
}

/** The server and PostgreSQL in turn, evenly over the operations. */
async function killAgainAndAgain(done) {
  let over = false;
  void done.then(() => (over = true));
  for (let n = 0; n < kills && !over; n++) {
    const due = Math.floor(((n + 1) * operations) / (kills + 1));
    await until(() => over || told.size >= due, `${due} operations`, 900_000);
    if (n % 2 === 0) {
      await server.kill();
      counts.server++;
      await server.resume();
    } else {
      process.kill(postmaster(), "SIGKILL");
      counts.postgres++;
    }
    if (n % 20 === 19) console.error(`${n + 1} kills, ${told.size} operations, ${seconds()} s`);
  }
}

function postmaster() {
  const { home } = JSON.parse(readFileSync(join(server.data, "cluster.json"), "utf8"));
  const at = isAbsolute(home) ? home : join(server.data, home);
  return Number(readFileSync(join(at, "pg", "postmaster.pid"), "utf8").split("\n")[0]);
}

async function settle(phone) {
  await until(async () => {
    await phone.run();
    await note(phone);
    return (await phone.unsent()) === 0;
  }, `${phone.device} to send everything`);
}

/** Asked again, each operation has the answer it had, and no entry is of two. */
async function askedAgain(phones) {
  const seen = new Map();
  const left = [...told.values()];
  const ask = async () => {
    for (let each = left.pop(); each; each = left.pop()) {
      for (const { id } of await answeredAgain(each)) {
        if (seen.has(id)) throw new Error(`entry ${id} is of two operations`);
        seen.set(id, each.op.op_id);
      }
    }
  };
  await Promise.all(phones.map(ask));
  counts.entries = seen.size;
}

/** The entries of an operation, from the answer that it is given once more. */
async function answeredAgain({ op, answer, phone }) {
  const response = await fetch(`${server.url}/api/v1/changes`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: phone.cookie },
    body: JSON.stringify(op),
  });
  const body = await response.json();
  // A refusal is a problem with the outcome in it.
  const said = response.ok ? body : (body.outcome ?? {});
  if (said.outcome === answer.outcome && said.revision === answer.revision) return said.entries;
  throw new Error(`${op.op_id}: ${JSON.stringify(answer)}, then ${JSON.stringify(body)}`);
}

function stored() {
  for (const sha256 of receipts) {
    const bytes = readFileSync(join(server.data, "photos", "files", sha256.slice(0, 2), sha256));
    if (createHash("sha256").update(bytes).digest("hex") !== sha256)
      throw new Error(`photo ${sha256} is another`);
  }
}

/** Phones of a unit read the same list. */
async function sameLists(phones) {
  const lists = new Map();
  for (const { unit, api } of phones) {
    const { items } = await api().cases({ unit, limit: 1000 });
    const text = JSON.stringify(items);
    if (lists.has(unit) && lists.get(unit) !== text)
      throw new Error(`phones of ${unit} read other lists`);
    lists.set(unit, text);
  }
}

async function verify() {
  const env = { ...process.env, GUATU_DATA: server.data };
  const { stdout } = await promisify(execFile)(process.env.GUATU_BIN, ["verify"], { env });
  return stdout.trim();
}

function seconds() {
  return Math.round((Date.now() - began) / 1000);
}

function report(verified) {
  const outcomes = {};
  for (const { answer } of told.values())
    outcomes[answer.outcome] = (outcomes[answer.outcome] ?? 0) + 1;
  const sums = { ...counts, operations: told.size, photos: receipts.size, seconds: seconds() };
  console.log(JSON.stringify({ sums, outcomes, verified }));
}
