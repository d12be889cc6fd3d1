package simulate

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// twin does everything a second time, over PostgreSQL, and compares each answer.
type twin struct {
	register

	t      *testing.T
	world  *world
	ledger photo.Door
	other  photo.Door
	store  *postgres.Store
}

func (w *twin) Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error) {
	out, err := w.ledger.Apply(ctx, actor, op)
	there, thereErr := w.other.Apply(ctx, actor, op)
	require.Equal(w.t, codes(err), codes(thereErr), "%+v", op)
	there.RecordedAt = there.RecordedAt.UTC()
	require.Equal(w.t, worded(w.t, out), worded(w.t, there))
	return out, err
}

// worded has the detail of a refusal as a value: jsonb keeps it in another order.
func worded(t *testing.T, out ledger.Outcome) ledger.Outcome {
	t.Helper()
	if out.Refusal == nil || out.Refusal.Detail == nil {
		return out
	}
	var detail any
	require.NoError(t, json.Unmarshal(out.Refusal.Detail, &detail))
	text, err := json.Marshal(detail)
	require.NoError(t, err)
	refusal := *out.Refusal
	refusal.Detail, out.Refusal = text, &refusal
	return out
}

func codes(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func (w *twin) Keep(ctx context.Context, f photo.File, person string) error {
	require.NoError(w.t, w.store.Keep(ctx, f, person))
	return w.register.Keep(ctx, f, person)
}

// TestMemoryIsLikePostgreSQL gives both the same operations, with all their doubles and delays: the same answers, refusals in the same
// words, and in the end the same journal, hash for hash.
func TestMemoryIsLikePostgreSQL(t *testing.T) {
	t.Parallel()
	folder, remove, err := scratch(Scratch())
	require.NoError(t, err)
	defer remove()
	w, err := emptyWorld(t.Context(), 3, Options{Operations: 350, Folder: folder})
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: server.Open(t).DSN}, log)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	both := &twin{register: register{w.store}, t: t, world: w, ledger: w.door, store: store, other: ledger.New(store, func() time.Time { return w.now }, log)}
	w.door, w.photos.Door, w.photos.Register = both, both, both
	require.NoError(t, w.setUp())
	require.NoError(t, w.run())
	require.NotZero(t, w.report.Results[ledger.Quarantined])
	found, err := store.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, found.Findings)
	id, hash, err := w.store.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, id, found.Entries)
	require.Equal(t, hex.EncodeToString(hash), found.Head)
}
