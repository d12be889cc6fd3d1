import type { plotZh } from "./words-plot-zh";

/** Words of splitting and merging parcels and cases, in English. */
export const plotEn: Record<keyof typeof plotZh, string> = {
  "plot.tab": "Parcels",
  "plot.acts": "Split and merge parcels",
  "plot.split": "Split",
  "plot.merge": "Merge",
  "plot.choose_one": "Click the parcel to split on the map",
  "plot.choose_more": "Click the neighbouring parcels to merge on the map (again to leave one out)",
  "plot.chosen": "Chosen",
  "plot.drop": "Leave {code} out",
  "plot.draw": "Draw the line",
  "plot.redraw": "Draw it anew",
  "plot.stop": "Stop drawing",
  "plot.hint_line":
    "From outside the parcel to outside: click point after point, click the last one again to finish",
  "plot.pieces": "After the split",
  "plot.joined": "After the merge",
  "plot.m2": "m²",
  "plot.mu": "mu",
  "plot.total": "Total",
  "plot.old": "Parcel as it is",
  "plot.differs":
    "With points of the cut on its sides (to 0.1 mm), on the ellipsoid {m2} m² away from the parcel as it is",
  "plot.piece": "{sign} {m2} m²",
  "plot.cases": "Cases on the parcel",
  "plot.cases_hint":
    "Say on which piece each case stands, or on several; what it counts is counted anew, once",
  "plot.cases_none": "There is no case on it",
  "plot.stands": "{code} stands on {sign}",
  "plot.counts": "counts {before} → {after} mu",
  "plot.locked": "Accepted: what it counts stays",
  "plot.land_off": "{mu} mu go off its recovered land",
  "plot.reason": "Reason (may be left out)",
  "plot.do_split": "Split the parcel",
  "plot.do_merge": "Merge the parcels",
  "plot.confirm_split":
    "Parcel {code} becomes {n} pieces ({parts}), {mu} mu together, with {cases} cases. Go on?",
  "plot.confirm_merge":
    "{n} parcels ({codes}) become {code}, {mu} mu together, with {cases} cases. Go on?",
  "plot.split_done": "Parcel split",
  "plot.merge_done": "Parcels merged",
  "plot.from_split": "Split from parcel {codes}",
  "plot.from_merge": "Merged from parcels {codes}",
  "reorder.case.move":
    "From now on the figures of both units are others; those of days before stay",
  "reorder.case.split":
    "Two cases where two firms work in one place; land that goes along is counted by the new one, the sum stays",
  "reorder.case.merge":
    "The chosen cases are struck out as listed twice, and their land is counted by this one, once",
  "reorder.unit": "To",
  "reorder.firm": "Name of the other firm or workshop",
  "reorder.parcels": "Parcels that go along",
  "reorder.goes": "{gone} mu go along, {rest} mu stay",
  "reorder.one_parcel":
    "There is one parcel: the new case counts only the firm. To let land go along, split the parcel first",
  "reorder.twins": "Duplicates of this case",
  "reorder.twins_none": "There is no other case on the same parcels or of the same name",
  "reorder.twins_missing": "Please choose the duplicates",
  "group.whole": "The case as a whole",
};
