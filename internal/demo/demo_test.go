package demo_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/demo"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// failing is a store that breaks after some transactions, as a killed load does.
type failing struct {
	ledger.Store
	left int
}

var errKilled = errors.New("killed")

func (f *failing) InTx(ctx context.Context, scope auth.Scope, do func(ledger.Tx) error) error {
	f.left--
	if f.left < 0 {
		return errKilled
	}
	return f.Store.InTx(ctx, scope, do)
}

func (f *failing) Outcome(ctx context.Context, id uuid.UUID) (ledger.Outcome, error) {
	return f.Store.Outcome(ctx, id)
}

func TestALoadThatWasCutOffGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: server.Open(t).DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	doors := demo.Doors{Store: store, Campaign: store.Running, RealNow: time.Now(), Log: slog.New(slog.DiscardHandler)}

	cut := doors
	cut.Store = &failing{Store: store, left: 100}
	require.ErrorIs(t, demo.Load(t.Context(), cut), errKilled)
	done, err := demo.Finished(t.Context(), store)
	require.NoError(t, err)
	require.False(t, done)

	require.NoError(t, demo.Load(t.Context(), doors))
	done, err = demo.Finished(t.Context(), store)
	require.NoError(t, err)
	require.True(t, done)
	before, _, err := store.Revision(t.Context())
	require.NoError(t, err)
	require.NoError(t, demo.Load(t.Context(), doors))
	after, _, err := store.Revision(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before, after, "a finished load does nothing")

	report, err := store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
	book, err := chronicle.Open(t.Context(), store)
	require.NoError(t, err)
	for stage := 1; stage <= 9; stage++ {
		_, total, err := book.Now(auth.Everything(), "2020-09-30").Select(chronicle.Filter{Stages: []int{stage}})
		require.NoError(t, err)
		assert.Positive(t, total.Cases, "stage %d is on the map", stage)
	}
}
