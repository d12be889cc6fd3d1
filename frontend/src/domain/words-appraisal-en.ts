import type { appraisalZh } from "./words-appraisal-zh";

/** Words of the appraisal (考核), in English. */
export const appraisalEn: Record<keyof typeof appraisalZh, string> = {
  "appraisal.title": "Appraisal",
  "appraisal.failed": "The appraisal could not be read: {why}",
  "appraisal.none": "There was no formula on that day",
  "appraisal.as_of": "as of {day}",
  "appraisal.explain":
    "Score: what was earned of the tasks a unit has, held against {whole} points, less what is taken off. Points open to their facts.",
  "appraisal.weight": "{points} points",
  "appraisal.takes": "off, at most {points}",
  "appraisal.earned": "earned",
  "appraisal.off": "off",
  "appraisal.score": "score",
  "appraisal.place": "place",
  "appraisal.no_task": "no task of this",
  "appraisal.heading": "{unit} · {item}: {points} points",
  "appraisal.open": "{unit}, {item}, {points} points: show the facts",
  "appraisal.sum": "{n} facts, {points} points together",
  "appraisal.of_task": "done {done} {measure} of {task} {measure}",
  "appraisal.no_facts": "Nothing counts here",
  "appraisal.fact": "Fact",
  "appraisal.on": "Day",
  "appraisal.due": "Due",
  "appraisal.amount": "Amount",
  "appraisal.points": "Points",
  "appraisal.days_late": "{n} days late",
  "appraisal.times": "rebounded {n} times",
  "appraisal.not_answered": "not answered yet",
};
