import { computed, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { type Office, officeOf } from "../domain/offices";
import type { Person, SessionState, Text } from "../domain/types";
import { bothWords } from "../domain/words";

/** Who is signed in. Without a session the page shows the sign-in and nothing else works. */
export type Session = ReturnType<typeof createSession>;

export function createSession(
  api: Pick<Api, "session" | "signIn" | "signOut" | "changePassword">,
  quiet: () => number = () => 0,
) {
  const state = shallowRef<SessionState>();
  const person = computed<Person | undefined>(() => state.value?.person);
  const due = computed(() => state.value?.due);
  /** This is a screen, not a person. */
  const wall = computed(() => state.value?.wall);
  /** Somebody is signed in and may work, or a screen shows. */
  const ready = computed(() => (person.value !== undefined && !due.value) || !!wall.value);
  /** The desk of one of the three administrators, who have no other page. */
  const office = computed(() => (person.value ? officeOf(person.value.role) : left.value));
  /** Somebody of the campaign: the others see nothing of it. */
  const member = computed(() => (office.value ? undefined : person.value));
  /** Who looks may see the campaign; before that nothing of it is asked for. */
  const sees = computed(() => ready.value && !office.value);
  /** The desk that stays open below the sign-in when a session ends. */
  const left = ref<Office>();
  /** Why the session ended under the user's hands. */
  const over = shallowRef<Text>();
  /** Id of who worked on this page last. */
  const last = ref<string>();
  /** How often somebody came in; whether they have another role or area since: then the page shows what is not theirs. */
  const [arrivals, moved] = [ref(0), ref(false)];

  async function load(): Promise<void> {
    state.value = await api.session();
  }

  /** Asks whether the session still stands; a server that is away ends nothing. */
  async function check(): Promise<void> {
    const now = await api.session().catch(() => undefined);
    if (now && wall.value && !now.wall) state.value = now;
    if (now?.person && person.value) moved.value ||= area(now.person) !== area(person.value);
    if (!now || now.person || !person.value) return;
    const late = quiet() >= now.idle_minutes * 60;
    end(late ? bothWords("session.over", { n: now.idle_minutes }) : undefined);
  }

  /** The session is over; what is not saved stays where it is. */
  function end(why = bothWords("session.ended")): void {
    if (wall.value) void check();
    if (!state.value?.person) return;
    over.value = why;
    [last.value, left.value] = [state.value.person.id, office.value];
    const { person: _gone, due: _due, login: _login, ...rules } = state.value;
    state.value = rules;
  }

  const signIn = async (login: string, password: string): Promise<void> =>
    enter(await api.signIn(login, password));

  const changePassword = async (old: string, wanted: string): Promise<void> =>
    enter(await api.changePassword(old, wanted));

  function enter(now: SessionState): void {
    state.value = now;
    over.value = undefined;
    if (ready.value) arrivals.value++;
  }

  return {
    ...{ state, person, wall, due, ready, member, sees, office, over, last, arrivals, moved },
    ...{ load, check, end, enter, signIn, signOut: api.signOut, changePassword },
    /** True when somebody acts. */
    ask: () => ready.value && !wall.value,
  };
}

/** What decides what somebody sees. */
function area({ id, role, unit, village }: Person): string {
  return [id, role, unit, village].join("\n");
}
