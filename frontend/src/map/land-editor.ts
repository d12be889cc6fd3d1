import L from "leaflet";
import { watch } from "vue";
import type { Ground } from "../geo/ground";
import { corners, moved, positionAt, withCorner, withoutCorner } from "../geo/ground";
import type { Drawing, Tool } from "../store/drawing";
import type { Store } from "../store/store";
import { geomanOf, snapDistance } from "./geoman";
import "./land-editor.css";
import { LandMarks } from "./land-marks";
import { openLatLngs } from "./lat-lngs";

const pane = "land-editor";

/** Draws and edits the land of one case with Leaflet-Geoman; what comes of it goes to the drawing. */
export class LandEditor {
  private readonly neighbours = L.layerGroup();
  private readonly shapes = L.layerGroup();
  private readonly marks: LandMarks;
  private layers: L.Polygon[] = [];
  /** What the layers show: what comes back from them is not drawn again. */
  private shown: Ground | undefined;
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly map: L.Map,
    private readonly drawing: Drawing,
    store: Store,
  ) {
    if (!map.getPane(pane)) map.createPane(pane).classList.add("land-editor-pane");
    geomanOf(map);
    this.marks = new LandMarks(map, drawing, store);
    this.neighbours.addTo(map);
    this.shapes.addTo(map);
    this.follow();
    this.listen();
  }

  /** Whether clicks set corners. */
  get busy(): boolean {
    return this.drawing.tool.value !== "select";
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.map.pm.disableDraw();
    this.quiet();
    this.neighbours.remove();
    this.shapes.remove();
    this.marks.dispose();
  }

  private follow(): void {
    const { drawing } = this;
    const now = { immediate: true } as const;
    this.ends.push(
      watch(drawing.neighbours, () => this.showNeighbours(), now),
      watch(drawing.sketch, ({ ground }) => this.show(ground), now),
      watch(drawing.tool, (tool) => this.use(tool), now),
    );
  }

  private listen(): void {
    const { map } = this;
    const created = (event: { layer: L.Layer }) => this.created(event.layer);
    const started = ({ workingLayer }: { workingLayer: L.Layer }) => this.started(workingLayer);
    const key = (event: KeyboardEvent) => this.onKey(event);
    const container = map.getContainer();
    map.on("pm:create", created);
    map.on("pm:drawstart", started);
    container.addEventListener("keydown", key, true);
    this.ends.push(
      () => map.off("pm:create", created),
      () => map.off("pm:drawstart", started),
      () => container.removeEventListener("keydown", key, true),
    );
  }

  /** Neighbours' corners are there to be taken over; nothing else of the map snaps. */
  private showNeighbours(): void {
    this.neighbours.clearLayers();
    for (const { ground, kind } of this.drawing.neighbours.value) {
      const className = `neighbour neighbour-${kind}`;
      const options = { pane, className, interactive: false, pmIgnore: true, snapIgnore: false };
      this.neighbours.addLayer(L.polygon(openLatLngs(ground), options));
    }
    for (const each of this.layers) each.bringToFront();
  }

  private show(ground: Ground): void {
    if (ground === this.shown) return;
    this.quiet();
    this.shapes.clearLayers();
    this.shown = ground;
    this.layers = ground.map((rings) => {
      const className = "drawn-land";
      const options = { pane, className, pmIgnore: false, snapIgnore: true };
      const layer = L.polygon(openLatLngs([rings])[0] ?? [], options).addTo(this.shapes);
      // Added without a move, a corner of a side's middle is a change as well.
      layer.on("pm:edit pm:vertexadded pm:vertexremoved", () => this.takeBack());
      layer.on("pm:vertexclick pm:markerdragstart", (event) =>
        this.choose(layer, (event as unknown as { indexPath: number[] }).indexPath),
      );
      return layer;
    });
    this.edit();
  }

  /** Corners can be dragged while nothing else is done. */
  private edit(): void {
    if (this.drawing.tool.value !== "select") return;
    for (const layer of this.layers)
      layer.pm.enable({ snappable: true, snapDistance, allowSelfIntersection: true });
  }

  private quiet(): void {
    for (const layer of this.layers) layer.pm.disable();
  }

  private takeBack(): void {
    const ground = this.layers
      .map((layer) => closed(layer.getLatLngs() as L.LatLng[][]))
      .filter((rings) => rings.length > 0);
    const before = corners(this.drawing.sketch.value.ground).length;
    const word = corners(ground).length === before ? "land.step_moved" : "land.step_corner";
    const same = JSON.stringify(ground) === JSON.stringify(this.shown);
    if (same) return;
    this.shown = undefined;
    const took = watch(
      this.drawing.sketch,
      (sketch) => {
        this.shown = sketch.ground;
      },
      { flush: "sync" },
    );
    this.drawing.change(ground, word);
    took();
  }

  private choose(layer: L.Polygon, [ring = 0, index = 0]: number[]): void {
    const polygon = this.layers.indexOf(layer);
    const at = this.drawing.corners.value.findIndex(
      (each) => each.polygon === polygon && each.ring === ring && each.index === index,
    );
    if (at >= 0) this.drawing.corner.value = at;
  }

  private use(tool: Tool): void {
    this.map.pm.disableDraw();
    this.quiet();
    this.drawing.line.value = [];
    this.map.getContainer().classList.toggle("drawing-land", tool !== "select");
    if (tool === "select") this.edit();
    else
      this.map.pm.enableDraw(tool === "distance" ? "Line" : "Polygon", {
        ...{ snappable: true, snapDistance, tooltips: false, allowSelfIntersection: true },
        ...{
          templineStyle: { className: "draw-line", pane },
          hintlineStyle: { className: "draw-hint", pane },
        },
        pathOptions: { className: "drawn-land", pane },
      });
  }

  private started(working: L.Layer): void {
    const tell = () => {
      const line = (working as L.Polyline).getLatLngs() as L.LatLng[];
      this.drawing.line.value = line.map(({ lng, lat }) => [lng, lat]);
    };
    working.on("pm:vertexadded", tell);
  }

  private created(layer: L.Layer): void {
    const tool = this.drawing.tool.value;
    layer.remove();
    if (!(layer instanceof L.Polyline)) return;
    if (layer instanceof L.Polygon && tool !== "area") {
      this.drawing.drawn([closed(layer.getLatLngs() as L.LatLng[][])], tool);
      return;
    }
    // A measured figure stays until the next one.
    const all = layer.getLatLngs() as L.LatLng[] | L.LatLng[][];
    const line = (Array.isArray(all[0]) ? all[0] : all) as L.LatLng[];
    this.use(tool);
    this.drawing.line.value = line.map(({ lng, lat }) => [lng, lat]);
  }

  /** What the keyboard does on the map: from corner to corner, moves them; draws at the cross in the middle. */
  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const done =
      this.drawing.tool.value === "select" ? this.onCornerKey(event) : this.onDrawKey(event);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private onCornerKey(event: KeyboardEvent): boolean {
    const { corner, corners: all, sketch } = this.drawing;
    if (event.key === "Tab") return this.nextCorner(event.shiftKey);
    const place = corner.value === undefined ? undefined : all.value[corner.value];
    const at = place && positionAt(sketch.value.ground, place);
    if (!place || !at) return false;
    if (event.key === "Delete") {
      this.drawing.change(withoutCorner(sketch.value.ground, place), "land.step_corner");
      return true;
    }
    const way = arrows[event.key];
    if (!way) return false;
    const step = event.shiftKey ? 1 : 0.1;
    const to = moved(at, way[0] * step, way[1] * step);
    this.drawing.change(withCorner(sketch.value.ground, place, to), "land.step_moved");
    return true;
  }

  /** After the last corner the focus goes on. */
  private nextCorner(back: boolean): boolean {
    const { corner, corners: all } = this.drawing;
    const to = (corner.value ?? (back ? all.value.length : -1)) + (back ? -1 : 1);
    corner.value = to >= 0 && to < all.value.length ? to : undefined;
    return corner.value !== undefined;
  }

  private onDrawKey(event: KeyboardEvent): boolean {
    const { line, tool } = this.drawing;
    if (event.key === "Backspace") {
      line.value = line.value.slice(0, -1);
      return true;
    }
    if (event.key !== "Enter") return false;
    const { lng, lat } = this.map.getCenter();
    if (!event.ctrlKey) line.value = [...line.value, [lng, lat]];
    else if (tool.value !== "distance" && tool.value !== "area" && line.value.length > 2)
      this.drawing.drawn([[[...line.value, line.value[0] ?? []]]], tool.value);
    return true;
  }
}

/** East and north of the arrow keys. */
const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function closed(rings: readonly L.LatLng[][]): Ground[number] {
  return rings
    .filter((ring) => ring.length > 2)
    .map((ring) => [...ring, ring[0] as L.LatLng].map(({ lng, lat }) => [lng, lat]));
}
