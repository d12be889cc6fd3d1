/** 未评价. */
export const unrated = "unrated";

/** A class of 亩均评价. */
export type EvaluationClass = "A" | "B" | "C" | "D" | typeof unrated;

/** From the best to the worst, what was not rated last. */
export const evaluationClasses: readonly EvaluationClass[] = ["A", "B", "C", "D", unrated];

/** The class of what the API says; absent is not rated. */
export function classOf(said: string | undefined): EvaluationClass {
  return evaluationClasses.find((each) => each === said) ?? unrated;
}
