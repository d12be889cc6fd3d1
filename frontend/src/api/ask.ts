import { NoAnswer, problemOf } from "./problem";

/** A fetch that throws ApiProblem for a refusal and NoAnswer for silence. */
export function asking(fetch: typeof globalThis.fetch) {
  return async (url: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(url, init).catch((failure: unknown) => {
      throw new NoAnswer(failure);
    });
    if (response.ok) return response;
    throw problemOf(response.status, await response.json().catch(() => null));
  };
}
