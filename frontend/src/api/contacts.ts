import type { Contact, ContactDetails } from "../domain/types";
import { asking } from "./ask";

/** Who can be reached at an enterprise. */
export function createContactApi(fetch: typeof globalThis.fetch, root: string) {
  const ask = asking(fetch);
  const address = (enterprise: number) => `${root}/enterprises/${enterprise}/contact`;
  return {
    /** Masked. */
    read: async (enterprise: number): Promise<Contact> => (await ask(address(enterprise))).json(),
    /** In full, for a reason; it is recorded. */
    show: async (enterprise: number, reason: string): Promise<ContactDetails> => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ reason });
      const url = `${address(enterprise)}/shown`;
      return (await ask(url, { method: "POST", headers, body })).json();
    },
  };
}
