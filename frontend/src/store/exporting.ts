import { computed, type Ref, reactive, ref } from "vue";
import type { ExportedFile, ExportRequest, ExportStep } from "../api/exports";
import { Cancelled, failureText } from "../api/problem";
import type { Text } from "../domain/types";
import { newId } from "./new-id";
import type { Store } from "./store";
import { serverQuery } from "./totals";

/** What can be taken away. */
export const exportContents = ["ledger", "parcels", "recovered", "effective"] as const;
export type ExportContent = (typeof exportContents)[number];

/** Forms of polygons. */
export const exportFormats = ["shp", "gpkg", "geojson", "kml", "dxf", "landtxt"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What the user chooses. */
export interface ExportChoice {
  content: ExportContent;
  format: ExportFormat;
  encoding: "GBK" | "UTF-8";
  crs: 4490 | 4549;
  /** Everything, not what the ledger shows. */
  whole: boolean;
}

/** A file on its way out. */
export interface Exporting {
  choice: ExportChoice;
  step: Ref<ExportStep | undefined>;
  failure: Ref<Text | undefined>;
  /** Name of the file that was saved last. */
  saved: Ref<string>;
  /** Cases that the ledger shows. */
  listed: Readonly<Ref<number>>;
  run(): Promise<void>;
  cancel(): void;
}

type Around = Pick<Store, "exportFile" | "filter" | "totals" | "days">;

/** Begins an export; `save` hands the user the file. */
export function createExporting(around: Around, save: (file: ExportedFile) => void): Exporting {
  const choice = reactive<ExportChoice>({
    content: "ledger",
    format: "shp",
    encoding: "GBK",
    crs: 4490,
    whole: false,
  });
  const [step, failure, saved] = [ref<ExportStep>(), ref<Text>(), ref("")];
  const ids = computed(() => around.totals.rows.value.cases.map((row) => row.case.id));
  let running: AbortController | undefined;

  async function run(): Promise<void> {
    if (step.value) return;
    failure.value = undefined;
    saved.value = "";
    running = new AbortController();
    const { signal } = running;
    const onStep = (now: ExportStep) => {
      if (!signal.aborted) step.value = now;
    };
    try {
      const query = queryOf(choice, around, ids.value);
      const asked = { content: choice.content, query, id: newId(), signal, onStep };
      const file = await around.exportFile(asked);
      save(file);
      saved.value = file.name;
    } catch (thrown) {
      if (!(thrown instanceof Cancelled)) failure.value = failureText(thrown);
    } finally {
      step.value = undefined;
    }
  }

  const listed = computed(() => ids.value.length);
  return { choice, step, failure, saved, listed, run, cancel: () => running?.abort() };
}

/** What is asked: the ledger's filter as the server knows it, else its cases one by one. */
function queryOf(
  { content, format, encoding, crs, whole }: ExportChoice,
  { filter, days }: Pick<Around, "filter" | "days">,
  ids: readonly number[],
): ExportRequest["query"] {
  const day = days.day.value;
  const form =
    content === "ledger" ? { format: "xlsx" } : { format, ...said(format, encoding, crs) };
  if (whole) return { ...form, as_of: day };
  // The server searches more than the ledger does: villages, initials of names.
  const query = filter.search.value.trim() === "" ? serverQuery(filter, day) : undefined;
  return query ? { ...form, ...query } : { ...form, as_of: day, ids };
}

/** Only what the form has a choice of. */
function said(
  format: ExportFormat,
  encoding: ExportChoice["encoding"],
  crs: ExportChoice["crs"],
): { encoding?: string; crs?: number } {
  if (format === "shp") return { encoding, crs };
  return format === "landtxt" ? { encoding } : {};
}
