/** Paints parcels away from the page. */

import { mapFont } from "./map-font";
import type { PainterAnswers, PainterHears } from "./painter-line";
import { ParcelPainter } from "./parcel-painter";

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<PainterHears>) => void) | null;
  postMessage(answer: PainterAnswers, transfer: Transferable[]): void;
};
const painter = new ParcelPainter();

/** How long nobody may have asked for a picture before the index is made, ms. */
const atRest = 100;
let edition = 0;
let rest: ReturnType<typeof setTimeout> | undefined;

scope.onmessage = ({ data }) => {
  if (data.kind === "shapes") {
    painter.take(data.shapes, data.paintOf);
    edition = data.edition;
  } else if (data.kind === "paints") painter.takePaints(data.paints);
  else if (data.kind === "repaint") painter.repaint(data.changes);
  else if (data.kind === "symbols") painter.takeSymbols(data.zoom, data.sent);
  else paint(data);
  clearTimeout(rest);
  rest = setTimeout(tellIndex, atRest);
};

function paint({ number, job }: Extract<PainterHears, { kind: "paint" }>): void {
  const { rect, ratio } = job;
  const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
  const canvas = new OffscreenCanvas(width * ratio, height * ratio);
  const context = canvas.getContext("2d");
  if (context) painter.paint(context, job);
  const image = canvas.transferToImageBitmap();
  scope.postMessage({ number, image }, [image]);
}

/** The page finds what is under a pointer by it. */
function tellIndex(): void {
  const index = painter.makeIndex();
  if (index) scope.postMessage({ edition, index }, []);
}

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

warmUp();
