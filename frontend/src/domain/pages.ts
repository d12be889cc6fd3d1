import type { WordKey } from "./words";

/** The pages of the desk; each is a code in the address. */
export type PageCode = "todo" | "ledger" | "map" | "progress";

/** A page that the navigation offers. */
export interface PageKind {
  readonly code: PageCode;
  readonly name: WordKey;
  /** Alt and this digit open it. */
  readonly digit: number;
}

/** In the order of the navigation; the digits are those of the whole desk, also of pages to come. */
export const pages: readonly PageKind[] = [
  { code: "todo", name: "page.todo", digit: 1 },
  { code: "ledger", name: "page.ledger", digit: 2 },
  { code: "map", name: "page.map", digit: 3 },
  { code: "progress", name: "page.progress", digit: 7 },
];

/** The page that opens where an address names none. */
export const firstPage: PageCode = "todo";

/** Pages that show the cases of a list. */
export const withLedger: ReadonlySet<PageCode> = new Set(["todo", "ledger", "map"]);

/** Which of map and ledger has the room on a page, unless it is turned (M). */
export function roomOf(page: PageCode): "map" | "list" {
  return page === "map" ? "map" : "list";
}

/** The page of a text of an address, if it names one. */
export function pageOf(code: string | undefined): PageCode | undefined {
  return pages.find((each) => each.code === code)?.code;
}
