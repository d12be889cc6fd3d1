package pgcluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	// socketName is PostgreSQL's file name for port 5432.
	socketName = ".s.PGSQL.5432"
	// maxSocketPath is sun_path of unix(7) less its closing zero.
	maxSocketPath = 107
)

// socketFolder returns a folder for the socket that nobody but the account and
// root can enter: in the cluster's home, or where that path is too long, in the
// first short place that is safe.
func (c *Cluster) socketFolder() (string, error) {
	if dir := filepath.Join(c.home, "run"); fits(dir) {
		return dir, c.ownFolder(dir)
	}
	var last string
	for _, dir := range c.shortFolders() {
		if last = dir; !fits(dir) {
			continue
		}
		if err := c.ownFolder(dir); err == nil {
			return dir, nil
		}
	}
	return "", unsafeSocket(last)
}

func fits(dir string) bool {
	return len(filepath.Join(dir, socketName)) <= maxSocketPath
}

// shortFolders are tried in order. Anybody may make a folder in /tmp first and
// so block a name, but not be taken for us: ownFolder checks, and the next is tried.
func (c *Cluster) shortFolders() []string {
	name := "guatu-" + c.ID
	var dirs []string
	if run := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) && !c.acc.switched {
		dirs = append(dirs, filepath.Join(run, name))
	}
	if c.acc.switched {
		dirs = append(dirs, "/run/"+name)
	}
	for i := range 5 {
		dirs = append(dirs, fmt.Sprintf("/tmp/%s-%d", name, i))
	}
	return dirs
}

// ownFolder makes the folder, or accepts one that is a real folder of the
// account and closed to everybody else.
func (c *Cluster) ownFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return c.acc.own(dir)
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("socket folder: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("socket folder: %w", err)
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok || !st.IsDir() || int(sys.Uid) != c.acc.uid || st.Mode().Perm()&0o077 != 0 {
		return unsafeSocket(dir)
	}
	return nil
}

// ConnString is the keyword/value connection string of a role and a database
// over the Unix socket, for libpq and pgx alike.
func (c *Cluster) ConnString(role, database string) string {
	return connString(c.sock, role, database)
}

func connString(socket, role, database string) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", quote(socket), quote(role), quote(database))
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
