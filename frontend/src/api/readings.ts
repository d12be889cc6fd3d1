import type { ElectricityReport } from "../domain/types";
import { sendFiles } from "./imports";

export interface ReadingsRequest {
  file: File;
  dryRun: boolean;
  opId: string;
}

/** Uploads readings of electricity and gives the report. Throws as importFile does. */
export function importReadings(
  fetch: typeof globalThis.fetch,
  url: string,
  { file, dryRun, opId }: ReadingsRequest,
): Promise<ElectricityReport> {
  const form = new FormData();
  form.set("dry_run", String(dryRun));
  form.set("op_id", opId);
  form.append("file", file);
  return sendFiles(fetch, url, { files: [file], form }, isReport);
}

function isReport(body: unknown): body is ElectricityReport {
  const candidate = body as Partial<ElectricityReport> | null;
  return Array.isArray(candidate?.rows) && typeof candidate.counts === "object";
}
