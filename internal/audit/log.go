package audit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// Line is an entry as the store takes it.
type Line struct {
	Entry

	Text string // canonical JSON of the details
}

// Appender appends to the log.
type Appender interface {
	// AppendAccess appends entries in one transaction, durable when it returns. With a job it appends
	// only if the job was not yet done for the due time, and says whether it did.
	AppendAccess(ctx context.Context, at time.Time, lines []Line, job Job) (appended bool, err error)
}

// Job is something to be done once for a due time, however many servers there are. The zero Job is none.
type Job struct {
	Name string
	Due  time.Time
}

const (
	queueLength  = 4096
	mostAtOnce   = 512
	retryAfter   = 500 * time.Millisecond
	appendWithin = 10 * time.Second
)

// Log takes entries in. One goroutine appends them, all that wait in one
// transaction, so that nobody waits for the chain's lock but it.
//
// Record returns when the entry is durable: a sign-in, an export, a reading of
// personal data goes on only then. Settle does the same for what has happened
// already: the administration of accounts, the end of a session; if it fails,
// the entry waits like a noted one. Note returns at once: refusals, whose
// answer gives nothing away.
// If the database is away, noted entries wait for it; those left when the
// program stops go to a file that the next start reads. Only a crash can lose
// a noted entry, in the few milliseconds before it is written. What the
// database took without being able to say so is written twice rather than lost.
type Log struct {
	store Appender
	spool spool
	clock func() time.Time // real time
	log   *slog.Logger

	queue   chan waiting
	closing chan struct{}
	done    chan struct{}
	stop    context.CancelFunc

	mu     sync.RWMutex // held for reading by who puts something into the queue
	closed bool

	lateMu sync.Mutex
	late   []Line // noted while the log was being closed
	ended  error  // why entries could be stored nowhere; read after done
}

// waiting is an entry on its way; told hears how its first try went, nil for one that was only noted.
type waiting struct {
	line  Line
	told  chan error
	stays bool // until it is written
}

// Open starts the writer; what the last run left in the file at spoolPath ("": none) goes first.
func Open(ctx context.Context, store Appender, spoolPath string, clock func() time.Time, log *slog.Logger) (*Log, error) {
	l := &Log{
		store: store, spool: spool(spoolPath), clock: clock, log: log,
		queue: make(chan waiting, queueLength), closing: make(chan struct{}), done: make(chan struct{}),
	}
	left, err := l.spool.read()
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	go l.run(running, left)
	return l, nil
}

// Record logs an entry and returns when it is durable. An error means that it is
// not in the log: what it is about must not go on.
func (l *Log) Record(ctx context.Context, e Entry) error {
	w := waiting{line: l.line(ctx, e), told: make(chan error, 1)}
	if !l.put(ctx, w) {
		return errNotLogged(ctx.Err())
	}
	return w.heard(ctx)
}

func (w waiting) heard(ctx context.Context) error {
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
		return errNotLogged(ctx.Err())
	}
}

// Settle logs what has happened already and returns when the entry is durable.
// An error means that it is not yet: it waits for the database.
func (l *Log) Settle(ctx context.Context, e Entry) error {
	w := waiting{line: l.line(ctx, e), told: make(chan error, 1), stays: true}
	if !l.put(context.WithoutCancel(ctx), w) {
		l.keepLate(w.line)
		return errLoggedLater(nil)
	}
	if err := w.heard(ctx); err != nil {
		return errLoggedLater(err)
	}
	return nil
}

func errLoggedLater(cause error) error {
	return fault.New(fault.KindUnavailable, "logged_later", "操作已完成；访问日志暂时无法写入，恢复后自动补记",
		"this was done; the access log cannot be written at the moment and will be as soon as it can").Because(cause)
}

// Note logs an entry without waiting for it; only while the queue is full it waits for a place.
func (l *Log) Note(ctx context.Context, e Entry) {
	w := waiting{line: l.line(ctx, e)}
	if !l.put(context.WithoutCancel(ctx), w) {
		l.keepLate(w.line)
	}
}

// keepLate keeps what comes while the log is being closed.
func (l *Log) keepLate(line Line) {
	l.lateMu.Lock()
	defer l.lateMu.Unlock()
	l.late = append(l.late, line)
}

func (l *Log) line(ctx context.Context, e Entry) Line {
	e = e.from(OriginIn(ctx)).plain(l.clock())
	return Line{Entry: e, Text: e.text()}
}

// put gives the writer something; false if the log is closed or ctx ended first.
func (l *Log) put(ctx context.Context, w waiting) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return false
	}
	select {
	case l.queue <- w:
		return true
	case <-l.closing:
	case <-ctx.Done():
	}
	return false
}

func errNotLogged(cause error) error {
	return fault.New(fault.KindUnavailable, "not_logged", "暂时无法写入访问日志，此操作未完成，请稍后重试",
		"the access log cannot be written at the moment, so this was not completed; please try again").Because(cause)
}

// Close takes no more, writes what waits and ends. What the database does not take before ctx ends goes to the file.
func (l *Log) Close(ctx context.Context) error {
	close(l.closing)
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	close(l.queue)
	select {
	case <-l.done:
	case <-ctx.Done():
		l.stop()
		<-l.done
	}
	l.stop()
	return l.ended
}

// run appends until the queue is closed and empty.
func (l *Log) run(ctx context.Context, left []Line) {
	defer close(l.done)
	for open := true; open; {
		var batch []waiting
		batch, open = l.next(len(left))
		left = l.write(ctx, left, batch)
	}
	l.lateMu.Lock()
	left = l.write(ctx, append(left, l.late...), nil)
	l.lateMu.Unlock()
	if l.ended = l.spool.write(left); l.ended != nil {
		l.log.ErrorContext(ctx, "entries of the access log could be stored nowhere", slog.Int("entries", len(left)), slog.Any("error", l.ended))
	}
}

// next waits for entries and takes all that are there. With some to be tried
// again it waits no longer than a moment, and with too many it takes no more.
func (l *Log) next(left int) (batch []waiting, open bool) {
	var retry <-chan time.Time
	queue := l.queue
	if left > 0 {
		retry = time.After(retryAfter)
	}
	if left >= queueLength {
		queue = nil
	}
	select {
	case w, ok := <-queue:
		if !ok {
			return nil, false
		}
		batch = append(batch, w)
	case <-retry:
		return nil, true
	}
	for len(batch) < mostAtOnce {
		select {
		case w, ok := <-queue:
			if !ok {
				return batch, false
			}
			batch = append(batch, w)
		default:
			return batch, true
		}
	}
	return batch, true
}

// write appends what was left over and what is new, and gives what must be
// tried again. Who waits hears at once that it failed.
func (l *Log) write(ctx context.Context, left []Line, batch []waiting) []Line {
	lines := make([]Line, 0, len(left)+len(batch))
	lines = append(lines, left...)
	for _, w := range batch {
		lines = append(lines, w.line)
	}
	errs := l.append(ctx, lines)
	var again []Line
	for i, err := range errs {
		if i >= len(left) && batch[i-len(left)].answered(err) {
			continue
		}
		switch {
		case err == nil:
		case fault.KindOf(errors.Unwrap(err)) == fault.KindUnavailable || ctx.Err() != nil:
			again = append(again, lines[i])
		default: // it would stand in the way of all that follow
			l.log.ErrorContext(ctx, "the database refuses an entry of the access log", slog.Any("entry", lines[i]), slog.Any("error", err))
		}
	}
	if len(again) > 0 {
		l.log.WarnContext(ctx, "access log waits for the database", slog.Int("entries", len(again)), slog.Any("error", errs[0]))
	}
	return again
}

// answered tells who waits how it went, and says whether that is the end of it.
func (w waiting) answered(err error) bool {
	if w.told != nil {
		w.told <- err
	}
	return w.told != nil && !w.stays
}

// append appends lines together; if one of them is refused, each on its own. It gives an error for each.
func (l *Log) append(ctx context.Context, lines []Line) []error {
	errs := make([]error, len(lines))
	if len(lines) == 0 {
		return errs
	}
	within, cancel := context.WithTimeout(ctx, appendWithin)
	defer cancel()
	_, err := l.store.AppendAccess(within, l.clock(), lines, Job{})
	if err == nil {
		return errs
	}
	for i := range lines {
		if len(lines) > 1 && fault.KindOf(err) != fault.KindUnavailable {
			errs[i] = l.append(ctx, lines[i:i+1])[0]
			continue
		}
		errs[i] = errNotLogged(err)
	}
	return errs
}

// once appends an entry for a job; false: it was done for that time already.
func (l *Log) once(ctx context.Context, job Job, e Entry) (bool, error) {
	e.Actor = systemActor
	e = e.plain(l.clock())
	return l.store.AppendAccess(ctx, l.clock(), []Line{{e, e.text()}}, job)
}

// systemActor is the program itself (auth.System).
const systemActor = "system"
