package demo_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
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

// loadWithACut tells the demo, is cut off on the way, goes on where it stopped, and shows that a finished load does nothing.
func loadWithACut(t *testing.T, doors demo.Doors) {
	t.Helper()
	cut := doors
	cut.Store = &failing{Store: doors.Store, left: 100}
	require.ErrorIs(t, demo.Load(t.Context(), cut), errKilled)
	requireFinished(t, doors, false)

	require.NoError(t, demo.Load(t.Context(), doors))
	requireFinished(t, doors, true)
	before := revision(t, doors)
	require.NoError(t, demo.Load(t.Context(), doors))
	require.Equal(t, before, revision(t, doors), "a finished load does nothing")
}

func requireFinished(t *testing.T, doors demo.Doors, want bool) {
	t.Helper()
	done, err := demo.Finished(t.Context(), doors.Store.(*postgres.Store))
	require.NoError(t, err)
	require.Equal(t, want, done)
}

func revision(t *testing.T, doors demo.Doors) int64 {
	t.Helper()
	r, _, err := doors.Store.(*postgres.Store).Revision(t.Context())
	require.NoError(t, err)
	return r
}
