package simulate

import (
	"errors"
	"io"
	"time"
)

// errNoAnswer is what a phone sees where no answer came: it does not know whether the server did it.
var errNoAnswer = errors.New("no answer")

// Chances of the way between phone and server.
const (
	lostRequest = 0.04
	lostAnswer  = 0.05
	doubled     = 0.03
	cutUpload   = 0.15
	brokenWrite = 0.02 // of the database, half of them after the commit

	patience   = 20 * time.Second // how long a phone waits for an answer
	straggling = 20 * time.Minute // by when a doubled request is there at the latest
)

// request is what a phone asks of the server. It may be carried out more than once, and when nobody waits any more.
type request func() (any, error)

// send carries a request; answered is called once, with the answer or errNoAnswer.
func (w *world) send(p *phone, ask request, answered func(any, error)) {
	w.report.Requests++
	waiting := true
	answer := func(got any, err error) {
		if waiting {
			waiting = false
			answered(got, err)
		}
	}
	w.after(patience, func() { answer(nil, errNoAnswer) })
	if !p.online || w.happens(lostRequest) {
		w.report.LostRequests++
		return
	}
	if w.happens(doubled) {
		w.report.Doubled++
		w.after(w.between(0, straggling), func() { _, _ = w.serve(ask) }) // nobody waits for this answer
	}
	w.after(w.latency(), func() {
		got, err := w.serve(ask)
		if !p.online || w.happens(lostAnswer) {
			w.report.LostAnswers++
			return
		}
		w.after(w.latency(), func() { answer(got, err) })
	})
}

// serve is the server at work; while it is down there is no answer.
func (w *world) serve(ask request) (any, error) {
	if w.now.Before(w.downUntil) {
		return nil, errNoAnswer
	}
	got, err := ask()
	if errors.Is(err, errBroken) {
		w.report.Broken++
		return nil, errNoAnswer
	}
	return got, err
}

// latency is mostly short and sometimes longer than a phone waits.
func (w *world) latency() time.Duration {
	if w.calm {
		return 50 * time.Millisecond
	}
	if w.happens(0.05) {
		return w.between(time.Second, 2*patience)
	}
	return w.between(20*time.Millisecond, 800*time.Millisecond)
}

// cut is an upload that breaks off after some bytes.
type cut struct {
	bytes []byte
	left  int
}

func (c *cut) Read(into []byte) (int, error) {
	if len(c.bytes) == 0 {
		return 0, io.EOF
	}
	if c.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(into, c.bytes[:min(c.left, len(c.bytes))])
	c.bytes, c.left = c.bytes[n:], c.left-n
	return n, nil
}
