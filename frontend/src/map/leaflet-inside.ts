import L from "leaflet";

/**
 * The parts of Leaflet 1.9.4 below its public interface that drawing into its canvas needs.
 * Leaflet 1.9 is frozen; the end-to-end tests would show a change.
 */
export interface CanvasInside {
  _ctx: CanvasRenderingContext2D;
  _drawing: boolean;
  _bounds: L.Bounds | undefined;
}

/** A layer of tiles with what decides which of them there are. */
export const OpenGridLayer = L.GridLayer as unknown as new (
  options?: L.GridLayerOptions,
) => L.GridLayer & {
  _tiles: Record<string, { current: boolean; active?: boolean }> | undefined;
  createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement;
  _setView(center: L.LatLng, zoom: number, noPrune?: boolean, noUpdate?: boolean): void;
  _clampZoom(zoom: number): number;
  _pruneTiles(): void;
};

/** A canvas that moves with the map and is painted by its own `_draw`. */
export const OpenCanvas = L.Canvas as unknown as new (
  options?: L.RendererOptions,
) => L.Canvas & CanvasInside & { _redraw(): void; _draw(): void };

/** Whether somebody pulls the map just now. */
export function isDragged(map: L.Map): boolean {
  return (map.dragging as unknown as { moving(): boolean }).moving();
}

interface RendererInside {
  _container: HTMLElement;
  _bounds: L.Bounds;
  _reset(): void;
}

/**
 * After a view is set without animation, Leaflet 1.9.4 leaves what its renderers drew between two
 * pixels, where a view that was panned to stands on whole ones: the same address would not give the
 * same picture. This puts it on whole pixels every time.
 */
function standOnPixels(): void {
  const inside = L.Renderer.prototype as unknown as RendererInside;
  const reset = inside._reset;
  inside._reset = function (this: RendererInside) {
    reset.call(this);
    if (this._bounds.min) L.DomUtil.setPosition(this._container, this._bounds.min);
  };
}
standOnPixels();

/** Canvases are drawn with twice the pixels where the screen or the enlarged page (`scale`) has them. */
export function sharpen(scale: number): void {
  (L.Browser as { retina: boolean }).retina = window.devicePixelRatio * scale > 1;
}
