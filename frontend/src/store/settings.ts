import { computed, type Ref, ref, watch } from "vue";
import type { Theme } from "../domain/palette";
import { hasWords, type Language, readWords } from "../domain/words";
import { type Notation, notations } from "../geo/notation";
import { newId } from "./new-id";

/** Where settings outlive the page; localStorage fits. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What this browser remembers of its user. */
export interface Settings {
  /** Becomes another one when its words are there. */
  language: Ref<Language>;
  theme: Ref<Theme>;
  /** How coordinates are written. */
  notation: Ref<Notation>;
  /** Layers of the map that differ from the usual ones (domain/map-layers). */
  layers: Ref<string>;
  /** Names this browser in the journal; made once. */
  readonly device: string;
  /** Keeps what else outlives the page; a browser that refuses to keep is done without. */
  readonly keeper: Keeper;
}

/** Reads the settings and keeps their changes. A keeper that refuses (private mode) is done without. */
export function createSettings(keeper: Keeper, randomId = newId): Settings {
  const language = spoken(read(keeper, "guatu.language") === "en" ? "en" : "zh");
  const theme = ref<Theme>(read(keeper, "guatu.theme") === "dark" ? "dark" : "light");
  const noted = read(keeper, "guatu.notation");
  const notation = ref<Notation>(notations.find((each) => each === noted) ?? "degrees");
  const layers = ref(read(keeper, "guatu.layers") ?? "");
  watch(layers, (value) => write(keeper, "guatu.layers", value));
  watch(notation, (value) => write(keeper, "guatu.notation", value));
  watch(language, (value) => write(keeper, "guatu.language", value));
  watch(theme, (value) => write(keeper, "guatu.theme", value));

  const device = read(keeper, "guatu.device") ?? `web-${randomId()}`;
  write(keeper, "guatu.device", device);
  const kept = {
    getItem: (key: string) => read(keeper, key),
    setItem: (key: string, value: string) => write(keeper, key, value),
  };
  return { language, theme, notation, layers, device, keeper: kept };
}

/** A language that changes when its words have been read; where they cannot be, it stays. */
function spoken(first: Language): Ref<Language> {
  const shown = ref<Language>("zh");
  const language = computed({
    get: () => shown.value,
    set: (next) => {
      if (hasWords(next)) shown.value = next;
      else
        readWords(next).then(
          () => {
            shown.value = next;
          },
          () => {},
        );
    },
  });
  language.value = first;
  return language;
}

function read(keeper: Keeper, key: string): string | null {
  try {
    return keeper.getItem(key);
  } catch {
    return null;
  }
}

function write(keeper: Keeper, key: string, value: string): void {
  try {
    keeper.setItem(key, value);
  } catch {
    // The page works without memory; only the device id is new after a reload.
  }
}
