import type { PainterHears, PainterLine } from "./painter-line";
import { type PaintJob, ParcelPainter } from "./parcel-painter";

/** Paints on the page, where there is no worker that can. */
export class PageLine implements PainterLine {
  private readonly painter = new ParcelPainter();

  say(what: Exclude<PainterHears, { kind: "paint" }>): void {
    if (what.kind === "shapes") this.painter.take(what.shapes, what.paintOf.slice());
    else if (what.kind === "paints") this.painter.takePaints(what.paints);
    else if (what.kind === "repaint") this.painter.repaint(what.changes);
    else this.painter.takeSymbols(what.zoom, what.sent);
  }

  paint(job: PaintJob, done: (picture: CanvasImageSource) => void): void {
    const { rect, ratio } = job;
    const canvas = document.createElement("canvas");
    canvas.width = (rect.right - rect.left) * ratio;
    canvas.height = (rect.bottom - rect.top) * ratio;
    const context = canvas.getContext("2d");
    if (context) this.painter.paint(context, job);
    // As a worker does: never before the caller goes on.
    queueMicrotask(() => done(canvas));
  }

  end(): void {}
}
