// Parcels that benches put beside those of the demo.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { apiClient } from "../e2e/api.mjs";

/** Parcels of 5 to 20 corners in rows, those from one number up to another, as GeoJSON features. */
export function parcelFeatures(from, to) {
  let state = 7;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const features = [];
  for (let i = from; i < to; i++) {
    const [x, y] = [120.55 + 0.0006 * (i % 400), 30.6 + 0.0004 * Math.floor(i / 400)];
    const corners = 5 + Math.floor(16 * next());
    const ring = Array.from({ length: corners }, (_, k) => {
      const angle = ((k + 0.6 * next()) / corners) * 2 * Math.PI;
      return [x + 0.00024 * Math.cos(angle), y + 0.00016 * Math.sin(angle)];
    });
    const geometry = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
    features.push({ type: "Feature", properties: { code: `B${i}`, label: `地块${i}` }, geometry });
  }
  return features;
}

/** Puts them in, and waits until the map in memory has them. */
export async function addParcels(server, from, to) {
  const file = join(tmpdir(), `guatu-bench-${process.pid}.geojson`);
  const features = parcelFeatures(from, to);
  writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
  const env = { ...process.env, GUATU_DATA: server.data };
  execFileSync(process.env.GUATU_BIN, ["import", file], { env, stdio: "ignore" });
  rmSync(file);
  const api = apiClient(server.url);
  const known = async () =>
    (await api.read("/layers")).find(({ code }) => code === "parcels").features;
  while ((await known()) < to) await wait(200);
}
