import L from "leaflet";
import { OpenGridLayer } from "./leaflet-inside";
import type { PainterLine } from "./painter-line";
import type { PixelRect } from "./parcel-index";

/** Side of a tile, pixels of the map. */
const side = 512;
/** Rectangles that are with the painter at a time: what is no longer wanted can still be dropped behind them. */
const mostAtWork = 4;

/** A piece of the map, in the pixels of its zoom. */
interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  /** What is to be painted anew, undefined: nothing. */
  dirty: PixelRect | undefined;
  waits: boolean;
  gone: boolean;
  ready: (() => void) | undefined;
}

/** The parcels as canvas tiles, painted by the painter. They stand at every zoom, fractions too, without being scaled. */
export class ParcelTiles {
  private readonly tiles = new Map<HTMLElement, Tile>();
  private readonly queue: Tile[] = [];
  private readonly grid: L.GridLayer;
  private atWork = 0;
  private frame = 0;
  /** There is nothing to paint yet. */
  private bare = true;

  /** `prepare` is called before anything of a zoom is painted. */
  constructor(
    map: L.Map,
    private readonly painter: PainterLine,
    private readonly prepare: (zoom: number) => void,
  ) {
    this.grid = new Grid((coords, done) => this.create(coords, done));
    this.grid.on("tileunload", ({ tile }: L.TileEvent) => this.drop(tile));
    this.grid.addTo(map);
  }

  /** Paints everything anew. */
  repaintAll(): void {
    for (const tile of this.tiles.values()) this.spoil(tile, whole(tile));
  }

  /** Other parcels: they are painted while the page goes on with them. */
  begin(): void {
    this.bare = false;
    this.repaintAll();
    this.work();
  }

  /** Paints a rectangle of a zoom anew. */
  repaint(zoom: number, rect: PixelRect): void {
    for (const tile of this.tiles.values()) {
      if (tile.zoom !== zoom) {
        // It is about to go, or of a zoom on its way: nobody asks how it looked in between.
        this.spoil(tile, whole(tile));
        continue;
      }
      const part = common(rect, whole(tile));
      if (part) this.spoil(tile, part);
    }
  }

  private create(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * pixelRatio();
    const tile: Tile = {
      ...{ canvas, zoom: coords.z, left: coords.x * side, top: coords.y * side },
      ...{ dirty: undefined, waits: false, gone: false, ready: () => done(undefined, canvas) },
    };
    this.tiles.set(canvas, tile);
    if (this.bare) queueMicrotask(() => settle(tile));
    else this.spoil(tile, whole(tile));
    return canvas;
  }

  private drop(canvas: HTMLElement): void {
    const tile = this.tiles.get(canvas);
    if (tile) tile.gone = true;
    this.tiles.delete(canvas);
  }

  /** What is spoilt within a frame is painted at once. */
  private spoil(tile: Tile, rect: PixelRect): void {
    tile.dirty = tile.dirty ? both(tile.dirty, rect) : rect;
    if (tile.waits) return;
    tile.waits = true;
    this.queue.push(tile);
    if (this.frame === 0) {
      this.frame = L.Util.requestAnimFrame(() => {
        this.frame = 0;
        this.work();
      });
    }
  }

  private work(): void {
    while (this.atWork < mostAtWork) {
      const tile = this.queue.shift();
      if (!tile) return;
      const { dirty } = tile;
      tile.waits = false;
      tile.dirty = undefined;
      if (tile.gone || !dirty) continue;
      this.atWork++;
      this.prepare(tile.zoom);
      const rect = outward(dirty);
      const ratio = pixelRatio();
      this.painter.paint({ zoom: tile.zoom, rect, ratio }, (picture) => {
        this.atWork--;
        if (!tile.gone) put(tile, rect, ratio, picture);
        this.work();
      });
    }
  }
}

function put(
  tile: Tile,
  { left, top, right, bottom }: PixelRect,
  ratio: number,
  picture: CanvasImageSource,
): void {
  const { canvas } = tile;
  // Pictures come in the order they were asked for, and the first of another sharpness is of the whole tile.
  if (canvas.width !== side * ratio) canvas.width = canvas.height = side * ratio;
  const context = canvas.getContext("2d");
  const [x, y] = [(left - tile.left) * ratio, (top - tile.top) * ratio];
  context?.clearRect(x, y, (right - left) * ratio, (bottom - top) * ratio);
  context?.drawImage(picture, x, y);
  settle(tile);
}

/** It shows what it should. */
function settle(tile: Tile): void {
  tile.ready?.();
  tile.ready = undefined;
}

function whole({ left, top }: Tile): PixelRect {
  return { left, top, right: left + side, bottom: top + side };
}

function common(a: PixelRect, b: PixelRect): PixelRect | undefined {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  const [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)];
  return left < right && top < bottom ? { left, top, right, bottom } : undefined;
}

function both(a: PixelRect, b: PixelRect): PixelRect {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function outward({ left, top, right, bottom }: PixelRect): PixelRect {
  return {
    left: Math.floor(left),
    top: Math.floor(top),
    right: Math.ceil(right),
    bottom: Math.ceil(bottom),
  };
}

/** As Leaflet's own canvas has it. */
function pixelRatio(): number {
  return L.Browser.retina ? 2 : 1;
}

class Grid extends OpenGridLayer {
  private wanted: number | undefined;

  constructor(private readonly create: (coords: L.Coords, done: L.DoneCallback) => HTMLElement) {
    super({
      ...{ pane: "overlayPane", className: "parcel-tiles", tileSize: side, noWrap: true },
      ...{ keepBuffer: 1, updateWhenIdle: false, updateWhenZooming: false, maxZoom: 24 },
    });
  }

  override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    return this.create(coords, done);
  }

  /** Leaflet would take the nearest whole zoom and scale its tiles. */
  override _setView(center: L.LatLng, zoom: number, noPrune?: boolean, noUpdate?: boolean): void {
    this.wanted = zoom;
    super._setView(center, zoom, noPrune, noUpdate);
  }

  override _clampZoom(zoom: number): number {
    return this.wanted ?? zoom;
  }

  /** What was there stays until what comes is painted: between fractions of a zoom Leaflet knows no relation. */
  override _pruneTiles(): void {
    const coming = Object.values(this._tiles ?? {}).some((tile) => tile.current && !tile.active);
    if (!coming) super._pruneTiles();
  }
}
