package pgcluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockFile lies in the data folder. Its flock says that a guatu is at work
// there, its content which one; the content alone means nothing.
const lockFile = "guatu.lock"

// Info says who works on a data folder.
type Info struct {
	PID int `json:"pid"`
	// Address is the base URL of the running server, empty before it listens.
	Address string `json:"address"`
	// Key is what a tool of this machine shows the running server: who can read
	// this file owns the data. Empty before it listens.
	Key string `json:"key,omitempty"`
	// Socket is the folder of the cluster's Unix socket, empty before it runs.
	Socket string `json:"socket,omitempty"`
}

// ConnString is the connection string of a role and a database of the running
// cluster, for tools that work beside the server.
func (i Info) ConnString(role, database string) string { return connString(i.Socket, role, database) }

// Lock is the sole right to work on a data folder, until Release or the end of
// the process, however it ends.
type Lock struct {
	dir  string
	file *os.File
	info Info
}

// LockFolder takes the data folder, making it if it is missing. A folder that
// another process holds is a fault naming that process and its address.
func LockFolder(dataDir string) (*Lock, error) {
	dir, err := resolve(dataDir)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600) //nolint:gosec // a fixed name in the folder the operator chose
	if errors.Is(err, fs.ErrPermission) {
		return nil, notWritable(dir).Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	if err := takeLock(f, dir); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	l := &Lock{dir: dir, file: f, info: Info{PID: os.Getpid()}}
	if err := l.Announce("", ""); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// takeLock tries for a moment, because Running holds a shared lock while it looks.
func takeLock(f *os.File, dir string) error {
	const tries, pause = 10, 20 * time.Millisecond
	var err error
	for range tries {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == nil {
			return nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return fmt.Errorf("lock %s: %w", dir, err)
		}
		time.Sleep(pause)
	}
	return folderInUse(dir, readInfo(f)).Because(err)
}

// Dir is the data folder, absolute and with links resolved.
func (l *Lock) Dir() string { return l.dir }

// Announce writes the base URL at which the running server is reached, and the key by which it knows the tools of this machine.
func (l *Lock) Announce(address, key string) error {
	l.info.Address, l.info.Key = address, key
	return l.write()
}

// announceSocket writes where the cluster is reached.
func (l *Lock) announceSocket(dir string) error {
	l.info.Socket = dir
	return l.write()
}

func (l *Lock) write() error {
	text, err := json.Marshal(l.info)
	if err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	if _, err := l.file.WriteAt(append(text, '\n'), 0); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	if err := l.file.Truncate(int64(len(text) + 1)); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	return nil
}

// Release gives the folder back. The file stays: removing it would let two
// processes hold locks on two files of one name.
func (l *Lock) Release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("release lock: %w", err)
	}
	return nil
}

// Running tells which process works on the data folder, false if none does.
func Running(dataDir string) (Info, bool) {
	f, err := os.OpenFile(filepath.Join(dataDir, lockFile), os.O_RDONLY|unix.O_NOFOLLOW, 0) //nolint:gosec // a fixed name in the folder the operator chose
	if err != nil {
		return Info{}, false
	}
	defer f.Close() //nolint:errcheck // opened for reading; closing gives the shared lock back
	err = unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if !errors.Is(err, unix.EWOULDBLOCK) {
		return Info{}, false
	}
	return readInfo(f), true
}

func readInfo(f *os.File) Info {
	var i Info
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err != nil {
		return i
	}
	// Half-written content reads as "unknown holder"; the lock itself decides.
	_ = json.Unmarshal(text, &i)
	return i
}

// resolve makes the folder if needed and returns it absolute, links resolved,
// so that one folder has one name however it is spelled.
func resolve(dir string) (string, error) {
	err := os.MkdirAll(dir, 0o700)
	if errors.Is(err, fs.ErrPermission) {
		return "", notWritable(dir).Because(err)
	}
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	dir, err = filepath.EvalSymlinks(abs)
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	return dir, nil
}
