import { describe, expect, it } from "vitest";
import { EventParser, eventsOf, type ServerEvent } from "./events";

/** The events of a text that comes in these pieces. */
function parsed(...pieces: string[]): ServerEvent[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

function bodyOf(chunks: Uint8Array[], end: (c: ReadableStreamDefaultController) => void) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      end(controller);
    },
  });
}

const two = 'event: progress\ndata: {"done":1}\n\nevent: report\ndata: {"名":"合心村"}\n\n';
const expected = [
  { kind: "progress", data: '{"done":1}' },
  { kind: "report", data: '{"名":"合心村"}' },
];

describe("event stream", () => {
  it.each(["\n", "\r\n", "\r"])("ends lines with %j", (end) => {
    expect(parsed(two.replace(/\n/g, end))).toEqual(expected);
  });

  it.each(["\n", "\r\n", "\r"])("may be cut anywhere, with lines ending in %j", (end) => {
    const text = two.replace(/\n/g, end);
    for (let at = 0; at <= text.length; at++) {
      expect(parsed(text.slice(0, at), text.slice(at))).toEqual(expected);
    }
    expect(parsed(...text)).toEqual(expected);
  });

  it("joins data lines, and passes over comments, ids and unknown fields", () => {
    const text = ": \n\nid: 7\nretry: 1000\ndata:one\ndata: two\nwhat: ever\ndata\n\n";
    expect(parsed(text)).toEqual([{ kind: "message", data: "one\ntwo\n" }]);
  });

  it("knows no event without its empty line, and none without data", () => {
    expect(parsed("event: report\ndata: {}\n")).toEqual([]);
    expect(parsed("event: report\n\ndata: x\n\n")).toEqual([{ kind: "message", data: "x" }]);
  });

  it("puts characters together that are cut within", async () => {
    const bytes = new TextEncoder().encode(two);
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const got: ServerEvent[] = [];
    for await (const event of eventsOf(bodyOf(chunks, (c) => c.close()))) got.push(event);
    expect(got).toEqual(expected);
  });

  it("throws what reading throws, after the events before it", async () => {
    const lost = new TypeError("network error");
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(new TextEncoder().encode(two));
        else controller.error(lost);
      },
    });
    const got: ServerEvent[] = [];
    const read = async () => {
      for await (const event of eventsOf(body)) got.push(event);
    };
    await expect(read()).rejects.toBe(lost);
    expect(got).toEqual(expected);
  });

  it("hangs up when nobody listens any more", async () => {
    let hungUp = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(two)),
      cancel: () => {
        hungUp = true;
      },
    });
    for await (const event of eventsOf(body)) if (event.kind === "progress") break;
    expect(hungUp).toBe(true);
  });
});
