import type { ImportProgress, ImportReport } from "../domain/types";
import { bothWords } from "../domain/words";
import { eventsOf } from "./events";
import { ApiProblem, Broken, Cancelled, NoAnswer, problemOf } from "./problem";

/** How far an import is; `total` is 0 while it is not known. */
export interface ImportStep {
  phase: "upload" | ImportProgress["phase"];
  done: number;
  total: number;
}

/** What is said of a file to import; what is absent the server finds out itself. */
export interface ImportRequest {
  file: File;
  /** EPSG code, "GCJ-02" or "BD-09". */
  crs?: string;
  encoding?: string;
  layer?: string;
  /** The layer of zones that the file replaces; parcels without it. */
  into?: string;
  /** field=column. */
  map?: string[];
  /** Rows that stay out. */
  leaveOut?: readonly number[];
  /** Mends self-intersections instead of rejecting the row. */
  repair?: boolean;
  dryRun: boolean;
  opId: string;
  /** Takes the request back. */
  signal?: AbortSignal;
  onStep?: (step: ImportStep) => void;
}

/**
 * Uploads a file and gives the report, also of a file that is refused. Throws ApiProblem,
 * NoAnswer, Cancelled when taken back, Broken when the stream ended before the report.
 */
export function importFile(
  fetch: typeof globalThis.fetch,
  url: string,
  request: ImportRequest,
): Promise<ImportReport> {
  const sent = { ...request, files: [request.file], form: importForm(request) };
  return sendFiles(fetch, url, sent, isReport);
}

/** Files on their way, with the form that holds them. */
export interface Sending {
  files: readonly File[];
  form: FormData;
  signal?: AbortSignal;
  onStep?: (step: ImportStep) => void;
}

/** Uploads files and gives the report of a stream that tells how far it is. Throws as importFile does. */
export async function sendFiles<Report>(
  fetch: typeof globalThis.fetch,
  url: string,
  sending: Sending,
  isReport: (body: unknown) => body is Report,
): Promise<Report> {
  sending.onStep?.({ phase: "upload", done: 0, total: 0 });
  const response = await upload(fetch, url, sending, "text/event-stream");
  const streams = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (!streams || !response.body) return plainReport(response, isReport);
  try {
    return await streamedReport(response.body, sending, isReport);
  } catch (thrown) {
    if (thrown instanceof ApiProblem) throw thrown;
    throw sending.signal?.aborted ? new Cancelled() : new Broken(thrown);
  }
}

/** Sends files; what cannot be read any more is said as such. */
export async function upload(
  fetch: typeof globalThis.fetch,
  url: string,
  { files, form, signal }: Sending,
  accept: string,
): Promise<Response> {
  try {
    return await fetch(url, { method: "POST", headers: { accept }, body: form, signal });
  } catch (thrown) {
    if (signal?.aborted) throw new Cancelled();
    for (const file of files) await mustBeReadable(file);
    throw new NoAnswer(thrown);
  }
}

/** A file that was written to or moved after it was chosen cannot be sent. */
async function mustBeReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new ApiProblem(0, "file_changed", bothWords("import.file_changed"));
  }
}

/** What came before the stream began: a problem, or a report from a server that does not stream. */
async function plainReport<Report>(
  response: Response,
  isReport: (body: unknown) => body is Report,
): Promise<Report> {
  const body: unknown = await response.json().catch(() => null);
  if (isReport(body)) return body;
  throw problemOf(response.status, body);
}

async function streamedReport<Report>(
  body: ReadableStream<Uint8Array>,
  { onStep }: Sending,
  isReport: (body: unknown) => body is Report,
): Promise<Report> {
  for await (const { kind, data } of eventsOf(body)) {
    if (kind !== "progress" && kind !== "report" && kind !== "problem") continue;
    const said: unknown = JSON.parse(data);
    if (kind === "progress") onStep?.(said as ImportProgress);
    else if (kind === "report" && isReport(said)) return said;
    else throw problemOf((said as { status?: number } | null)?.status ?? 500, said);
  }
  throw new Error("the stream ended without a report");
}

function importForm(request: ImportRequest): FormData {
  const { file, map = [], leaveOut = [], dryRun, opId, repair, ...said } = request;
  const form = new FormData();
  for (const name of ["crs", "encoding", "layer", "into"] as const) {
    const value = said[name];
    if (value) form.set(name, value);
  }
  for (const pair of map) form.append("map", pair);
  // A field holds 4096 characters.
  for (let i = 0; i < leaveOut.length; i += 500) {
    form.append("leave_out", leaveOut.slice(i, i + 500).join(","));
  }
  if (repair) form.set("repair", "true");
  form.set("dry_run", String(dryRun));
  form.set("op_id", opId);
  // Last, so that the server knows what is said of the file before it comes.
  form.set("file", file);
  return form;
}

function isReport(body: unknown): body is ImportReport {
  const candidate = body as Partial<ImportReport> | null;
  return Array.isArray(candidate?.rejected) && Array.isArray(candidate.needs);
}
