package app

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/guatu/guatu/internal/photo"
)

// photos opens the store of photos.
func (h *house) photos() (*photo.Store, error) {
	p := h.cfg.Photos
	limits := photo.UsualLimits()
	limits.Bytes, limits.Pixels, limits.Quota, limits.Orphans, limits.Removed = p.Bytes, p.Pixels, p.Quota, p.Orphans, p.Removed
	return photo.Open(photo.Options{
		Folder: filepath.Join(h.cfg.Data, "photos"), Register: h.store, Door: h.ledger, Limits: limits, Now: h.clock.Now, Log: h.log.With(slog.String("part", "photos")),
	})
}

// betweenLooks is how often it is looked whether the nightly check is due.
const betweenLooks = 10 * time.Minute

// checkPhotos makes the nightly check until ctx ends.
func checkPhotos(ctx context.Context, store *photo.Store, log *slog.Logger) {
	tick := time.NewTicker(betweenLooks)
	defer tick.Stop()
	for {
		if _, err := store.Nightly(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "nightly check of photos", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
