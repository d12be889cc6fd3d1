import type { Task } from "../domain/field-tasks";
import { alertColour, fillOf, inkOn, mapGround } from "../domain/palette";
import { metresTo } from "../geo/distance";
import { metresPerDegreeEast } from "../geo/ellipsoid";
import { type AreaGeometry, boundsOf, polygonsOf } from "../geo/shapes";
import type { PlaceFound } from "../sync/place";

/** What the map shows: its middle, and pixels of a degree eastwards and northwards. */
export interface MapView {
  readonly lon: number;
  readonly lat: number;
  readonly east: number;
  readonly north: number;
}

export interface Drawn {
  readonly task: Task;
  readonly geometry: AreaGeometry;
}

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Pixels within which a finger means what it points at. */
const finger = 24;
/** Smaller grounds are drawn as a spot with their stage. */
const spot = 14;

/** The view of everything there is. */
export function viewOf(grounds: readonly AreaGeometry[], { width, height }: Size): MapView {
  const all = grounds.map(boundsOf).filter(([west]) => Number.isFinite(west));
  const [west, south, east, north] = [
    Math.min(...all.map((b) => b[0])),
    Math.min(...all.map((b) => b[1])),
    Math.max(...all.map((b) => b[2])),
    Math.max(...all.map((b) => b[3])),
  ];
  if (!Number.isFinite(west)) return { lon: 120.7, lat: 30.75, east: 20_000, north: 23_000 };
  const lat = (south + north) / 2;
  // A degree eastwards is shorter than one northwards.
  const flatter = metresPerDegreeEast(lat) / 110_900;
  const scale =
    0.9 * Math.min(width / ((east - west) * flatter || 1e-3), height / (north - south || 1e-3));
  return { lon: (west + east) / 2, lat, east: scale * flatter, north: scale };
}

/** Larger or smaller about a spot that stays where it is. */
export function zoomedAt(view: MapView, at: Spot, { width, height }: Size, by: number): MapView {
  const factor = Math.min(4e6 / view.north, Math.max(2000 / view.north, by));
  const [dx, dy] = [at.x - width / 2, at.y - height / 2];
  return {
    lon: view.lon + (dx / view.east) * (1 - 1 / factor),
    lat: view.lat - (dy / view.north) * (1 - 1 / factor),
    east: view.east * factor,
    north: view.north * factor,
  };
}

/** Draws the boundary of the unit, the tasks' ground by stage, late ones ringed, and where the phone is. */
export function drawMap(
  canvas: HTMLCanvasElement,
  view: MapView,
  drawn: readonly Drawn[],
  me: PlaceFound | undefined,
  outline: AreaGeometry | undefined,
): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = mapGround.light;
  pen.fillRect(0, 0, width, height);
  const to = projection(view, { width, height });
  if (outline) drawOutline(pen, to, outline);
  // What is due first comes last, above the others.
  for (const each of [...drawn].reverse()) drawGround(pen, to, each);
  if (me) drawMe(pen, to(me.lon, me.lat), (me.accuracy / 110_900) * view.north);
}

/** The task whose ground is nearest to a spot; none where all are farther than a finger is broad. */
export function nearest(
  view: MapView,
  drawn: readonly Drawn[],
  { x, y }: Spot,
  { width, height }: Size,
): Task | undefined {
  const at = {
    lon: view.lon + (x - width / 2) / view.east,
    lat: view.lat - (y - height / 2) / view.north,
  };
  const pixel = view.north / 110_900;
  let [best, least]: [Task | undefined, number] = [undefined, finger];
  for (const { task, geometry } of drawn) {
    const far = metresTo(geometry, at) * pixel;
    if (far < least) [best, least] = [task, far];
  }
  return best;
}

type Projection = (lon: number, lat: number) => Spot;

function projection(view: MapView, { width, height }: Size): Projection {
  return (lon, lat) => ({
    x: width / 2 + (lon - view.lon) * view.east,
    y: height / 2 - (lat - view.lat) * view.north,
  });
}

function drawGround(
  pen: CanvasRenderingContext2D,
  to: Projection,
  { task, geometry }: Drawn,
): void {
  const [west, south, east, north] = boundsOf(geometry);
  if (!Number.isFinite(west)) return;
  const [corner, other] = [to(west, north), to(east, south)];
  const small = Math.max(other.x - corner.x, other.y - corner.y) < spot;
  const middle = { x: (corner.x + other.x) / 2, y: (corner.y + other.y) / 2 };
  pen.beginPath();
  if (small) pen.rect(middle.x - spot / 2, middle.y - spot / 2, spot, spot);
  else for (const ring of polygonsOf(geometry).flat()) trace(pen, to, ring);
  pen.fillStyle = fillOf("light", task.case.stage) ?? "#fff";
  pen.fill("evenodd");
  [pen.strokeStyle, pen.lineWidth] = task.late > 0 ? [alertColour, 3] : ["#27313F", 1];
  pen.stroke();
  if (small) return;
  pen.fillStyle = inkOn(String(pen.fillStyle));
  pen.font = "700 13px sans-serif";
  [pen.textAlign, pen.textBaseline] = ["center", "middle"];
  pen.fillText(String(task.case.stage), middle.x, middle.y);
}

/** The ground of others is darker, so that it is plain on which side of the line one stands. */
function drawOutline(pen: CanvasRenderingContext2D, to: Projection, outline: AreaGeometry): void {
  const { width, height } = pen.canvas;
  pen.beginPath();
  for (const ring of polygonsOf(outline).flat()) trace(pen, to, ring);
  [pen.strokeStyle, pen.lineWidth] = ["#5B6676", 2];
  pen.setLineDash([10, 3, 2, 3]);
  pen.stroke();
  pen.setLineDash([]);
  pen.rect(0, 0, width, height);
  pen.fillStyle = "rgb(65 76 90 / 12%)";
  pen.fill("evenodd");
}

function trace(
  pen: CanvasRenderingContext2D,
  to: Projection,
  ring: readonly (readonly number[])[],
): void {
  ring.forEach(([lon = 0, lat = 0], i) => {
    const { x, y } = to(lon, lat);
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.closePath();
}

function drawMe(pen: CanvasRenderingContext2D, { x, y }: Spot, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, Math.max(12, radius), 0, 2 * Math.PI);
  pen.fillStyle = "rgb(27 79 196 / 18%)";
  pen.fill();
  pen.beginPath();
  pen.arc(x, y, 7, 0, 2 * Math.PI);
  pen.fillStyle = "#1B4FC4";
  pen.fill();
  [pen.strokeStyle, pen.lineWidth] = ["#fff", 3];
  pen.stroke();
}
