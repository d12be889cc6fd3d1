import { exifOf, upright, withExif } from "../domain/exif";
import { refusalOf, sha256Of } from "../domain/photo-file";
import type { Text } from "../domain/types";
import type { PhotoFile } from "./box";

/** Longest side of what is sent, in pixels; quality of the JPEG. */
const longest = 1600;
const quality = 0.85;

export interface Prepared extends PhotoFile {
  /** SHA-256 of the file as it was taken, where another is sent. */
  readonly original?: string;
  /** The file says itself when and with what it was taken. */
  readonly told: boolean;
}

/** A picture as it is sent: at most 1600 pixels, with the camera's own words; or why it is none. */
export async function preparePhoto(file: Blob): Promise<Prepared | Text> {
  const wrong = await refusalOf(file);
  if (wrong) return wrong;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const exif = exifOf(bytes);
  const told = exif !== undefined;
  const smaller = await drawn(file);
  const original = await sha256Of(file);
  if (!smaller) return { sha256: original, bytes: bytes.buffer, told };
  const picture = new Uint8Array(await smaller.arrayBuffer());
  const whole = exif ? withExif(picture, upright(exif)) : picture;
  return { sha256: await sha256Of(new Blob([whole])), bytes: whole.buffer, original, told };
}

/** The picture drawn smaller and upright; undefined where it is a JPEG that is small enough. */
async function drawn(file: Blob): Promise<Blob | undefined> {
  const picture = await createImageBitmap(file);
  try {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    if (scale === 1 && file.type === "image/jpeg") return undefined;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((done) =>
      canvas.toBlob(done, "image/jpeg", quality),
    );
    return made ?? undefined;
  } finally {
    picture.close();
  }
}
