import { computed, nextTick, onMounted, type Ref, shallowRef, watch } from "vue";
import type { CasePhotos, Photo } from "../domain/types";
import type { Reading } from "../store/reading";
import { useStore } from "../store/use-store";
import { useSheets } from "../store/use-track";

/** A photo of the open case that can be shown. */
export interface PaperPhoto extends Photo {
  src: string;
}

/**
 * What goes on paper about the open case beside its file: photos and sheets. When both were read, or
 * could not be, the page prints itself and is left.
 */
export function usePaper(paper: Readonly<Ref<HTMLElement | undefined>>, leave: () => void) {
  const { card, photoDesk } = useStore();
  const id = computed(() => card.detail.value?.case.id);
  const photos = shallowRef<CasePhotos>();
  const url = shallowRef<(photo: number) => string>();
  const sheets = useSheets(() => (id.value === undefined ? undefined : { case: id.value }));

  async function readPhotos(caseId: number): Promise<void> {
    const desk = await photoDesk();
    url.value = (photo) => desk.url(caseId, photo, "large");
    await desk.reading.read(caseId);
    photos.value = desk.reading.shown.value;
  }

  onMounted(async () => {
    if (id.value !== undefined) {
      await Promise.all([readPhotos(id.value).catch(() => {}), answered(sheets)]);
    }
    await nextTick();
    const images = [...(paper.value?.querySelectorAll("img") ?? [])];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    globalThis.print();
    leave();
  });

  const milestones = computed(() =>
    (photos.value?.milestones ?? []).map((each) => ({
      ...each,
      photos: each.photos.flatMap((photo): PaperPhoto[] =>
        photo.state === "stored" && url.value ? [{ ...photo, src: url.value(photo.id) }] : [],
      ),
    })),
  );
  return { milestones, sheets };
}

function answered({ value, failure }: Reading<unknown>): Promise<void> {
  return new Promise((read) => {
    watch([value, failure], ([said, failed]) => (said || failed) && read(), { immediate: true });
  });
}
