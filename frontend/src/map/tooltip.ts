import L from "leaflet";

/** One line of words beside the pointer. */
export class MapTooltip {
  private readonly tooltip = L.tooltip({ direction: "top", offset: [0, -8], className: "map-tip" });

  private shown = false;

  constructor(private readonly map: L.Map) {
    map.on("mousemove", (event) => {
      this.tooltip.setLatLng(event.latlng);
      // What was met with the first move of all had no place yet.
      if (this.shown) this.tooltip.addTo(map);
    });
  }

  /** Shows the lines, the first of them bold; none hides. */
  show(lines: readonly string[]): void {
    this.shown = lines.length > 0;
    if (!this.shown) {
      this.tooltip.remove();
      return;
    }
    const box = document.createElement("div");
    lines.forEach((line, i) => {
      const element = document.createElement(i === 0 ? "strong" : "div");
      element.textContent = line;
      box.append(element);
    });
    this.tooltip.setContent(box);
    if (this.tooltip.getLatLng()) this.tooltip.addTo(this.map);
  }
}
