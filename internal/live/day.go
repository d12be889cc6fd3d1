package live

import (
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Day is today as the feed has told it. Ask it after After: when it turns later, the channel of After is closed.
func (f *Feed) Day() campaign.Date {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.day
}

func dayAt(t time.Time) campaign.Date { return campaign.DateOf(t.In(campaign.Shanghai())) }

// turnDay tells everybody who waits that another day has begun, and answers what fires at the next midnight. Clocks are also
// set by hand: the safety check looks as well.
func (f *Feed) turnDay() (midnight <-chan time.Time) {
	now := f.clock().In(campaign.Shanghai())
	f.mu.Lock()
	defer f.mu.Unlock()
	if today := dayAt(now); today != f.day {
		f.day = today
		f.stir()
	}
	y, m, d := now.Date()
	return time.After(time.Date(y, m, d+1, 0, 0, 0, 0, now.Location()).Sub(now))
}
