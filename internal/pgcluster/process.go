package pgcluster

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// userHz is the unit of start times in /proc/PID/stat, fixed by the kernel's interface.
	userHz = 100
	// clockSlack is how far the two ways to tell a start time may lie apart, in seconds.
	clockSlack = 5
	// noSuchPID is above the kernel's largest pid, so no process ever has it.
	noSuchPID = 4194305
)

// pidFile is what postmaster.pid says (PostgreSQL, miscadmin.h).
type pidFile struct {
	pid     int
	dataDir string
	// started is in Unix seconds.
	started int64
	status  string
}

func readPidFile(pgdata string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(pgdata, "postmaster.pid")) //nolint:gosec // a fixed name in our own cluster
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(text), "\n")
	for len(lines) < 8 {
		lines = append(lines, "")
	}
	f := pidFile{pid: number(strings.TrimSpace(lines[0])), dataDir: lines[1], status: strings.TrimSpace(lines[7])}
	f.started, _ = strconv.ParseInt(strings.TrimSpace(lines[2]), 10, 64) // a half-written file starts at 0 and matches nobody
	return f, nil
}

// disown writes a pid that cannot exist into a stale postmaster.pid. PostgreSQL
// then removes the file itself, after checking that no backend of the dead
// postmaster still uses the shared memory named in it; deleting the file here
// would skip that check.
func disown(pgdata string) error {
	path := filepath.Join(pgdata, "postmaster.pid")
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in our own cluster
	if err != nil {
		return fmt.Errorf("stale pid file: %w", err)
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC|unix.O_NOFOLLOW, 0) //nolint:gosec // as above
	if err != nil {
		return fmt.Errorf("stale pid file: %w", err)
	}
	_, err = f.Write(append(fmt.Appendf(nil, "%d\n", noSuchPID), rest...))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("stale pid file: %w", err)
	}
	return nil
}

// process is what /proc tells of a living process.
type process struct {
	pid int
	uid int
	// ticks since boot, at its start: with the pid it tells one process from all others.
	ticks int64
	// started is in Unix seconds, as exact as the clock was steady.
	started int64
	command string
	args    []string
}

// readProcess returns false for a process that is gone or a zombie.
func readProcess(pid int) (process, bool) {
	dir := "/proc/" + strconv.Itoa(pid)
	st, err := os.Stat(dir)
	if err != nil || pid <= 0 {
		return process{}, false
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	stat, err := os.ReadFile(filepath.Join(dir, "stat")) //nolint:gosec // /proc
	if err != nil || !ok {
		return process{}, false
	}
	name, fields := statFields(string(stat))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return process{}, false
	}
	args, _ := os.ReadFile(filepath.Join(dir, "cmdline")) //nolint:gosec // /proc; empty when the process ends meanwhile
	ticks := int64(number(fields[19]))
	return process{
		pid: pid, uid: int(sys.Uid), command: name,
		ticks: ticks, started: bootTime() + ticks/userHz,
		args: strings.Split(string(args), "\x00"),
	}, true
}

// statFields splits /proc/PID/stat into the name, which may hold anything, and
// the fields behind it, the state first.
func statFields(stat string) (name string, fields []string) {
	open, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return "", nil
	}
	return stat[open+1 : end], strings.Fields(stat[end+1:])
}

// bootTime is in Unix seconds, 0 if the kernel does not tell.
func bootTime() int64 {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "btime "); ok {
			return int64(number(strings.TrimSpace(rest)))
		}
	}
	return 0
}

// worksIn reports whether the process is PostgreSQL at work in that folder:
// every process of a cluster has it as working folder; where the kernel does
// not show that, the postmaster still names it with -D.
func (p process) worksIn(pgdata string) bool {
	if p.command != "postgres" {
		return false
	}
	cwd := "/proc/" + strconv.Itoa(p.pid) + "/cwd"
	if _, err := os.Stat(cwd); errors.Is(err, fs.ErrPermission) {
		i := slices.Index(p.args, "-D")
		return i >= 0 && i+1 < len(p.args) && p.args[i+1] == pgdata
	}
	return sameFolder(cwd, pgdata)
}

// isPostmaster reports whether the pid file speaks of that process.
func (p process) isPostmaster(f pidFile, pgdata string, uid int) bool {
	late := p.started - f.started
	return p.pid == f.pid && p.uid == uid && late >= -clockSlack && late <= clockSlack && p.worksIn(pgdata)
}

// processesIn lists the living PostgreSQL processes of the folder, of that user.
func processesIn(pgdata string, uid int) []process {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var all []process
	for _, e := range entries {
		p, ok := readProcess(number(e.Name()))
		if ok && p.uid == uid && p.worksIn(pgdata) {
			all = append(all, p)
		}
	}
	return all
}
