import { computed, type Ref, ref, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import { ApiProblem, failureText } from "../api/problem";
import type { CaseDetail, CaseSummary, LiveChange, ParcelDetail, Text } from "../domain/types";

/** The open card: a parcel, a case on it, or a case that has no parcel. It is the selection of map and ledger. */
export interface Card {
  parcelId: Ref<number | undefined>;
  caseId: Ref<number | undefined>;
  parcel: Ref<ParcelDetail | undefined>;
  detail: Readonly<Ref<CaseDetail | undefined>>;
  /** The cases to choose between. */
  cases: Readonly<Ref<readonly CaseSummary[]>>;
  /** Parcels to ring on the map. */
  ringed: Readonly<Ref<readonly number[]>>;
  open: Readonly<Ref<boolean>>;
  loading: Ref<boolean>;
  failure: Ref<Text | undefined>;
  openParcel(id: number): Promise<void>;
  openCase(id: number): Promise<void>;
  /** Reads again, from this revision or a later one. */
  refresh(minRevision?: number): Promise<void>;
  /** Reads again when the change concerns what is shown. */
  follow(change: LiveChange): Promise<void>;
  close(): void;
  /** Shows the case so until it is read again; undefined shows it as it was read. */
  expect(detail: CaseDetail | undefined): void;
}

type Reader = Pick<Api, "caseDetail" | "parcelDetail">;
type Shown = { parcel: ParcelDetail | undefined; detail: CaseDetail | undefined };

/** Waits this long for the day to rest before the card is read again, ms. */
const rest = 250;

/**
 * `preferred` says which case of a parcel opens first, where it carries several; `day` is the
 * earlier day that is shown, undefined while it is now.
 */
export function createCard(
  server: Reader,
  preferred: (each: CaseSummary) => boolean = () => true,
  day: Readonly<Ref<string | undefined>> = ref(undefined),
): Card {
  const api = ofDay(server, day);
  const { shown, show, forget } = createReading();
  const { parcelId, caseId, parcel, detail } = shown;

  function openParcel(id: number): Promise<void> {
    forget();
    parcelId.value = id;
    return show(() => readParcel(api, id, preferred));
  }

  function openCase(id: number): Promise<void> {
    if (!parcel.value?.cases.some((each) => each.id === id)) forget();
    caseId.value = id;
    return show(() => readCase(api, id, parcelId.value));
  }

  async function refresh(minRevision?: number): Promise<void> {
    const [shownCase, shownParcel] = [caseId.value, parcelId.value];
    if (shownCase !== undefined) {
      await show(() => readCase(api, shownCase, shownParcel, minRevision));
    } else if (shownParcel !== undefined) {
      await show(() => readParcel(api, shownParcel, preferred, minRevision));
    }
  }

  async function follow(change: LiveChange): Promise<void> {
    if (day.value) return;
    const concerned = concerns(change, caseId.value, parcelId.value);
    const known = detail.value?.revision ?? parcel.value?.revision ?? 0;
    if (concerned && known < change.revision) await refresh(change.revision);
  }

  watch(
    day,
    atRest(() => void refresh()),
  );
  const cases = computed(() => parcel.value?.cases ?? (detail.value ? [detail.value.case] : []));
  const ringed = computed(() => ringedBy(parcelId.value, detail.value));
  const open = computed(() => parcelId.value !== undefined || caseId.value !== undefined);
  return {
    ...{ ...shown, cases, ringed, open },
    ...{ openParcel, openCase, refresh, follow, close: forget },
  };
}

/** What is open and what was read of it; only the answer to the last question is shown. */
function createReading() {
  const [parcelId, caseId] = [ref<number>(), ref<number>()];
  const parcel = shallowRef<ParcelDetail>();
  const { read, detail, expect } = createShownDetail();
  const loading = ref(false);
  const failure = shallowRef<Text>();
  // Only the answer to the last question may be shown.
  let question = 0;

  async function show(ask: () => Promise<Shown>): Promise<void> {
    const mine = ++question;
    loading.value = true;
    failure.value = undefined;
    try {
      const shown = await ask();
      if (mine !== question) return;
      [parcel.value, read.value] = [shown.parcel, shown.detail];
      expect(undefined);
      parcelId.value = shown.parcel?.id ?? parcelId.value;
      caseId.value = shown.detail?.case.id;
    } catch (thrown) {
      if (mine === question) fail(thrown);
    } finally {
      if (mine === question) loading.value = false;
    }
  }

  function fail(thrown: unknown): void {
    failure.value = failureText(thrown);
    // It was not there on that day; what another day says of it must not stand under this one.
    if (isNotThere(thrown)) [parcel.value, read.value] = [undefined, undefined];
  }

  function forget(): void {
    question++;
    parcelId.value = undefined;
    caseId.value = undefined;
    parcel.value = undefined;
    read.value = undefined;
    expect(undefined);
    failure.value = undefined;
    loading.value = false;
  }

  const shown = { parcelId, caseId, parcel, detail, loading, failure, expect };
  return { shown, show, forget };
}

/** Calls once when what calls this has rested. */
function atRest(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, rest);
  };
}

function isNotThere(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.status === 404;
}

/** Reads of the day shown. */
function ofDay(server: Reader, day: Readonly<Ref<string | undefined>>): Reader {
  return {
    caseDetail: (id, min) =>
      day.value ? server.caseDetail(id, undefined, day.value) : server.caseDetail(id, min),
    parcelDetail: (id, min) =>
      day.value ? server.parcelDetail(id, undefined, day.value) : server.parcelDetail(id, min),
  };
}

/** The case as it was read, or as it is expected to stand until it is read again. */
function createShownDetail() {
  const read = shallowRef<CaseDetail>();
  const expected = shallowRef<CaseDetail>();
  const detail = computed(() => {
    const same = expected.value !== undefined && expected.value.case.id === read.value?.case.id;
    return same ? expected.value : read.value;
  });
  function expect(shown: CaseDetail | undefined): void {
    expected.value = shown;
  }
  return { read, detail, expect };
}

function concerns(change: LiveChange, caseId?: number, parcelId?: number): boolean {
  return (
    change.cases.some(({ id }) => id === caseId) ||
    change.parcels.some(({ id }) => id === parcelId) ||
    (change.reload?.length ?? 0) > 0
  );
}

function ringedBy(parcelId: number | undefined, detail: CaseDetail | undefined): number[] {
  const ofCase = detail?.parcels.map((each) => each.id) ?? [];
  return parcelId === undefined ? ofCase : [...new Set([parcelId, ...ofCase])];
}

/** The parcel and the first case on it, a preferred one if there is. */
async function readParcel(
  api: Reader,
  id: number,
  preferred: (each: CaseSummary) => boolean,
  minRevision?: number,
): Promise<Shown> {
  const parcel = await api.parcelDetail(id, minRevision);
  const first = parcel.cases.find(preferred) ?? parcel.cases[0];
  return { parcel, detail: first && (await api.caseDetail(first.id, minRevision)) };
}

/** The case and the parcel it was reached from, or its first. */
async function readCase(
  api: Reader,
  id: number,
  from: number | undefined,
  minRevision?: number,
): Promise<Shown> {
  const detail = await api.caseDetail(id, minRevision);
  const own = detail.parcels.map((each) => each.id);
  // The parcel may have been split or merged since.
  const parcelId = from !== undefined && (own.length === 0 || own.includes(from)) ? from : own[0];
  const parcel = parcelId === undefined ? undefined : await api.parcelDetail(parcelId, minRevision);
  return { parcel, detail };
}
