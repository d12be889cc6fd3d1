// Files of parcels as the tests import them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A square of a corner and a side, in the units of the corner. */
export function square(x, y, side) {
  const ring = [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

/** Two triangles that touch in a point: no parcel. */
export function bowTie(x, y, side) {
  const ring = [
    [x, y],
    [x + side, y + side],
    [x + side, y],
    [x, y + side],
    [x, y],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

/** A record of a file. */
export function record(code, label, geometry, more = {}) {
  return { type: "Feature", properties: { 编号: code, 名称: label, ...more }, geometry };
}

/** GeoJSON as a browser uploads it. */
export function geojson(name, features) {
  const content = JSON.stringify({ type: "FeatureCollection", features });
  return { name, mimeType: "application/geo+json", buffer: Buffer.from(content) };
}

/** A GeoPackage of layers in coordinate systems of their own; each layer is [name, EPSG, features]. */
export function geopackage(name, layers) {
  const folder = mkdtempSync(join(tmpdir(), "guatu-gpkg-"));
  try {
    const path = join(folder, "out.gpkg");
    for (const [i, [layer, epsg, features]] of layers.entries()) {
      const source = join(folder, `${i}.geojson`);
      writeFileSync(source, geojson("", features).buffer);
      const how = ["-f", "GPKG", ...(i > 0 ? ["-update"] : []), "-t_srs", `EPSG:${epsg}`];
      execFileSync("ogr2ogr", [...how, path, source, "-nln", layer], { stdio: "pipe" });
    }
    return { name, mimeType: "application/geopackage+sqlite3", buffer: readFileSync(path) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
