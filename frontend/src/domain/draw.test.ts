import { describe, expect, it } from "vitest";
import { drawAgain } from "./draw";

const digest: SubtleCrypto["digest"] = (algorithm, data) => crypto.subtle.digest(algorithm, data);

describe("drawing again from a record", () => {
  const pool = Array.from({ length: 20 }, (_, i) => ({
    code: `XZ-2020-${String(i + 1).padStart(4, "0")}`,
    persons: (i + 1) % 3 === 0 ? ["zhou"] : [],
  }));
  // Drawn by the Python program of docs/draw.zh-CN.md.
  const drawn = [
    { code: "XZ-2020-0011", persons: ["zhou", "lin"] },
    { code: "XZ-2020-0016", persons: ["he", "zhou"] },
    { code: "XZ-2020-0009", persons: ["lin", "qian"] },
    { code: "XZ-2020-0002", persons: ["lin", "zhou"] },
    { code: "XZ-2020-0006", persons: ["he", "lin"] },
  ];
  const record = {
    ...{ algorithm: "guatu-draw-1", seed: "5f2a9c0e", each: 2, drawn },
    ...{ pool: [...pool].reverse(), people: ["zhou", "wu", "he", "qian", "lin"], absent: ["wu"] },
  };

  it("gives what the document's program and the server give", async () => {
    expect(await drawAgain(record, digest)).toEqual(drawn);
  });

  it("gives something else for another seed", async () => {
    expect(await drawAgain({ ...record, seed: "5f2a9c0f" }, digest)).not.toEqual(drawn);
  });
});
