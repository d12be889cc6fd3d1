/** Laying the sides of a polygon on its neighbours' (贴邻界), so that both have the same corners. */
import { type Ground, planeOf, rounded, same, tidied } from "./ground";
import type { Position } from "./shapes";

/** A ring of a neighbour in the plane of EPSG:4549, metres. */
interface Edge {
  readonly ring: readonly Position[]; // degrees, not closed
  readonly plane: readonly { north: number; east: number }[];
}

/** Where a corner lies on a neighbour's ring: on a side, so far along it; `at` is the place to take. */
interface Foot {
  readonly edge: Edge;
  readonly side: number;
  readonly along: number;
  readonly at: Position;
  readonly metres: number;
}

/**
 * The ground with every corner within so many metres of a neighbour put on it, on its corner where
 * one is near enough, and with the neighbour's corners between two that follow each other.
 */
export function traced(ground: Ground, neighbours: readonly Ground[], metres: number): Ground {
  const edges = neighbours.flatMap((each) => each.flat().map(edgeOf));
  return tidied(
    ground.map((rings) =>
      rings.map((ring) => {
        const open = tracedRing(ring.slice(0, -1), edges, metres);
        return open[0] ? [...open, open[0]] : [];
      }),
    ),
  );
}

function edgeOf(ring: readonly Position[]): Edge {
  const open = ring.slice(0, -1);
  return { ring: open, plane: open.map(planeOf) };
}

function tracedRing(ring: readonly Position[], edges: readonly Edge[], metres: number): Position[] {
  const feet = ring.map((at) => footOf(at, edges, metres));
  return ring.flatMap((at, i) => {
    const [here, next] = [feet[i], feet[(i + 1) % ring.length]];
    const there = ring[(i + 1) % ring.length] ?? at;
    const start = here?.at ?? at;
    if (!here || !next || here.edge !== next.edge) return [start];
    return [start, ...between(here, next, at, there, metres)];
  });
}

function footOf(at: Position, edges: readonly Edge[], metres: number): Foot | undefined {
  const feet = edges.flatMap((edge) => footOn(at, edge, metres) ?? []);
  return feet.sort((a, b) => a.metres - b.metres)[0];
}

/** The nearest place of a ring: its corner where one is near enough, else a place on a side. */
function footOn(at: Position, edge: Edge, metres: number): Foot | undefined {
  const p = planeOf(at);
  const n = edge.plane.length;
  let best: Foot | undefined;
  for (const [side, a] of edge.plane.entries()) {
    const b = edge.plane[(side + 1) % n] ?? a;
    const [east, north] = [b.east - a.east, b.north - a.north];
    const length2 = east ** 2 + north ** 2;
    const part = ((p.east - a.east) * east + (p.north - a.north) * north) / length2;
    const along = Math.min(1, Math.max(0, length2 > 0 ? part : 0));
    const away = Math.hypot(p.east - a.east - along * east, p.north - a.north - along * north);
    if (away <= Math.min(metres, best?.metres ?? metres))
      best = { edge, side, along, at: placeOn(edge, side, along), metres: away };
  }
  return best && (cornerNear(p, best, metres) ?? best);
}

/** The place on a side, in degrees: within a side of some hundred metres degrees are as straight as the plane. */
function placeOn({ ring }: Edge, side: number, along: number): Position {
  const [a = [], b = []] = [ring[side], ring[(side + 1) % ring.length]];
  const at = (k: number) => (a[k] ?? 0) + along * ((b[k] ?? 0) - (a[k] ?? 0));
  return along === 0 ? a : along === 1 ? b : rounded([at(0), at(1)]);
}

function cornerNear(p: { north: number; east: number }, foot: Foot, metres: number) {
  const { edge, side } = foot;
  const n = edge.ring.length;
  const ends = [side, (side + 1) % n].map((corner): Foot => {
    const c = edge.plane[corner] ?? p;
    const away = Math.hypot(p.east - c.east, p.north - c.north);
    return { edge, side: corner, along: 0, at: edge.ring[corner] ?? [], metres: away };
  });
  return ends.filter((end) => end.metres <= metres).sort((a, b) => a.metres - b.metres)[0];
}

/** The neighbour's corners between two places of its ring, the way that keeps to the side that is traced. */
function between(
  from: Foot,
  to: Foot,
  a: Position,
  b: Position,
  metres: number,
): readonly Position[] {
  const ways = [walk(from, to), walk(to, from).reverse()];
  const fits = ways.filter((way) => way.every((at) => awayFrom(at, a, b) <= metres));
  return fits.sort((one, other) => one.length - other.length)[0] ?? [];
}

/** The corners one passes from one place of a ring forward to another. */
function walk(from: Foot, to: Foot): Position[] {
  const { ring } = from.edge;
  const n = ring.length;
  const passed: Position[] = [];
  const forward = (to.side - from.side + n) % n;
  const steps = forward === 0 && to.along < from.along ? n : forward;
  for (let k = 1; k <= steps; k++) passed.push(ring[(from.side + k) % n] ?? []);
  return passed.filter((at) => !same(at, from.at) && !same(at, to.at));
}

/** Metres from a place to the side between two others. */
function awayFrom(at: Position, a: Position, b: Position): number {
  const [p, s, e] = [planeOf(at), planeOf(a), planeOf(b)];
  const [east, north] = [e.east - s.east, e.north - s.north];
  const length2 = east ** 2 + north ** 2 || 1;
  const part = ((p.east - s.east) * east + (p.north - s.north) * north) / length2;
  const along = Math.min(1, Math.max(0, part));
  return Math.hypot(p.east - s.east - along * east, p.north - s.north - along * north);
}
