import { type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { Person } from "../domain/types";

/** Who acts. Without a person the page reads, and every act asks for one. */
export interface Session {
  people: Ref<readonly Person[]>;
  person: Ref<Person | undefined>;
  /** The choice of a person stands open. */
  asking: Ref<boolean>;
  load(): Promise<void>;
  choose(id: string): Promise<void>;
  /** True when someone acts; otherwise it opens the choice. */
  ask(): boolean;
}

export function createSession(api: Pick<Api, "people" | "session" | "choosePerson">): Session {
  const people = shallowRef<readonly Person[]>([]);
  const person = shallowRef<Person>();
  const asking = ref(false);

  async function load(): Promise<void> {
    [people.value, person.value] = await Promise.all([api.people(), api.session()]);
  }

  async function choose(id: string): Promise<void> {
    person.value = await api.choosePerson(id);
    asking.value = false;
  }

  function ask(): boolean {
    asking.value = person.value === undefined;
    return !asking.value;
  }

  return { people, person, asking, load, choose, ask };
}
