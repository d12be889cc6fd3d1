import { type Ref, ref } from "vue";

/** How long nothing has confirmed the picture: not long, over a minute, over five. */
export type Silence = "none" | "stale" | "lost";

const staleAfter = 60_000;
const lostAfter = 300_000;

/** How this page stands with the server. */
export interface Contact {
  /** The stream of changes is open. */
  live: Ref<boolean>;
  /** Server time of the last thing known for sure; empty before the first. */
  asOf: Ref<string>;
  /** Last revision this page has. */
  revision: Ref<number>;
  /** Build of the server that was first met; another one later means the page is old. */
  build: Ref<string>;
  outdated: Ref<boolean>;
  silence: Ref<Silence>;
  /** Whole minutes of it. */
  silentMinutes: Ref<number>;
  /** Looks how long it is; call it every second or so. */
  listen(): void;
  /** Notes that what is shown was the truth at this server time. */
  confirm(time: string): void;
  /** Notes that everything up to this revision has been taken over. */
  reach(revision: number): void;
  /** Notes the server's build. */
  meet(build: string): void;
}

/** `elapsed` counts milliseconds: what time it is, only the server says. */
export function createContact(elapsed: () => number = () => performance.now()): Contact {
  const [live, asOf, revision] = [ref(false), ref(""), ref(0)];
  const [build, outdated] = [ref(""), ref(false)];

  const [silence, silentMinutes] = [ref<Silence>("none"), ref(0)];
  let heardAt = elapsed();

  function listen(): void {
    const silent = elapsed() - heardAt;
    silence.value = silent >= lostAfter ? "lost" : silent >= staleAfter ? "stale" : "none";
    silentMinutes.value = Math.floor(silent / 60_000);
  }

  function confirm(time: string): void {
    heardAt = elapsed();
    listen();
    if (Date.parse(time) > (Date.parse(asOf.value) || 0)) asOf.value = time;
  }

  function reach(latest: number): void {
    revision.value = Math.max(revision.value, latest);
  }

  function meet(other: string): void {
    if (build.value === "") build.value = other;
    else if (other !== build.value) outdated.value = true;
  }

  return {
    ...{ live, asOf, revision, build, outdated, silence, silentMinutes },
    ...{ listen, confirm, reach, meet },
  };
}
