/** One event of a stream of text/event-stream. */
export interface ServerEvent {
  /** The word after `event:`; "message" where there is none. */
  readonly kind: string;
  /** The lines after `data:`, joined by line breaks. */
  readonly data: string;
}

/**
 * Takes an event stream apart (HTML Standard, section 9.2.6), however the text is cut into
 * chunks. What is not closed by an empty line is no event.
 */
export class EventParser {
  private rest = "";
  private afterReturn = false;
  private kind = "";
  private data: string[] = [];

  /** Takes the next piece of text and gives the events that it completes. */
  push(piece: string): ServerEvent[] {
    if (piece === "") return [];
    // The chunk before ended within a CRLF.
    const text = this.rest + (this.afterReturn ? piece.replace(/^\n/, "") : piece);
    this.afterReturn = piece.endsWith("\r");
    const lines = text.split(/\r\n|\r|\n/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.take(line) ?? []);
  }

  private take(line: string): ServerEvent | undefined {
    if (line === "") return this.finish();
    const [, name = line, value = ""] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
    if (name === "event") this.kind = value;
    if (name === "data") this.data.push(value);
    return undefined;
  }

  private finish(): ServerEvent | undefined {
    const event = { kind: this.kind || "message", data: this.data.join("\n") };
    const said = this.data.length > 0;
    this.kind = "";
    this.data = [];
    return said ? event : undefined;
  }
}

/** Gives the events of a body as they come; ends where the body ends, throws what reading it throws. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Whoever stops listening leaves no connection open.
    await reader.cancel().catch(() => {});
  }
}
