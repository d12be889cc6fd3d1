// Package figures is the arithmetic of what a campaign prints: rates, gaps,
// comparisons, ranks, the funnel, the forecast, closed periods.
//
// Everything is an argument; the package knows no storage and no clock. A
// printed figure is rounded once, 四舍五入 (half away from zero), from exact
// integers; gap, light, comparison and rank are taken from printed figures, so
// that a reader with a calculator gets the same result.
//
// What is done is counted in the exact units of its campaign.Measure (firms;
// geo.Area in 0.0001 m²), tasks in its printed steps (1 家, 0.01 亩, 0.01 万㎡).
package figures
