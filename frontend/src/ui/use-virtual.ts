import { computed, onBeforeUnmount, onMounted, type Ref, ref } from "vue";
import { useStore } from "../store/use-store";

/** The lines of a long list that are in sight, each at its place. */
export interface Virtual {
  /** Index of the first line to draw and of the one after the last. */
  range: Readonly<Ref<readonly [from: number, to: number]>>;
  /** Height of the whole list. */
  height: Readonly<Ref<string>>;
  /** Where the line of an index begins. */
  topOf(index: number): string;
  /** Scrolls a line into sight. */
  reveal(index: number): void;
}

/** Lines beyond the edge, so that scrolling shows no gap. */
const margin = 6;

/** A length of the desk of 1920 × 1080 that follows the root unit. */
export function rem(pixels: number): string {
  return `${pixels / 16}rem`;
}

/**
 * Draws only what is in sight of a list whose lines are all `lineHeight()` pixels of the desk of
 * 1920 × 1080 high, below a head of `head` such pixels that stays at the top of the box.
 */
export function useVirtual(
  box: Readonly<Ref<HTMLElement | undefined>>,
  count: () => number,
  lineHeight: () => number,
  head = 0,
): Virtual {
  const { scale } = useStore();
  const [top, size] = [ref(0), ref(600)];
  /** On this screen. */
  const line = () => lineHeight() * scale.value;

  const range = computed((): readonly [number, number] => {
    const from = Math.max(0, Math.floor(top.value / line()) - margin);
    const to = Math.ceil((top.value + size.value) / line()) + margin;
    return [Math.min(from, count()), Math.min(to, count())];
  });
  const height = computed(() => rem(count() * lineHeight()));

  function measure(): void {
    top.value = box.value?.scrollTop ?? 0;
    size.value = box.value?.clientHeight || 600;
  }

  function reveal(index: number): void {
    const element = box.value;
    if (!element) return;
    const [y, room] = [index * line(), element.clientHeight - head * scale.value];
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + line() > element.scrollTop + room) element.scrollTop = y + line() - room;
  }

  const observer = new ResizeObserver(measure);
  onMounted(() => {
    box.value?.addEventListener("scroll", measure, { passive: true });
    if (box.value) observer.observe(box.value);
    measure();
  });
  onBeforeUnmount(() => observer.disconnect());
  return { range, height, topOf: (index) => rem(index * lineHeight()), reveal };
}
