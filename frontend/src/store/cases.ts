import { type Ref, ref } from "vue";
import type { CaseSummary } from "../domain/types";

/** The cases by id, as the last revision known here has them or as they were on the day shown. Changes always go to those that are. */
export class CaseStore {
  /** Grows with every change; reading it makes a computed value follow the cases. */
  readonly edition: Ref<number> = ref(0);
  private readonly live = new Map<number, CaseSummary>();
  private byId: ReadonlyMap<number, CaseSummary> = this.live;

  /** Replaces all cases. */
  reset(cases: readonly CaseSummary[]): void {
    this.live.clear();
    for (const each of cases) this.live.set(each.id, each);
    if (this.byId === this.live) this.edition.value++;
  }

  /** Shows the cases of an earlier day, or those that are. */
  show(then: ReadonlyMap<number, CaseSummary> | undefined): void {
    const next = then ?? this.live;
    if (next !== this.byId) this.edition.value++;
    this.byId = next;
  }

  /** Takes over changed cases; a version older than the one here is an echo and is left out. */
  patch(cases: readonly CaseSummary[]): void {
    for (const each of cases) {
      const known = this.live.get(each.id);
      if (!known || known.version <= each.version) this.live.set(each.id, each);
    }
    if (cases.length > 0 && this.byId === this.live) this.edition.value++;
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
