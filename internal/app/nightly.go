package app

import (
	"context"
	"log/slog"
	"time"
)

// betweenLooks is how often it is looked whether a nightly check is due.
const betweenLooks = 10 * time.Minute

// nights makes a nightly check until ctx ends; the check itself knows whether it is due.
func nights(ctx context.Context, what string, nightly func(context.Context) (bool, error), log *slog.Logger) {
	tick := time.NewTicker(betweenLooks)
	defer tick.Stop()
	for {
		if _, err := nightly(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "nightly check", slog.String("of", what), slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
