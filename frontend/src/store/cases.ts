import { type Ref, ref } from "vue";
import type { CaseSummary } from "../domain/types";

interface Expected {
  readonly shown: CaseSummary;
  readonly pending: boolean;
}

/** The cases by id, as the last revision known here has them. */
export class CaseStore {
  /** Grows with every change; reading it makes a computed value follow the cases. */
  readonly edition: Ref<number> = ref(0);
  private readonly byId = new Map<number, CaseSummary>();
  /** What is shown before the server has spoken. */
  private readonly expected = new Map<number, Expected>();

  /** Replaces all cases. */
  reset(cases: readonly CaseSummary[]): void {
    this.byId.clear();
    for (const each of cases) this.byId.set(each.id, each);
    for (const [id, { pending }] of this.expected) if (!pending) this.expected.delete(id);
    this.edition.value++;
  }

  /** Takes over changed cases; a version older than the one here is an echo and is left out. */
  patch(cases: readonly CaseSummary[]): void {
    for (const each of cases) {
      const known = this.byId.get(each.id);
      if (!known || known.version <= each.version) this.byId.set(each.id, each);
      const { shown } = this.expected.get(each.id) ?? {};
      if (shown && shown.version < each.version) this.expected.delete(each.id);
    }
    if (cases.length > 0) this.edition.value++;
  }

  /** Shows cases as they will stand once the server agrees, with the version they were read at. */
  expect(cases: readonly CaseSummary[]): void {
    for (const shown of cases) this.expected.set(shown.id, { shown, pending: true });
    if (cases.length > 0) this.edition.value++;
  }

  /** The server agreed: what was expected stands until a newer version arrives. */
  confirm(ids: readonly number[]): void {
    for (const id of ids) {
      const each = this.expected.get(id);
      if (each) this.expected.set(id, { ...each, pending: false });
    }
    this.edition.value++;
  }

  /** The server refused: the cases stand as they were. */
  rollBack(ids: readonly number[]): void {
    for (const id of ids) this.expected.delete(id);
    this.edition.value++;
  }

  /** Whether what is shown of a case is on its way to the server. */
  isPending(id: number): boolean {
    return this.expected.get(id)?.pending ?? false;
  }

  /** Ids of the cases on their way. */
  pending(): number[] {
    return [...this.expected].flatMap(([id, { pending }]) => (pending ? [id] : []));
  }

  get(id: number): CaseSummary | undefined {
    return this.expected.get(id)?.shown ?? this.byId.get(id);
  }

  *all(): IterableIterator<CaseSummary> {
    for (const [id, each] of this.byId) yield this.expected.get(id)?.shown ?? each;
  }

  get size(): number {
    return this.byId.size;
  }
}
