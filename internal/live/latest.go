package live

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
)

const (
	latestSpan = 512  // revisions of the journal that are read at once, backwards
	latestMost = 8192 // how far back: what is older is no news
)

// Latest are the newest operations that are wanted, newest first, as somebody sees them: at most n, and fewer
// where there are none among the last few thousand revisions.
func (f *Feed) Latest(ctx context.Context, scope auth.Scope, n int, wanted func(Event) bool) ([]Event, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	held, before := f.events, f.last+1
	f.mu.Unlock()
	oldest := max(0, before-latestMost)
	if len(held) > 0 {
		before = held[0].First
	}
	found := newestOf(held, scope, n, wanted)
	for len(found) < n && before > oldest+1 {
		from := max(oldest, before-latestSpan)
		earlier, err := f.between(ctx, from, before)
		if err != nil {
			return nil, err
		}
		found = append(found, newestOf(earlier, scope, n-len(found), wanted)...)
		before = from + 1
	}
	return found, nil
}

// between are the operations that end after one revision and before another, in order.
func (f *Feed) between(ctx context.Context, after, before int64) ([]Event, error) {
	operations, err := f.source.Operations(ctx, after, int(before-after))
	if err != nil {
		return nil, err
	}
	var events []Event
	for _, op := range operations {
		if op.Last < before {
			events = append(events, f.event(op, nil))
		}
	}
	return events, nil
}

func newestOf(events []Event, scope auth.Scope, n int, wanted func(Event) bool) []Event {
	var found []Event
	for _, e := range slices.Backward(events) {
		if len(found) == n {
			break
		}
		if seen := e.For(scope); wanted(seen) {
			found = append(found, seen)
		}
	}
	return found
}
