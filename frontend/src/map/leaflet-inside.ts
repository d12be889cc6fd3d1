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

/** A polygon with what its renderer calls. */
export const OpenPolygon = L.Polygon as unknown as new (
  latLngs: L.LatLngExpression[][] | L.LatLngExpression[][][],
  options?: L.PolylineOptions,
) => L.Polygon & {
  _renderer: CanvasInside;
  _map: L.Map;
  _rings: L.Point[][];
  _rawPxBounds: L.Bounds | undefined;
  _pxBounds: L.Bounds | undefined;
  _updatePath(): void;
  _project(): void;
  _updateBounds(): void;
  _containsPoint(point: L.Point): boolean;
};

/** A canvas that moves with the map and is painted by its own `_draw`. */
export const OpenCanvas = L.Canvas as unknown as new (
  options?: L.RendererOptions,
) => L.Canvas & CanvasInside & { _redraw(): void; _draw(): void };
