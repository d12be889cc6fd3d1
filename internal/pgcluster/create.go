package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// roomToCreate is the free space below which no cluster is begun, in bytes.
	roomToCreate = 200 << 20
	// roomToRun is the free space below which a failure is put down to the disk, in bytes.
	roomToRun = 48 << 20
	// halfMade begins the names of folders in which initdb is at work.
	halfMade = "pg.new-"
	// logLink in the data folder leads to the logs of a cluster that lives elsewhere.
	logLink = "postgres-log"
)

// majorIn reads the major version of an existing cluster, "" if there is none.
func majorIn(pgdata string) string {
	text, err := os.ReadFile(filepath.Join(pgdata, "PG_VERSION")) //nolint:gosec // a fixed name in our own cluster
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// create makes the cluster unless it exists: in a folder beside it that is
// renamed when complete, so that a crash leaves nothing that looks like one.
func (c *Cluster) create(ctx context.Context) error {
	if err := c.removeHalfMade(ctx); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(c.pgdata(), "PG_VERSION"))
	switch {
	case err == nil:
		return c.markMade()
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cluster: %w", err)
	case c.Made:
		return clusterLost(c.DataDir, c.home)
	}
	if free := freeSpace(c.home); free < roomToCreate && c.o.Durable {
		return diskFull(c.home, free)
	}
	c.o.tell("首次启动：正在创建数据库", "first start: creating the database cluster")
	dir := filepath.Join(c.home, halfMade+newID())
	if err := c.fill(ctx, dir); err != nil {
		return err
	}
	if err := os.Rename(dir, c.pgdata()); err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	if err := syncFolder(c.home); err != nil {
		return err
	}
	return c.markMade()
}

func (c *Cluster) markMade() error {
	if c.Made {
		return nil
	}
	c.Made = true
	return c.save()
}

// removeHalfMade clears away what a killed initdb left, ending its last child first.
func (c *Cluster) removeHalfMade(ctx context.Context) error {
	left, err := filepath.Glob(filepath.Join(globQuote(c.home), halfMade+"*"))
	for _, dir := range left {
		err = errors.Join(err, endAll(ctx, processesIn(dir, c.acc.uid), syscall.SIGKILL, quitLimit), os.RemoveAll(dir))
	}
	if err != nil {
		return fmt.Errorf("half-made cluster: %w", err)
	}
	return nil
}

func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// fill puts a new cluster into the folder, from the seed or by initdb.
func (c *Cluster) fill(ctx context.Context, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	if c.o.Seed != "" {
		return c.copySeed(dir)
	}
	if err := c.acc.own(dir); err != nil {
		return err
	}
	args := []string{
		"--pgdata", dir, "--username", superuser, "--auth", "peer", "--encoding", "UTF8",
		"--locale", "C.UTF-8", "--data-checksums", "--no-instructions",
	}
	if !c.o.Durable {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, c.install.tool("initdb"), args...) //nolint:gosec // the found initdb, no shell
	cmd.Env, cmd.Dir, cmd.SysProcAttr = childEnv(), "/", c.acc.attr()
	// initdb dies with this process; the signal hangs on the thread that starts it.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if free := freeSpace(c.home); free < roomToRun {
		return diskFull(c.home, free).Because(err)
	}
	return startFailed(c.home, lastLines(string(out)), err)
}

// copySeed copies a finished initdb result and gives it to the account.
func (c *Cluster) copySeed(dir string) error {
	err := filepath.WalkDir(c.o.Seed, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.TrimPrefix(path, c.o.Seed))
		switch {
		case path == c.o.Seed:
		case e.IsDir():
			err = os.Mkdir(to, 0o700)
		default:
			err = copyFile(path, to)
		}
		if err != nil {
			return err
		}
		return c.acc.own(to)
	})
	if err != nil {
		return fmt.Errorf("copy of the seed cluster: %w", err)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // inside the seed folder
	if err != nil {
		return err
	}
	defer in.Close()                                                      //nolint:errcheck // opened for reading
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // inside the new cluster
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// ensureFolder makes a folder or corrects the mode of an existing one.
func ensureFolder(dir string, mode os.FileMode, give func(string) error) error {
	if err := os.Mkdir(dir, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("cluster folder: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("cluster folder: %w", err)
	}
	if !st.IsDir() {
		return fmt.Errorf("cluster folder: %s: %w", dir, syscall.ENOTDIR)
	}
	if err := os.Chmod(dir, mode); err != nil {
		return fmt.Errorf("cluster folder: %w", err)
	}
	return give(dir)
}

// linkLogs lets the operator find the logs in the data folder.
func (c *Cluster) linkLogs() error {
	link := filepath.Join(c.DataDir, logLink)
	if _, err := os.Lstat(link); err == nil || within(c.DataDir, c.home) {
		return nil
	}
	if err := os.Symlink(c.logs(), link); err != nil {
		return fmt.Errorf("link to the logs: %w", err)
	}
	return nil
}

// freeSpace is what an ordinary user may still write there, in bytes.
func freeSpace(path string) uint64 {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return 1 << 62 // not known to be short
	}
	return st.Bavail * uint64(st.Bsize) //nolint:gosec // a block size is positive
}

// lastLines shortens a program's output to what fits a message.
func lastLines(text string) string {
	const most = 6
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], " | ")
}
