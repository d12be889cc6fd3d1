// The import arrows between the rooms of src, proved by showing Biome imports that break them.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const forbidden: [room: string, line: string][] = [
  ["domain", 'import { createStore } from "../store/store";'],
  ["domain", 'import { createApi } from "../api/client";'],
  ["domain", 'import { ref } from "vue";'],
  ["geo", 'import { words } from "../domain/words";'],
  ["geo", 'import L from "leaflet";'],
  ["api", 'import { createStore } from "../store/store";'],
  ["store", 'import { startLive } from "../live/live";'],
  ["store", 'import L from "leaflet";'],
  ["store", 'import { createOutbox } from "../sync/outbox";'],
  ["sync", 'import { createField } from "../field/field";'],
  ["sync", 'import CaseCard from "../ui/case-card.vue";'],
  ["field", 'import CaseCard from "../ui/case-card.vue";'],
  ["field", 'import L from "leaflet";'],
  ["ui", 'import { createField } from "../field/field";'],
  ["live", 'import MapPane from "../map/map-pane.vue";'],
  ["map", 'import CaseCard from "../ui/case-card.vue";'],
  ["map", 'import App from "../app/app.vue";'],
  ["ui", 'import L from "leaflet";'],
  ["ui", 'import MapPane from "../map/map-pane.vue";'],
  ["ui", 'import App from "../app/app.vue";'],
  ["app", 'import L from "leaflet";'],
];

const allowed: [room: string, line: string][] = [
  ["domain", 'import type { components } from "../api/schema";'],
  ["api", 'import { words } from "../domain/words";'],
  ["store", 'import { createApi } from "../api/client";'],
  ["live", 'import { createStore } from "../store/store";'],
  ["sync", 'import { createApi } from "../api/client";'],
  ["field", 'import { createOutbox } from "../sync/outbox";'],
  ["map", 'import L from "leaflet";'],
  ["ui", 'import { createStore } from "../store/store";'],
  ["app", 'import MapPane from "../map/map-pane.vue";'],
];

/** Writes each line into a file of its room, lints them all at once, and gives the files Biome objects to. */
function objections(probes: [room: string, line: string][]): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), "guatu-rooms-"));
  try {
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    probes.forEach(([room, line], i) => {
      mkdirSync(join(folder, "src", room), { recursive: true });
      writeFileSync(join(folder, "src", room, `probe-${i}.ts`), `${line}\n`);
    });
    return new Set(lint(folder).match(/src\/\w+\/probe-\d+\.ts/g));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lint(folder: string): string {
  const biome = join(root, "node_modules/.bin/biome");
  const args = ["lint", "--only=style/noRestrictedImports", "--max-diagnostics=none", "src"];
  try {
    return execFileSync(biome, args, { cwd: folder, stdio: "pipe", encoding: "utf8" });
  } catch (failure) {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

describe("import arrows", () => {
  const probes = [...forbidden, ...allowed];
  const found = objections(probes);
  const refused = (i: number) => found.has(`src/${probes[i]?.[0]}/probe-${i}.ts`);

  it.each(forbidden.map((probe, i) => [...probe, i] as const))("%s may not: %s", (_, __, i) => {
    expect(refused(i)).toBe(true);
  });

  it.each(allowed.map((probe, i) => [...probe, forbidden.length + i] as const))(
    "%s may: %s",
    (_, __, i) => {
      expect(refused(i)).toBe(false);
    },
  );
});
