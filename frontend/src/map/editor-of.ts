import type L from "leaflet";
import type { Store } from "../store/store";
import { LandEditor } from "./land-editor";
import { PlotEditor } from "./plot-editor";
import type { Editor } from "./working-map";

/** Who draws: on parcels while they are split or merged, else on the land of the open case. */
export function editorOf(map: L.Map, store: Store): Editor | undefined {
  if (store.plots.value) return new PlotEditor(map, store.plots.value, store);
  return store.drawing.value && new LandEditor(map, store.drawing.value, store);
}
