package child

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

// fake makes a Runner whose ogr2ogr is a shell script.
func fake(t *testing.T, script string) (*Runner, Job) {
	t.Helper()
	dir, err := os.MkdirTemp("", "guatu-child-test-") //nolint:usetesting // the folder of the test is closed to the child's user
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755)) // the child's user must find the script
	tool := filepath.Join(dir, "tool")
	require.NoError(t, os.WriteFile(tool, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	r, err := New(Config{Ogr2ogr: tool, WorkDir: dir, Memory: 512 << 20, Output: 8 << 20})
	require.NoError(t, err)
	folder, err := r.Folder()
	require.NoError(t, err)
	return r, Job{Dir: folder, Stdout: "out", Time: 3 * time.Second}
}

func output(t *testing.T, j Job) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(j.Dir, j.Stdout))
	require.NoError(t, err)
	return string(b)
}

func TestEveryBadEndBecomesASentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, code string }{
		"crash":            {"kill -SEGV $$", "reader_crashed"},
		"abort":            {"kill -ABRT $$", "reader_crashed"},
		"hang":             {"sleep 60", "reader_timeout"},
		"hang with a heir": {"sleep 60 & wait", "reader_timeout"},
		"spin":             {"while :; do :; done", "reader_timeout"},
		"deaf":             {"trap '' TERM INT HUP XCPU; while :; do sleep 1; done", "reader_timeout"},
		"flood":            {"yes", "reader_flood"},
		"flood of words":   {"yes >&2", "reader_timeout"},
		"hungry":           {"tail /dev/zero", "reader_memory"},
		"complaint":        {"echo 'ERROR 4: not recognized as a supported file format.' >&2; exit 1", "unreadable_file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, j := fake(t, c.script)
			if name == "hungry" {
				j.Time = 9 * time.Second
			}
			start := time.Now()
			_, err := r.Convert(context.Background(), j)
			require.True(t, fault.Is(err, c.code), "%v", err)
			require.Less(t, time.Since(start), 10*time.Second)
			info, err := os.Stat(filepath.Join(j.Dir, j.Stdout))
			require.NoError(t, err)
			require.LessOrEqual(t, info.Size(), int64(8<<20))
		})
	}
}

func TestHeirsDieWithTheChild(t *testing.T) {
	t.Parallel()
	r, j := fake(t, "sleep 300 & echo $!; wait")
	_, err := r.Convert(context.Background(), j)
	require.True(t, fault.Is(err, "reader_timeout"), "%v", err)
	pid, err := strconv.Atoi(strings.TrimSpace(output(t, j)))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return gone(pid) }, 5*time.Second, 20*time.Millisecond)
}

// gone tells whether a process has ended, reaped or not.
func gone(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(b), ") Z ")
}

func TestCancelEndsTheChild(t *testing.T) {
	t.Parallel()
	r, j := fake(t, "sleep 60")
	j.Time = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	start := time.Now()
	_, err := r.Convert(ctx, j)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestConfinement(t *testing.T) {
	t.Setenv("GUATU_SECRET_OF_THE_PARENT", "x")
	r, j := fake(t, "id -u; pwd; env; echo ---; cat /proc/self/limits; echo ---; cat /proc/net/dev; echo ---; cat /proc/self/stat")
	_, err := r.Convert(context.Background(), j)
	require.NoError(t, err)
	parts := strings.Split(output(t, j), "---\n")
	lines := strings.Split(parts[0], "\n")
	if os.Geteuid() == 0 {
		require.Equal(t, strconv.Itoa(childID), lines[0])
	}
	require.Equal(t, j.Dir, lines[1])
	require.NotContains(t, parts[0], "SECRET")
	require.Contains(t, parts[0], "PROJ_NETWORK=OFF")
	require.Contains(t, parts[0], "GDAL_SKIP=")
	require.Contains(t, parts[0], "WFS,")
	require.Regexp(t, `Max core file size +0 +0`, parts[1])
	require.Regexp(t, `Max address space +536870912`, parts[1])
	require.Regexp(t, `Max file size +8388608`, parts[1])
	shut, err := r.confinement(context.Background())
	require.NoError(t, err)
	if shut.network {
		require.Equal(t, 3, strings.Count(parts[2], "\n"), "only lo: %s", parts[2])
		return
	}
	t.Log("no network namespace on this machine: GDAL's drivers and settings alone keep the child off the network")
}

func TestTheRealToolsWorkConfined(t *testing.T) {
	t.Parallel()
	r, err := New(Config{Memory: 2 << 30, Output: 8 << 20})
	require.NoError(t, err)
	dir, err := r.Folder()
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	in := filepath.Join(dir, "in.csv")
	require.NoError(t, os.WriteFile(in, []byte("a,WKT\n1,\"POLYGON((0 0,1 0,1 1,0 0))\"\n"), 0o600))
	require.NoError(t, r.Hand(in))
	j := Job{Dir: dir, Stdout: "out", Time: 10 * time.Second, Drivers: []string{"CSV", "GeoJSON"}, Args: []string{"-f", "GeoJSON", "/vsistdout/", "in.csv"}}
	_, err = r.Convert(context.Background(), j)
	require.NoError(t, err)
	require.Contains(t, output(t, j), `"Polygon"`)
	// A driver that is not named cannot be reached, least of all one that fetches.
	for _, source := range []string{"/vsicurl/http://127.0.0.1:1/x.csv", "WFS:http://127.0.0.1:1/", "<OGRVRTDataSource></OGRVRTDataSource>"} {
		j.Args = []string{"-f", "GeoJSON", "/vsistdout/", source}
		_, err = r.Convert(context.Background(), j)
		require.True(t, fault.Is(err, "unreadable_file"), "%s: %v", source, err)
	}
}

func TestMissingToolsAreNamed(t *testing.T) {
	t.Parallel()
	_, err := New(Config{Prlimit: "/nonexistent/prlimit"})
	require.True(t, fault.Is(err, "gdal_missing"))
	require.Equal(t, fault.KindUnavailable, fault.KindOf(err))
	require.ErrorContains(t, err, "prlimit")
}

func TestWorkBaseAvoidsClosedFolders(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	if os.Geteuid() == 0 {
		require.Equal(t, os.TempDir(), workBase(filepath.Join(closed, "data")))
	} else {
		require.Equal(t, filepath.Join(closed, "data"), workBase(filepath.Join(closed, "data")))
	}
	require.Equal(t, os.TempDir(), workBase(""))
}
