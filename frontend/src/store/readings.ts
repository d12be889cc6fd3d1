import { type Ref, watchEffect } from "vue";
import type { Api } from "../api/client";
import type { ListCode } from "../domain/lists";
import { type PageCode, withLedger } from "../domain/pages";
import type { Campaign } from "../domain/types";
import type { Card } from "./card";
import type { CaseStore } from "./cases";
import { createChips } from "./chips";
import type { Contact } from "./contact";
import type { Filter } from "./filter";
import { createLists } from "./lists";
import type { Session } from "./session";
import { createTodo } from "./todo";

interface Around {
  campaign: Readonly<Ref<Campaign | undefined>>;
  today: Readonly<Ref<string>>;
  cases: CaseStore;
  filter: Filter;
  card: Pick<Card, "close">;
  contact: Pick<Contact, "revision">;
  session: Pick<Session, "member">;
  page: Ref<PageCode>;
}

/** What is counted by the server and leads to lists: the to-do, the figures, the list that is open. */
export function createReadings(api: Api, around: Around) {
  const { filter, card, contact, session, page } = around;
  const of = { ...around, revision: contact.revision, person: session.member };

  /** Shows the cases of a figure in ledger and map. */
  function openList(code: ListCode): void {
    card.close();
    filter.open(code);
    if (!withLedger.has(page.value)) page.value = "ledger";
  }

  const lists = createLists(api, filter, of);
  const chips = createChips(filter, around.campaign, around.cases);
  watchEffect(() => {
    chips.others.value = lists.chips.value;
  });

  return {
    ...{ lists, chips },
    todo: createTodo(api, of),
    openList,
    /** Figures are read by those who show them. */
    read: {
      ...{ figures: api.figures, burnUp: api.burnUp, track: api.track, watch: api.watch },
      duplicates: api.duplicates,
      ...{ sheets: api.sheets, queue: api.queue, previewEligibility: api.previewEligibility },
      definition: api.definition.read,
    },
  };
}
