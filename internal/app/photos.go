package app

import (
	"log/slog"
	"path/filepath"

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
