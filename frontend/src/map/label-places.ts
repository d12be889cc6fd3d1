import type { Box } from "./symbol-places";

/** A point in pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A name that wants to stand at its anchor (pixels). */
export interface WantedLabel {
  readonly text: string;
  /** A second line below it, with room for a lamp before it. */
  readonly second?: string | undefined;
  readonly outside: boolean;
  readonly anchor: Spot;
  /** Those of the desk where it says none. */
  readonly sizes?: LabelSizes | undefined;
}

/** A name with the middle of its box (pixels). */
export interface PlacedLabel<Label extends WantedLabel = WantedLabel> {
  readonly label: Label;
  readonly at: Spot;
  /** Where its leader ends, for a name that stands outside what it names. */
  readonly leader?: Spot | undefined;
}

/** Calls with the middle, half the sides (pixels) and the weight of every box: as objects a hundred thousand would take longest. */
export type Obstacles = (
  visit: (x: number, y: number, w: number, h: number, weight: number) => void,
) => void;

/** What lies under the names. */
export interface Ground {
  /** Where names may stand. */
  readonly room: Box;
  /** Symbols to keep off, the weighty ones before all. */
  readonly obstacles: Obstacles;
  /** Index in `wanted` of what lies at a place; -1 for none. */
  owner(x: number, y: number): number;
}

/** Sizes of characters and lines, px; the style sheets say the same. */
export interface LabelSizes {
  readonly character: { readonly unit: number; readonly outside: number };
  readonly line: { readonly unit: number; readonly outside: number };
  /** Of the line below the name, and the room of the lamp before it. */
  readonly second: { readonly character: number; readonly line: number; readonly lamp: number };
}

export const deskSizes: LabelSizes = {
  character: { unit: 17, outside: 13 },
  line: { unit: 24, outside: 20 },
  second: { character: 14, line: 20, lamp: 18 },
};

/** On the wall, which is read from six metres. */
export const wallSizes: LabelSizes = {
  character: { unit: 26, outside: 18 },
  line: { unit: 34, outside: 24 },
  second: { character: 22, line: 30, lamp: 32 },
};

/** Places tried one after the other: at the anchor, then above, below and beside it. */
const shifts: readonly [x: number, y: number][] = [
  [0, 0],
  [0, -1],
  [0, 1],
  [-0.6, 0],
  [0.6, 0],
];

/**
 * Gives every name a place where it lies on no other and not on what is `covered`; a name without
 * one is left out until the map is nearer.
 */
export function placeLabels<Label extends WantedLabel>(
  wanted: readonly Label[],
  covered: readonly Box[] = [],
): PlacedLabel<Label>[] {
  const taken = [...covered];
  return wanted.flatMap((label) => {
    const { anchor } = label;
    const size = sizeOf(label);
    const box = shifts
      .map(([x, y]) => ({ ...size, x: anchor.x + 2 * x * size.w, y: anchor.y + 2 * y * size.h }))
      .find((tried) => !taken.some((other) => meet(tried, other)));
    if (!box) return [];
    taken.push(box);
    return [{ label, at: { x: box.x, y: box.y } }];
  });
}

const step = 6;
/** What a covered cell costs against a pixel of distance: names go far before they lie on a parcel. */
const coverCost = 12;

/**
 * Gives every name the nearest place where it covers no other and as few parcels as can be: on
 * its own land, or beyond every unit with a leader; never on the land of another, never on what
 * is `covered`.
 */
export function placeLabelsClear<Label extends WantedLabel>(
  wanted: readonly Label[],
  ground: Ground,
  covered: readonly Box[] = [],
): PlacedLabel<Label>[] {
  const cover = new CoverTable(ground);
  const taken = [...covered];
  return wanted.flatMap((label, index) => {
    const costOf = (box: Box, far: number, least: number) => {
      const cost = far + coverCost * cover.of(box);
      // Whose land it is takes longest to find out, so it is asked last.
      return cost < least && onOthers(box, ground, index) ? Infinity : cost;
    };
    const best = cheapest(label, ground.room, taken, costOf);
    if (!best) return [];
    taken.push(best);
    const { x, y } = best;
    const away = !ownersUnder(best, ground).includes(index);
    const leader = away ? nearestOwn(best, ground, index) : undefined;
    return [{ label, at: { x, y }, leader }];
  });
}

/** How far a name may stand from its anchor where it names no area, pixels. */
const nearBy = 70;

/**
 * Gives every name the place nearby where it covers no other and as few parcels as can be; a name
 * that has none, or whose anchor lies outside the room, is left out.
 */
export function placeNear<Label extends WantedLabel>(
  wanted: readonly Label[],
  { room, obstacles }: Pick<Ground, "room" | "obstacles">,
  taken: readonly Box[] = [],
  reach = nearBy,
): PlacedLabel<Label>[] {
  const cover = new CoverTable({ room, obstacles });
  const boxes = [...taken];
  return wanted.flatMap((label) => {
    if (leaves({ ...label.anchor, w: 0, h: 0 }, room)) return [];
    const costOf = (box: Box, far: number) => far + coverCost * cover.of(box);
    const best = cheapest(label, room, boxes, costOf, reach);
    if (!best) return [];
    boxes.push(best);
    const leader = reach > nearBy ? label.anchor : undefined;
    return [{ label, at: { x: best.x, y: best.y }, leader }];
  });
}

/** The free place that costs least, at least its distance from the anchor. */
function cheapest(
  label: WantedLabel,
  room: Box,
  taken: readonly Box[],
  costOf: (box: Box, far: number, least: number) => number,
  reach = 2 * Math.max(room.w, room.h),
): Box | undefined {
  let best: Box | undefined;
  let least = Infinity;
  const { anchor } = label;
  const size = sizeOf(label);
  for (let away = 0; away < Math.min(least, reach); away += step) {
    for (const { x, y } of around(anchor, away)) {
      const box = { ...size, x, y };
      if (leaves(box, room) || taken.some((other) => meet(box, other))) continue;
      const cost = costOf(box, Math.hypot(x - anchor.x, y - anchor.y), least);
      if (cost < least) [best, least] = [box, cost];
    }
  }
  return best;
}

/** The spots of a grid on a square about the middle. */
function around({ x, y }: Spot, away: number): Spot[] {
  if (away === 0) return [{ x, y }];
  const spots: Spot[] = [];
  for (let at = -away; at < away; at += step) {
    spots.push({ x: x + at, y: y - away }, { x: x + away, y: y + at });
    spots.push({ x: x - at, y: y + away }, { x: x - away, y: y - at });
  }
  return spots;
}

function leaves({ x, y, w, h }: Box, room: Box): boolean {
  return Math.abs(x - room.x) + w > room.w || Math.abs(y - room.y) + h > room.h;
}

/** Whether a box lies partly on the land of another. */
function onOthers(box: Box, ground: Ground, index: number): boolean {
  return ownersUnder(box, ground).some((owner) => owner !== -1 && owner !== index);
}

/** Whose land lies under a box. */
function ownersUnder({ x, y, w, h }: Box, ground: Ground): number[] {
  return [-1, -0.5, 0, 0.5, 1].flatMap((dx) =>
    [-1, 0, 1].map((dy) => ground.owner(x + dx * w, y + dy * h)),
  );
}

/** A little inside the nearest land of its own: where a leader ends. */
function nearestOwn({ x, y }: Box, ground: Ground, index: number): Spot | undefined {
  for (let far = 12; far < 240; far += 4) {
    for (let i = 0; i < 24; i++) {
      const [dx, dy] = [Math.cos((i * Math.PI) / 12), Math.sin((i * Math.PI) / 12)];
      const [px, py] = [x + far * dx, y + far * dy];
      if (ground.owner(px, py) === index) return { x: px + 6 * dx, y: py + 6 * dy };
    }
  }
  return undefined;
}

const cell = 4;

/** Sums of covered cells over any box at once: a summed-area table of the obstacles. */
class CoverTable {
  private readonly sums: Float64Array;
  private readonly columns: number;
  private readonly rows: number;
  private readonly left: number;
  private readonly top: number;
  private readonly room: Box;

  constructor({ room, obstacles }: Pick<Ground, "room" | "obstacles">) {
    this.room = room;
    [this.left, this.top] = [room.x - room.w, room.y - room.h];
    [this.columns, this.rows] = [
      Math.ceil((2 * room.w) / cell) + 1,
      Math.ceil((2 * room.h) / cell) + 1,
    ];
    this.sums = new Float64Array(this.columns * this.rows);
    obstacles((x, y, w, h, weight) => this.paint(x, y, w, h, weight));
    for (let j = 0; j < this.rows; j++) {
      for (let i = 0; i < this.columns; i++) {
        this.sums[j * this.columns + i] =
          this.at(i, j) + this.at(i - 1, j) + this.at(i, j - 1) - this.at(i - 1, j - 1);
      }
    }
  }

  /** Weight of the cells under a box. */
  of(box: Box): number {
    const [l, t, r, b] = this.cellsOf(box);
    return this.at(r, b) - this.at(l - 1, b) - this.at(r, t - 1) + this.at(l - 1, t - 1);
  }

  private paint(x: number, y: number, w: number, h: number, weight: number): void {
    const { room, columns } = this;
    if (Math.abs(x - room.x) >= w + room.w || Math.abs(y - room.y) >= h + room.h) return;
    const [l, t] = [this.column(x - w), this.row(y - h)];
    const [r, b] = [this.column(x + w), this.row(y + h)];
    for (let j = t; j <= b; j++) {
      for (let i = l; i <= r; i++) this.sums[j * columns + i] = weight;
    }
  }

  private cellsOf({ x, y, w, h }: Box): [number, number, number, number] {
    return [this.column(x - w), this.row(y - h), this.column(x + w), this.row(y + h)];
  }

  private column(x: number): number {
    return Math.max(0, Math.min(this.columns - 1, Math.floor((x - this.left) / cell)));
  }

  private row(y: number): number {
    return Math.max(0, Math.min(this.rows - 1, Math.floor((y - this.top) / cell)));
  }

  private at(i: number, j: number): number {
    return i < 0 || j < 0 ? 0 : (this.sums[j * this.columns + i] ?? 0);
  }
}

/** Half the width and height of a name; Latin letters are about half as wide as Chinese characters. */
export function sizeOf({
  text,
  outside,
  second,
  sizes = deskSizes,
}: Pick<WantedLabel, "text" | "outside" | "second" | "sizes">): { w: number; h: number } {
  const { character, line, second: under } = sizes;
  const kind = outside ? "outside" : "unit";
  const width = widthOf(text, character[kind]);
  if (!second) return { w: 3 + width / 2, h: line[kind] / 2 };
  const below = under.lamp + widthOf(second, under.character);
  return { w: 3 + Math.max(width, below) / 2, h: (line[kind] + under.line) / 2 };
}

function widthOf(text: string, size: number): number {
  let width = 0;
  for (const each of text) width += each < "\u2e80" ? size * 0.58 : size;
  return width;
}

/** Whether two boxes have a part in common. */
export function meet(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < a.w + b.w && Math.abs(a.y - b.y) < a.h + b.h;
}

/** Where the line from the middle of a name to its land leaves the name's box. */
export function edgeTowards(from: Spot, to: Spot, { w, h }: { w: number; h: number }): Spot {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const part = Math.min(1, w / (Math.abs(dx) || 1), h / (Math.abs(dy) || 1));
  return { x: from.x + dx * part, y: from.y + dy * part };
}
