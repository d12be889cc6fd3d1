package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/guatu/guatu/internal/pgcluster"
)

// roomNeeded is the free space that makes a file system fit for test clusters, in bytes.
const roomNeeded = 1 << 30

// memory is where test clusters live: in RAM where there is room for them.
func memory() string {
	const shm = "/dev/shm"
	var st unix.Statfs_t
	if unix.Statfs(shm, &st) == nil && st.Bavail*uint64(st.Bsize) > roomNeeded && unix.Access(shm, unix.W_OK) == nil { //nolint:gosec // a block size is positive
		return shm
	}
	return os.TempDir()
}

// prefix begins the folder names of this user's test clusters.
func prefix() string { return fmt.Sprintf("guatu-dbtest-%d-", os.Geteuid()) }

// sweep removes the folders of test processes that were killed and returns the
// guard under which no other process of this user sweeps; closing it lets go.
func sweep(ctx context.Context) (*os.File, error) {
	guard, err := os.OpenFile(filepath.Join(memory(), prefix()+"guard"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("guard of the test clusters: %w", err)
	}
	if err := unix.Flock(int(guard.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("guard of the test clusters: %w", err), guard.Close())
	}
	left, err := filepath.Glob(filepath.Join(memory(), prefix()+"*", "data"))
	for _, data := range left {
		if _, busy := pgcluster.Running(data); !busy && ctx.Err() == nil {
			err = errors.Join(err, os.RemoveAll(filepath.Dir(data)))
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("old test clusters: %w", err), guard.Close())
	}
	return guard, nil
}

// claimFolder makes a folder for a cluster and locks it.
func claimFolder() (string, *pgcluster.Lock, error) {
	dir, err := makeFolder(memory())
	if err != nil {
		return "", nil, err
	}
	lock, err := pgcluster.LockFolder(filepath.Join(dir, "data"))
	if err != nil {
		return "", nil, fmt.Errorf("test cluster: %w", err)
	}
	return dir, lock, nil
}

// makeFolder makes a folder that PostgreSQL's system user may pass through.
func makeFolder(base string) (string, error) {
	dir, err := os.MkdirTemp(base, prefix())
	if err != nil {
		return "", fmt.Errorf("test cluster: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // passing through is all it allows
		return "", fmt.Errorf("test cluster: %w", err)
	}
	return dir, nil
}

// seedFolder returns the result of an initdb, kept in the user's cache from run
// to run, or "" where nothing can be kept: then each process runs initdb itself.
func seedFolder(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil //nolint:nilerr // no cache only costs time
	}
	install, err := pgcluster.Find(ctx, "")
	if err != nil {
		return "", fmt.Errorf("test cluster: %w", err)
	}
	seed := filepath.Join(cache, "guatu", fmt.Sprintf("initdb-%s-%s", install.Major, install.PostGIS))
	if _, err := os.Stat(filepath.Join(seed, "PG_VERSION")); err == nil {
		return seed, nil
	}
	if err := os.MkdirAll(filepath.Dir(seed), 0o700); err != nil {
		return "", nil //nolint:nilerr // a home that cannot be written only costs time
	}
	if err := makeSeed(ctx, seed); err != nil {
		return "", err
	}
	return seed, nil
}

// makeSeed runs initdb in a temporary cluster and puts the result in place as a
// whole. Another process that was quicker is no error.
func makeSeed(ctx context.Context, seed string) error {
	dir, err := makeFolder(os.TempDir())
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a left-over in the temporary folder
	c, err := pgcluster.Start(ctx, pgcluster.Options{
		DataDir: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), DieWithParent: true,
	})
	if err != nil {
		return fmt.Errorf("seed cluster: %w", err)
	}
	if err := c.Stop(ctx); err != nil {
		return fmt.Errorf("seed cluster: %w", err)
	}
	part, err := os.MkdirTemp(filepath.Dir(seed), "part-")
	if err != nil {
		return fmt.Errorf("seed cluster: %w", err)
	}
	defer os.RemoveAll(part) //nolint:errcheck // gone when the rename succeeded
	if err := os.CopyFS(part, os.DirFS(filepath.Join(dir, "home", "pg"))); err != nil {
		return fmt.Errorf("seed cluster: %w", err)
	}
	if err := os.Rename(part, seed); err != nil && !errors.Is(err, unix.ENOTEMPTY) && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("seed cluster: %w", err)
	}
	return nil
}
