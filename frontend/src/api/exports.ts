import { eventsOf } from "./events";
import { Broken, Cancelled, NoAnswer, problemOf } from "./problem";

/** How far an export is: rows, or bytes once it is sent; `total` is 0 while it is not known. */
export interface ExportStep {
  phase: "make" | "send";
  done: number;
  total: number;
}

/** What is wanted, as parameters of GET /export/{content}. */
export interface ExportRequest {
  content: string;
  query: Readonly<
    Record<string, string | number | boolean | readonly (string | number)[] | undefined>
  >;
  /** A name for this export, by which its progress is watched. */
  id: string;
  signal: AbortSignal;
  onStep: (step: ExportStep) => void;
}

/** A file that came whole. */
export interface ExportedFile {
  name: string;
  content: Blob;
}

/** Fetches a file. Throws ApiProblem, NoAnswer, Cancelled, Broken when it ended early. */
export async function exportFile(
  fetch: typeof globalThis.fetch,
  root: string,
  request: ExportRequest,
): Promise<ExportedFile> {
  const watching = new AbortController();
  const { signal, onStep } = request;
  onStep({ phase: "make", done: 0, total: 0 });
  void watch(fetch, `${root}/export/progress/${request.id}`, watching.signal, onStep);
  try {
    const response = await fetch(addressOf(root, request), { signal }).catch((thrown) => {
      throw signal.aborted ? new Cancelled() : new NoAnswer(thrown);
    });
    if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
    const content = await received(response, signal, onStep);
    return { name: nameIn(response.headers.get("content-disposition")), content };
  } finally {
    watching.abort();
  }
}

function addressOf(root: string, { content, query, id }: ExportRequest): string {
  const params = new URLSearchParams({ progress: id });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") params.set(name, String(value));
  }
  return `${root}/export/${content}?${params}`;
}

/** Tells the rows that are done, until it is stopped; where it cannot be watched the export goes on. */
async function watch(
  fetch: typeof globalThis.fetch,
  url: string,
  signal: AbortSignal,
  onStep: ExportRequest["onStep"],
): Promise<void> {
  try {
    const { ok, body } = await fetch(url, { signal });
    if (!ok || !body) return;
    for await (const { kind, data } of eventsOf(body)) {
      if (signal.aborted) return;
      if (kind === "progress") onStep({ phase: "make", ...JSON.parse(data) });
    }
  } catch {
    // Only the progress is lost.
  }
}

async function received(
  { body, headers }: Response,
  signal: AbortSignal,
  onStep: ExportRequest["onStep"],
): Promise<Blob> {
  const pieces: BlobPart[] = [];
  let done = 0;
  try {
    const reader = body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) break;
      pieces.push(piece.value);
      done += piece.value.length;
      onStep({ phase: "send", done, total: 0 });
    }
  } catch (thrown) {
    throw signal.aborted ? new Cancelled() : new Broken(thrown);
  }
  return new Blob(pieces, { type: headers.get("content-type") ?? "" });
}

/** The name that the server gives the file. */
export function nameIn(disposition: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? "")?.[1];
  return encoded ? decodeURIComponent(encoded) : "export";
}
