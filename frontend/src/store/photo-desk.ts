import { type ShallowRef, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { PhotoApi } from "../api/photos";
import { failureText } from "../api/problem";
import type { CasePhotos, Text } from "../domain/types";
import { createPhotoQueue } from "./photo-queue";
import { openShelf, shelfInMemory } from "./photo-shelf";

/** Photos of the case that is open, and those on their way. Read when they are first wanted. */
export type PhotoDesk = Awaited<ReturnType<typeof openPhotoDesk>>;

export interface DeskSurroundings {
  api: Pick<Api, "change" | "photos">;
  device: string;
  person(): string | undefined;
  count(n: number): void;
  /** The case has changed; what is shown of it is read again. */
  changed(caseId: number, revision: number): void;
}

export async function openPhotoDesk(around: DeskSurroundings) {
  const photos = await around.api.photos();
  const opened = await openShelf().catch(() => undefined);
  const reading = createPhotoReading(photos);
  const queue = createPhotoQueue({
    ...around,
    photos,
    shelf: opened ?? shelfInMemory(),
    delivered: (caseId, revision) => {
      if (caseId === reading.caseId()) void reading.read(caseId);
      around.changed(caseId, revision);
    },
  });
  await queue.restore();
  addEventListener("online", queue.run);
  return { queue, reading, url: photos.url, keeps: opened !== undefined };
}

/** The photos of one case; only the answer to the last question is shown. */
function createPhotoReading(photos: Pick<PhotoApi, "ofCase">) {
  const shown: ShallowRef<CasePhotos | undefined> = shallowRef();
  const failure = shallowRef<Text>();
  let open: number | undefined;
  let question = 0;

  async function read(caseId: number): Promise<void> {
    const mine = ++question;
    if (caseId !== open) shown.value = undefined;
    open = caseId;
    try {
      const answer = await photos.ofCase(caseId);
      if (mine === question) [shown.value, failure.value] = [answer, undefined];
    } catch (thrown) {
      if (mine === question) failure.value = failureText(thrown);
    }
  }

  return { shown, failure, read, caseId: () => open };
}
