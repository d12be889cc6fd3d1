import { onMounted, onUpdated, type Ref } from "vue";

const stop = "a[href], button:not(:disabled)";

/**
 * Makes a table one stop of Tab: arrows, Home and End move among its links and buttons, which
 * are written with tabindex="-1". Call `onKey` and `onFocus` on the table.
 */
export function useRoving(table: Readonly<Ref<HTMLElement | undefined>>) {
  let current: HTMLElement | undefined;

  function stops(): HTMLElement[] {
    return [...(table.value?.querySelectorAll<HTMLElement>(stop) ?? [])];
  }

  function settle(): void {
    const all = stops();
    if (!current || !all.includes(current)) current = all[0];
    for (const each of all) each.tabIndex = each === current ? 0 : -1;
  }
  onMounted(settle);
  onUpdated(settle);

  function onFocus(event: FocusEvent): void {
    const found = event.target instanceof Element && event.target.closest<HTMLElement>(stop);
    if (!found) return;
    current = found;
    settle();
  }

  function onKey(event: KeyboardEvent): void {
    if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = nextStop(event.key, current);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  function nextStop(key: string, from: HTMLElement): HTMLElement | undefined {
    const row = stops().filter((each) => each.closest("tr") === from.closest("tr"));
    const at = row.indexOf(from);
    if (key === "ArrowRight") return row[at + 1];
    if (key === "ArrowLeft") return row[at - 1];
    if (key === "Home") return row[0];
    if (key === "End") return row[row.length - 1];
    if (key === "ArrowDown" || key === "ArrowUp") return above(from, key === "ArrowDown" ? 1 : -1);
    return undefined;
  }

  /** The nearest in the next row that has any. */
  function above(from: HTMLElement, step: 1 | -1): HTMLElement | undefined {
    const rows = [...new Set(stops().map((each) => each.closest("tr")))];
    const row = rows[rows.indexOf(from.closest("tr")) + step];
    if (!row) return undefined;
    const column = columnOf(from);
    const near = stops().filter((each) => each.closest("tr") === row);
    return near.reduce((best, each) =>
      Math.abs(columnOf(each) - column) < Math.abs(columnOf(best) - column) ? each : best,
    );
  }

  return { onKey, onFocus };
}

function columnOf(element: HTMLElement): number {
  return element.closest<HTMLTableCellElement>("th, td")?.cellIndex ?? 0;
}
