import type { Text } from "../domain/types";
import { bothWords } from "../domain/words";
import type { components } from "./schema";

type ProblemBody = components["schemas"]["Problem"];

/** The server answered that it will not do it, and why, in both languages. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Stable code, for example prerequisite_missing. */
    readonly code: string,
    readonly text: Text,
    /** The refusal is entered: the same operation will always be refused so. */
    readonly recorded = false,
  ) {
    super(`${status} ${code}: ${text.en}`);
    this.name = "ApiProblem";
  }

  /** The same request may succeed if it is simply repeated. */
  get passing(): boolean {
    return [429, 502, 503, 504].includes(this.status);
  }
}

/** No answer came: it is not known whether the server did it. */
export class NoAnswer extends Error {
  constructor(
    /** What the browser said. */
    readonly reason: unknown,
  ) {
    super("no answer from the server");
    this.name = "NoAnswer";
  }
}

/** The answer ended before it was complete. */
export class Broken extends Error {
  constructor(
    /** What the browser said. */
    readonly reason: unknown,
  ) {
    super("the answer ended before it was complete");
    this.name = "Broken";
  }
}

/** The user took the request back. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/** The problem in a body of application/problem+json, or an unknown one when the body is none. */
export function problemOf(status: number, body: unknown): ApiProblem {
  if (isProblem(body)) {
    const en = body.detail_en || body.detail;
    return new ApiProblem(status, body.code, { zh: body.detail, en }, body.outcome !== undefined);
  }
  return new ApiProblem(
    status,
    "unknown",
    bothWords("error.unknown", { number: `HTTP ${status}` }),
  );
}

function isProblem(body: unknown): body is ProblemBody {
  const candidate = body as Partial<ProblemBody> | null | undefined;
  return typeof candidate?.code === "string" && typeof candidate.detail === "string";
}

/** What to tell the user of any failure. */
export function failureText(failure: unknown): Text {
  if (failure instanceof ApiProblem) return failure.text;
  return bothWords("error.away");
}
