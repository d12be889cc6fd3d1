package chronicle

import (
	"strings"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/lookup"
)

// words keeps each text once and numbers the milestones.
type words struct {
	mu         sync.RWMutex
	texts      map[string]string
	milestones map[string]uint16
	numbered   []string // milestones by number; number 0 is none
	names      lookup.Names
}

func newWords() *words {
	return &words{texts: map[string]string{}, milestones: map[string]uint16{}, numbered: []string{""}}
}

// keep is the same text, held once.
func (w *words) keep(text string) string {
	if text == "" {
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if kept, ok := w.texts[text]; ok {
		return kept
	}
	text = strings.Clone(text)
	w.texts[text] = text
	return text
}

// number numbers a milestone.
func (w *words) number(milestone string) uint16 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, ok := w.milestones[milestone]; ok {
		return n
	}
	n := uint16(len(w.numbered)) //nolint:gosec // a campaign has some fifty milestones
	w.milestones[milestone] = n
	w.numbered = append(w.numbered, milestone)
	return n
}

// code is the number of a milestone, 0 for one that no case ever passed.
func (w *words) code(milestone string) uint16 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.milestones[milestone]
}

func (w *words) marks(days map[string]campaign.Date) []mark {
	marks := make([]mark, 0, len(days))
	for milestone, on := range days {
		marks = append(marks, mark{w.number(milestone), dayOf(on)})
	}
	return marks
}

func (w *words) days(marks []mark) map[string]campaign.Date {
	w.mu.RLock()
	defer w.mu.RUnlock()
	days := make(map[string]campaign.Date, len(marks))
	for _, m := range marks {
		days[w.numbered[m.milestone]] = dateOf(m.day)
	}
	return days
}

const secondsOfDay = 24 * 60 * 60

// dayOf counts days from 1970-01-01, which is 1; no day is 0.
func dayOf(on campaign.Date) int32 {
	t, err := time.Parse(time.DateOnly, string(on))
	if err != nil {
		return 0
	}
	return int32(t.Unix()/secondsOfDay) + 1 //nolint:gosec // a civil day of the four-digit years
}

func dateOf(day int32) campaign.Date {
	if day == 0 {
		return ""
	}
	return campaign.DateOf(time.Unix(int64(day-1)*secondsOfDay, 0).UTC())
}
