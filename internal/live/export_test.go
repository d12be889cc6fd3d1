package live

import "time"

// Pace makes a feed check, retry and forget sooner than in production. Call it before Run.
func (f *Feed) Pace(safetyCheck, retryAfter time.Duration, kept, page int) {
	f.safetyCheck, f.retryAfter, f.kept, f.page = safetyCheck, retryAfter, kept, page
}
