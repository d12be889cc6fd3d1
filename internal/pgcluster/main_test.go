package pgcluster

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// helperEnv turns this test binary into a process that starts a cluster and
// then waits to be killed.
const helperEnv = "GUATU_PGCLUSTER_HELPER"

// soon is the most that anything waited for here may take.
const soon = 30 * time.Second

func TestMain(m *testing.M) {
	if text := os.Getenv(helperEnv); text != "" {
		os.Exit(helper(text))
	}
	code := m.Run()
	if dir, err := seed(); err == nil {
		_ = os.RemoveAll(filepath.Dir(filepath.Dir(dir)))
	}
	os.Exit(code)
}

// errand is what a helper process is asked to do.
type errand struct {
	DataDir, Home, Base string
	Seed                string
	Durable, Bound      bool
}

func (e errand) options() Options {
	return Options{
		DataDir: e.DataDir, Home: e.Home, Seed: e.Seed, Durable: e.Durable, DieWithParent: e.Bound,
		AllowAnother: true, bases: testBases(e.Base),
	}
}

func helper(text string) int {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		fmt.Println("helper:", err)
		return 2
	}
	o := e.options()
	o.Progress = func(_, en string) { fmt.Println("step", en) }
	c, err := Start(context.Background(), o)
	if err != nil {
		fmt.Println("failed", err)
		return 1
	}
	fmt.Println("ready", c.PID())
	select {}
}

// asHelper starts a helper and returns it with its lines of output.
func asHelper(t *testing.T, e errand) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	text, err := json.Marshal(e)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+string(text))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

// awaitLine reads until a line with that beginning and returns its rest.
func awaitLine(t *testing.T, lines *bufio.Scanner, prefix string) string {
	t.Helper()
	for lines.Scan() {
		require.NotContains(t, lines.Text(), "failed")
		if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
			return rest
		}
	}
	require.Fail(t, "the helper ended early", "waiting for %q", prefix)
	return ""
}

// testBases puts root's clusters below base and keeps every registry out of the user's home.
func testBases(base string) *bases {
	if os.Geteuid() == 0 {
		return &bases{system: base, registry: base}
	}
	return &bases{registry: base}
}

// openDir is a folder that a system user may pass through, unlike t.TempDir's.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "guatu-test-") //nolint:usetesting // see above
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// seed runs initdb once per process; the tests copy its result.
var seed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("/var/tmp", "guatu-seed-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	c, err := Start(context.Background(), Options{DataDir: dir + "/data", Home: dir + "/home"})
	if err != nil {
		return "", err
	}
	return c.pgdata(), c.Stop(context.Background())
})

func seedFolder(t *testing.T) string {
	t.Helper()
	dir, err := seed()
	require.NoError(t, err)
	return dir
}

// setup describes a fresh data folder whose cluster is made from the seed.
func setup(t *testing.T) errand {
	t.Helper()
	dir := openDir(t)
	return errand{DataDir: filepath.Join(dir, "data"), Base: filepath.Join(dir, "base"), Seed: seedFolder(t)}
}

func start(t *testing.T, e errand) *Cluster {
	t.Helper()
	return startWith(t, e.options())
}

func startWith(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Stop(context.WithoutCancel(t.Context())) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	require.NoError(t, c.Stop(t.Context()))
}

// query runs one statement with psql as the superuser and returns what it prints.
func query(t *testing.T, c *Cluster, statement string) string {
	t.Helper()
	out, err := psql(t, c, statement).CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.TrimSpace(string(out))
}

func psql(t *testing.T, c *Cluster, statement string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.install.tool("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1",
		"-d", c.ConnString(superuser, "postgres"), "-c", statement)
	cmd.Env = childEnv()
	return cmd
}

// put commits one row; kept reports how many are there.
func put(t *testing.T, c *Cluster) {
	t.Helper()
	query(t, c, "CREATE TABLE IF NOT EXISTS proof (at timestamptz); INSERT INTO proof VALUES (now())")
}

func kept(t *testing.T, c *Cluster) string {
	t.Helper()
	return query(t, c, "SELECT count(*) FROM proof")
}

func gone(pid int) func() bool {
	return func() bool {
		_, ok := readProcess(pid)
		return !ok
	}
}

// bystander is a living process that has nothing to do with PostgreSQL.
func bystander(t *testing.T) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sleep", "600")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

func onlyRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can show this")
	}
}

// TestAsOrdinaryUser runs all other tests again as an unprivileged user.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	onlyRoot(t)
	if testing.Short() {
		t.Skip("the second round, as an ordinary user, belongs to the full run")
	}
	dir := openDir(t)
	home := filepath.Join(dir, "home")
	require.NoError(t, os.Mkdir(home, 0o700))
	nobody := account{uid: 65534, gid: 65534, switched: true}
	require.NoError(t, nobody.own(home))
	binary := filepath.Join(dir, "pgcluster.test")
	copyBinary(t, binary)

	cmd := exec.CommandContext(t.Context(), binary, "-test.v", "-test.timeout=5m", "-test.parallel=2")
	cmd.Dir = home
	cmd.Env = []string{"HOME=" + home, "PATH=/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Greater(t, strings.Count(string(out), "--- PASS"), 12, string(out))
	require.Contains(t, string(out), "--- PASS: TestGuatuKilled")
	require.Contains(t, string(out), "--- PASS: TestPostmasterKilled")
}

func copyBinary(t *testing.T, to string) {
	t.Helper()
	in, err := os.Open(os.Args[0])
	require.NoError(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}
