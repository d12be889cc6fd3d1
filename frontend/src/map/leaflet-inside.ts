import L from "leaflet";

/**
 * The parts of Leaflet 1.9.4 below its public interface that drawing into its canvas needs.
 * Leaflet 1.9 is frozen; the end-to-end tests would show a change.
 */
export interface CanvasInside {
  _ctx: CanvasRenderingContext2D;
  _drawing: boolean;
}

/** A polygon with what its renderer calls. */
export const OpenPolygon = L.Polygon as unknown as new (
  latLngs: L.LatLngExpression[][] | L.LatLngExpression[][][],
  options?: L.PolylineOptions,
) => L.Polygon & {
  _renderer: CanvasInside;
  _map: L.Map;
  _rawPxBounds: L.Bounds | undefined;
  _pxBounds: L.Bounds | undefined;
  _updatePath(): void;
  _project(): void;
  _updateBounds(): void;
  _containsPoint(point: L.Point): boolean;
};
