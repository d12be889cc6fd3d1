import { computed, onMounted, onUnmounted, ref, shallowRef } from "vue";
import type { Task } from "../domain/field-tasks";
import type { Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { metresTo } from "../geo/distance";
import { type Draft, type DraftPhoto, emptyDraft } from "../sync/drafts";
import { isDoubtful, type Standing } from "../sync/marking";
import type { PlaceFound } from "../sync/place";
import { type Prepared, preparePhoto } from "../sync/prepare-photo";
import { useField } from "./use-field";

/** What is being entered of a task; on the phone with each change, so that nothing is lost with the page. */
export function useDraft(task: Task) {
  const { drafts, box, place, parcels, now } = useField();
  const key = drafts.keyOf(task.case.id, task.next?.code ?? "");
  const draft = shallowRef<Draft>(emptyDraft);
  const failure = shallowRef<Text>();
  const preparing = ref(0);
  /** Its fields wait until what was begun before is here. */
  const ready = ref(false);

  const ground = parcels.ground(task.case);
  const standing = computed<Standing | undefined>(() => {
    const at = place.found.value;
    return at && { ...at, metres: metresTo(ground, at) };
  });

  const { pictures, show } = usePictures();
  let stop = () => {};
  onMounted(async () => {
    stop = place.follow();
    draft.value = await drafts.read(key);
    ready.value = true;
    for (const { sha256 } of draft.value.photos) {
      const file = await box.file(sha256);
      if (file) show(sha256, file.bytes);
    }
  });
  onUnmounted(() => stop());

  /** One thing after the other: each begins with what the one before has left. */
  let last: Promise<void> = Promise.resolve();
  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch((thrown: unknown) => {
      failure.value = whyNotKept(thrown);
    });
    return last;
  }

  async function change(how: Partial<Draft>): Promise<void> {
    draft.value = { ...draft.value, ...how };
    await inTurn(() => drafts.write(key, draft.value));
  }

  /** Takes a picture in for a slot, in place of the one that is there; without a slot beside the named ones. */
  async function add(file: File, slot: Slot | undefined): Promise<void> {
    failure.value = undefined;
    preparing.value++;
    await inTurn(async () => {
      const made = await preparePhoto(file);
      if ("sha256" in made) await take(made, takenAt(file, now()), slot);
      else failure.value = made;
    });
    preparing.value--;
  }

  async function take(made: Prepared, at: string, slot: Slot | undefined): Promise<void> {
    const photo = draftPhoto(made, at, slot, place.found.value);
    const { sha256, bytes } = made;
    const others = draft.value.photos.filter(
      (each) => each.sha256 !== sha256 && !(slot && each.slot === slot.code),
    );
    const photos = [...others, photo];
    await drafts.write(key, { ...draft.value, photos }, { sha256, bytes });
    draft.value = { ...draft.value, photos };
    show(sha256, bytes);
  }

  return {
    ...{ key, draft, ready, failure, preparing, pictures, standing, change, add },
    doubtful: computed(() => isDoubtful(standing.value)),
  };
}

/** Addresses of pictures that lie on the phone, by hash, as long as the component stands. */
export function usePictures() {
  const pictures = shallowRef<ReadonlyMap<string, string>>(new Map());
  onUnmounted(() => {
    for (const url of pictures.value.values()) URL.revokeObjectURL(url);
  });
  function show(sha256: string, bytes: ArrayBuffer): void {
    const url = URL.createObjectURL(new Blob([bytes]));
    pictures.value = new Map(pictures.value).set(sha256, url);
  }
  return { pictures, show };
}

interface Slot {
  readonly code: string;
  readonly name: Text;
}

function draftPhoto(
  { sha256, bytes, original, told }: Prepared,
  takenAt: string,
  slot: Slot | undefined,
  place: PlaceFound | undefined,
): DraftPhoto {
  return {
    ...{ sha256, told, bytes: bytes.byteLength, takenAt },
    ...(slot ? { slot: slot.code, name: slot.name } : { name: bothWords("field.other_photos") }),
    ...(original ? { original } : {}),
    ...(place ? { place } : {}),
  };
}

/** A picture from the camera is of now; one of the gallery says when it was written. */
function takenAt({ lastModified }: File, now: string): string {
  const written = new Date(lastModified).toISOString();
  return lastModified > 0 && written < now ? written : now;
}

/** Why the phone did not take it. */
export function whyNotKept(thrown: unknown): Text {
  const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
  return bothWords(full ? "field.full" : "field.not_saved");
}
