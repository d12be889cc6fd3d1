package pgcluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

// listen collects what the operator is told in English.
func listen(o Options) (with Options, said func() string) {
	var all []string
	o.Progress = func(_, en string) { all = append(all, en) }
	return o, func() string { return strings.Join(all, "\n") }
}

func TestOneFolderHasOneName(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	link := filepath.Join(filepath.Dir(e.DataDir), "other-name")
	require.NoError(t, os.Symlink(e.DataDir, link))
	e.DataDir = link
	require.Equal(t, "1", kept(t, start(t, e)))
}

func TestMovedFolderIsRecognised(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	moved := e.DataDir + "-moved"
	require.NoError(t, os.Rename(e.DataDir, moved))
	e.DataDir = moved
	o, said := listen(e.options())
	o.AllowAnother = false
	c = startWith(t, o)
	require.Equal(t, "1", kept(t, c))
	require.Contains(t, said(), "has moved from")
	stop(t, c)
	o, said = listen(e.options())
	startWith(t, o)
	require.NotContains(t, said(), "has moved from", "said once")
}

func TestCopiedFolder(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	original := e.DataDir
	e.DataDir += "-copy"
	require.NoError(t, exec.CommandContext(t.Context(), "cp", "-a", original, e.DataDir).Run())
	o, said := listen(e.options())
	other, err := Start(t.Context(), o)
	if c.acc.switched {
		require.True(t, fault.Is(err, CodeFolderCopied), "two folders, one cluster: %v", err)
		return
	}
	require.NoError(t, err, "the cluster was copied along")
	t.Cleanup(func() { _ = other.Stop(t.Context()) })
	require.Contains(t, said(), "whole copy")
	put(t, other)
	stop(t, other)
	e.DataDir = original
	require.Equal(t, "1", kept(t, start(t, e)))
}

func TestLostPointerIsFoundAgain(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	put(t, c)
	stop(t, c)
	require.NoError(t, os.Remove(filepath.Join(e.DataDir, pointerFile)))
	o, said := listen(e.options())
	c = startWith(t, o)
	require.Equal(t, "1", kept(t, c))
	require.Contains(t, said(), "found the database cluster of this data folder again")
	require.FileExists(t, filepath.Join(e.DataDir, pointerFile))
}

func TestLostClusterIsNotReplaced(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	stop(t, c)
	require.NoError(t, os.RemoveAll(c.pgdata()))
	_, err := Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeClusterLost), "%v", err)
	ownerOnly, err := os.ReadFile(filepath.Join(c.home, ownerFile))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(c.home))
	_, err = Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeClusterLost), "%v", err)
	require.NoDirExists(t, c.home)

	// What the fault advises for an empty database works, also beside the ruins.
	require.NoError(t, os.Mkdir(c.home, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(c.home, ownerFile), ownerOnly, 0o600))
	require.NoError(t, os.Remove(filepath.Join(e.DataDir, pointerFile)))
	put(t, start(t, e))
}

func TestPointerToAnotherCluster(t *testing.T) {
	t.Parallel()
	e := setup(t)
	c := start(t, e)
	stop(t, c)
	wrong := pointer{ID: newID(), Home: c.home}
	require.NoError(t, writeJSON(filepath.Join(e.DataDir, pointerFile), wrong))
	_, err := Start(t.Context(), e.options())
	require.True(t, fault.Is(err, CodeClusterOther), "%v", err)
}

func TestNoSecondClusterBySilence(t *testing.T) {
	t.Parallel()
	e := setup(t)
	stop(t, start(t, e))
	first, err := filepath.EvalSymlinks(e.DataDir)
	require.NoError(t, err)
	e.DataDir += "-elsewhere"
	o := e.options()
	o.AllowAnother = false
	_, err = Start(t.Context(), o)
	require.True(t, fault.Is(err, CodeAnotherExists), "%v", err)
	f, _ := fault.As(err)
	require.Contains(t, f.ZH, first)
	require.Contains(t, f.EN, first)
	require.NoDirExists(t, filepath.Join(e.DataDir, insideHome))

	require.NoError(t, os.RemoveAll(first))
	startWith(t, o) // a folder that is gone is in nobody's way
}

func TestDataFolderUnderRoot(t *testing.T) {
	t.Parallel()
	onlyRoot(t)
	dir, err := os.MkdirTemp("/root", "guatu-test-") //nolint:usetesting // the place is the point
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	o := Options{DataDir: filepath.Join(dir, "data"), AllowAnother: true, Seed: seedFolder(t), Durable: true}
	c := startWith(t, o)
	t.Cleanup(func() { _ = os.RemoveAll(c.Home()) })
	require.True(t, strings.HasPrefix(c.Home(), systemBase+"/"), c.Home())
	put(t, c)
	require.Equal(t, "1", kept(t, c))
	linked, err := os.ReadDir(filepath.Join(dir, "data", logLink))
	require.NoError(t, err)
	require.NotEmpty(t, linked)
	p, ok := readProcess(c.PID())
	require.True(t, ok)
	require.NotZero(t, p.uid)
	stop(t, c)
}

func TestFolderOfAnotherUser(t *testing.T) {
	t.Parallel()
	onlyRoot(t)
	e := setup(t)
	stop(t, start(t, e))
	binary := filepath.Join(filepath.Dir(e.DataDir), "pgcluster.test")
	copyBinary(t, binary)
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = []string{helperEnv + `={"DataDir":"` + e.DataDir + `"}`, "HOME=/nonexistent"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.Output()
	require.Error(t, err)
	require.Contains(t, string(out), CodeNotWritable)
}
