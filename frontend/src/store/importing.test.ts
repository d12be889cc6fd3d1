import { describe, expect, it, vi } from "vitest";
import type { ImportRequest } from "../api/imports";
import { Broken, Cancelled } from "../api/problem";
import { importReport } from "../domain/testing";
import type { ImportReport, Operation } from "../domain/types";
import { createActing } from "./acting";
import { createImporting } from "./importing";
import { outcome, surroundings } from "./testing";

type Answer = (request: ImportRequest) => Promise<ImportReport>;

const said = (more: Partial<ImportReport> = {}): Answer => {
  return async ({ dryRun }) => {
    const written = dryRun ? {} : { batch_id: "batch-7", revision: 9 };
    return importReport({ dry_run: dryRun, ...written, ...more });
  };
};

function setup(...answers: Answer[]) {
  const asked: ImportRequest[] = [];
  const sent: Operation[] = [];
  const importFile = (request: ImportRequest) => {
    asked.push(request);
    return (answers.shift() ?? said())(request);
  };
  const change = async (body: Operation) => {
    sent.push(body);
    return outcome();
  };
  const acting = createActing(surroundings({ api: { change } }));
  const importing = createImporting({ importFile, acting });
  importing.choose(new File(["x"], "a.zip"));
  return { importing, asked, sent };
}

describe("importing", () => {
  it("applies only what was previewed as it stands", async () => {
    const { importing, asked } = setup();
    expect(importing.ready.value).toBe(false);
    await importing.apply();
    expect(asked).toHaveLength(0);
    await importing.preview();
    expect(importing.ready.value).toBe(true);
    importing.answers.code = "DKBM";
    expect(importing.outdated.value).toBe(true);
    await importing.apply();
    expect(asked).toHaveLength(1);
    await importing.preview();
    await importing.apply();
    expect(asked.map(({ dryRun, map }) => [dryRun, map])).toEqual([
      [true, []],
      [true, ["code=DKBM"]],
      [false, ["code=DKBM"]],
    ]);
    expect(importing.report.value?.batch_id).toBe("batch-7");
    expect(importing.ready.value).toBe(false);
  });

  it("asks on what the server asks, and the answer can be changed", async () => {
    const { importing } = setup(
      said({ needs: ["crs"] }),
      said(),
      said({ needs: ["layer"], layers: ["a", "b"] }),
    );
    await importing.preview();
    expect(importing.ready.value).toBe(false);
    importing.answers.crs = "4549";
    await importing.preview();
    expect(importing.ready.value).toBe(true);
    expect([...importing.asked.value]).toEqual(["crs"]);
    await importing.preview();
    expect(importing.layers.value).toEqual(["a", "b"]);
    importing.choose(new File(["y"], "b.zip"));
    expect([...importing.asked.value]).toEqual([]);
    expect(importing.layers.value).toEqual([]);
    expect(importing.answers.crs).toBe("");
    expect(importing.report.value).toBeUndefined();
  });

  it("does not apply what changes nothing or is refused", async () => {
    const same = { created: 0, changed: 0, unchanged: 3 };
    const { importing } = setup(said(same), said({ refusal: { zh: "坏", en: "bad" } }));
    await importing.preview();
    expect(importing.ready.value).toBe(false);
    await importing.preview();
    expect(importing.ready.value).toBe(false);
  });

  it("repeats a broken application with the same id, and a repeat keeps the rows of the preview", async () => {
    const broken = () => Promise.reject(new Broken("reset"));
    const repeated = said({ features: 0, accepted: 0, created: 0, total_mu: "0.00" });
    const { importing, asked } = setup(said(), broken, repeated, said());
    await importing.preview();
    await importing.apply();
    expect(importing.failure.value?.zh).toBe("连接中断，可能未导入；请再点“应用”，不会重复写入");
    expect(importing.ready.value).toBe(true);
    await importing.apply();
    expect(asked[1]?.opId).toBe(asked[2]?.opId);
    expect(asked[0]?.opId).not.toBe(asked[1]?.opId);
    expect(importing.failure.value).toBeUndefined();
    const { batch_id, features, total_mu, dry_run } = importing.report.value ?? {};
    expect({ batch_id, features, total_mu, dry_run }).toEqual({
      ...{ batch_id: "batch-7", features: 3, total_mu: "4.50", dry_run: false },
    });
  });

  it("says of a broken or cancelled preview that nothing was imported", async () => {
    const { importing } = setup(
      () => Promise.reject(new Broken("reset")),
      () => Promise.reject(new Cancelled()),
    );
    await importing.preview();
    expect(importing.failure.value?.zh).toBe("连接中断，未导入");
    await importing.preview();
    expect(importing.failure.value?.zh).toBe("已取消，未导入");
    expect(importing.busy.value).toBeUndefined();
  });

  it("shows how far it is, and cancels", async () => {
    const waiting: Answer = ({ signal, onStep }) => {
      onStep?.({ phase: "read", done: 1, total: 3 });
      return new Promise((_, fail) => {
        signal?.addEventListener("abort", () => fail(new Cancelled()));
      });
    };
    const { importing } = setup(waiting);
    const done = importing.preview();
    await vi.waitFor(() => expect(importing.step.value?.done).toBe(1));
    expect(importing.busy.value).toBe("preview");
    importing.cancel();
    await done;
    expect(importing.step.value).toBeUndefined();
  });

  it("takes the whole batch back with a reason", async () => {
    const { importing, sent } = setup();
    await importing.preview();
    await importing.apply();
    await importing.takeBack("导错文件");
    expect(sent[0]?.changes).toEqual([
      { kind: "batch.undo", batch_id: "batch-7", reason: "导错文件" },
    ]);
    expect(importing.undone.value).toBe(true);
  });
});
