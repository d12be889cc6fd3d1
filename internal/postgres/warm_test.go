package postgres_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/postgres"
)

// TestAWarmStoreHasConnectionsReady before anybody asks, and they can project.
func TestAWarmStoreHasConnectionsReady(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN, Warm: true}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	require.NoError(t, store.Ping(t.Context()))
	assert.Eventually(t, func() bool { return store.IdleConns() >= 4 }, time.Minute, 10*time.Millisecond)
}
