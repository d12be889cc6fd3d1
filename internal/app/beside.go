package app

import (
	"context"
	"time"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/pgcluster"
	"github.com/guatu/guatu/internal/postgres"
)

// beside is the database and the access log for a tool.
type beside struct {
	store  *postgres.Store
	access *audit.Log
	done   func()
}

// onTheMachine is the context of what the machine's owner does with a tool.
func onTheMachine(ctx context.Context, tool string) context.Context {
	return audit.From(ctx, audit.Origin{Actor: auth.System().ID, Address: "local", Agent: tool})
}

// openBeside opens the database for a tool: that of the running server, or, if
// none runs on the data folder, one started for the occasion.
func openBeside(ctx context.Context, t Terminal, cfg config.Config) (*beside, error) {
	info, running := pgcluster.Running(cfg.Data)
	if !running {
		h, err := openHouse(ctx, t, cfg, false)
		if err != nil {
			return nil, err
		}
		return &beside{h.store, h.access, func() { t.report(exitOK, h.close(ctx)) }}, nil
	}
	server := postgres.Foreign(cfg.DatabaseURL)
	if cfg.DatabaseURL == "" {
		server = postgres.Server{DSN: func(role string) string { return info.ConnString(role, databaseName) }}
	}
	log := logger(t, cfg.LogLevel)
	store, err := postgres.Open(ctx, server, log)
	if err != nil {
		return nil, err
	}
	// The file of entries that could not be written is the server's.
	access, err := audit.Open(ctx, store, "", time.Now, log)
	if err != nil {
		store.Close()
		return nil, err
	}
	return &beside{store, access, func() {
		t.report(exitOK, access.Close(ctx))
		store.Close()
	}}, nil
}
