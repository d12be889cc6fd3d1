import type { WordKey } from "./words";

/** The pages of the desk; each is a code in the address. */
export type PageCode = "ledger" | "map" | "case";

/** A page that the navigation offers. */
export interface PageKind {
  readonly code: Exclude<PageCode, "case">;
  readonly name: WordKey;
  /** Alt and this digit open it. */
  readonly digit: number;
}

/** In the order of the navigation; the digits are those of the whole desk, also of pages to come. */
export const pages: readonly PageKind[] = [
  { code: "ledger", name: "page.ledger", digit: 2 },
  { code: "map", name: "page.map", digit: 3 },
];

/** The page of a text of an address, if it names one. */
export function pageOf(code: string | undefined): PageCode | undefined {
  return code === casePage ? casePage : pages.find((each) => each.code === code)?.code;
}

/** The page of one case (一企一档), reached from a list and not from the navigation. */
export const casePage = "case";
