package dbtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/pgcluster"
)

var server Server

// helperEnv turns the test binary into a process that opens a server and waits to be killed.
const helperEnv = "GUATU_DBTEST_HELPER"

func TestMain(m *testing.M) {
	if os.Getenv(helperEnv) != "" {
		err := server.start(context.Background())
		fmt.Println("ready", server.dir, err)
		select {}
	}
	server.Migrate = func(ctx context.Context, dsn string) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE EXTENSION postgis; CREATE TABLE town (name text PRIMARY KEY, at geometry(Point, 4490))")
		return err
	}
	os.Exit(server.Main(m))
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"王江泾", "油车港", "新塍"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connect(t, server.Open(t).DSN(admin))
			_, err := conn.Exec(t.Context(), "INSERT INTO town VALUES ($1, ST_SetSRID(ST_MakePoint(120.7, 30.8), 4490))", name)
			require.NoError(t, err)
			var n int
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM town").Scan(&n))
			require.Equal(t, 1, n)
		})
	}
}

func TestExecKeepsOneSession(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	db.Exec(t, admin, "CREATE TEMP TABLE mine (name text)", "INSERT INTO mine VALUES ('洪合')", "INSERT INTO town SELECT name FROM mine")
	var n int
	require.NoError(t, connect(t, db.DSN(admin)).QueryRow(t.Context(), "SELECT count(*) FROM town").Scan(&n))
	require.Equal(t, 1, n)
}

func TestDatabaseIsDroppedAtTheEnd(t *testing.T) { //nolint:tparallel // the outer test looks at what the inner one left
	t.Parallel()
	name := ""
	t.Run("inner", func(t *testing.T) {
		db := server.Open(t)
		name = db.Name
		connect(t, db.DSN(admin)) // an open session is in nobody's way
	})
	conn := connect(t, server.Open(t).DSN(admin))
	var n int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n))
	require.Zero(t, n)
}

func TestKilledProcessLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	words := strings.Fields(lines.Text())
	require.Equal(t, "<nil>", words[2], lines.Text())
	dir := words[1]
	pid := postmaster(t, dir)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool { return !alive(pid) }, 30*time.Second, 10*time.Millisecond)

	guard, err := sweep(t.Context())
	require.NoError(t, err)
	require.NoError(t, guard.Close())
	require.NoDirExists(t, dir)
	require.DirExists(t, server.dirOf(t), "a living process's folder stays")
}

// dirOf is the server's folder, started if need be.
func (s *Server) dirOf(t *testing.T) string {
	t.Helper()
	s.Open(t)
	return s.dir
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "home", "pg", "postmaster.pid"))
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(string(text), &pid)
	require.NoError(t, err)
	require.True(t, alive(pid))
	return pid
}

// alive counts a zombie as dead: nobody may be there to reap it.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestDurableSurvivesAKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs initdb on disk: belongs to the full run")
	}
	c := Durable(t)
	conn := connect(t, c.ConnString(admin, admin))
	var fsync string
	require.NoError(t, conn.QueryRow(t.Context(), "SHOW fsync").Scan(&fsync))
	require.Equal(t, "on", fsync)
	_, err := conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(c.PID(), syscall.SIGKILL))
	<-c.Down()
	require.NoError(t, c.Restart(t.Context()))
	var n int
	require.NoError(t, connect(t, c.ConnString(admin, admin)).QueryRow(t.Context(), "SELECT n FROM kept").Scan(&n))
	require.Equal(t, 7, n)
}

func TestSeedIsMadeWhole(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "seed")
	require.NoError(t, makeSeed(t.Context(), seed))
	require.NoError(t, makeSeed(t.Context(), seed), "a second one finds it there")
	dir, err := makeFolder(os.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{
		DataDir: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), Seed: seed, DieWithParent: true,
	})
	require.NoError(t, err)
	require.NoError(t, c.Stop(t.Context()))
}
