package campaign

import "slices"

func (d Definition) milestone(code string) (Milestone, bool) {
	for _, t := range d.Tracks {
		if i := t.Index(code); i >= 0 {
			return t.Milestones[i], true
		}
	}
	return Milestone{}, false
}

// Side finds a side state by its code.
func (d Definition) Side(code string) (SideState, bool) { return findSide(d.Sides, code) }

// Village finds a village by its code.
func (d Definition) Village(code string) (Village, bool) {
	for _, v := range d.Villages {
		if v.Code == code {
			return v, true
		}
	}
	return Village{}, false
}

// Prefix begins the codes of a track's cases.
func (d Definition) Prefix(t Track) string {
	if t.Prefix != "" {
		return t.Prefix
	}
	return d.CasePrefix
}

// Track finds a track by its code.
func (d Definition) Track(code string) (Track, bool) {
	for _, t := range d.Tracks {
		if t.Code == code {
			t.calendar, t.sides, t.disposals = d.Calendar, d.Sides, d.Disposals
			return t, true
		}
	}
	return Track{}, false
}

// Steps are the milestones of the track's funnel.
func (t Track) Steps() []Milestone {
	var steps []Milestone
	for i, m := range t.Milestones {
		if len(t.Funnel) == 0 && i > 0 || slices.Contains(t.Funnel, m.Code) {
			steps = append(steps, m)
		}
	}
	return steps
}

// Index is the place of a milestone in the main order, -1 if the track has none of that code.
func (t Track) Index(code string) int {
	for i, m := range t.Milestones {
		if m.Code == code {
			return i
		}
	}
	return -1
}
