import { computed, onBeforeUnmount, onMounted, type Ref, ref } from "vue";

/** The lines of a long list that are in sight, each at its place. */
export interface Virtual {
  /** Index of the first line to draw and of the one after the last. */
  range: Readonly<Ref<readonly [from: number, to: number]>>;
  /** Height of the whole list in pixels. */
  height: Readonly<Ref<number>>;
  /** Scrolls a line into sight. */
  reveal(index: number): void;
}

/** Lines beyond the edge, so that scrolling shows no gap. */
const margin = 6;

/**
 * Draws only what is in sight of a list whose lines are all `lineHeight()` pixels high, below a
 * head of `head` pixels that stays at the top of the box.
 */
export function useVirtual(
  box: Readonly<Ref<HTMLElement | undefined>>,
  count: () => number,
  lineHeight: () => number,
  head = 0,
): Virtual {
  const [top, size] = [ref(0), ref(600)];

  const range = computed((): readonly [number, number] => {
    const from = Math.max(0, Math.floor(top.value / lineHeight()) - margin);
    const to = Math.ceil((top.value + size.value) / lineHeight()) + margin;
    return [Math.min(from, count()), Math.min(to, count())];
  });
  const height = computed(() => count() * lineHeight());

  function measure(): void {
    top.value = box.value?.scrollTop ?? 0;
    size.value = box.value?.clientHeight || 600;
  }

  function reveal(index: number): void {
    const element = box.value;
    if (!element) return;
    const [y, room] = [index * lineHeight(), element.clientHeight - head];
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + lineHeight() > element.scrollTop + room) {
      element.scrollTop = y + lineHeight() - room;
    }
  }

  const observer = new ResizeObserver(measure);
  onMounted(() => {
    box.value?.addEventListener("scroll", measure, { passive: true });
    if (box.value) observer.observe(box.value);
    measure();
  });
  onBeforeUnmount(() => observer.disconnect());
  return { range, height, reveal };
}
