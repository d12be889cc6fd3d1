/** What can be switched on and off on the map, in the order of the menu. */
export const mapLayers = [
  { code: "parks", name: "layers.parks", shown: true },
  { code: "blocks", name: "layers.blocks", shown: true },
  { code: "clusters", name: "layers.clusters", shown: false },
  { code: "planning", name: "layers.planning", shown: false },
  { code: "env_zones", name: "layers.env_zones", shown: false },
  { code: "village_clusters", name: "layers.village_clusters", shown: false },
  { code: "recovered", name: "layers.recovered", shown: false },
  { code: "effective", name: "layers.effective", shown: false },
  { code: "villages", name: "layers.villages", shown: true },
  { code: "water", name: "layers.water", shown: true },
  { code: "roads", name: "layers.roads", shown: true },
] as const;

export type MapLayerCode = (typeof mapLayers)[number]["code"];

/** What may lie under everything: nothing, or 天地图 as map or imagery. */
export const baseMaps = [
  { code: "none", name: "layers.base_none" },
  { code: "vec", name: "layers.base_vec" },
  { code: "img", name: "layers.base_img" },
] as const;
export type BaseMap = (typeof baseMaps)[number]["code"];

/** The base map of a code, none for an unknown one. */
export function baseMapOf(code: string | undefined): BaseMap {
  return baseMaps.find((each) => each.code === code)?.code ?? "none";
}

/** The layers that are shown where nobody has chosen. */
export function usualLayers(): ReadonlySet<MapLayerCode> {
  return new Set(mapLayers.filter(({ shown }) => shown).map(({ code }) => code));
}

/** The choice as text, empty for the usual one: `-water,recovered`. */
export function formatLayers(shown: ReadonlySet<MapLayerCode>): string {
  return mapLayers
    .filter((layer) => shown.has(layer.code) !== layer.shown)
    .map(({ code, shown: usual }) => (usual ? `-${code}` : code))
    .join(",");
}

/** Reads what `formatLayers` writes; unknown codes are left out. */
export function parseLayers(text: string): ReadonlySet<MapLayerCode> {
  const said = new Set(text.split(","));
  const shown = mapLayers.filter(({ code, shown: usual }) =>
    usual ? !said.has(`-${code}`) : said.has(code),
  );
  return new Set(shown.map(({ code }) => code));
}
