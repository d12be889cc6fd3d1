import { type Ref, ref } from "vue";
import type { CaseSummary } from "../domain/types";

/** The cases by id, as the last revision known here has them. */
export class CaseStore {
  /** Grows with every change; reading it makes a computed value follow the cases. */
  readonly edition: Ref<number> = ref(0);
  private readonly byId = new Map<number, CaseSummary>();

  /** Replaces all cases. */
  reset(cases: readonly CaseSummary[]): void {
    this.byId.clear();
    for (const each of cases) this.byId.set(each.id, each);
    this.edition.value++;
  }

  /** Takes over changed cases; a version older than the one here is an echo and is left out. */
  patch(cases: readonly CaseSummary[]): void {
    for (const each of cases) {
      const known = this.byId.get(each.id);
      if (!known || known.version <= each.version) this.byId.set(each.id, each);
    }
    if (cases.length > 0) this.edition.value++;
  }

  get(id: number): CaseSummary | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<CaseSummary> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }
}
