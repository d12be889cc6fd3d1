package postgres_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/postgres"
)

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	dsn := db.DSN("postgres")
	require.NoError(t, postgres.MigrateDown(t.Context(), dsn))
	var steps []string
	require.NoError(t, postgres.Migrate(t.Context(), dsn, func(name string) { steps = append(steps, name) }))
	files, err := filepath.Glob("../../migrations/*.sql")
	require.NoError(t, err)
	assert.Len(t, steps, len(files))
	require.NoError(t, postgres.Migrate(t.Context(), dsn, func(name string) { t.Errorf("%s ran twice", name) }))
}

// staging names the statements that make the temporary tables of an import, in order.
func staging() []string {
	return []string{"stage_draft", "stage_unit", "stage"}
}

// TestEveryStatementPrepares holds every embedded statement against the schema, under the role that runs it.
func TestEveryStatementPrepares(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	_, err = store.NewHistoryBench(t.Context(), 0) // the bench's statements work on a table of their own
	require.NoError(t, err)
	readers := map[string]bool{"news_cases": true, "news_parcels": true, "news_lands": true, "blocks_joined": true, "blocks_outline": true, "news_days": true, "operations": true, "reference_rows": true, "reference_revisions": true}
	gates := map[string]bool{"count_attempt": true, "session": true, "access_append": true}
	auditors := map[string]bool{"access_entries": true}
	files, err := filepath.Glob("sql/*.sql")
	require.NoError(t, err)
	assert.Greater(t, len(files), 15)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		role := postgres.RoleApp
		switch {
		case readers[name]:
			role = postgres.RoleReader
		case gates[name]:
			role = postgres.RoleGate
		case auditors[name]:
			role = postgres.RoleAuditor
		}
		conn := connect(t, db.DSN(role))
		for _, before := range staging() {
			if before == name || !strings.HasPrefix(name, "stage") {
				break
			}
			_, err := conn.Exec(t.Context(), strings.NewReplacer(" ON COMMIT DROP", "").Replace(read(t, before)))
			require.NoError(t, err, before)
		}
		_, err := conn.Prepare(t.Context(), "", read(t, name))
		assert.NoError(t, err, name)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("sql", name+".sql"))
	require.NoError(t, err)
	return string(text)
}

// connect connects as the program.
func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	return connectIn(t, dsn, "program")
}

// connectIn connects in a context of row-level security.
func connectIn(t *testing.T, dsn, in string) *pgx.Conn {
	t.Helper()
	cfg, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	cfg.RuntimeParams["search_path"] = "guatu, public"
	cfg.RuntimeParams["guatu.context"] = in
	conn, err := pgx.ConnectConfig(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

// TestColumnGrantsLeaveOutWhatAMapDoesNotNeed: the role that fills the map in
// memory sees no journal bodies, no responsible persons, no notes.
func TestColumnGrantsLeaveOutWhatAMapDoesNotNeed(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	conn := connect(t, db.DSN(postgres.RoleReader))
	for query, allowed := range map[string]bool{
		`SELECT id, kind, noun FROM journal`:      true,
		`SELECT body FROM journal`:                false,
		`SELECT id, label, stage FROM case_file`:  true,
		`SELECT responsible FROM case_file`:       false,
		`SELECT note FROM case_file`:              false,
		`SELECT code, name FROM person`:           true,
		`SELECT role FROM person`:                 false,
		`SELECT refusal FROM operation`:           false,
		`SELECT * FROM milestone`:                 false,
		`SELECT * FROM quarantine`:                false,
		`UPDATE parcel SET label = ''`:            false,
		`SELECT nextval('noun_id_seq')`:           false,
		`SELECT geom FROM shape`:                  true,
		`SELECT geom FROM reference_shape`:        true,
		`SELECT layer, name FROM reference`:       true,
		`SELECT layer FROM reference_change`:      true,
		`SELECT recovered FROM land_history`:      true,
		`SELECT recovered FROM land`:              true,
		`DELETE FROM land`:                        false,
		`SELECT land_take_turn()`:                 false,
		`UPDATE reference SET name = ''`:          false,
		`DELETE FROM reference_shape`:             false,
		`SELECT case_id, stage FROM case_history`: true,
	} {
		_, err := conn.Exec(t.Context(), query)
		if allowed {
			assert.NoError(t, err, query)
		} else {
			assert.ErrorContains(t, err, "permission denied", query)
		}
	}
}
