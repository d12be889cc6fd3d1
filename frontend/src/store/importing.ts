import { computed, type Ref, reactive, ref, shallowRef } from "vue";
import type { ImportStep } from "../api/imports";
import { Broken, Cancelled, failureText } from "../api/problem";
import type { ImportReport, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { createDecisions, type Decisions } from "./import-decisions";
import { newId } from "./new-id";
import type { Store } from "./store";

/** What the user says of the file; empty: as the server finds it. */
export interface Answers {
  /** A layer of zones; empty: parcels. */
  into: string;
  crs: string;
  encoding: string;
  layer: string;
  code: string;
  label: string;
  repair: boolean;
}

/** One file on its way in: previewed, applied, taken back. */
export interface Importing extends Omit<Decisions, "forget"> {
  file: Ref<File | undefined>;
  answers: Answers;
  /** What has been asked about this file; an answered question can be answered anew. */
  asked: Ref<ReadonlySet<string>>;
  /** Layers to choose from, once they were named. */
  layers: Ref<readonly string[]>;
  report: Ref<ImportReport | undefined>;
  failure: Ref<Text | undefined>;
  busy: Ref<"preview" | "apply" | undefined>;
  step: Ref<ImportStep | undefined>;
  /** The answers are no longer those of the report that is shown. */
  outdated: Readonly<Ref<boolean>>;
  /** Only what was previewed as it stands can be applied. */
  ready: Readonly<Ref<boolean>>;
  undone: Ref<boolean>;
  choose(file: File | undefined): void;
  preview(): Promise<void>;
  apply(): Promise<void>;
  cancel(): void;
  /** Takes the whole batch back. */
  takeBack(reason: string): Promise<void>;
}

type Around = Pick<Store, "importFile" | "acting">;

/** Begins an import; each has a state of its own. */
export function createImporting({ importFile, acting }: Around): Importing {
  const state = emptyState();
  const { file, answers, report, failure, busy, step, undone } = state;
  /** One id for all tries to apply what was previewed: a repeat changes nothing. */
  let applying = newId();
  let previewed = "";
  let running: AbortController | undefined;

  const outdated = computed(() => report.value !== undefined && keyOf(answers) !== previewed);
  // Other rows are another import.
  const decisions = createDecisions(report, () => {
    applying = newId();
  });
  const ready = computed(
    () => canApply(report.value, answers) && !outdated.value && decisions.waiting.value === 0,
  );

  async function send(dryRun: boolean): Promise<void> {
    if (!file.value || busy.value) return;
    busy.value = dryRun ? "preview" : "apply";
    failure.value = undefined;
    running = new AbortController();
    const key = keyOf(answers);
    const leaveOut = dryRun ? [] : decisions.leftOut();
    const said = { ...sayable(answers), file: file.value, leaveOut };
    const watched = { signal: running.signal, onStep };
    try {
      const opId = dryRun ? newId() : applying;
      take(await importFile({ ...said, ...watched, dryRun, opId }), key);
    } catch (thrown) {
      failure.value = whyNot(thrown, dryRun);
    } finally {
      busy.value = undefined;
      step.value = undefined;
    }
  }

  function onStep(now: ImportStep): void {
    step.value = now;
  }

  function take(read: ImportReport, key: string): void {
    previewed = key;
    const before = report.value;
    // A repeat is answered from the journal, which knows the batch and not the rows.
    const repeated = read.batch_id !== undefined && read.features === 0 && before !== undefined;
    const { batch_id, revision, dry_run } = read;
    if (dry_run) decisions.forget();
    undone.value &&= !dry_run;
    report.value = repeated ? { ...before, batch_id, revision, dry_run } : read;
    if (dry_run) applying = newId();
    state.asked.value = new Set([...state.asked.value, ...read.needs]);
    state.layers.value = read.layers ?? state.layers.value;
  }

  return {
    ...{ ...state, ...decisions, outdated, ready },
    takeBack: (reason) => takeBack(state, acting, reason),
    choose(chosen) {
      forget(state);
      file.value = chosen;
    },
    preview: () => send(true),
    apply: () => (ready.value ? send(false) : Promise.resolve()),
    cancel: () => running?.abort(),
  };
}

/** Takes the whole batch back; it can be previewed and applied again. */
async function takeBack(
  { report, failure, undone }: ReturnType<typeof emptyState>,
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

/** Under which acting keeps what happens to the undo of an import; it is shown with the import. */
export const undoKey = "import.undo";

function emptyState() {
  return {
    file: shallowRef<File>(),
    answers: reactive<Answers>(noAnswers()),
    asked: shallowRef<ReadonlySet<string>>(new Set()),
    layers: shallowRef<readonly string[]>([]),
    report: shallowRef<ImportReport>(),
    failure: shallowRef<Text>(),
    busy: ref<"preview" | "apply">(),
    step: shallowRef<ImportStep>(),
    undone: ref(false),
  };
}

/** Another file is another import. */
function forget(state: ReturnType<typeof emptyState>): void {
  Object.assign(state.answers, noAnswers());
  state.asked.value = new Set();
  state.layers.value = [];
  state.report.value = undefined;
  state.failure.value = undefined;
  state.undone.value = false;
}

function noAnswers(): Answers {
  return { into: "", crs: "", encoding: "", layer: "", code: "", label: "", repair: false };
}

function keyOf(answers: Answers): string {
  return JSON.stringify(sayable(answers));
}

/** The answers as the server takes them. */
function sayable({ into, crs, encoding, layer, code, label, repair }: Answers) {
  const columns = Object.entries({ code, label }).filter(([, column]) => column);
  return {
    into: into || undefined,
    crs: crs || undefined,
    encoding: encoding || undefined,
    layer: layer.trim() || undefined,
    map: columns.map(([field, column]) => `${field}=${column}`),
    repair: repair || undefined,
  };
}

/** A preview that was let through and would change something. */
function canApply(report: ImportReport | undefined, { into }: Answers): boolean {
  if (!report?.dry_run || report.refusal || report.needs.length > 0) return false;
  // A layer of zones is replaced whole: what is not in the file goes.
  return report.created + report.changed + (into ? report.gone : 0) > 0;
}

/** A preview never writes; an application that was cut off may have been written just before. */
export function whyNot(thrown: unknown, dryRun: boolean): Text {
  if (thrown instanceof Cancelled) {
    return bothWords(dryRun ? "import.cancelled" : "import.cancelled_applying");
  }
  if (thrown instanceof Broken) {
    return bothWords(dryRun ? "import.broken" : "import.broken_applying");
  }
  return failureText(thrown);
}
