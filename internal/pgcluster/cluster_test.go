package pgcluster

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/guatu/guatu/internal/fault"
)

func TestStartServesAndKeeps(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Durable, e.Seed = true, ""
	c := start(t, e)

	for name, want := range map[string]string{
		"listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "jit": "off",
		"TimeZone": "Asia/Shanghai", "server_encoding": "UTF8", "data_checksums": "on", "logging_collector": "on",
	} {
		require.Equal(t, want, query(t, c, "SHOW "+name), name)
	}
	require.Equal(t, "C.UTF-8", query(t, c, "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"))
	query(t, c, "CREATE EXTENSION postgis")
	require.Equal(t, c.Install().PostGIS, query(t, c, "SELECT PostGIS_Lib_Version()"))
	put(t, c)
	pid := c.PID()
	stop(t, c)
	require.True(t, gone(pid)())
	require.NoFileExists(t, filepath.Join(c.pgdata(), "postmaster.pid"))
	logs, err := filepath.Glob(filepath.Join(c.logs(), "postgresql-*.log"))
	require.NoError(t, err)
	require.Len(t, logs, 1)

	again := start(t, e)
	require.Equal(t, c.Home(), again.Home())
	require.Equal(t, "1", kept(t, again))
}

func TestSecondStartIsRefused(t *testing.T) {
	t.Parallel()
	e := setup(t)
	lock, err := LockFolder(e.DataDir)
	require.NoError(t, err)
	require.NoError(t, lock.Announce("http://127.0.0.1:8080", "key"))

	_, err = Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeFolderInUse), "%v", err)
	f, _ := fault.As(err)
	for _, text := range []string{f.ZH, f.EN} {
		require.Contains(t, text, lock.Dir())
		require.Contains(t, text, "http://127.0.0.1:8080")
		require.Contains(t, text, itoa(os.Getpid()))
	}
	info, ok := Running(e.DataDir)
	require.True(t, ok)
	require.Equal(t, Info{PID: os.Getpid(), Address: "http://127.0.0.1:8080", Key: "key"}, info)

	require.NoError(t, lock.Announce("http://127.0.0.1:9", ""))
	info, ok = Running(e.DataDir)
	require.True(t, ok)
	require.Equal(t, "http://127.0.0.1:9", info.Address, "a shorter address leaves no rest of the longer one")

	require.NoError(t, lock.Release())
	_, ok = Running(e.DataDir)
	require.False(t, ok, "the file is still there, but nobody holds it")
}

func TestStartUnderAGivenLock(t *testing.T) {
	t.Parallel()
	e := setup(t)
	lock, err := LockFolder(e.DataDir)
	require.NoError(t, err)
	o := e.options()
	o.Lock = lock
	c := startWith(t, o)
	stop(t, c)
	_, held := Running(e.DataDir)
	require.True(t, held, "whoever took the lock gives it back")
	require.NoError(t, lock.Release())
}

func TestTwoFoldersSideBySide(t *testing.T) {
	t.Parallel()
	a, b := setup(t), setup(t)
	one, two := start(t, a), start(t, b)
	put(t, one)
	put(t, one)
	put(t, two)
	require.Equal(t, "2", kept(t, one))
	require.Equal(t, "1", kept(t, two))
}

func TestPostmasterHasItsOwnGroup(t *testing.T) {
	t.Parallel()
	c := start(t, setup(t))
	group, err := unix.Getpgid(c.PID())
	require.NoError(t, err)
	require.Equal(t, c.PID(), group, "Ctrl-C must not reach it")
}

func TestStopEndsSessions(t *testing.T) {
	t.Parallel()
	c := start(t, setup(t))
	busy := psql(t, c, "SELECT pg_sleep(600)")
	require.NoError(t, busy.Start())
	require.Eventually(t, func() bool {
		return query(t, c, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()") == "1"
	}, soon, poll)
	stop(t, c)
	require.Error(t, busy.Wait())
	stop(t, c) // a second time is nothing
}

func TestStopSaysWhenItWasForced(t *testing.T) {
	t.Parallel()
	c := start(t, setup(t))
	pid := c.PID()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := c.Stop(ctx)
	require.True(t, fault.Is(err, CodeNotClean), "%v", err)
	require.True(t, gone(pid)())
}

func TestOnlyTheOwnerAndRootGetIn(t *testing.T) {
	t.Parallel()
	onlyRoot(t)
	c := start(t, setup(t))
	cmd := psql(t, c, "SELECT 1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	require.Error(t, err, string(out))
	require.Contains(t, string(out), "Permission denied")

	// Even with the folder open, the ident map knows nobody else.
	require.NoError(t, os.Chmod(c.sock, 0o755))
	require.NoError(t, os.Chmod(c.home, 0o755))
	again := psql(t, c, "SELECT 1")
	again.SysProcAttr = cmd.SysProcAttr
	out, err = again.CombinedOutput()
	require.Error(t, err, string(out))
	require.Contains(t, string(out), "Peer authentication failed")
}

func TestFurtherRolesMayConnect(t *testing.T) {
	t.Parallel()
	o := setup(t).options()
	o.Roles = []string{"visitor"}
	c := startWith(t, o)
	query(t, c, "CREATE ROLE visitor LOGIN; CREATE ROLE stranger LOGIN")
	as := func(role string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), c.install.tool("psql"), "-XAtc", "SELECT current_user", "-d", c.ConnString(role, "postgres"))
		return cmd.CombinedOutput()
	}
	out, err := as("visitor")
	require.NoError(t, err)
	require.Equal(t, "visitor\n", string(out))
	out, err = as("stranger")
	require.Error(t, err)
	require.Contains(t, string(out), "Peer authentication failed")
}

func TestLongAndOddPaths(t *testing.T) {
	t.Parallel()
	e := setup(t)
	odd := filepath.Join(filepath.Dir(e.DataDir), "长 路径's \"q\", x\\y "+strings.Repeat("z", 120))
	e.DataDir, e.Home = filepath.Join(odd, "data"), filepath.Join(odd, "home")
	require.NoError(t, os.MkdirAll(odd, 0o755))
	c := start(t, e)
	put(t, c)
	require.LessOrEqual(t, len(filepath.Join(c.sock, socketName)), maxSocketPath)
	require.Equal(t, "1", kept(t, c))
	st, err := os.Stat(c.sock)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
	t.Cleanup(func() { _ = os.RemoveAll(c.sock) })
}

func TestSocketFolderSurvivesASquatter(t *testing.T) {
	t.Parallel()
	uid := os.Geteuid()
	c := &Cluster{place: place{owner: owner{ID: newID()}, home: "/" + strings.Repeat("x", 120)}, acc: account{uid: uid}}
	first := ""
	for _, dir := range c.shortFolders() {
		if strings.HasPrefix(dir, "/tmp/") {
			first = dir
			break
		}
	}
	require.NoError(t, os.Mkdir(first, 0o777))
	require.NoError(t, os.Chmod(first, 0o777))
	t.Cleanup(func() { _ = os.RemoveAll(first) })
	require.True(t, fault.Is(c.ownFolder(first), CodeSocketFolder), "open to everybody")

	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(t.TempDir(), link))
	require.True(t, fault.Is(c.ownFolder(link), CodeSocketFolder), "a link somebody laid")
	require.True(t, fault.Is(c.ownFolder("/usr"), CodeSocketFolder), "open to everybody, and not ours")

	got, err := c.socketFolder()
	require.NoError(t, err)
	require.NotEqual(t, first, got)
	require.NoError(t, os.RemoveAll(got))
}

func TestFindNamesTheAptLine(t *testing.T) {
	t.Parallel()
	_, err := findIn(t.Context(), "", filepath.Join(t.TempDir(), "*", "bin"))
	require.True(t, fault.Is(err, CodeNoBinaries))
	f, _ := fault.As(err)
	for _, text := range []string{f.ZH, f.EN} {
		require.Contains(t, text, "apt-get install -y postgresql-15 postgresql-15-postgis-3")
	}
}

func TestFindWithoutPostGIS(t *testing.T) {
	t.Parallel()
	bin := filepath.Join(openDir(t), "17", "bin")
	require.NoError(t, os.MkdirAll(bin, 0o755))
	for name, text := range map[string]string{
		"postgres": "echo 'postgres (PostgreSQL) 17.2'", "initdb": "true", "pg_config": "echo /nonexistent",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755))
	}
	_, err := findIn(t.Context(), "", bin)
	f, ok := fault.As(err)
	require.True(t, ok)
	require.Contains(t, f.EN, "postgresql-17-postgis-3")

	both, err := findIn(t.Context(), "", bin, "/usr/lib/postgresql/*/bin")
	require.NoError(t, err)
	require.NotEqual(t, "17", both.Major, "the newest that has PostGIS counts")
	require.NotEmpty(t, both.PostGIS)
}

func TestFindFollowsLinks(t *testing.T) {
	t.Parallel()
	plain, err := Find(t.Context(), "")
	require.NoError(t, err)
	dir := openDir(t)
	require.NoError(t, os.Symlink(plain.Bin, filepath.Join(dir, "bin")))
	linked, err := findIn(t.Context(), plain.Major, filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Equal(t, plain.PostGIS, linked.PostGIS)
}

func TestDownTellsOfTheEnd(t *testing.T) {
	t.Parallel()
	c := start(t, setup(t))
	select {
	case <-c.Down():
		require.Fail(t, "it runs")
	default:
	}
	require.NoError(t, c.Restart(t.Context()), "does nothing while it runs")
	down := c.Down()
	stop(t, c)
	select {
	case <-down:
	case <-time.After(soon):
		require.Fail(t, "not told")
	}
	require.NoError(t, c.Restart(t.Context()), "does nothing after Stop")
	require.True(t, c.current.ended())
}
