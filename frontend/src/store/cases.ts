import { type Ref, ref } from "vue";
import type { CaseSummary } from "../domain/types";
import type { Standing } from "./past";

interface Expected {
  readonly shown: CaseSummary;
  readonly pending: boolean;
}

/** The cases by id, as the last revision known here has them or as they were on the day shown. Changes always go to those that are. */
export class CaseStore {
  /** Grows with every change; reading it makes a computed value follow the cases. */
  readonly edition: Ref<number> = ref(0);
  private readonly live = new Map<number, CaseSummary>();
  private byId: ReadonlyMap<number, CaseSummary> = this.live;
  /** With the cases of another day also those that were not listed then, as they last were. */
  ever: ReadonlyMap<number, CaseSummary> = this.live;
  /** What is shown of those that are before the server has spoken. */
  private readonly expected = new Map<number, Expected>();

  /** Replaces all cases. */
  reset(cases: readonly CaseSummary[]): void {
    this.live.clear();
    for (const each of cases) this.live.set(each.id, each);
    for (const [id, { pending }] of this.expected) if (!pending) this.expected.delete(id);
    this.tell();
  }

  /** Shows the cases of an earlier day, or those that are. */
  show(then: Standing<CaseSummary> | undefined): void {
    const next = then?.there ?? this.live;
    if (next !== this.byId) this.edition.value++;
    this.byId = next;
    this.ever = then?.ever ?? this.live;
  }

  /** Takes over changed cases; a version older than the one here is an echo and is left out. */
  patch(cases: readonly CaseSummary[]): void {
    for (const each of cases) {
      const known = this.live.get(each.id);
      // Who is responsible is told by lists alone, not by every event.
      const responsible = each.responsible ?? known?.responsible;
      const whole = responsible === undefined ? each : { ...each, responsible };
      if (!known || known.version <= each.version) this.live.set(each.id, whole);
      const { shown } = this.expected.get(each.id) ?? {};
      if (shown && shown.version < each.version) this.expected.delete(each.id);
    }
    if (cases.length > 0) this.tell();
  }

  /** Shows cases as they will stand once the server agrees, with the version they were read at. */
  expect(cases: readonly CaseSummary[]): void {
    for (const shown of cases) this.expected.set(shown.id, { shown, pending: true });
    if (cases.length > 0) this.tell();
  }

  /** The server agreed: what was expected stands until a newer version arrives. */
  confirm(ids: readonly number[]): void {
    for (const id of ids) {
      const each = this.expected.get(id);
      if (each) this.expected.set(id, { ...each, pending: false });
    }
    this.tell();
  }

  /** The server refused: the cases stand as they were. */
  rollBack(ids: readonly number[]): void {
    for (const id of ids) this.expected.delete(id);
    this.tell();
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
    return this.shown(id) ?? this.byId.get(id);
  }

  *all(): IterableIterator<CaseSummary> {
    for (const [id, each] of this.byId) yield this.shown(id) ?? each;
  }

  private shown(id: number): CaseSummary | undefined {
    return this.byId === this.live ? this.expected.get(id)?.shown : undefined;
  }

  /** Who looks back is not told of what happens now. */
  private tell(): void {
    if (this.byId === this.live) this.edition.value++;
  }

  get size(): number {
    return this.byId.size;
  }
}
