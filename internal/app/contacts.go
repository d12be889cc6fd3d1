package app

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/secret"
)

// contacts opens the personal data of contacts; the master key lies in the data folder, outside the database.
func (h *house) contacts(ctx context.Context) (*secret.Desk, error) {
	inUse, err := h.store.HasSecrets(ctx)
	if err != nil {
		return nil, err
	}
	vault, err := secret.OpenVault(filepath.Join(h.cfg.Data, "keys", "person.key"), inUse)
	if err != nil {
		return nil, err
	}
	return secret.NewDesk(vault, h.store, logWitness{h.log.With(slog.String("part", "personal data"))}), nil
}

// logWitness writes who read personal data into the program's log.
type logWitness struct{ log *slog.Logger }

// Shown implements secret.Witness.
func (w logWitness) Shown(ctx context.Context, actor auth.Actor, object, reason string) error {
	w.log.WarnContext(ctx, "personal data shown", slog.String("to", actor.ID), slog.String("of", object), slog.String("reason", reason))
	return nil
}
