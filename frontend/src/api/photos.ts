import type { CasePhotos, Upload } from "../domain/types";
import { asking } from "./ask";

/** Photos as the server keeps them. Every method throws ApiProblem or NoAnswer. */
export type PhotoApi = ReturnType<typeof createPhotoApi>;

export type PhotoSize = "thumb" | "large" | "original";

export function createPhotoApi(fetch: typeof globalThis.fetch, root: string) {
  const ask = asking(fetch);
  const address = (sha256: string) => `${root}/photos/${sha256}`;

  return {
    ofCase: async (id: number): Promise<CasePhotos> =>
      (await ask(`${root}/cases/${id}/photos`)).json(),
    /** Where a picture is read; by case and photo, never by its hash. */
    url: (caseId: number, photo: number, size: PhotoSize, download = false): string =>
      `${root}/cases/${caseId}/photos/${photo}?size=${size}${download ? "&download=true" : ""}`,
    /** How far the server is with a file. */
    state: async (sha256: string): Promise<Upload> => (await ask(address(sha256))).json(),
    /** Sends a part from `offset` on; answers how far the server is then. */
    send: async (sha256: string, part: Blob, offset: number, length: number): Promise<Upload> => {
      const headers = {
        "content-type": "application/partial-upload",
        "upload-offset": String(offset),
        "upload-length": String(length),
      };
      const response = await ask(address(sha256), { method: "PATCH", headers, body: part });
      if (response.status === 200) return response.json();
      return {
        sha256,
        offset: Number(response.headers.get("upload-offset")),
        length,
        complete: false,
      };
    },
  };
}
