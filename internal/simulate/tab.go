package simulate

import (
	"errors"
	"iter"
	"slices"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// tab is a page that is open. What it does is written straight on, as
// frontend/src/sync/outbox.ts is; where it waits for an answer it yields.
type tab struct {
	phone *phone
	yield func(request) bool
	next  func() (request, bool)
	stop  func()
	busy  bool
	again bool
	turn  int // answers to what an earlier turn asked are nobody's
	got   any
	err   error
}

// Why sending ends early.
var (
	errKilled  = errors.New("the tab is gone")
	errWaiting = errors.New("the server did not take it for now")
)

// wake begins to send; asked meanwhile, once more afterwards.
func (t *tab) wake() {
	if t.busy {
		t.again = true
		return
	}
	t.busy, t.again = true, false
	t.turn++
	t.next, t.stop = iter.Pull(func(yield func(request) bool) {
		t.yield = yield
		t.run()
	})
	t.resume()
}

// resume goes on to the next request, or to the end.
func (t *tab) resume() {
	ask, more := t.next()
	if !more {
		t.end()
		return
	}
	turn := t.turn
	t.phone.world.send(t.phone, ask, func(got any, err error) {
		if t.busy && t.turn == turn {
			t.got, t.err = got, err
			t.resume()
		}
	})
}

// kill ends the tab wherever it is.
func (t *tab) kill() {
	t.again = false
	if t.busy {
		t.stop()
		t.end()
	}
}

func (t *tab) end() {
	t.busy = false
	if t.phone.sending == t {
		t.phone.sending = nil
	}
	if t.again {
		t.wake()
	}
}

// ask is an answer of the server, errNoAnswer, or errKilled.
func (t *tab) ask(r request) (any, error) {
	if !t.yield(r) {
		return nil, errKilled
	}
	return t.got, t.err
}

// run sends what there is: acts first, in their order, then pictures; then it reads what is new.
func (t *tab) run() {
	if t.phone.locks && t.phone.sending != nil {
		return
	}
	t.phone.sending = t
	err := t.sendActs()
	if err == nil {
		err = t.sendFiles()
	}
	if !errors.Is(err, errKilled) {
		t.read()
	}
}

// sendActs sends acts; what was done later to a case waits for what was done before.
func (t *tab) sendActs() error {
	held := map[int64]bool{}
	for _, d := range slices.Clone(t.phone.deeds) {
		if d.answer != nil || d.undone || held[d.caseID] || !slices.Contains(t.phone.deeds, d) {
			continue
		}
		err := barrier(t.sendAct(d))
		if errors.Is(err, errWaiting) {
			held[d.caseID] = true
		} else if err != nil {
			return err
		}
	}
	if len(held) > 0 {
		return errWaiting
	}
	return nil
}

// barrier is what bars the way, where the same may get through later; nil: the server has decided.
func barrier(err error) error {
	f, judged := fault.As(err)
	switch {
	case err == nil, errors.Is(err, errNoAnswer), errors.Is(err, errKilled):
		return err
	case !judged:
		return errWaiting
	case f.Kind == fault.KindUnavailable:
		return errNoAnswer
	}
	return nil
}

func (t *tab) sendAct(d *deed) error {
	taken := t.phone.deed(d.undoes)
	if taken != nil && taken.answer != nil && taken.answer.Result == ledger.Refused {
		taken.undone = true // it was never entered: there is nothing to take back
		t.phone.drop(d)
		return nil
	}
	p, w := t.phone, t.phone.world
	got, err := t.ask(func() (any, error) {
		d.came++
		if d.came > 1 {
			w.report.Repeated++
		}
		op := d.op
		op.Told = &ledger.Told{At: op.Told.At, WaitedMS: p.now().Sub(op.Told.At).Milliseconds()}
		out, err := w.door.Apply(w.ctx, p.actor, op)
		if out.Refusal != nil {
			err = nil
		}
		return out, err
	})
	if err != nil {
		return err
	}
	out, _ := got.(ledger.Outcome)
	w.acknowledged(d, out)
	d.answer = &out
	if taken != nil && out.Result != ledger.Refused {
		taken.undone = true
	}
	return nil
}

func (t *tab) sendFiles() error {
	for _, d := range slices.Clone(t.phone.deeds) {
		for _, p := range d.left() {
			err := t.sendFile(p)
			if barred := barrier(err); barred != nil {
				return barred
			}
			if err != nil {
				p.refused = true
				t.phone.world.report.refused(err)
			}
		}
	}
	return nil
}

// partSize is how many bytes a phone sends at once.
const partSize = 700

// sendFile goes on from where the server is; only its word that this very hash is stored is a receipt.
func (t *tab) sendFile(p *picture) error {
	up, err := t.upload(p.hash)
	if err != nil {
		return err
	}
	bytes, here := t.phone.files[p.hash]
	if !here && !up.Complete {
		p.refused = true // the browser cleared it
		return nil
	}
	for !up.Complete {
		if up, err = t.sendPart(p.hash, bytes, up.Offset); err != nil {
			return err
		}
	}
	t.phone.world.receipted(p.hash)
	p.stored = true
	return nil
}

func (t *tab) upload(h photo.Hash) (photo.Upload, error) {
	w, actor := t.phone.world, t.phone.actor
	got, err := t.ask(func() (any, error) { return w.photos.Upload(w.ctx, actor, h) })
	up, _ := got.(photo.Upload)
	return up, err
}

func (t *tab) sendPart(h photo.Hash, bytes []byte, from int64) (photo.Upload, error) {
	w, actor := t.phone.world, t.phone.actor
	part := bytes[from:min(from+partSize, int64(len(bytes)))]
	n := len(part)
	if w.happens(cutUpload) {
		w.report.Cut++
		n = w.IntN(n + 1)
	}
	got, err := t.ask(func() (any, error) {
		return w.photos.Append(w.ctx, actor, h, photo.Part{Offset: from, Length: int64(len(bytes)), Body: &cut{bytes: part, left: n}, Stop: func() {}})
	})
	if f, judged := fault.As(err); judged && f.Code == "photo_offset" {
		return t.upload(h) // another tab sends the same file: from where it stands now
	}
	up, _ := got.(photo.Upload)
	return up, err
}

// read takes in what is new; an answer to an older question is of no use.
func (t *tab) read() {
	p := t.phone
	since := p.revision
	got, err := t.ask(func() (any, error) { return p.world.store.newsSince(since), nil })
	if n, _ := got.(news); err == nil && n.since == p.revision {
		p.take(n)
	}
}
