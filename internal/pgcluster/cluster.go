package pgcluster

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say which cluster to start and how.
type Options struct {
	// DataDir is the data folder, made if it is missing.
	DataDir string
	// Lock is held on DataDir already; nil: Start takes it and Stop gives it back.
	Lock *Lock
	// Logger takes what happens; nil discards it.
	Logger *slog.Logger
	// Progress hears of each step in Chinese and English; nil: the Logger does.
	Progress func(zh, en string)
	// Durable keeps every acknowledged commit through any crash. Only a test
	// that throws the cluster away may do without.
	Durable bool
	// AllowAnother permits a new cluster although this user has others in other
	// data folders: set it when the data folder was named on purpose.
	AllowAnother bool
	// Roles are further database roles that may connect, besides the program's own.
	Roles []string
	// Home puts the cluster into this folder instead of the usual place.
	Home string
	// Seed is a folder made by initdb of the same version, copied instead of
	// running initdb again.
	Seed string
	// DieWithParent ends the postmaster at once when this process dies, however.
	DieWithParent bool

	// bases replaces the usual folders in the tests of this package.
	bases *bases
}

func (o Options) tell(zh, en string) {
	if o.Progress == nil {
		o.Logger.Info("cluster", slog.String("step", en))
		return
	}
	o.Progress(zh, en)
}

// Cluster is a private PostgreSQL cluster under this process's care.
type Cluster struct {
	place

	o       Options
	lock    *Lock
	ownLock bool
	acc     account
	install Install
	sock    string

	// life is held while a postmaster is started or stopped, never while it runs.
	life sync.Mutex
	// mu guards what follows.
	mu      sync.Mutex
	current *postmaster
	stopped bool
}

// Start makes the cluster of the data folder if there is none, clears away what
// an earlier, killed run left, starts PostgreSQL and returns when it accepts
// connections. Crash recovery may take as long as ctx allows.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Cluster{o: o, lock: o.Lock}
	if c.lock == nil {
		lock, err := LockFolder(o.DataDir)
		if err != nil {
			return nil, err
		}
		c.lock, c.ownLock = lock, true
	}
	err := c.prepare(ctx)
	if err == nil {
		err = c.launch(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.unlock())
	}
	return c, nil
}

func (c *Cluster) unlock() error {
	if !c.ownLock {
		return nil
	}
	return c.lock.Release()
}

// prepare does everything that comes before the postmaster.
func (c *Cluster) prepare(ctx context.Context) error {
	var err error
	if c.place, err = c.o.locate(c.lock.Dir()); err != nil {
		return err
	}
	if c.acc, err = accountFor(ctx, c.pgdata()); err != nil {
		return err
	}
	if c.install, err = Find(ctx, majorIn(c.pgdata())); err != nil {
		return err
	}
	if err := c.folders(); err != nil {
		return err
	}
	if err := c.create(ctx); err != nil {
		return err
	}
	if c.sock, err = c.socketFolder(); err != nil {
		return err
	}
	if err := c.lock.announceSocket(c.sock); err != nil {
		return err
	}
	return c.configure()
}

// launch starts a postmaster after ending whatever is left of an earlier one.
func (c *Cluster) launch(ctx context.Context) error {
	if err := c.clearRemains(ctx); err != nil {
		return err
	}
	c.o.tell("正在启动数据库", "starting the database")
	p, err := c.spawn()
	if err != nil {
		return err
	}
	if err := c.waitReady(ctx, p); err != nil {
		p.kill()
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = p
	c.o.Logger.InfoContext(ctx, "postgres ready", slog.Int("pid", p.pid()), slog.String("version", c.install.Major), slog.String("home", c.home))
	return nil
}

// Stop shuts the cluster down: sessions are ended, data is flushed, and the end
// is verified. When ctx ends first the shutdown is forced, and a fault says so.
func (c *Cluster) Stop(ctx context.Context) error {
	c.life.Lock()
	defer c.life.Unlock()
	c.mu.Lock()
	p, done := c.current, c.stopped
	c.stopped = true
	c.mu.Unlock()
	if done {
		return nil
	}
	return errors.Join(c.shutdown(ctx, p), c.unlock())
}

// Remove removes a stopped cluster with all its data, and its registration. The
// data folder itself is the caller's to remove.
func (c *Cluster) Remove() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		return errors.New("remove the cluster: it has not been stopped")
	}
	b := basesOf(c.o.Home)
	if c.o.bases != nil {
		b = *c.o.bases
	}
	err := os.RemoveAll(c.home)
	if b.registry != "" {
		err = errors.Join(err, os.RemoveAll(filepath.Join(b.registry, c.ID)))
	}
	return err
}

// Restart starts PostgreSQL again after it died. It does nothing while it runs
// or after Stop.
func (c *Cluster) Restart(ctx context.Context) error {
	c.life.Lock()
	defer c.life.Unlock()
	c.mu.Lock()
	alive := !c.current.ended()
	stopped := c.stopped
	c.mu.Unlock()
	if alive || stopped {
		return nil
	}
	return c.launch(ctx)
}

// Down is closed when the postmaster that runs now has ended, by Stop or by itself.
func (c *Cluster) Down() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current.gone
}

// Keep restarts PostgreSQL whenever it dies, until ctx ends or Stop is called.
// told hears a fault for each death and each failed start, and nil for each recovery.
func (c *Cluster) Keep(ctx context.Context, told func(error)) {
	const first, most = 200 * time.Millisecond, 10 * time.Second
	for wait := first; ; {
		select {
		case <-ctx.Done():
			return
		case <-c.Down():
		}
		if c.isStopped() {
			return
		}
		told(died(c.exitError()))
		for err := c.Restart(ctx); err != nil; err = c.Restart(ctx) {
			told(err)
			if !pause(ctx, wait) {
				return
			}
			wait = min(2*wait, most)
		}
		wait = first
		told(nil)
	}
}

func (c *Cluster) isStopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopped
}

func (c *Cluster) exitError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current.err
}

// PID is the postmaster's process id.
func (c *Cluster) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current.pid()
}

// Home is the folder in which the cluster lives.
func (c *Cluster) Home() string { return c.home }

// Install is the PostgreSQL that runs the cluster.
func (c *Cluster) Install() Install { return c.install }

// folders makes the subfolders of the home. Only log and run belong to the
// account: what this process writes lies where the account cannot put a link.
func (c *Cluster) folders() error {
	mode := os.FileMode(0o700)
	if c.acc.switched {
		mode = 0o750
	}
	for _, dir := range []string{c.home, c.etc()} {
		if err := ensureFolder(dir, mode, c.acc.share); err != nil {
			return err
		}
	}
	if err := ensureFolder(c.logs(), 0o700, c.acc.own); err != nil {
		return err
	}
	return c.linkLogs()
}

// pause waits and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
