// Clients of the live stream that check every event: each one once, in order, whatever happens to the line.
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds since 1970, by the clock that pages have too. */
export const now = () => performance.timeOrigin + performance.now();

/** One client; `arrived` are [revision, when] of what it was told. */
export class Follower {
  arrived = [];
  faults = [];
  connections = 0;
  #stop = new AbortController();

  constructor(url, cookie, from) {
    this.url = url;
    this.cookie = cookie;
    this.last = from;
    this.over = this.#run();
  }

  stop() {
    this.#stop.abort();
    return this.over;
  }

  async #run() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // A line that breaks is what this is about: it is opened anew from the last event.
      await this.#listen(signal).catch(() => undefined);
      await wait(500, undefined, { signal }).catch(() => undefined);
    }
  }

  async #listen(signal) {
    const headers = { cookie: this.cookie, "last-event-id": String(this.last) };
    const answer = await fetch(`${this.url}/api/v1/live`, { headers, signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    this.connections++;
    let text = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (text + part).split("\n\n");
      text = events.pop();
      for (const each of events) this.#take(each);
    }
  }

  #take(event) {
    const [, data] = /^event: change\ndata: (.*)$/m.exec(event) ?? [];
    if (!data) return;
    const { first, revision } = JSON.parse(data);
    if (first !== this.last + 1) this.faults.push(`${first} after ${this.last}`);
    this.last = revision;
    this.arrived.push([revision, now()]);
  }
}

/** Every so many ms: how old the oldest commit was that somebody had not been told, ms. `commits` are [revision, when], rising. */
export function staleness(commits, arrived, until, every = 500) {
  const found = [];
  let [c, a] = [0, 0];
  const known = () => (a > 0 ? arrived[a - 1][0] : 0);
  for (let t = commits[0]?.[1] ?? until; t < until; t += every) {
    while (a < arrived.length && arrived[a][1] <= t) a++;
    while (c < commits.length && commits[c][0] <= known()) c++;
    const waits = c < commits.length && commits[c][1] <= t;
    found.push(waits ? t - commits[c][1] : 0);
  }
  return found;
}

/** The value below which so many of a hundred are. */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
