package app

import (
	"context"
	"log/slog"
	"time"
)

// betweenLooks is how often it is looked whether something is due.
const betweenLooks = 10 * time.Minute

// nightly is what is done once a day, a check or what the ladder tells; it knows itself whether it is due.
type nightly func(context.Context) (bool, error)

// watch does what is due until ctx ends, each for itself.
func (h *house) watch(ctx context.Context, all map[string]nightly) {
	for what, do := range all {
		go nights(ctx, what, do, h.log)
	}
}

func nights(ctx context.Context, what string, do nightly, log *slog.Logger) {
	tick := time.NewTicker(betweenLooks)
	defer tick.Stop()
	for {
		if _, err := do(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "nightly check", slog.String("of", what), slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
