import { isRecord } from "../store/kept";
import type { Box, PhotoFile } from "./box";
import type { Deed } from "./deed";

/**
 * The outbox as a file (把待传存成文件): JSON, pictures in base64. It is sealed to its owner as the
 * outbox is: only the same person's outbox takes it in, on whatever machine. A desk opens it too, and
 * sends what is in it on its own responsibility.
 */
export interface QueueFile {
  readonly format: "guatu-outbox";
  readonly version: 1;
  readonly person: string;
  readonly deeds: readonly Deed[];
  readonly files: readonly { readonly sha256: string; readonly base64: string }[];
}

/** Why a file is not taken in. */
export type Unread = "not_queue" | "other_person";

export async function queueFileOf(box: Box, person: string, deeds: readonly Deed[]): Promise<Blob> {
  const hashes = new Set(deeds.flatMap(({ photos }) => photos.map(({ sha256 }) => sha256)));
  const found = await Promise.all([...hashes].map((sha256) => box.file(sha256)));
  const files = found.flatMap((file) =>
    file ? [{ sha256: file.sha256, base64: toBase64(new Uint8Array(file.bytes)) }] : [],
  );
  const whole: QueueFile = { format: "guatu-outbox", version: 1, person, deeds, files };
  return new Blob([JSON.stringify(whole)], { type: "application/json" });
}

/** Puts what a file holds into the box; what is there already stays as it is. Returns how many came in. */
export async function readQueueFile(
  box: Box,
  person: string,
  file: Blob,
): Promise<number | Unread> {
  const found = await openQueueFile(file);
  if (!found) return "not_queue";
  if (found.person !== person || found.deeds.some((deed) => deed.person !== person))
    return "other_person";
  const known = new Set((await box.deeds()).map(({ id }) => id));
  const fresh = found.deeds.filter(({ id }) => !known.has(id));
  for (const each of found.files) await box.putFile(fileOf(each));
  for (const deed of fresh) await box.put(deed);
  return fresh.length;
}

/** What a file holds; undefined where it is no outbox. */
export async function openQueueFile(file: Blob): Promise<QueueFile | undefined> {
  const found: unknown = await file
    .text()
    .then(JSON.parse)
    .catch(() => undefined);
  return isQueueFile(found) ? found : undefined;
}

export function fileOf({ sha256, base64 }: QueueFile["files"][number]): PhotoFile {
  return { sha256, bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer };
}

function isQueueFile(found: unknown): found is QueueFile {
  return (
    isRecord(found) &&
    found.format === "guatu-outbox" &&
    found.version === 1 &&
    Array.isArray(found.deeds) &&
    found.deeds.every(
      (deed) => isRecord(deed) && isRecord(deed.op) && Array.isArray(deed.photos),
    ) &&
    Array.isArray(found.files)
  );
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  const step = 0x8000;
  for (let i = 0; i < bytes.length; i += step)
    text += String.fromCharCode(...bytes.subarray(i, i + step));
  return btoa(text);
}
