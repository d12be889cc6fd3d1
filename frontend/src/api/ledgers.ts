import type { LedgerReport } from "../domain/types";
import { type Sending, sendFiles, upload } from "./imports";
import { problemOf } from "./problem";

/** What somebody says of ledgers; places are “file/sheet”, columns “file/sheet/C”, cells “file/sheet/C14”. */
export interface LedgerAnswers {
  units: Record<string, string>;
  /** The key of what a column is read as; "-" leaves it out. */
  columns: Record<string, string>;
  /** mu or m2, of a column or a cell. */
  areas: Record<string, string>;
  /** Milestones without a column are not applicable. */
  skip: Record<string, boolean>;
}

export interface LedgerRequest {
  files: readonly File[];
  answers: LedgerAnswers;
  dryRun: boolean;
  opId: string;
  signal?: AbortSignal;
  onStep?: Sending["onStep"];
}

/** Uploads ledgers and gives the report. Throws as importFile does. */
export function importLedgers(
  fetch: typeof globalThis.fetch,
  url: string,
  request: LedgerRequest,
): Promise<LedgerReport> {
  return sendFiles(fetch, url, { ...request, form: ledgerForm(request) }, isLedgerReport);
}

/** The workbook of the rows that are not let in, of one unit or, with an empty code, of all. */
export async function returnedRows(
  fetch: typeof globalThis.fetch,
  url: string,
  request: LedgerRequest,
  unit: string,
): Promise<Blob> {
  const address = `${url}/returns${unit ? `?unit=${encodeURIComponent(unit)}` : ""}`;
  const response = await upload(fetch, address, { ...request, form: ledgerForm(request) }, "*/*");
  if (response.ok) return response.blob();
  throw problemOf(response.status, await response.json().catch(() => null));
}

function ledgerForm({ files, answers, dryRun, opId }: LedgerRequest): FormData {
  const form = new FormData();
  form.set("answers", JSON.stringify(answers));
  form.set("dry_run", String(dryRun));
  form.set("op_id", opId);
  for (const file of files) form.append("file", file);
  return form;
}

function isLedgerReport(body: unknown): body is LedgerReport {
  const candidate = body as Partial<LedgerReport> | null;
  return Array.isArray(candidate?.sheets) && Array.isArray(candidate.rows);
}
