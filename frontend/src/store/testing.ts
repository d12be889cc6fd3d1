/** Nouns and a stand-in server for the tests of several rooms. */
import type { Api, Feature } from "../api/client";
import type {
  Campaign,
  CaseDetail,
  CaseSummary,
  LiveChange,
  MilestoneKind,
  Outcome,
  ParcelDetail,
  ParcelProperties,
  Person,
  SessionState,
  Text,
  UnitProperties,
} from "../domain/types";
import type { FlatColumn, FlatLayer } from "../geo/flat";
import { shapesOf } from "../geo/flat-made";
import { areaFromM2 } from "../geo/mu";
import type { AreaGeometry } from "../geo/shapes";
import type { ActingSurroundings } from "./acting";
import { createOutbox } from "./outbox";
import type { Keeper } from "./settings";

export function both(zh: string, en = zh): Text {
  return { zh, en };
}

export function summary(id: number, more: Partial<CaseSummary> = {}): CaseSummary {
  return {
    id,
    code: `XZ-2020-${String(id).padStart(4, "0")}`,
    label: `企业${id}`,
    track: "rectify",
    unit: "honghe",
    stage: 5,
    state: both("已停产", "stopped"),
    version: 1,
    next: "vacated",
    deadline: "2020-10-05",
    m2: 1000,
    mu: 1.5,
    ...more,
  };
}

export function parcel(id: number, more: Partial<ParcelProperties> = {}): ParcelProperties {
  const common = {
    code: `P-${id}`,
    label: `地块${id}`,
    unit: "honghe",
    stage: 5,
    m2: 1000,
    mu: 1.5,
    cases: [],
  };
  return { id, ...common, ...more };
}

/** A square of 0.001° with its lower left corner at (x, y). */
export function square(x = 120.7, y = 30.7, size = 0.001): AreaGeometry {
  const ring = [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

export function feature(
  properties: ParcelProperties,
  geometry = square(),
): Feature<ParcelProperties> {
  return { geometry, properties };
}

/** The parcels of features as the server would send them. */
export function flatLayer(
  revision: number,
  features: readonly Feature<ParcelProperties>[],
  more: Partial<FlatLayer> = {},
): FlatLayer {
  const sorted = [...features].sort((a, b) => a.properties.id - b.properties.id);
  const all = sorted.map(({ properties }) => properties);
  const text = (of: (each: ParcelProperties) => string): FlatColumn => {
    const parts = all.map((each) => new TextEncoder().encode(of(each)));
    const from = Uint32Array.from([0, ...sums(parts.map(({ length }) => length))]);
    return { kind: "text", values: { bytes: Uint8Array.from(parts.flatMap((p) => [...p])), from } };
  };
  const number = (of: (each: ParcelProperties) => number): FlatColumn => ({
    kind: "number",
    values: Float64Array.from(all, of),
  });
  const word = (of: (each: ParcelProperties) => string): FlatColumn => ({
    ...{ kind: "word", words: all.map(of), values: Uint32Array.from(all, (_, i) => i) },
  });
  const cases: FlatColumn = {
    kind: "numbers",
    from: Uint32Array.from([0, ...sums(all.map((each) => each.cases.length))]),
    values: Float64Array.from(all.flatMap((each) => each.cases)),
  };
  return {
    ...{ layer: "parcels", scopeClass: "w", revision, since: undefined },
    removed: new Float64Array(),
    ids: Float64Array.from(all, ({ id }) => id),
    shapes: shapesOf(sorted.map(({ geometry }) => geometry)),
    columns: new Map([
      ["code", text(({ code }) => code)],
      ["label", text(({ label }) => label)],
      ["unit", word(({ unit }) => unit)],
      ["stage", number(({ stage }) => stage)],
      ["area", number(({ m2 }) => areaFromM2(m2))],
      ["deadline", word(({ deadline }) => deadline ?? "")],
      ["cases", cases],
      ["reduced", number(({ reduced }) => (reduced ? 1 : 0))],
    ]),
    ...more,
  };
}

function sums(lengths: readonly number[]): number[] {
  let sum = 0;
  return lengths.map((n) => {
    sum += n;
    return sum;
  });
}

export function change(revision: number, more: Partial<LiveChange> = {}): LiveChange {
  const recorded_at = new Date(Date.UTC(2020, 8, 30, 6, 0, revision)).toISOString();
  const lists = { kinds: [], cases: [], parcels: [] };
  return {
    revision,
    first: revision,
    recorded_at,
    text: both("有改动", "changed"),
    ...lists,
    ...more,
  };
}

export function outcome(more: Partial<Outcome> = {}): Outcome {
  const ids = { op_id: "op", batch_id: "batch-1" };
  return { ...ids, outcome: "applied", revision: 7, entries: [], ...more };
}

export function detail(id: number, more: Partial<CaseDetail> = {}): CaseDetail {
  const parcels = [{ id, code: `P-${id}`, share_m2: 1000, share_mu: 1.5 }];
  const acts = { milestones: [], actions: [], timeline: [], parcels };
  const sides = { sides: [], requests: [], extended: [], rebounds: 0, locked: false, tenants: [] };
  const area = { m2: 1000, mu: 1.5 };
  const areas = { parcels: area, plane: { m2: 1000.41, mu: 1.5 }, land: area };
  const said = { responsible: "", note: "", batch: "", revision: 1 };
  const land = { tenant: false, areas: [] };
  return { case: summary(id), areas, land, ...said, ...acts, ...sides, ...more };
}

export function parcelDetail(id: number, more: Partial<ParcelDetail> = {}): ParcelDetail {
  const plane = { plane_m2: 1000.41, plane_mu: 1.5 };
  return { ...parcel(id), ...plane, version: 1, cases: [], actions: [], revision: 1, ...more };
}

function kind(
  code: string,
  slot: number,
  name: string,
  button: string,
  state: string,
): MilestoneKind {
  return {
    ...{ code, slot, name: both(name, code), button: both(button, `mark ${code}`) },
    ...{ state: both(state, code), plan_label: both(`计划${name}`), may_be_not_applicable: false },
  };
}

export const campaign: Campaign = {
  rotation: [],
  code: "xz-2020",
  name: both("整治"),
  title: both("挂图作战", "Map"),
  year: 2020,
  demo: true,
  clock: { mode: "offset", now: "2020-09-30T06:00:00Z", today: "2020-09-30" },
  tracks: [
    {
      code: "rectify",
      name: both("整治"),
      milestones: [
        kind("stopped", 5, "停产", "标记已停产", "已停产"),
        kind("vacated", 6, "腾空", "标记已腾空", "已腾空"),
        kind("closed", 9, "销号", "办理销号", "已销号"),
      ],
    },
  ],
  units: [{ code: "honghe", order: 5, name: both("洪合镇"), short: both("洪合") }],
  slots: [5, 6, 9].map((slot) => ({ slot, name: both(`阶段${slot}`), group: "under_way" })),
  groups: [{ code: "under_way", name: both("推进中", "Under way") }],
  sides: [
    { code: "held", badge: "缓", name: both("暂缓", "on hold"), button_in: both("申请暂缓") },
    { code: "blocked", badge: "卡", name: both("卡点", "blocker"), button_in: both("报卡点") },
  ],
  zones: [],
  acceptance: { visits: "visit", inspections: "inspection", returned: "returned", held: "held" },
  disposals: [{ code: "close", name: both("关停淘汰", "closing down") }],
  ...{ version: 1, caliber: both("完成按区验收通过计"), metrics: [], templates: [] },
  ...{ bulletins: [], holidays: [], workdays: [] },
  lights: { green: 0, red: -10, order_after: 2, talk_after: 3, red_days: 30, ahead_days: 7 },
  words: {
    roles: [],
    areas: [],
    lights: [],
    escalations: [],
    periods: [],
    effects: [],
    findings: [],
  },
};

export const person: Person = {
  id: "shen",
  name: "沈某",
  role: "field",
  role_name: both("镇村外勤"),
};

/** Somebody signed in. */
export const session: SessionState = {
  ...{ person, login: "shen", idle_minutes: 30 },
  password_rule: both("至少 8 位"),
};

/** A keeper that remembers as long as the test. */
export function memory(): Keeper {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

/** The surroundings of acting, with someone who acts and nothing shown in advance. */
export function surroundings(
  told: Partial<ActingSurroundings> & Pick<ActingSurroundings, "api">,
): ActingSurroundings {
  return {
    device: "web-1",
    outbox: createOutbox(memory()),
    foresight: { show: () => {}, confirm: () => {}, rollBack: () => {} },
    person: () => "shen",
    askPerson: () => true,
    settle: async () => {},
    wait: async () => {},
    ...told,
  };
}

/** A server that answers as told and fails the test where it is asked for something else. */
export function fakeApi(told: Partial<Api>): Api {
  const unexpected = (name: string) => () => {
    throw new Error(`unexpected call of ${name}`);
  };
  return new Proxy(told as Api, {
    get: (target, name: string) => Reflect.get(target, name) ?? unexpected(name),
  });
}

export function unitFeature(
  code: string,
  more: Partial<UnitProperties> = {},
): Feature<UnitProperties> {
  return { geometry: square(120.6, 30.6, 0.2), properties: { code, label: code, ...more } };
}
