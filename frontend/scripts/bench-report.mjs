// The report of bench-map.mjs: what was asked for, what was found, and how.
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

/** A goal: at most `most` of `unit`, found `own`, beside `plain` where that is what it is measured by. */
function goal(what, most, unit, own, plain) {
  const value = unit === "×" ? own / plain : own;
  return { what, most, unit, own, plain, value, met: value <= most };
}

/** What the parcels add to a page: its figure with them less that of the same page without. */
const added = (all, none, key) => ({
  own: all.own[key] - none.own[key],
  plain: all.plain[key] - none.plain[key],
});

/** The goals of issue 7 that the measured sizes say something about. */
export function goalsOf(bySize, live) {
  const none = bySize.get(0);
  const goals = [];
  for (const [n, most] of [
    [10_000, 1000],
    [100_000, 2000],
  ]) {
    const all = bySize.get(n);
    if (all) goals.push(goal(`first full map, ${n}`, most, "ms", all.own.first, all.plain.first));
  }
  const all = bySize.get(100_000);
  if (all) {
    const [load, zoom] = [added(all, none, "load"), added(all, none, "zoom")];
    goals.push(
      goal(
        ...["heap of page and workers, 100,000", 40, "MB"],
        ...[all.own.heap + all.own.workers, all.plain.heap],
      ),
      goal("load, main thread, what 100,000 add", 0.25, "×", load.own, load.plain),
      goal("three zooms, main thread, what 100,000 add", 0.1, "×", zoom.own, zoom.plain),
    );
  }
  if (live) {
    goals.push(
      goal("an update of a burst, main thread", 0.25, "ms", live.each),
      goal("heap after the updates", 1, "MB", live.grown),
    );
  }
  return goals;
}

const number = (value, unit) =>
  value === undefined ? "–" : value.toFixed(unit === "ms" && value >= 10 ? 0 : 2);
const row = (...cells) => `| ${cells.join(" | ")} |`;

function goalRows(goals) {
  return goals.map(({ what, most, unit, own, plain, met }) => {
    const shown = unit === "×" ? "ms" : unit;
    const ratio = plain === undefined ? "–" : `${(own / plain).toFixed(2)}×`;
    const found = [own, plain].map((value) => number(value, shown));
    return row(what, `≤ ${most} ${unit}`, ...found, ratio, met ? "yes" : "**no**");
  });
}

const columns = [
  ["first full map", "first", "ms"],
  ["load, main thread", "load", "ms"],
  ["load, all processes", "all", "ms"],
  ["heap of the page", "heap", "MB"],
  ["heap of its workers", "workers", "MB"],
  ["three zooms, main thread", "zoom", "ms"],
];

function figureRows(bySize) {
  return [...bySize].flatMap(([n, { own, plain }]) =>
    columns.map(([what, key, unit]) =>
      row(
        n,
        `${what}, ${unit}`,
        number(own[key], unit),
        number(plain[key], unit),
        ratioOf(own, plain, key),
      ),
    ),
  );
}

function ratioOf(own, plain, key) {
  return plain[key] > 0 ? `${(own[key] / plain[key]).toFixed(2)}×` : "–";
}

const commit = () => {
  const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();
  try {
    return (
      git("rev-parse", "--short", "HEAD") +
      (git("status", "--porcelain", "-uno") ? " with changes" : "")
    );
  } catch {
    return "unknown";
  }
};

/** The report as Markdown. */
export function report({ bySize, goals, rounds, load, liveUpdates, size, browser }) {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 1e9)} GB, Linux ${release()}`;
  const average = load.map((each) => each.map((n) => n.toFixed(1)).join(" "));
  return `# The map in the browser: measurements

Written by \`frontend/scripts/bench-map.mjs --report\`, commit ${commit()}. ${machine}; Chromium ${browser} without a GPU, node ${process.version}.
Load average before ${average[0]}, after ${average[1]}; the machine has to be quiet for the rows in wall-clock time (first full map).

| what | goal | ours | plain | ratio | met |
|---|---|---|---|---|---|
${goalRows(goals).join("\n")}

## Method

- Ours is the whole page (map, list, legend, names, rivers, live stream) on a window of 1920 × 1080; plain is a page with nothing but \`L.geoJSON\`
  and \`preferCanvas\` of the same parcels, on a map of the size of ours (${size.width} × ${size.height}), zoom 12. Each is opened in a fresh context, ours and plain in
  turn, median of ${rounds}. Beside the n parcels there are those of the demo.
- *First full map*: wall clock from navigation until the last tile was painted after the parcels had come.
- *Main thread*: processor time of its tasks (\`Performance.getMetrics\`, TaskDuration in threadTicks). *All processes*: processor time of every
  process of the browser (\`SystemInfo.getProcessInfo\`), workers, raster and compositor included.
- *What 100,000 add*: the figure with them less that of the same page without: what the layer costs, on our page as on the plain one.
- *Heap*: objects and array buffers after three collections (\`HeapProfiler.collectGarbage\`, \`Runtime.getHeapUsage\`: usedSize + backingStorageSize), with the
  pointer on the map, and the buffers that page and painter share, counted once, here; that of dedicated workers is asked of them in the same way and
  stands in a row of its own (where nothing is shared, on plain HTTP, the painter's copy is there). The goal is held against both together. Bitmaps of
  canvases are in neither.
- *Three zooms*: by the wheel, in, out and in, 1.5 s each. *A burst*: ${liveUpdates} cases amended over HTTP, fifty in an operation, one after the
  other, while a page of ours watches; main-thread time by update, and what the heap has grown by.

## All figures

| parcels | what | ours | plain | ratio |
|---|---|---|---|---|
${figureRows(bySize).join("\n")}
`;
}
