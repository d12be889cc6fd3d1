import type { Ref } from "vue";
import { type EvaluationClass, evaluationClasses, unrated } from "../domain/evaluation";
import { type Lamp, lampName, lampOrder } from "../domain/lamps";
import { type LegendKind, mapTheme } from "../domain/map-themes";
import { classFill, lampColour } from "../domain/palette";
import { slotsOf } from "../domain/tracks";
import type { Campaign, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { type Figure, joined } from "./figures";
import { toggled } from "./filter";
import type { Store } from "./store";

/** A line of the legend; to press it is to filter by it. */
export interface LegendLine {
  /** `stage`, `lamp` or `class`, and which. */
  readonly kind: "stage" | "lamp" | "class";
  readonly value: string;
  /** Digit, letter or word in the swatch. */
  readonly mark: string;
  readonly fill: string | undefined;
  /** Lamps are round. */
  readonly round: boolean;
  readonly name: Text;
  readonly figure: Figure;
  readonly chosen: boolean;
  /** Others of its kind are chosen. */
  readonly pale: boolean;
  toggle(): void;
}

/** Lines under a word, with the sum of their firms. */
export interface LegendGroup {
  readonly key: string;
  readonly name: Text;
  readonly sum: number;
  readonly lines: readonly LegendLine[];
}

const nothing: Figure = { count: 0, mu: 0 };

/** The legend of the theme the map wears. */
export function legendOf(store: Store): readonly LegendGroup[] {
  const { legend, code } = mapTheme(store.mapTheme.value);
  if (legend === "lamps") return [grouped("lamps", bothWords("legend.by_lamp"), lampLines(store))];
  if (legend === "classes") {
    const name = bothWords("legend.by_class", { year: (store.campaign.value?.year ?? 0) - 1 });
    return [grouped(code, name, classLines(store))];
  }
  return stageGroups(store);
}

function grouped(key: string, name: Text, lines: readonly LegendLine[]): LegendGroup {
  return { key, name, lines, sum: lines.reduce((sum, { figure }) => sum + figure.count, 0) };
}

function stageGroups(store: Store): readonly LegendGroup[] {
  const { campaign, filter } = store;
  const slots = campaign.value ? slotsOf(campaign.value, filter.track.value) : [];
  return (campaign.value?.groups ?? [])
    .map(({ code, name }) => {
      const mine = slots.filter(({ group }) => group === code);
      return grouped(
        code,
        name,
        mine.map((slot) => stageLine(store, slot.slot, slot.name)),
      );
    })
    .filter(({ lines }) => lines.length > 0);
}

/** The line of a slot; of slot 0 for parcels without a case. */
export function stageLine(store: Store, slot: number, name: Text): LegendLine {
  const { filter, figures, settings, campaign } = store;
  const theme = mapTheme(store.mapTheme.value);
  const fill = theme.fill({ stage: slot, unit: "" }, settings.theme.value, campaign.value);
  return {
    kind: "stage",
    value: String(slot),
    mark: slot ? String(slot) : "",
    fill,
    round: false,
    name,
    figure: figures.value.stages[slot] ?? nothing,
    ...choice(filter.stages.value, slot),
    toggle: () => filter.toggleStage(slot),
  };
}

function lampLines(store: Store): readonly LegendLine[] {
  const { campaign, filter } = store;
  const lampOf = (code: string) => filter.lampOf.value.get(code)?.lamp ?? "none";
  return lampOrder
    .map((lamp) => ({
      lamp,
      units: campaign.value?.units.filter(({ code }) => lampOf(code) === lamp) ?? [],
    }))
    .filter(({ lamp, units }) => lamp !== "none" || units.length > 0)
    .map(({ lamp, units }) => lampLine(store, lamp, units));
}

function lampLine(store: Store, lamp: Lamp, units: Campaign["units"]): LegendLine {
  const { figures, settings } = store;
  const { lamps } = store.filter;
  return {
    kind: "lamp",
    value: lamp,
    mark: "",
    fill: lampColour[settings.theme.value][lamp],
    round: true,
    name: namesOf(lamp, units),
    figure: joined(units.flatMap(({ code }) => figures.value.units.get(code) ?? [])),
    ...choice(lamps.value, lamp),
    toggle: () => {
      lamps.value = toggled(lamps.value, lamp);
    },
  };
}

/** 绿 新塍、王店 */
function namesOf(lamp: Lamp, units: readonly { short: Text }[]): Text {
  const word = bothWords(lampName[lamp]);
  const list = (language: "zh" | "en", comma: string) =>
    [word[language], units.map(({ short }) => short[language]).join(comma)].join(" ").trim();
  return { zh: list("zh", "、"), en: list("en", ", ") };
}

function classLines(store: Store): readonly LegendLine[] {
  const { filter, figures, settings } = store;
  const { classes } = filter;
  return evaluationClasses.map((each) => ({
    kind: "class",
    value: each,
    mark: each === unrated ? "" : each,
    fill: classFill[settings.theme.value][each],
    round: false,
    name: nameOfClass(each),
    figure: figures.value.classes.get(each) ?? nothing,
    ...choice(classes.value, each),
    toggle: () => {
      classes.value = toggled(classes.value, each);
    },
  }));
}

function nameOfClass(each: EvaluationClass): Text {
  return each === unrated
    ? bothWords("legend.unrated")
    : bothWords("legend.class", { class: each });
}

function choice<T>(set: ReadonlySet<T>, value: T): { chosen: boolean; pale: boolean } {
  const chosen = set.has(value);
  return { chosen, pale: set.size > 0 && !chosen };
}

/** What filters beside the lines that the legend shows now, in words, with the way out of it. */
export interface OtherFilter {
  readonly key: string;
  readonly words: Text;
  clear(): void;
}

/** Filters of other themes that are still in force. */
export function otherFilters(store: Store): readonly OtherFilter[] {
  const { legend } = mapTheme(store.mapTheme.value);
  const { stages, lamps, classes } = store.filter;
  const slotName = (slot: number) =>
    slot === 0 ? bothWords("legend.unlisted") : same(String(slot));
  return [
    ...other("stages", legend, stages, slotName),
    ...other("lamps", legend, lamps, (lamp) => bothWords(lampName[lamp])),
    ...other("classes", legend, classes, nameOfClass),
  ];
}

const alsoName = {
  stages: "legend.also_stages",
  lamps: "legend.also_lamps",
  classes: "legend.also_classes",
} as const satisfies Record<LegendKind, string>;

function other<T>(
  key: LegendKind,
  shown: LegendKind,
  set: Ref<ReadonlySet<T>>,
  said: (value: T) => Text,
): OtherFilter[] {
  if (key === shown || set.value.size === 0) return [];
  const texts = [...set.value].map(said);
  const [zh, en] = [
    texts.map((each) => each.zh).join("、"),
    texts.map((each) => each.en).join(", "),
  ];
  const words = {
    zh: bothWords(alsoName[key], { what: zh }).zh,
    en: bothWords(alsoName[key], { what: en }).en,
  };
  const clear = () => {
    set.value = new Set<T>();
  };
  return [{ key, words, clear }];
}

function same(text: string): Text {
  return { zh: text, en: text };
}
