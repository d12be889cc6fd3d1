import type { FetchResponse } from "openapi-fetch";
import { NoAnswer, problemOf } from "./problem";

/** Waits for an answer; a refusal becomes ApiProblem, silence NoAnswer. */
export async function answer<
  R extends Record<string | number, unknown>,
  O,
  M extends `${string}/${string}`,
>(asked: Promise<FetchResponse<R, O, M>>) {
  const { data, error, response } = await done(asked);
  if (data === undefined) throw problemOf(response.status, error);
  return data;
}

/** Waits for an answer that may be empty. */
export async function done<
  R extends Record<string | number, unknown>,
  O,
  M extends `${string}/${string}`,
>(asked: Promise<FetchResponse<R, O, M>>) {
  const answered = await asked.catch((failure: unknown) => {
    throw new NoAnswer(failure);
  });
  if (!answered.response.ok) throw problemOf(answered.response.status, answered.error);
  return answered;
}
