package pgcluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/guatu/guatu/internal/fault"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestGuatuKilled(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Durable = true
	cmd, lines := asHelper(t, e)
	orphan := number(awaitLine(t, lines, "ready "))
	info, ok := Running(e.DataDir)
	require.True(t, ok)
	require.Equal(t, cmd.Process.Pid, info.PID)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.False(t, gone(orphan)(), "the postmaster outlives a killed guatu")

	var steps []string
	o := e.options()
	o.Progress = func(zh, en string) { steps = append(steps, zh, en) }
	c := startWith(t, o)
	require.True(t, gone(orphan)())
	require.NotEqual(t, orphan, c.PID())
	require.Contains(t, fmt.Sprint(steps), fmt.Sprintf("database process %d of an earlier run", orphan))
	put(t, c)
	require.Equal(t, "1", kept(t, c))
}

func TestPostmasterDiesWithABoundParent(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Bound = true
	cmd, lines := asHelper(t, e)
	pid := number(awaitLine(t, lines, "ready "))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, gone(pid), soon, poll)
}

func TestPostmasterKilled(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Durable = true
	c := start(t, e)
	put(t, c)
	// A backend that computes does not notice the death of its postmaster by itself.
	busy := psql(t, c, "SELECT count(*) FROM generate_series(1, 100000000000)")
	require.NoError(t, busy.Start())
	require.Eventually(t, func() bool {
		return query(t, c, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1%' AND pid <> pg_backend_pid()") != "0"
	}, soon, poll)

	heard := make(chan error, 8)
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		c.Keep(ctx, func(err error) { heard <- err })
	}()
	before := c.PID()
	require.NoError(t, syscall.Kill(before, syscall.SIGKILL))
	require.True(t, fault.Is(<-heard, CodeDied))
	require.NoError(t, <-heard)
	require.NotEqual(t, before, c.PID())
	require.Equal(t, "1", kept(t, c))
	require.Error(t, busy.Wait())
	cancel()
	<-ended
	stop(t, c)
}

func TestKeepEndsWithStop(t *testing.T) {
	t.Parallel()
	c := start(t, setup(t))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Keep(t.Context(), func(err error) { t.Errorf("told of %v", err) })
	}()
	stop(t, c)
	<-ended
}

func TestEverythingKilledAtOnce(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Durable = true
	cmd, lines := asHelper(t, e)
	pid := number(awaitLine(t, lines, "ready "))
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	c := start(t, e) // stale pid file, stale socket and its lock file, shared memory
	put(t, c)
	require.Equal(t, "1", kept(t, c))
}

// stalePid leaves a pid file as a crash would, naming another process.
func stalePid(t *testing.T, c *Cluster, pid int) {
	t.Helper()
	path := filepath.Join(c.pgdata(), "postmaster.pid")
	text := fmt.Sprintf("%d\n%s\n%d\n5432\n%s\n\n  1234567         3\nready   \n", pid, c.pgdata(), time.Now().Unix(), c.sock)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, c.acc.own(path))
	lock := filepath.Join(c.sock, socketName+".lock")
	require.NoError(t, os.WriteFile(lock, []byte(text), 0o600))
	require.NoError(t, c.acc.own(lock))
}

func TestStalePidOfAnotherProgram(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	other := bystander(t)
	stalePid(t, c, other)
	again := start(t, e)
	require.Equal(t, "1", kept(t, again))
	require.False(t, gone(other)(), "a bystander is left alone")
}

func TestStalePidOfAnotherCluster(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	other := start(t, setup(t))
	stalePid(t, c, other.PID())
	again := start(t, e)
	require.Equal(t, "1", kept(t, again))
	require.False(t, gone(other.PID())(), "another cluster's postmaster is left alone")
	put(t, other)
}

func TestStalePidOfNobodyOrGarbage(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	stop(t, c)
	stalePid(t, c, noSuchPID-1)
	stop(t, start(t, e))
	path := filepath.Join(c.pgdata(), "postmaster.pid")
	for _, text := range []string{"", "\x00\x00\x00", "nonsense"} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, c.acc.own(path))
		stop(t, start(t, e))
	}
}

func TestHalfMadeClusterIsMadeAgain(t *testing.T) {
	t.Parallel()
	e := setup(t)
	e.Seed = ""
	cmd, lines := asHelper(t, e)
	awaitLine(t, lines, "step first start")
	home := e.home()
	require.Eventually(t, func() bool {
		found, _ := filepath.Glob(filepath.Join(home(), halfMade+"*", "base"))
		return len(found) > 0
	}, soon, time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()

	c := start(t, e)
	left, err := filepath.Glob(filepath.Join(c.home, halfMade+"*"))
	require.NoError(t, err)
	require.Empty(t, left)
	put(t, c)
	require.Equal(t, "1", kept(t, c))
}

// home returns where the cluster of the errand is, once the pointer is written.
func (e errand) home() func() string {
	return func() string {
		ptr, err := readJSON[pointer](filepath.Join(e.DataDir, pointerFile))
		if err != nil {
			return "/nonexistent"
		}
		if filepath.IsAbs(ptr.Home) {
			return ptr.Home
		}
		return filepath.Join(e.DataDir, ptr.Home)
	}
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	onlyRoot(t)
	dir := openDir(t)
	if err := unix.Mount("guatu", dir, "tmpfs", 0, "size=260m,mode=755"); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	e := setup(t)
	e.Durable, e.Seed, e.Base = true, "", filepath.Join(dir, "base")
	filler := filepath.Join(dir, "filler")

	fill(t, filler, 100<<20)
	_, err := Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeDiskFull), "too little for a cluster: %v", err)

	require.NoError(t, os.Remove(filler))
	c := start(t, e)
	put(t, c)
	stop(t, c)
	fill(t, filler, 1<<30)
	_, err = Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeDiskFull), "no byte left: %v", err)

	require.NoError(t, os.Remove(filler))
	require.Equal(t, "1", kept(t, start(t, e)))
}

// fill writes a file of that size or until the disk is full.
func fill(t *testing.T, path string, size int) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	block := make([]byte, 1<<20)
	for range size / len(block) {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}
