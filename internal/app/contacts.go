package app

import (
	"context"
	"path/filepath"

	"github.com/guatu/guatu/internal/audit"
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
	return secret.NewDesk(vault, h.store, secretWitness{h.access}), nil
}

// secretWitness has every showing of personal data in the access log before anything is shown.
type secretWitness struct{ log *audit.Log }

// Shown implements secret.Witness.
func (w secretWitness) Shown(ctx context.Context, actor auth.Actor, object, reason string) error {
	return w.log.Record(ctx, audit.Entry{Kind: audit.SecretRead, Actor: actor.ID, Object: object, Details: map[string]any{"reason": reason}})
}
