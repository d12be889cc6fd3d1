import { computed, ref, shallowRef } from "vue";
import { failureText } from "../api/problem";
import type { Definition } from "../domain/definition";
import type { Amendment, CampaignPreview, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import type { Store } from "./store";

/** The key under which acting keeps what happens to the settings. */
export const settingsKey = "campaign";

/** The parts of the page of settings. */
export type SettingsPart =
  | "basics"
  | "tasks"
  | "lights"
  | "milestones"
  | "calendar"
  | "rotation"
  | "data"
  | "history";

export type CampaignSettings = ReturnType<typeof createCampaignSettings>;

type Around = Pick<Store, "acting" | "definition">;

/** The campaign's data while somebody changes them: what it would do is shown before it is saved. */
export function createCampaignSettings({ acting, definition: api }: Around) {
  const version = ref(0);
  const saved = shallowRef<Definition>();
  /** What is being changed. */
  const edited = ref<Definition>();
  const note = ref("");
  const preview = shallowRef<CampaignPreview>();
  const history = shallowRef<readonly Amendment[]>();
  const { failure, busy, during } = createDeeds();
  let previewed = "";

  const changed = computed(() => JSON.stringify(edited.value) !== JSON.stringify(saved.value));
  /** Only what was previewed as it stands can be saved. */
  const ready = computed(
    () => preview.value !== undefined && JSON.stringify(edited.value) === previewed,
  );

  const read = () =>
    during(async () => {
      const now = await api.read();
      version.value = now.version;
      saved.value = now.definition;
      reset();
    });

  /** Back to what is saved. */
  function reset(): void {
    edited.value = structuredClone(saved.value);
    preview.value = undefined;
    note.value = "";
  }

  const foresee = () =>
    during(async () => {
      const asked = JSON.stringify(edited.value);
      preview.value = await api.preview(version.value, JSON.parse(asked));
      previewed = asked;
    });

  async function save(): Promise<boolean> {
    if (!ready.value) return false;
    const change = {
      kind: "campaign.amend",
      base_version: version.value,
      definition: JSON.parse(previewed),
      ...(note.value.trim() && { note: note.value.trim() }),
    } as const;
    const done = await acting.perform(settingsKey, change, bothWords("settings.saved"));
    if (done) await read();
    else failure.value = acting.failure.value?.text;
    return done;
  }

  async function readHistory(): Promise<void> {
    await during(async () => {
      history.value = await api.history();
    });
  }

  return {
    ...{ version, saved, edited, note, preview, history, failure, busy, changed, ready },
    ...{ read, reset, foresee, save, readHistory },
  };
}

/** One thing at a time, and why it failed. */
function createDeeds() {
  const failure = shallowRef<Text>();
  const busy = ref(false);

  async function during(deed: () => Promise<void>): Promise<void> {
    busy.value = true;
    failure.value = undefined;
    try {
      await deed();
    } catch (thrown) {
      failure.value = failureText(thrown);
    } finally {
      busy.value = false;
    }
  }

  return { failure, busy, during };
}
