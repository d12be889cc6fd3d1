// A wall that hangs while people work, lines break and the server begins anew: one real page, and clients that check every event.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { apiClient } from "./api.mjs";
import { openLine } from "./cut-line.mjs";
import { Follower, now } from "./followers.mjs";

/** Opens the wall as a screen does, in a context of its own. */
export async function openScreen(browser, address, size = { width: 1920, height: 1080 }) {
  const page = await browser.newPage({ viewport: size, locale: "zh-CN" });
  await page.goto(address);
  await page.locator('[data-test="wall-late"] li').first().waitFor();
  await page.locator(".parcel-tiles canvas").first().waitFor();
  return page;
}

/** Notes in the page when each revision is in the picture and which page that is, and when tiles of the map are painted. */
const watchPicture = () => {
  window.readOnce = true;
  window.soak = { applied: [], tiles: [] };
  const time = () => performance.timeOrigin + performance.now();
  const wall = document.querySelector(".wall");
  new MutationObserver(() => {
    const revision = Number(wall.dataset.revision);
    // The second frame begins when the first has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => window.soak.applied.push([revision, time(), wall.dataset.page])),
    );
  }).observe(wall, { attributeFilter: ["data-revision"] });
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...told) {
    drawImage.apply(this, told);
    if (this.canvas.closest(".parcel-tiles")) window.soak.tiles.push(time());
  };
};
const takeNotes = () => {
  const { applied, tiles } = window.soak;
  return { applied: applied.splice(0), tiles: tiles.splice(0) };
};

/** Works like an office: notes on cases, a milestone marked and taken back, sometimes many at once. */
class Writer {
  /** [revision, when the answer was here], rising. */
  commits = [];
  /** Those of them that paint a parcel otherwise. */
  repaints = [];

  constructor(api) {
    this.api = api;
  }

  async begin() {
    const { detail, kind } = await this.api.markable();
    this.marked = { case_id: detail.case.id, milestone: kind.code };
    const { items } = await this.api.read("/cases?limit=100");
    this.cases = items.filter(({ id }) => id !== this.marked.case_id).slice(0, 50);
  }

  /** The same operation until it has an answer. */
  async #enter(change) {
    const op_id = randomUUID();
    for (;;) {
      const answer = await this.api.change(change, op_id).catch(() => undefined);
      if (answer?.status === 200) {
        this.commits.push([answer.body.revision, now()]);
        return answer.body;
      }
      if (answer && answer.status < 500) throw new Error(JSON.stringify(answer.body));
      await wait(200);
    }
  }

  async note() {
    const n = this.commits.length;
    const item = this.cases[n % this.cases.length];
    const change = { kind: "case.amend", case_id: item.id, base_version: item.version };
    const { entries } = await this.#enter({ ...change, fields: { note: `${n}` } });
    item.version = entries[0].version;
  }

  /** Marks it, or takes back what was marked. */
  async mark() {
    const undo = this.batch && { kind: "batch.undo", batch_id: this.batch, reason: "误操作" };
    const { batch_id, revision } = await this.#enter(
      undo ?? { ...this.marked, kind: "case.milestone", date: "2020-09-30" },
    );
    this.batch = undo ? undefined : batch_id;
    this.repaints.push([revision, now()]);
  }
}

/** Least squares over [x, y]: by how much y grows in all, and how far values stray from the line. */
export function growth(points) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [0, 1].map((i) => mean(points.map((point) => point[i])));
  const sum = (of) => points.reduce((all, [a, b]) => all + of(a - x, b - y), 0);
  const slope = sum((a, b) => a * b) / sum((a) => a * a);
  const stray = Math.sqrt(sum((a, b) => (b - slope * a) ** 2) / Math.max(1, points.length - 2));
  const span = points[points.length - 1][0] - points[0][0];
  return { grown: slope * span, stray };
}

/** What happens to the server and to the line: each so many times, spread over the run. */
function mishaps({ ms, restarts, cuts, away }, server, line) {
  const spread = (n, shift) => Array.from({ length: n }, (_, k) => ((k + shift) * ms) / n);
  const restart = (k) => async () => {
    await (k % 2 ? server.kill() : server.halt());
    await server.resume();
  };
  // By turns the line breaks, or nothing comes through and nobody is told.
  const cut = (k) => async () => {
    k % 2 ? line.hold() : line.cut();
    await wait(away);
    await (k % 2 ? line.release() : line.mend());
  };
  const all = [
    ...spread(restarts, 0.35).map((at, k) => ({ at, what: "restart", run: restart(k) })),
    ...spread(cuts, 0.75).map((at, k) => ({ at, what: "cut", run: cut(k) })),
  ];
  return all.sort((a, b) => a.at - b.at);
}

/** Waits until the page and every client have been told everything; answers what they lack after so many ms. */
async function settled(api, page, followers, patience = 60_000) {
  const { revision } = await api.read("/health");
  const until = now() + patience;
  const behind = async () => [
    ...followers.filter(({ last }) => last < revision).map(({ last }) => `client at ${last}`),
    ...((await page.evaluate(() => Number(document.querySelector(".wall").dataset.revision))) <
    revision
      ? ["the page"]
      : []),
  ];
  let lacking = await behind();
  while (lacking.length > 0 && now() < until) {
    await wait(200);
    lacking = await behind();
  }
  return lacking.map((who) => `${who} of ${revision}`);
}

/** A run: `open` opens the wall at an address and answers its page, `each` is called with the page and the seconds gone, every `look` ms. */
export async function soak({ server, open, clients = 49, look = 5000, pace = 1000, each, ...how }) {
  const line = await openLine(server.url);
  const api = apiClient(server.url);
  const { secret } = await api.post("/tokens", { kind: "wall", name: "soak" });
  const page = await open(line.url, secret);
  await page.evaluate(watchPicture);
  const writer = new Writer(api);
  await writer.begin();
  const { revision } = await api.read("/health");
  const cookie = `guatu_wall=${secret}`;
  const followers = Array.from({ length: clients }, () => new Follower(line.url, cookie, revision));
  const [began, notes, outages] = [now(), { applied: [], tiles: [] }, []];
  const gone = () => now() - began;
  const collect = async () => {
    const { applied, tiles } = await page.evaluate(takeNotes);
    notes.applied.push(...applied);
    notes.tiles.push(...tiles);
    await each?.(page, gone() / 1000);
  };
  const work = async () => {
    for (let n = 0; gone() < how.ms; n++) {
      await (n % 2 ? writer.mark() : writer.note());
      // A burst now and then.
      for (let b = 0; n % 60 === 59 && b < 30; b++) await writer.note();
      await wait(pace);
    }
  };
  const befall = async () => {
    for (const { at, what, run } of mishaps(how, server, line)) {
      await wait(Math.max(0, at - gone()));
      const from = now();
      await run();
      outages.push({ what, from, to: now() });
    }
  };
  const watch = async () => {
    while (gone() < how.ms) {
      await wait(Math.min(look, Math.max(0, how.ms - gone())));
      await collect();
    }
  };
  await Promise.all([work(), befall(), watch()]);
  const ended = now();
  // It turns no further for a minute: figures and heap are of the district's page.
  await page.keyboard.press("Home");
  const lacking = await settled(api, page, followers);
  await collect();
  await Promise.all(followers.map((one) => one.stop()));
  line.close();
  const kept = await page.evaluate(() => window.readOnce === true);
  return { page, api, writer, followers, notes, outages, lacking, kept, began, ended };
}
