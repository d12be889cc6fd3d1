import type { contactZh } from "./words-contact-zh";

/** Words of contacts, which are personal data, in English. */
export const contactEn: Record<keyof typeof contactZh, string> = {
  "contact.name": "Contact",
  "contact.person": "Name",
  "contact.phone": "Telephone",
  "contact.identity": "Identity number (only where it is needed)",
  "contact.none": "not entered",
  "contact.erased": "erased",
  "contact.show": "Show",
  "contact.call": "Call",
  "contact.hide": "Hide",
  "contact.put": "Enter",
  "contact.change": "Change",
  "contact.erase": "Erase",
  "contact.show_title": "Show the contact (who looked and why is recorded)",
  "contact.put_title": "Enter the contact",
  "contact.put_hint":
    "Kept encrypted and shown masked; each look at it is recorded. A change needs everything entered again.",
  "contact.erase_title": "Erase the contact (it cannot be taken back)",
};
