import type { Rolldown } from "vite";

type Naming = Rolldown.CodeSplittingNameFunction;
type Context = Parameters<Naming>[1];

/**
 * Puts modules together that are always read together, so that a page asks for few files: over HTTP/1.1 there are six at a time, and
 * data wait behind them. `common` is what both pages begin with, `desk` what stands around the map and belongs to nothing else.
 */
export function chunkNames(root: string): Naming {
  let sets: { common: ReadonlySet<string>; desk: ReadonlySet<string> } | undefined;
  return (id, context) => {
    sets ??= setsOf(root, context);
    return sets.common.has(id) ? "common" : sets.desk.has(id) ? "desk" : null;
  };
}

function setsOf(root: string, context: Context) {
  const from = (entry: string, later = false) => reached(`${root}/${entry}`, context, later);
  const [main, ahead] = [from("index.html"), from("src/app/ahead.ts")];
  const field = from("field.html", true);
  const desk = from("src/app/desk.ts");
  return {
    common: new Set([...main].filter((id) => field.has(id) && !ahead.has(id))),
    desk: new Set([...desk].filter((id) => !field.has(id) && !main.has(id))),
  };
}

/** The modules that an entry imports, and, with `later`, those that it may read later. */
function reached(entry: string, context: Context, later: boolean): Set<string> {
  const found = new Set<string>();
  const walk = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    const info = context.getModuleInfo(id);
    for (const next of info?.importedIds ?? []) walk(next);
    if (later) for (const next of info?.dynamicallyImportedIds ?? []) walk(next);
  };
  walk(entry);
  return found;
}
