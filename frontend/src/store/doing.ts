import { computed, watch } from "vue";
import type { Api } from "../api/client";
import type { Outcome, Text } from "../domain/types";
import { createActing } from "./acting";
import type { Card } from "./card";
import type { CaseStore } from "./cases";
import type { Contact } from "./contact";
import { createDrafts } from "./drafts";
import { createForesight } from "./foresight";
import { createOutbox, type Sent } from "./outbox";
import type { ParcelStore } from "./parcels";
import { createSelection } from "./selection";
import type { Session } from "./session";
import type { Settings } from "./settings";

interface Nouns {
  session: Session;
  cases: CaseStore;
  parcels: ParcelStore;
  card: Card;
  contact: Contact;
  reload(minRevision?: number): Promise<void>;
  /** Why nothing may be done now at all. */
  closed(): Text | undefined;
}

/** What a person does on the page: acts on their way, what is entered and not sent, what is ticked. */
export function createDoing(api: Pick<Api, "change">, settings: Settings, nouns: Nouns) {
  const { session, cases, parcels, card, contact, reload, closed } = nouns;
  const person = () => session.person.value?.id;
  const drafts = createDrafts(settings.keeper, person);
  const acting = createActing({
    ...{ api, person, settle, closed, device: settings.device, askPerson: session.ask },
    outbox: createOutbox(settings.keeper),
    foresight: createForesight(cases, parcels),
  });
  const pendingParcels = computed(() => {
    void cases.edition.value;
    return parcels.carrying(cases.pending());
  });

  /** The stream brings the change; where it is cut, all is read again. */
  async function settle(outcome: Outcome, sent: Sent): Promise<void> {
    drafts.drop(sent.key);
    await Promise.all([
      card.refresh(outcome.revision),
      contact.live.value ? undefined : reload(outcome.revision),
    ]);
  }

  // What a page that died left unanswered is sent when its person acts again.
  watch(session.person, () => void acting.resume());

  return { acting, drafts, pendingParcels, selection: createSelection(cases, parcels) };
}
