import { describe, expect, it } from "vitest";
import { ref } from "vue";
import { CaseStore } from "./cases";
import { createDrafts } from "./drafts";
import { createForesight } from "./foresight";
import { countUnsent, createOutbox, type Sent } from "./outbox";
import { type ParcelEvent, ParcelStore } from "./parcels";
import { createSelection } from "./selection";
import { both, feature, flatLayer, memory, parcel, summary } from "./testing";

const act = "case 1 case.ask blocked";

describe("drafts", () => {
  it("outlive the page, each person's apart, until they are sent or discarded", () => {
    const keeper = memory();
    const person = ref<string | undefined>("shen");
    createDrafts(keeper, () => person.value).put(act, { words: "补偿未谈拢" });

    const drafts = createDrafts(keeper, () => person.value);
    expect(drafts.get(act)).toEqual({ words: "补偿未谈拢" });
    expect(drafts.begun("case 1 ")).toEqual([act]);
    expect(drafts.begun("case 12 ")).toEqual([]);
    person.value = "zhou";
    expect(drafts.get(act)).toBeUndefined();
    expect(drafts.begun("case 1 ")).toEqual([]);
    person.value = "shen";
    drafts.drop(act);
    expect(drafts.get(act)).toBeUndefined();
  });

  it.each(["{", "[]", '{"shen x":"text"}', "null"])(
    "a store that holds %s is taken for empty and written anew",
    (found) => {
      const keeper = memory();
      keeper.setItem("guatu.drafts", found);
      const drafts = createDrafts(keeper, () => "shen");
      expect(drafts.begun("")).toEqual([]);
      drafts.put(act, { words: "a" });
      expect(drafts.get(act)).toEqual({ words: "a" });
    },
  );

  it("is done without where the browser keeps nothing", () => {
    const drafts = createDrafts({ getItem: () => null, setItem: () => {} }, () => "shen");
    drafts.put(act, { words: "a" });
    expect(drafts.get(act)).toBeUndefined();
  });
});

describe("outbox", () => {
  const sent = (op_id: string, person = "shen"): Sent => ({
    ...{ op: { op_id, device: "web-1", changes: [] }, person, key: "k" },
    ...{ done: both("已腾空"), expected: [summary(1)] },
  });

  it("is read by the next page and by every other tab", () => {
    const keeper = memory();
    const [one, other] = [createOutbox(keeper), createOutbox(keeper)];
    one.put(sent("a"));
    other.put(sent("b"));
    one.put(sent("c", "zhou"));
    expect(other.of("shen").map(({ op }) => op.op_id)).toEqual(["a", "b"]);
    other.drop("a");
    expect(one.of("shen")).toEqual([sent("b")]);
  });
});

describe("foresight", () => {
  function setup() {
    const [cases, parcels] = [new CaseStore(), new ParcelStore()];
    cases.reset([summary(1), summary(2)]);
    parcels.reset(
      flatLayer(1, [feature(parcel(7, { cases: [1] })), feature(parcel(8, { cases: [2] }))]),
    );
    const events: ParcelEvent[] = [];
    parcels.listen((event) => events.push(event));
    const ahead = summary(1, { stage: 6 });
    return { cases, parcels, events, ahead, foresight: createForesight(cases, parcels) };
  }
  const stage = (cases: CaseStore) => [...cases.all()].map((each) => each.stage);

  it("shows the case at once, on the map too, as pending; firm with the answer, until the change arrives", () => {
    const { cases, events, ahead, foresight } = setup();
    foresight.show([ahead]);
    expect([stage(cases), cases.isPending(1), cases.pending()]).toEqual([[6, 5], true, [1]]);
    expect(events).toEqual([{ kind: "looks", ids: [7] }]);
    foresight.confirm([ahead]);
    expect([stage(cases), cases.isPending(1)]).toEqual([[6, 5], false]);
    cases.patch([summary(1, { stage: 7, version: 2 })]);
    expect([stage(cases), cases.get(1)?.stage]).toEqual([[7, 5], 7]);
  });

  it("gives way to a refusal and to another's change", () => {
    const { cases, events, ahead, foresight } = setup();
    foresight.show([ahead]);
    foresight.rollBack([ahead]);
    expect(stage(cases)).toEqual([5, 5]);
    expect(events).toHaveLength(2);
    foresight.show([ahead]);
    cases.patch([summary(1, { stage: 3, version: 2 })]);
    expect([stage(cases), cases.isPending(1)]).toEqual([[3, 5], false]);
  });

  it("stays pending when everything is read again before the answer", () => {
    const { cases, ahead, foresight } = setup();
    foresight.show([ahead]);
    cases.reset([summary(1), summary(2)]);
    expect([stage(cases), cases.isPending(1)]).toEqual([[6, 5], true]);
    foresight.confirm([ahead]);
    cases.reset([summary(1, { version: 2 }), summary(2)]);
    expect(stage(cases)).toEqual([5, 5]);
  });
});

describe("selection", () => {
  it("is one set for table and map, with its count and land", () => {
    const [cases, parcels] = [new CaseStore(), new ParcelStore()];
    cases.reset([summary(1), summary(2, { m2: 2000 }), summary(3)]);
    parcels.reset(
      flatLayer(1, [feature(parcel(7, { cases: [1, 2] })), feature(parcel(8, { cases: [3] }))]),
    );
    const selection = createSelection(cases, parcels);
    selection.toggle(1);
    selection.tick([2, 3]);
    selection.toggle(3);
    expect([...selection.ids.value]).toEqual([1, 2]);
    expect(selection.figure.value).toEqual({ count: 2, mu: 450 });
    expect(selection.parcels.value).toEqual([7]);
    selection.tick([1], false);
    expect([...selection.ids.value]).toEqual([2]);
    selection.clear();
    expect(selection.figure.value.count).toBe(0);
  });
});

it("counts acts and photos that lie in the browser, whoever's they are", () => {
  const keeper = memory();
  const count = countUnsent(keeper);
  expect(count()).toBe(0);
  const op = (op_id: string) => ({ op_id, device: "d", changes: [] });
  const outbox = createOutbox(keeper);
  for (const [id, person] of [
    ["1", "shen"],
    ["2", "mei"],
  ] as const)
    outbox.put({ op: op(id), person, key: "k", done: { zh: "办", en: "done" }, expected: [] });
  keeper.setItem("guatu.photos", "4");
  expect(count()).toBe(6);
  outbox.drop("1");
  keeper.setItem("guatu.photos", "broken");
  expect(count()).toBe(1);
});
