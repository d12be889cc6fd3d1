package demo

import (
	"cmp"
	"slices"
)

// lateBy are the days by which cases are late.
func lateBy() []int {
	return []int{41, 36, 33, 31, 28, 26, 23, 21, 19, 16, 14, 12, 10, 9, 7, 7, 6, 5, 4, 3, 3, 2, 1}
}

// delay chooses the late cases of each unit, the latest among the furthest; the
// one of 41 days is chosen by the story.
func (w *world) delay(all []*matter) {
	days := lateBy()[1:]
	var chosen []*matter
	for _, t := range w.towns {
		of := inTown(all, t)
		n := t.late
		for _, m := range of {
			if m.late > 0 {
				n--
			}
		}
		for _, i := range w.r.Perm(len(of)) {
			if m := of[i]; n > 0 && !m.told && m.reached >= filedAt {
				chosen = append(chosen, m)
				n--
			}
		}
	}
	slices.SortStableFunc(chosen, func(a, b *matter) int { return cmp.Compare(min(b.reached, stoppedAt), min(a.reached, stoppedAt)) })
	for i, m := range chosen {
		m.late, m.told = days[i], true
	}
}
