import type { Shapes } from "../geo/flat";
import { canPaintAway, takePainter } from "./painter-start";
import type { Paint, PaintJob, SymbolsSent } from "./parcel-painter";

/** What the page tells the painter, in order. */
export type PainterHears =
  | { kind: "shapes"; shapes: Shapes; paintOf: Uint16Array; edition: number }
  | { kind: "paints"; paints: readonly Paint[] }
  | { kind: "repaint"; changes: Uint32Array }
  | { kind: "symbols"; zoom: number; sent: SymbolsSent }
  | { kind: "paint"; number: number; job: PaintJob };

/** A painted rectangle, or where the shapes of an edition lie: who points finds them by it. */
export type PainterAnswers =
  | { readonly number: number; readonly image: ImageBitmap }
  | { readonly edition: number; readonly index: ArrayBufferLike };

/** Whoever paints, wherever it does. */
export interface PainterLine {
  /** Called with the index of shapes, where somebody else has made it. */
  onIndex?: (edition: number, index: ArrayBufferLike) => void;
  say(what: Exclude<PainterHears, { kind: "paint" }>): void;
  /** Calls back with the picture of a rectangle; it is only good until the call is over. */
  paint(job: PaintJob, done: (picture: CanvasImageSource) => void): void;
  end(): void;
}

/** A painter in a worker where the browser can paint there, else on the page. */
export function findPainter(): PainterLine {
  try {
    if (canPaintAway()) return new WorkerLine();
  } catch {
    // Refused by the browser: the page paints by itself.
  }
  return onThePage();
}

/** The page paints by itself; what that takes is no part of the first load. */
function onThePage(): PainterLine {
  const coming = import("./painter-page").then(({ PageLine }) => new PageLine());
  return {
    say: (what) => void coming.then((line) => line.say(what)),
    paint: (job, done) => void coming.then((line) => line.paint(job, done)),
    end: () => void coming.then((line) => line.end()),
  };
}

class WorkerLine implements PainterLine {
  onIndex?: PainterLine["onIndex"];
  private readonly worker = takePainter();
  private readonly waiting = new Map<
    number,
    { job: PaintJob; done: (p: CanvasImageSource) => void }
  >();
  private number = 0;
  /** It has answered: it was started. */
  private heard = false;
  /** Everything said before that, for a painter that has to take over. */
  private readonly said: PainterHears[] = [];
  private instead: PainterLine | undefined;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<PainterAnswers>) => {
      if ("image" in data) this.take(data.number, data.image);
      else this.onIndex?.(data.edition, data.index);
      this.heard = true;
      this.said.length = 0;
    };
    this.worker.onerror = () => this.takeOver();
  }

  say(what: Exclude<PainterHears, { kind: "paint" }>): void {
    if (!this.heard && !this.instead) this.said.push(what);
    if (this.instead) this.instead.say(what);
    else this.worker.postMessage(what);
  }

  paint(job: PaintJob, done: (picture: CanvasImageSource) => void): void {
    if (this.instead) {
      this.instead.paint(job, done);
      return;
    }
    const number = ++this.number;
    this.waiting.set(number, { job, done });
    this.worker.postMessage({ kind: "paint", number, job } satisfies PainterHears);
  }

  end(): void {
    this.worker.terminate();
  }

  private take(number: number, image: ImageBitmap): void {
    this.waiting.get(number)?.done(image);
    this.waiting.delete(number);
    image.close();
  }

  /** The worker could not be started. */
  private takeOver(): void {
    if (this.heard || this.instead) return;
    this.worker.terminate();
    this.instead = onThePage();
    for (const what of this.said) if (what.kind !== "paint") this.instead.say(what);
    for (const { job, done } of this.waiting.values()) this.instead.paint(job, done);
    this.waiting.clear();
  }
}
