package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the system user whom the postmaster runs as.
type account struct {
	name     string
	uid, gid int
	// switched says that it is another user than the one this process runs as.
	switched bool
}

// accountFor returns the owner of an existing cluster; for a new one this
// process's user or, because PostgreSQL refuses root, a system user.
func accountFor(ctx context.Context, pgdata string) (account, error) {
	st, err := os.Stat(pgdata)
	switch {
	case err == nil:
		return ownerOf(pgdata, st)
	case errors.Is(err, fs.ErrPermission):
		return account{}, foreignOwner(pgdata, "root").Because(err)
	case !errors.Is(err, fs.ErrNotExist):
		return account{}, fmt.Errorf("cluster: %w", err)
	case os.Geteuid() == 0:
		return serviceAccount(ctx)
	}
	return lookup(strconv.Itoa(os.Geteuid()))
}

func ownerOf(pgdata string, st os.FileInfo) (account, error) {
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, fmt.Errorf("cluster: no owner known for %s", pgdata)
	}
	a, err := lookup(strconv.FormatUint(uint64(sys.Uid), 10))
	if err != nil {
		return account{}, err
	}
	if a.switched && os.Geteuid() != 0 {
		return account{}, foreignOwner(pgdata, a.name)
	}
	return a, nil
}

func lookup(uid string) (account, error) {
	u, err := user.LookupId(uid)
	if err != nil {
		return account{}, noAccount(err)
	}
	return toAccount(u)
}

func toAccount(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, noAccount(err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, noAccount(err)
	}
	return account{name: u.Username, uid: uid, gid: gid, switched: uid != os.Geteuid()}, nil
}

// serviceAccount is guatu's own system user if there is one, else Debian's
// postgres, else guatu, newly made.
func serviceAccount(ctx context.Context) (account, error) {
	for _, name := range []string{"guatu", "postgres"} {
		if u, err := user.Lookup(name); err == nil && u.Uid != "0" {
			return toAccount(u)
		}
	}
	cmd := exec.CommandContext(ctx, "/usr/sbin/useradd", "--system", "--no-create-home",
		"--home-dir", systemBase, "--shell", "/usr/sbin/nologin", "guatu")
	if out, err := cmd.CombinedOutput(); err != nil {
		return account{}, noAccount(fmt.Errorf("useradd: %w: %s", err, out))
	}
	u, err := user.Lookup("guatu")
	if err != nil {
		return account{}, noAccount(err)
	}
	return toAccount(u)
}

// own gives a path to the account, when that is somebody else.
func (a account) own(path string) error {
	if !a.switched {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("give %s to %s: %w", path, a.name, err)
	}
	return nil
}

// share lets the account read a path that stays root's own.
func (a account) share(path string) error {
	if !a.switched {
		return nil
	}
	if err := os.Lchown(path, os.Geteuid(), a.gid); err != nil {
		return fmt.Errorf("share %s with %s: %w", path, a.name, err)
	}
	return nil
}

// attr starts a child as the account in a session of its own, so that Ctrl-C
// and the closing of a terminal reach guatu and not PostgreSQL.
func (a account) attr() *syscall.SysProcAttr {
	at := &syscall.SysProcAttr{Setsid: true}
	if a.switched {
		at.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} //nolint:gosec // both come from the system's user table
	}
	return at
}
