import { computed, type Ref, reactive, ref, shallowRef } from "vue";
import type { ImportStep } from "../api/imports";
import type { LedgerAnswers, LedgerRequest } from "../api/ledgers";
import type { LedgerReport, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { undoKey, whyNot } from "./importing";
import { newId } from "./new-id";
import type { Store } from "./store";

/** Ledgers on their way in: previewed, asked about, applied, taken back. */
export interface LedgerImporting {
  files: Ref<readonly File[]>;
  answers: LedgerAnswers;
  report: Ref<LedgerReport | undefined>;
  failure: Ref<Text | undefined>;
  busy: Ref<"preview" | "apply" | "returns" | undefined>;
  step: Ref<ImportStep | undefined>;
  /** How many sheets and rows wait for an answer. */
  waiting: Readonly<Ref<number>>;
  /** Only what was previewed, and asks nothing more, can be applied. */
  ready: Readonly<Ref<boolean>>;
  undone: Ref<boolean>;
  choose(files: readonly File[]): void;
  preview(): Promise<void>;
  /** Says something of the files, and looks at once what it makes of them. */
  say(change: (answers: LedgerAnswers) => void): Promise<void>;
  apply(): Promise<void>;
  cancel(): void;
  takeBack(reason: string): Promise<void>;
  /** The workbook of what is not let in, for one unit or for all. */
  returned(unit: string): Promise<Blob | undefined>;
}

type Around = Pick<Store, "importLedgers" | "returnedRows" | "acting">;

const nothingSaid = (): LedgerAnswers => ({ units: {}, columns: {}, areas: {}, skip: {} });

/** Begins an import of ledgers; each has a state of its own. */
export function createLedgerImporting(around: Around): LedgerImporting {
  const state = emptyState();
  const { answers, report } = state;
  const { during, cancel } = oneAtATime(state);
  let applying = newId();
  let previewed = "";
  const key = () => JSON.stringify(answers);

  const waiting = computed(() => (report.value ? waitingIn(report.value) : 0));
  const ready = computed(() => canApply(report.value) && waiting.value === 0);

  async function preview(): Promise<void> {
    const said = key();
    const read = await during("preview", newId(), around.importLedgers);
    if (!read) return;
    previewed = said;
    report.value = read;
    applying = newId();
    if (previewed !== key()) await preview();
  }

  async function apply(): Promise<void> {
    if (!ready.value || previewed !== key()) return;
    const before = report.value;
    const read = await during("apply", applying, around.importLedgers);
    if (!read) return;
    // A repeat is answered from the journal, which knows the batch and not what its rows were.
    const repeated = read.counts.new + read.counts.changed === 0 && before;
    report.value = repeated ? { ...before, batch_id: read.batch_id, dry_run: false } : read;
  }

  return {
    ...{ ...state, waiting, ready, preview, apply, cancel },
    takeBack: (reason) => takeBack(state, around.acting, reason),
    choose(chosen) {
      forget(state);
      state.files.value = chosen;
      void preview();
    },
    async say(change) {
      change(answers);
      await preview();
    },
    returned: (unit) => during("returns", newId(), (request) => around.returnedRows(request, unit)),
  };
}

type State = ReturnType<typeof emptyState>;

function emptyState() {
  return {
    files: shallowRef<readonly File[]>([]),
    answers: reactive(nothingSaid()),
    report: shallowRef<LedgerReport>(),
    failure: shallowRef<Text>(),
    busy: ref<"preview" | "apply" | "returns">(),
    step: shallowRef<ImportStep>(),
    undone: ref(false),
  };
}

/** Other files are another import. */
function forget({ answers, report, failure, undone }: State): void {
  Object.assign(answers, nothingSaid());
  report.value = undefined;
  failure.value = undefined;
  undone.value = false;
}

/** Does something with the files, one thing at a time, and says why it failed. */
function oneAtATime({ files, answers, failure, busy, step }: State) {
  let running: AbortController | undefined;

  async function during<Got>(
    what: "preview" | "apply" | "returns",
    opId: string,
    ask: (request: LedgerRequest) => Promise<Got>,
  ): Promise<Got | undefined> {
    if (files.value.length === 0 || busy.value) return undefined;
    busy.value = what;
    failure.value = undefined;
    running = new AbortController();
    const said = JSON.parse(JSON.stringify(answers)) as LedgerAnswers;
    const sent = { files: files.value, answers: said, dryRun: what !== "apply", opId };
    try {
      return await ask({ ...sent, signal: running.signal, onStep });
    } catch (thrown) {
      failure.value = whyNot(thrown, what !== "apply");
      return undefined;
    } finally {
      busy.value = undefined;
      step.value = undefined;
    }
  }
  function onStep(now: ImportStep): void {
    step.value = now;
  }
  return { during, cancel: () => running?.abort() };
}

async function takeBack(
  { report, failure, undone }: State,
  acting: Around["acting"],
  reason: string,
): Promise<void> {
  const batch_id = report.value?.batch_id;
  if (!batch_id) return;
  failure.value = undefined;
  const change = { kind: "batch.undo", batch_id, reason } as const;
  undone.value = await acting.perform(undoKey, change, bothWords("import.taken_back"));
  if (!undone.value) failure.value = acting.failure.value?.text;
}

function waitingIn({ sheets, rows }: LedgerReport): number {
  return (
    sheets.filter(({ asks }) => asks.length > 0).length +
    rows.filter(({ asks }) => asks.length > 0).length
  );
}

function canApply(report: LedgerReport | undefined): boolean {
  return report?.dry_run === true && report.counts.new + report.counts.changed > 0;
}
