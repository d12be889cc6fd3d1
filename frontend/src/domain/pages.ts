import type { WordKey } from "./words";

/** The pages of the desk; each is a code in the address. */
export type PageCode =
  | "todo"
  | "ledger"
  | "map"
  | "case"
  | "land"
  | "acceptance"
  | "supervision"
  | "progress"
  | "tracks"
  | "settings";

/** A page that the navigation offers. */
export interface PageKind {
  readonly code: Exclude<PageCode, "case">;
  readonly name: WordKey;
  /** Alt and this digit open it. */
  readonly digit: number;
  /** Roles that work there; absent: everybody. */
  readonly roles?: readonly string[];
}

/** In the order of the navigation; the digits are those of the whole desk, also of pages to come. */
export const pages: readonly PageKind[] = [
  { code: "todo", name: "page.todo", digit: 1 },
  { code: "ledger", name: "page.ledger", digit: 2 },
  { code: "map", name: "page.map", digit: 3 },
  { code: "land", name: "page.land", digit: 4 },
  { code: "acceptance", name: "page.acceptance", digit: 5 },
  { code: "supervision", name: "page.supervision", digit: 6 },
  { code: "progress", name: "page.progress", digit: 7 },
  { code: "tracks", name: "page.tracks", digit: 8 },
  { code: "settings", name: "page.settings", digit: 9, roles: ["district"] },
];

/** The pages that the navigation offers to a role. */
export function pagesFor(role: string | undefined): readonly PageKind[] {
  return pages.filter(({ roles }) => !roles || (role !== undefined && roles.includes(role)));
}

/** The page that opens where an address names none. */
export const firstPage: PageCode = "todo";

/** Pages that show the cases of a list. */
export const withLedger: ReadonlySet<PageCode> = new Set(["todo", "ledger", "map", "acceptance"]);

/** The page of a text of an address, if it names one. */
export function pageOf(code: string | undefined): PageCode | undefined {
  return code === casePage ? casePage : pages.find((each) => each.code === code)?.code;
}

/** The page of one case (一企一档), reached from a list and not from the navigation. */
export const casePage = "case";
