import type { Drawing, Tool } from "../store/drawing";

const tools: Record<string, Tool> = {
  v: "select",
  d: "draw",
  c: "cut",
  l: "distance",
  a: "area",
};

/** Keys of the page 土地量算; letters are dead while text is entered or a dialog stands open. */
export function onLandKey(event: KeyboardEvent, drawing: Drawing | undefined): void {
  if (!drawing || event.isComposing || event.altKey || document.querySelector("dialog[open]"))
    return;
  const entering =
    event.target instanceof Element && event.target.closest("input, select, textarea");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const deed = event.ctrlKey || event.metaKey ? withControl(key, event, drawing) : undefined;
  if (!deed && (entering || event.ctrlKey || event.metaKey)) return;
  const done = deed ?? plain(key, drawing);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
  done();
}

function withControl(key: string, event: KeyboardEvent, drawing: Drawing) {
  const entering = event.target instanceof HTMLInputElement;
  const deeds: Record<string, () => void> = {
    ...(entering ? {} : { z: event.shiftKey ? drawing.redo : drawing.undo, y: drawing.redo }),
    s: () => document.querySelector<HTMLElement>('[data-test="land-save"]:not(:disabled)')?.click(),
  };
  return deeds[key];
}

function plain(key: string, drawing: Drawing): (() => void) | undefined {
  const tool = tools[key];
  if (tool)
    return () => {
      drawing.tool.value = tool;
    };
  const deeds: Record<string, () => void> = {
    t: drawing.trace,
    e: () => void drawing.compute(),
    n: () => document.querySelector<HTMLElement>('[data-test="land-next"]')?.click(),
    ...(drawing.tool.value === "select"
      ? {}
      : {
          Escape: () => {
            drawing.tool.value = "select";
          },
        }),
  };
  return deeds[key];
}
