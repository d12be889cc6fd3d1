package app

import (
	"context"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/pgcluster"
	"github.com/guatu/guatu/internal/postgres"
)

// openBeside opens the database for a tool: that of the running server, or, if
// none runs on the data folder, one started for the occasion.
func openBeside(ctx context.Context, t Terminal, cfg config.Config) (*postgres.Store, func(), error) {
	info, running := pgcluster.Running(cfg.Data)
	if !running {
		h, err := openHouse(ctx, t, cfg, false)
		if err != nil {
			return nil, nil, err
		}
		return h.store, func() { t.report(exitOK, h.close(ctx)) }, nil
	}
	server := postgres.Foreign(cfg.DatabaseURL)
	if cfg.DatabaseURL == "" {
		server = postgres.Server{DSN: func(role string) string { return info.ConnString(role, databaseName) }}
	}
	store, err := postgres.Open(ctx, server, logger(t, cfg.LogLevel))
	if err != nil {
		return nil, nil, err
	}
	return store, store.Close, nil
}
