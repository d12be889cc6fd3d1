import { computed, watch } from "vue";
import { turnsOf } from "../domain/wall-rotation";
import type { Store } from "../store/store";

/** How long it stands still after somebody touched it, ms. */
const stillFor = 60_000;

/** Turns the pages of a screen (轮播). Whoever touches it or presses a key has a minute; another day is never turned away. Answers what ends it. */
export function keepTurning(store: Store, page: Window): () => void {
  const { session, wall } = store;
  const ends = [
    // A screen turns; who signs in looks at what they like.
    watch(
      () => session.wall.value !== undefined,
      (screen) => {
        wall.turning.on.value = screen;
      },
      { immediate: true },
    ),
    turnPages(store, page),
    heedTouch(store, page),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function turnPages(store: Store, page: Window): () => void {
  const { campaign, contact, day, from, session, wall } = store;
  const { on, paused, now } = wall.turning;
  const turns = computed(() => {
    const { units = [], rotation = [] } = campaign.value ?? {};
    const bound = session.wall.value?.unit ?? "";
    const codes = units.map(({ code }) => code);
    // Visitors are shown nothing that is late.
    return turnsOf(rotation, codes, bound).filter(
      ({ focus }) => focus !== "late" || !wall.reception.value,
    );
  });
  const still = computed(
    () => !on.value || paused.value || day.value || from.value || contact.silence.value === "lost",
  );
  let [timer, at] = [0, 0];

  function show(next: number): void {
    at = next;
    const turn = turns.value[at % turns.value.length];
    if (!turn) return;
    [wall.unit.value, wall.focus.value, now.value] = [turn.unit, turn.focus, turn];
    timer = page.setTimeout(() => show(at + 1), turn.seconds * 1000);
  }
  function begin(): void {
    page.clearTimeout(timer);
    now.value = undefined;
    if (!still.value && turns.value.length > 1) show(at);
  }
  const stop = watch(() => [still.value, JSON.stringify(turns.value)].join(), begin, {
    immediate: true,
  });
  return () => {
    stop();
    page.clearTimeout(timer);
  };
}

function heedTouch({ wall: { turning } }: Store, page: Window): () => void {
  let timer = 0;
  const touched = () => {
    page.clearTimeout(timer);
    turning.paused.value = true;
    timer = page.setTimeout(() => {
      turning.paused.value = false;
    }, stillFor);
  };
  const kinds = ["pointerdown", "keydown"] as const;
  for (const kind of kinds) page.addEventListener(kind, touched);
  return () => {
    for (const kind of kinds) page.removeEventListener(kind, touched);
    page.clearTimeout(timer);
  };
}
