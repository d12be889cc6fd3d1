import { onScopeDispose, watch } from "vue";
import { createDrawing } from "../store/drawing";
import { boxAbout, previewLand, readNeighbours, readOwn } from "../store/land-around";
import type { Store } from "../store/store";
import { useReading } from "../store/use-reading";
import { useStore } from "../store/use-store";

/** The server is asked once the hand has rested so long, ms. */
const rest = 500;

/** Keeps `store.drawing` on the open case: its recorded land, its neighbours, what was not saved. */
export function useDrawing() {
  const store = useStore();
  const { card, drawing, day, view } = store;
  const own = useReading(
    () => {
      const { case: of, land } = (day.value ? undefined : card.detail.value) ?? {};
      return of && { id: of.id, unit: of.unit, version: land?.recorded?.version };
    },
    async (asked, minRevision) => ({ ...asked, ground: await readOwn(store, asked, minRevision) }),
  );
  const neighbours = useReading(
    () => (drawing.value ? boxAbout(view.value) : undefined),
    (box, minRevision) => readNeighbours(store, box, minRevision),
  );

  watch(own.value, (found) => {
    if (!found) return;
    const open = drawing.value;
    // What somebody is drawing stays theirs; that the land is another by now is said when it is saved.
    const stale = open?.version !== found.version && !open?.changed.value;
    if (!open || open.caseId !== found.id || stale)
      drawing.value = createDrawing(surroundings(store), found.id, found);
  });
  watch([neighbours.value, drawing], ([found]) => {
    const open = drawing.value;
    if (!open || !found) return;
    open.neighbours.value = found.filter(({ kind, id }) => kind === "parcel" || id !== open.caseId);
  });
  watch(
    () => card.detail.value?.case.id,
    (id) => {
      if (drawing.value && drawing.value.caseId !== id) drawing.value = undefined;
    },
  );
  onScopeDispose(() => {
    drawing.value = undefined;
  });
  return { failure: own.failure };
}

function surroundings(store: Store) {
  return {
    preview: (draft: Parameters<typeof previewLand>[1]) => previewLand(store, draft),
    acting: store.acting,
    drafts: store.drafts,
    now: () => new Date().toISOString(),
    later(task: () => void) {
      const timer = setTimeout(task, rest);
      return () => clearTimeout(timer);
    },
  };
}
