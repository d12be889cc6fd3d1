package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// poll is how often a process or a file is looked at.
	poll = 15 * time.Millisecond
	// fastLimit is how long a fast shutdown may take before it is forced.
	fastLimit = 90 * time.Second
	// quitLimit is how long an immediate shutdown may take before SIGKILL.
	quitLimit = 10 * time.Second
	// slowStart is when the wait for a start is explained.
	slowStart = 5 * time.Second
)

// postmaster is one run of PostgreSQL, our child.
type postmaster struct {
	cmd *exec.Cmd
	// gone is closed when it has ended; err is set by then.
	gone chan struct{}
	err  error
}

func (p *postmaster) pid() int { return p.cmd.Process.Pid }

func (p *postmaster) ended() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// signal ignores that the process is gone already.
func (p *postmaster) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// kill ends a postmaster that did not get ready.
func (p *postmaster) kill() {
	p.signal(syscall.SIGQUIT)
	select {
	case <-p.gone:
	case <-time.After(quitLimit):
		p.signal(syscall.SIGKILL)
		<-p.gone
	}
}

// spawn starts the postmaster. Its words go to a file, not a pipe, so that it
// outlives this process in good order.
func (c *Cluster) spawn() (*postmaster, error) {
	log, err := os.OpenFile(c.startLog(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start log: %w", err)
	}
	defer log.Close() //nolint:errcheck // the child has its own handle
	//nolint:gosec,noctx // the found postgres, no shell; its life is not bound to a context: Stop ends it in order
	cmd := exec.Command(c.install.tool("postgres"), "-D", c.pgdata(), "--config-file="+c.etc()+"/postgresql.conf")
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = childEnv(), "/", log, log
	cmd.SysProcAttr = c.acc.attr()
	if c.o.DieWithParent {
		cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	}
	p := &postmaster{cmd: cmd, gone: make(chan struct{})}
	started := make(chan error)
	go p.run(c.o.DieWithParent, started)
	if err := <-started; err != nil {
		return nil, startFailed(c.startLog(), "", err)
	}
	return p, nil
}

// run starts the child and waits for it on one goroutine: the kernel sends the
// parent-death signal when the *thread* that started the child ends.
func (p *postmaster) run(pinned bool, started chan<- error) {
	if pinned {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.gone)
}

// waitReady returns when the postmaster says in its pid file that it accepts connections.
func (c *Cluster) waitReady(ctx context.Context, p *postmaster) error {
	slow := time.After(slowStart)
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return startFailed(c.startLog(), c.lastWords(), ctx.Err())
		case <-p.gone:
			if free := freeSpace(c.home); free < roomToRun {
				return diskFull(c.home, free).Because(p.err)
			}
			return startFailed(c.startLog(), c.lastWords(), p.err)
		case <-slow:
			c.o.tell("数据库正在从上次中断处恢复，请稍候", "the database is recovering from an interruption; please wait")
		case <-tick.C:
			if f, err := readPidFile(c.pgdata()); err == nil && f.pid == p.pid() && f.status == "ready" {
				return nil
			}
		}
	}
}

// lastWords are the end of the start log and of the newest of PostgreSQL's own logs.
func (c *Cluster) lastWords() string {
	var words []string
	for _, path := range []string{c.startLog(), c.newestLog()} {
		if text, err := os.ReadFile(path); err == nil { //nolint:gosec // logs of our own cluster
			words = append(words, lastLines(string(text)))
		}
	}
	return strings.Join(words, " | ")
}

func (c *Cluster) newestLog() string {
	entries, err := os.ReadDir(c.logs())
	if err != nil {
		return ""
	}
	newest, at := "", time.Time{}
	for _, e := range entries {
		if st, err := e.Info(); err == nil && st.ModTime().After(at) {
			newest, at = e.Name(), st.ModTime()
		}
	}
	return filepath.Join(c.logs(), newest)
}

// shutdown asks for a fast shutdown, forces it when it takes too long, and
// verifies that the cluster was left clean.
func (c *Cluster) shutdown(ctx context.Context, p *postmaster) error {
	ctx, cancel := context.WithTimeout(ctx, fastLimit)
	defer cancel()
	p.signal(syscall.SIGINT)
	select {
	case <-p.gone:
	case <-ctx.Done():
		p.kill()
		return notClean(ctx.Err())
	}
	_, err := readPidFile(c.pgdata())
	if p.err != nil || err == nil {
		return notClean(p.err)
	}
	c.o.Logger.InfoContext(ctx, "postgres stopped", slog.Int("pid", p.pid()))
	return nil
}

// clearRemains ends what an earlier run left in the cluster: a whole postmaster
// whose guatu was killed, or lone backends whose postmaster was. The caller
// holds the lock of the data folder, so nobody has a right to them.
func (c *Cluster) clearRemains(ctx context.Context) error {
	f, err := readPidFile(c.pgdata())
	switch {
	case errors.Is(err, os.ErrNotExist):
		return c.removeSocket()
	case err != nil:
		return fmt.Errorf("pid file: %w", err)
	}
	if p, ok := readProcess(f.pid); ok && p.isPostmaster(f, c.pgdata(), c.acc.uid) {
		c.o.tell(fmt.Sprintf("发现上次遗留的数据库进程 %d，正在关闭", f.pid),
			fmt.Sprintf("found the database process %d of an earlier run; shutting it down", f.pid))
		if err := endAll(ctx, []process{p}, syscall.SIGINT, fastLimit); err != nil {
			return err
		}
	}
	if err := c.endBackends(ctx); err != nil {
		return err
	}
	if err := c.removeSocket(); err != nil {
		return err
	}
	if _, err := readPidFile(c.pgdata()); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	c.o.Logger.InfoContext(ctx, "stale pid file", slog.Int("pid", f.pid))
	return disown(c.pgdata())
}

// removeSocket removes what a killed postmaster left in the socket folder, which
// no other cluster uses. PostgreSQL itself would keep out when the pid in the
// socket's lock file is alive again as another process.
func (c *Cluster) removeSocket() error {
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(c.sock, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("stale socket: %w", err)
		}
	}
	return nil
}

// endBackends ends processes that outlived their postmaster; PostgreSQL refuses to start beside them.
func (c *Cluster) endBackends(ctx context.Context) error {
	left := processesIn(c.pgdata(), c.acc.uid)
	if len(left) == 0 {
		return nil
	}
	c.o.Logger.InfoContext(ctx, "ending lone backends", slog.Int("count", len(left)))
	return endAll(ctx, left, syscall.SIGQUIT, quitLimit)
}

// endAll signals the processes, waits, and kills those that are left after the limit.
func endAll(ctx context.Context, all []process, s syscall.Signal, limit time.Duration) error {
	for _, step := range []struct {
		signal syscall.Signal
		limit  time.Duration
	}{{s, limit}, {syscall.SIGQUIT, quitLimit}, {syscall.SIGKILL, quitLimit}} {
		for _, p := range all {
			p.signal(step.signal)
		}
		if waitGone(ctx, all, step.limit) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("end of an earlier run: %w", err)
		}
	}
	return startFailed("/proc", fmt.Sprintf("process %d does not end", all[0].pid), nil)
}

// signal goes through a process handle, so that it cannot hit another process
// that got the pid meanwhile.
func (p process) signal(s syscall.Signal) {
	h, err := os.FindProcess(p.pid)
	if err != nil {
		return
	}
	defer h.Release() //nolint:errcheck // only gives the handle back
	if now, ok := readProcess(p.pid); ok && now.ticks == p.ticks {
		_ = h.Signal(s)
	}
}

func waitGone(ctx context.Context, all []process, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for _, p := range all {
		for {
			now, ok := readProcess(p.pid)
			if !ok || now.ticks != p.ticks {
				break
			}
			if !pause(ctx, poll) {
				return false
			}
		}
	}
	return true
}
