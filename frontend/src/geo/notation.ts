/** How a place is written: degrees (EPSG:4490), metres (EPSG:4549), degrees, minutes and seconds. */
export type Notation = "degrees" | "plane" | "dms";
/** In the order in which they are offered. */
export const notations: readonly Notation[] = ["degrees", "plane", "dms"];
