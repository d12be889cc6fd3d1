// What stands around the map of the desk from the beginning: one file, read while the map is made.
export { default as FootBar } from "../ui/foot-bar.vue";
export { default as LedgerList } from "../ui/ledger-list.vue";
export { default as LiveRegion } from "../ui/live-region.vue";
export { default as SideNav } from "../ui/side-nav.vue";
export { default as StageLegend } from "../ui/stage-legend.vue";
export { default as TimeBar } from "../ui/time-bar.vue";
export { default as TopBar } from "../ui/top-bar.vue";
export { default as UndoBar } from "../ui/undo-bar.vue";
export { PageKeys } from "./page-keys";
