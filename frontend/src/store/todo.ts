import type { Ref } from "vue";
import type { Api } from "../api/client";
import type { Campaign, Person, Todo } from "../domain/types";
import { followReading, type Reading } from "./reading";

interface Around {
  campaign: Readonly<Ref<Campaign | undefined>>;
  today: Readonly<Ref<string>>;
  revision: Readonly<Ref<number>>;
  person: Readonly<Ref<Person | undefined>>;
}

/** What waits for the person in session, and in the district; nothing is asked without a person. */
export function createTodo(
  api: Pick<Api, "todo">,
  { campaign, today, revision, person }: Around,
): Reading<Todo> {
  return followReading(
    () => campaign.value && person.value && { day: today.value, person: person.value.id },
    (_, minRevision) => api.todo(minRevision),
    revision,
  );
}
