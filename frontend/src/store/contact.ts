import { type Ref, ref } from "vue";

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
  /** Notes that what is shown was the truth at this server time. */
  confirm(time: string): void;
  /** Notes that everything up to this revision has been taken over. */
  reach(revision: number): void;
  /** Notes the server's build. */
  meet(build: string): void;
}

export function createContact(): Contact {
  const [live, asOf, revision] = [ref(false), ref(""), ref(0)];
  const [build, outdated] = [ref(""), ref(false)];

  function confirm(time: string): void {
    if (Date.parse(time) > (Date.parse(asOf.value) || 0)) asOf.value = time;
  }

  function reach(latest: number): void {
    revision.value = Math.max(revision.value, latest);
  }

  function meet(other: string): void {
    if (build.value === "") build.value = other;
    else if (other !== build.value) outdated.value = true;
  }

  return { live, asOf, revision, build, outdated, confirm, reach, meet };
}
