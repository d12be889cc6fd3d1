import type { Api } from "../api/client";
import type { PhotoApi } from "../api/photos";
import { ApiProblem, NoAnswer } from "../api/problem";
import type { Upload } from "../domain/types";
import { attaching, type Waiting } from "./photo-shelf";

/** Bytes of a part: small enough that little is sent again after a broken connection. */
const partSize = 512 * 1024;

/**
 * Sends a file in parts, from where the server is; `progress` hears the share that is there.
 * Returns the server's word that it has stored it.
 */
export async function upload(
  photos: Pick<PhotoApi, "state" | "send">,
  { sha256, blob }: Pick<Waiting, "sha256" | "blob">,
  progress: (share: number) => void,
): Promise<Upload> {
  let reached = await photos.state(sha256);
  while (!reached.complete) {
    const { offset } = reached;
    progress(offset / blob.size);
    const part = blob.slice(offset, offset + partSize);
    reached = await photos.send(sha256, part, offset, blob.size).catch((thrown: unknown) => {
      // Another page of this person sends the same file: from where it stands now.
      if (isCode(thrown, "photo_offset")) return photos.state(sha256);
      throw thrown;
    });
  }
  progress(1);
  return reached;
}

/** Attaches it to its case and gives the revision; a repeat is the same operation. */
export async function attach(
  api: Pick<Api, "change">,
  device: string,
  photo: Waiting,
): Promise<number> {
  try {
    const { revision } = await api.change({
      ...{ op_id: photo.id, device, changes: [attaching(photo)] },
    });
    return revision;
  } catch (thrown) {
    // The case has it already: what was wanted is so.
    if (isCode(thrown, "photo_there")) return 0;
    throw thrown;
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof ApiProblem && thrown.code === code;
}

/** The same may succeed later: nobody answered, or nobody is signed in at the moment. */
export function isPassing(thrown: unknown): boolean {
  if (thrown instanceof NoAnswer) return true;
  return thrown instanceof ApiProblem && (thrown.passing || thrown.status === 401);
}
