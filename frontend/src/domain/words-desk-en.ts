import type { deskZh } from "./words-desk-zh";

/** Words of the desk: ledger table, search, case page, what is kept and on its way, in English. */
export const deskEn: Record<keyof typeof deskZh, string> = {
  "draft.restored": "What you had not saved is back",
  "draft.discard": "Clear",
  "draft.begun": "Not sent yet: {what}",
  "draft.continue": "Continue",
  "draft.drop": "Discard",
  "draft.dated": "date and note",
  "draft.impossible": "This cannot be done now; you had entered: {what}",
  "act.sending": "Sending",
};
