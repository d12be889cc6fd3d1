package audit_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// house is both chains over a database of their own, with a clock that stands and a data folder.
type house struct {
	*audit.Log
	store  *postgres.Store
	ledger *ledger.Ledger
	db     *dbtest.DB
	keeper *audit.Keeper
	folder string
	now    time.Time
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func setup(t *testing.T) *house {
	t.Helper()
	h := &house{db: server.Open(t), folder: t.TempDir(), now: time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC)}
	var err error
	h.store, err = postgres.Open(t.Context(), postgres.Server{DSN: h.db.DSN}, quiet())
	require.NoError(t, err)
	t.Cleanup(h.store.Close)
	h.ledger = ledger.New(h.store, h.clock, quiet())
	h.Log = h.open(t, h.store)
	key, err := audit.OpenKey(filepath.Join(h.folder, audit.KeyFile))
	require.NoError(t, err)
	h.keeper = &audit.Keeper{Log: h.Log, Store: h.store, Enter: h.enter, Key: key, Folder: h.folder, Keep: 400 * 24 * time.Hour, Slog: quiet()}
	return h
}

func (h *house) clock() time.Time { return h.now }

// open opens a log that is closed at the test's end, unless the test did so.
func (h *house) open(t *testing.T, store audit.Appender) *audit.Log {
	t.Helper()
	l, err := audit.Open(t.Context(), store, filepath.Join(h.folder, audit.SpoolFile), h.clock, quiet())
	require.NoError(t, err)
	return l
}

// enter is how the program enters the log's head in the journal.
func (h *house) enter(ctx context.Context, due time.Time, head audit.Head) error {
	op := ledger.Operation{OpID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("log.head "+due.UTC().Format(time.RFC3339))), Device: "server", Changes: []ledger.Change{ledger.EnterLogHead{ID: head.ID, Hash: head.Hash}}}
	_, err := h.ledger.Apply(ctx, auth.System(), op)
	if fault.Is(err, "operation_id_reused") {
		return nil
	}
	return err
}

func (h *house) record(t *testing.T, kind audit.Kind, actor string) {
	t.Helper()
	require.NoError(t, h.Record(t.Context(), audit.Entry{Kind: kind, Actor: actor, Login: actor, Address: "10.1.2.3", Agent: "test", Object: "account/" + actor}))
}

// person enters somebody in the journal.
func (h *house) person(t *testing.T, code string) {
	t.Helper()
	_, err := h.ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.PutPerson{Code: code, Name: "某", Role: "field"}}})
	require.NoError(t, err)
}

// witnesses are the house's own file of anchors and key.
func (h *house) witnesses(t *testing.T) audit.Witnesses {
	t.Helper()
	anchors, err := audit.ReadAnchors(filepath.Join(h.folder, audit.AnchorsFile))
	require.NoError(t, err)
	keys, err := audit.ReadPublic(filepath.Join(h.folder, audit.PublicFile))
	require.NoError(t, err)
	return audit.Witnesses{Anchors: anchors, Keys: keys, Whole: true}
}

func (h *house) verify(t *testing.T) audit.Report {
	t.Helper()
	report, err := h.store.VerifyLog(t.Context(), h.witnesses(t))
	require.NoError(t, err)
	return report
}

// tamper runs statements as the superuser, with triggers off, as a dishonest administrator would.
func (h *house) tamper(t *testing.T, statements ...string) {
	t.Helper()
	h.db.Exec(t, "postgres", append([]string{`SET search_path = guatu, public; SET session_replication_role = replica`}, statements...)...)
}
