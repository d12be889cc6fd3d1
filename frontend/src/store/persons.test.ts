import { expect, it } from "vitest";
import type { CaseQuery } from "../api/client";
import { casePage } from "../domain/testing";
import { CaseStore } from "./cases";
import { createPersons } from "./persons";
import { summary } from "./testing";

it("who is responsible is asked at once, and in a burst together after a pause", async () => {
  const cases = new CaseStore();
  const all = Array.from({ length: 12 }, (_, i) => summary(i + 1, { code: `C${i + 1}` }));
  cases.reset(all);
  const asked: (string | undefined)[] = [];
  const answer = async ({ q }: CaseQuery) => {
    asked.push(q);
    const found = all.filter(({ code }) => q === undefined || code === q);
    return casePage(found.map((each) => ({ ...each, responsible: `王${each.id}` })));
  };
  const rested: (() => void)[] = [];
  const later = (task: () => void) => {
    rested.push(task);
    return () => {};
  };
  const settle = () => new Promise((done) => setTimeout(done));
  const persons = createPersons({ cases: answer }, cases, later);

  persons.follow({ cases: all.slice(0, 1), revision: 5 });
  await settle();
  expect([asked, cases.get(1)?.responsible]).toEqual([["C1"], "王1"]);

  for (let n = 0; n < 40; n++) persons.follow({ cases: all.slice(1, 3), revision: 6 + n });
  await settle();
  expect(asked, "nothing before the pause is over").toEqual(["C1"]);
  rested.shift()?.();
  await settle();
  expect(asked).toEqual(["C1", "C2", "C3"]);

  persons.follow({ cases: all, revision: 60 });
  rested.shift()?.();
  await settle();
  expect(asked.slice(3), "many at once are one list").toEqual([undefined]);
  expect(cases.get(12)?.responsible).toBe("王12");
  rested.shift()?.();
  expect(rested, "then it rests").toEqual([]);
});
