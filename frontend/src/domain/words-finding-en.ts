import type { findingZh } from "./words-finding-zh";

/** Words of 数据核查, in English. */
export const findingEn: Record<keyof typeof findingZh, string> = {
  "finding.own": "This case",
  "finding.all": "Findings",
  "finding.label": "Findings: what the rules find wrong",
  "finding.failed": "The findings could not be read: {why}",
  "finding.hint":
    "Looked through with every change, and all of it every night; click one to see it on the map",
  "finding.night": "Last looked through: {day}",
  "finding.behind": "New data are being looked through; these are the findings from before",
  "finding.every": "All",
  "finding.open": "Open",
  "finding.waived": "Let be",
  "finding.none": "Nothing is wrong",
  "finding.none_waived": "Nothing is let be",
  "finding.more": "{n} more are not listed; please choose a rule",
  "finding.way": "To put it right: {way}",
  "finding.mu": "{mu} mu",
  "finding.whole": "whole",
  "finding.with": "with",
  "finding.case": "Open the case",
  "finding.waive": "Let it be",
  "finding.waive_title":
    "Let it be: {name} (with a reason; can be taken back; listed again when it grows)",
  "finding.waive_done": "Let be: {name}",
  "finding.reopen": "Take back",
  "finding.reopen_title": "No longer let it be: {name}",
  "finding.reopen_done": "Open again: {name}",
  "finding.why": "{by}, {day}: {reason}",
  "finding.why_hidden": "Let be (the reason is shown to its own unit)",
};
