import { type Ref, shallowRef } from "vue";
import { isRecord, kept } from "./kept";
import type { Keeper } from "./settings";

/** What was entered into the fields of one dialog, by name. */
export type Entered = Record<string, unknown>;

/** Entered and not sent yet, by act (`case 12 case.ask blocked`) and person; it outlives the page. */
export interface Drafts {
  get(act: string): Entered | undefined;
  put(act: string, entered: Entered): void;
  /** Sent or discarded. */
  drop(act: string): void;
  /** Acts with something kept that begin so. */
  begun(prefix: string): readonly string[];
  /** Grows with every change. */
  edition: Readonly<Ref<number>>;
}

/** Each person of a browser has drafts of their own. */
export function createDrafts(keeper: Keeper, person: () => string | undefined): Drafts {
  const all = kept<Record<string, Entered>>(keeper, "guatu.drafts", {}, areDrafts);
  const edition = shallowRef(0);
  const keyOf = (act: string) => `${person() ?? ""} ${act}`;

  function change(how: (drafts: Record<string, Entered>) => void): void {
    const drafts = { ...all.read() };
    how(drafts);
    all.write(drafts);
    edition.value++;
  }

  function put(act: string, entered: Entered): void {
    change((drafts) => {
      drafts[keyOf(act)] = entered;
    });
  }

  function drop(act: string): void {
    if (all.read()[keyOf(act)] === undefined) return;
    change((drafts) => {
      delete drafts[keyOf(act)];
    });
  }

  function begun(prefix: string): string[] {
    void edition.value;
    const wanted = keyOf(prefix);
    const mine = Object.keys(all.read()).filter((key) => key.startsWith(wanted));
    return mine.map((key) => key.slice(keyOf("").length));
  }

  return { get: (act) => all.read()[keyOf(act)], put, drop, begun, edition };
}

function areDrafts(found: unknown): found is Record<string, Entered> {
  return isRecord(found) && Object.values(found).every(isRecord);
}
