import { type Ref, ref, shallowRef } from "vue";
import { answer, done } from "../api/answer";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { paths } from "../api/schema";
import type {
  Account,
  AuditEntry,
  AuditPage,
  AuditState,
  Choice,
  GivenPassword,
  OpenSession,
  Person,
  PersonDraft,
  Staff,
  Text,
} from "../domain/types";

type Client = Api["client"];

/** Which entries of the access log are asked for; what is empty does not filter. */
export interface LogFilter {
  from: string;
  until: string;
  kind: string;
  person: string;
  address: string;
  outcome: string;
  object: string;
}

/** A filter that chooses nothing away. */
export function noFilter(): LogFilter {
  return { from: "", until: "", kind: "", person: "", address: "", outcome: "", object: "" };
}

type LogQuery = NonNullable<paths["/audit/entries"]["get"]["parameters"]["query"]>;

/** The filter as the server takes it. */
export function logQuery({ kind, ...rest }: LogFilter): LogQuery {
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
  return kind ? { ...said, kind: [kind] } : said;
}

/** Where the chosen entries lie as a file. */
export function exportAddress(filter: LogFilter, format: "csv" | "xlsx"): string {
  const { kind, ...rest } = logQuery(filter);
  const said = new URLSearchParams({ ...(rest as Record<string, string>), format });
  if (kind) said.set("kind", kind.join(","));
  return `/api/v1/audit/export?${said}`;
}

/** Does something and tells why it could not be done; answers whether it was. */
export interface Trying {
  failure: Ref<Text | undefined>;
  busy: Ref<boolean>;
  try<T>(deed: () => Promise<T>): Promise<T | undefined>;
}

/** One thing at a time, whose refusal is shown. */
export function createTrying(): Trying {
  const failure = shallowRef<Text>();
  const busy = ref(false);
  return {
    failure,
    busy,
    async try(deed) {
      busy.value = true;
      failure.value = undefined;
      try {
        return await deed();
      } catch (thrown) {
        failure.value = failureText(thrown);
        return undefined;
      } finally {
        busy.value = false;
      }
    },
  };
}

/** The access log, as the audit administrator reads it. */
export function createAuditing(client: Client) {
  const trying = createTrying();
  const entries = shallowRef<readonly AuditEntry[]>([]);
  const kinds = shallowRef<readonly Choice[]>([]);
  const before = ref<number>();
  const state = shallowRef<AuditState>();
  let asked: LogQuery = {};

  const page = (query: LogQuery): Promise<AuditPage> =>
    answer(client.GET("/audit/entries", { params: { query } }));

  /** Reads the newest entries that match, and how the chains stand. */
  async function find(filter: LogFilter): Promise<void> {
    asked = logQuery(filter);
    await trying.try(async () => {
      const [read, now] = await Promise.all([page(asked), answer(client.GET("/audit/state"))]);
      [entries.value, kinds.value, before.value] = [read.items, read.kinds, read.next_before];
      state.value = now;
    });
  }

  /** Reads on where the list ends. */
  async function more(): Promise<void> {
    if (!before.value) return;
    const next = { ...asked, before: before.value };
    await trying.try(async () => {
      const read = await page(next);
      entries.value = [...entries.value, ...read.items];
      before.value = read.next_before;
    });
  }

  return { ...trying, entries, kinds, before, state, find, more };
}

/** Accounts and people, as the system and the security administrator keep them. */
export function createKeeping(client: Client) {
  const trying = createTrying();
  const accounts = shallowRef<readonly Account[]>([]);
  const staff = shallowRef<Staff>({ people: [], roles: [], units: [] });

  async function load(): Promise<void> {
    await trying.try(async () => {
      const [all, everybody] = await Promise.all([
        answer(client.GET("/accounts")),
        answer(client.GET("/staff")),
      ]);
      [accounts.value, staff.value] = [all, everybody];
    });
  }

  /** Does something and reads again what it changed; answers what it gave. */
  async function act<T>(deed: () => Promise<T>): Promise<T | undefined> {
    const given = await trying.try(deed);
    if (trying.failure.value === undefined) await load();
    return given;
  }

  const path = (login: string) => ({ params: { path: { login } } });
  return {
    ...trying,
    ...{ accounts, staff, load },
    create: (login: string, person: string): Promise<GivenPassword | undefined> =>
      act(() => answer(client.POST("/accounts", { body: { login, person } }))),
    reset: (login: string): Promise<GivenPassword | undefined> =>
      act(() => answer(client.POST("/accounts/{login}/password", path(login)))),
    disable: (login: string, disabled: boolean) =>
      act(() =>
        done(client.PUT("/accounts/{login}/disabled", { ...path(login), body: { disabled } })),
      ),
    endSessions: (login: string) =>
      act(() => done(client.DELETE("/accounts/{login}/sessions", path(login)))),
    approve: (login: string) =>
      act(() => done(client.POST("/accounts/{login}/approval", path(login)))),
    put: (code: string, body: PersonDraft): Promise<Person | undefined> =>
      act(() => answer(client.PUT("/staff/{code}", { params: { path: { code } }, body }))),
  };
}

/** Where the reader's own account is signed in. */
export function createOwnSessions(client: Client) {
  const trying = createTrying();
  const sessions = shallowRef<readonly OpenSession[]>([]);

  async function load(): Promise<void> {
    await trying.try(async () => {
      sessions.value = await answer(client.GET("/sessions"));
    });
  }

  async function end(name: string): Promise<void> {
    await trying.try(() => done(client.DELETE("/sessions/{name}", { params: { path: { name } } })));
    if (trying.failure.value === undefined) await load();
  }

  return { ...trying, sessions, load, end };
}

/** What an act of an administrator said to the reader. */
export type Keeping = ReturnType<typeof createKeeping>;
export type Auditing = ReturnType<typeof createAuditing>;
