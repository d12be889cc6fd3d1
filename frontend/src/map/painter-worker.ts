/** Paints parcels away from the page. */

import { mapFont } from "./map-font";
import type { PainterAnswers, PainterHears } from "./painter-line";
import { ParcelPainter } from "./parcel-painter";

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<PainterHears>) => void) | null;
  postMessage(answer: PainterAnswers, transfer: Transferable[]): void;
};
const painter = new ParcelPainter();

scope.onmessage = ({ data }) => {
  if (data.kind === "shapes") take(data);
  else if (data.kind === "paints") painter.takePaints(data.paints);
  else if (data.kind === "repaint") painter.repaint(data.changes);
  else if (data.kind === "symbols") painter.takeSymbols(data.zoom, data.sent);
  else {
    const { rect, ratio } = data.job;
    const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
    const canvas = new OffscreenCanvas(width * ratio, height * ratio);
    const context = canvas.getContext("2d");
    if (context) painter.paint(context, data.job);
    const image = canvas.transferToImageBitmap();
    scope.postMessage({ number: data.number, image }, [image]);
  }
};

/**
 * The first stroke of a worker waits for the process that draws, and the first digit for its font:
 * better while there are no parcels yet.
 */
function warmUp(): void {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d");
  if (context) {
    context.font = `700 12px ${mapFont}`;
    context.fillText("1", 0, 0);
  }
  canvas.transferToImageBitmap().close();
}

function take({ shapes, paintOf, edition }: Extract<PainterHears, { kind: "shapes" }>): void {
  painter.take(shapes, paintOf);
  const index = painter.indexData;
  if (index) scope.postMessage({ edition, index }, []);
}

warmUp();
