import type { Text } from "./types";
import { bothWords } from "./words";

const heic = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"];

/** Why a file is not taken: judged by its first bytes, as the server does. */
export async function refusalOf(file: Blob): Promise<Text | undefined> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff") || text.startsWith("\x89PNG\r\n\x1a\n")) return undefined;
  if (text.startsWith("RIFF") && text.slice(8) === "WEBP") return undefined;
  const isHeic = text.slice(4, 8) === "ftyp" && heic.includes(text.slice(8));
  return bothWords(isHeic ? "queue.heic" : "queue.not_photo");
}

/** SHA-256 of a file in lower-case hexadecimal digits. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
