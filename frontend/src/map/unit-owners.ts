import { type AreaGeometry, type Bounds, boundsOf, stretches } from "../geo/shapes";

const columns = 160;
const rows = 240;

/** Which of several areas lies where, as a raster over the box around them; fast enough to be asked ten thousand times. */
export class UnitOwners {
  readonly bounds: Bounds;
  private readonly cells = new Int8Array(columns * rows).fill(-1);

  constructor(geometries: readonly AreaGeometry[]) {
    const boxes = geometries.map(boundsOf);
    this.bounds = [
      Math.min(...boxes.map(([west]) => west)),
      Math.min(...boxes.map(([, south]) => south)),
      Math.max(...boxes.map(([, , east]) => east)),
      Math.max(...boxes.map(([, , , north]) => north)),
    ];
    for (const [index, geometry] of geometries.entries()) this.paint(geometry, index);
  }

  /** Index of the area at a place (degrees); -1 for none. */
  at(lon: number, lat: number): number {
    const [west, south, east, north] = this.bounds;
    const i = Math.floor(((lon - west) / (east - west)) * columns);
    const j = Math.floor(((lat - south) / (north - south)) * rows);
    if (i < 0 || j < 0 || i >= columns || j >= rows) return -1;
    return this.cells[j * columns + i] ?? -1;
  }

  private paint(geometry: AreaGeometry, index: number): void {
    const [west, south, east, north] = this.bounds;
    const column = (lon: number) => Math.round(((lon - west) / (east - west)) * columns);
    for (let j = 0; j < rows; j++) {
      const lat = south + ((j + 0.5) / rows) * (north - south);
      for (const [from, to] of stretches(geometry, lat)) {
        this.cells.fill(index, j * columns + column(from), j * columns + column(to));
      }
    }
  }
}
