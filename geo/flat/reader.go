package flat

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// reader takes numbers off bytes. After the first fault it gives zeros, so
// that callers look at the fault once.
type reader struct {
	b     []byte
	at    int
	fault *Error
}

func (r *reader) fail(reason string) {
	if r.fault == nil {
		r.fault = &Error{Offset: r.at, Reason: reason}
		r.at = len(r.b)
	}
}

func (r *reader) left() int { return len(r.b) - r.at }

func (r *reader) byte() byte {
	if r.left() < 1 {
		r.fail("ends here")
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

// uint reads in the shortest form only: one file, one meaning.
func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.b[r.at:])
	if size <= 0 || size > 1 && r.b[r.at+size-1] == 0 {
		r.fail("no number")
		return 0
	}
	r.at += size
	return n
}

func (r *reader) int() int64 {
	n := r.uint()
	x := int64(n >> 1)
	if n&1 != 0 {
		return ^x
	}
	return x
}

// natural is a number that counts from 0 in 63 bits.
func (r *reader) natural() int64 {
	n := r.uint()
	if n > math.MaxInt64 {
		r.fail("too large a number")
		return 0
	}
	return int64(n)
}

// count is how many of something follow that takes at least so many bytes each.
func (r *reader) count(bytes int) int {
	n := r.uint()
	if n > uint64(r.left()/bytes) { //nolint:gosec // not below 0
		r.fail("more than the bytes could hold")
		return 0
	}
	return int(n) //nolint:gosec // not above the bytes
}

func (r *reader) take(n int) []byte {
	if n > r.left() {
		r.fail("ends here")
		return nil
	}
	r.at += n
	return r.b[r.at-n : r.at]
}

func (r *reader) text() string {
	text := string(r.take(r.count(1)))
	if !utf8.ValidString(text) {
		r.fail("not UTF-8")
	}
	return text
}

// textAfter is a text that may begin as the one before it.
func (r *reader) textAfter(before string) string {
	shared := int(r.byte())
	if shared > len(before) {
		r.fail("shares more than there is")
		return ""
	}
	text := before[:shared] + string(r.take(r.count(1)))
	if !utf8.ValidString(text) {
		r.fail("not UTF-8")
	}
	return text
}

// step is the vertex after another.
func (r *reader) step(from [2]int64) [2]int64 { return r.inside(from, [2]int64{r.int(), r.int()}) }

// inside is the vertex a step from another, which must be a place.
func (r *reader) inside(from, step [2]int64) [2]int64 {
	for i, n := range step {
		if n < -2*farthest || n > 2*farthest || from[i]+n < -farthest || from[i]+n > farthest {
			r.fail("a coordinate out of range")
			return from
		}
	}
	return [2]int64{from[0] + step[0], from[1] + step[1]}
}

// ids reads n rising ids.
func (r *reader) ids(n int) []int64 {
	ids := make([]int64, 0, n)
	for i := range n {
		if i == 0 {
			ids = append(ids, r.int())
			continue
		}
		step, last := r.natural(), ids[i-1]
		if step == 0 || last > math.MaxInt64-step {
			r.fail("ids do not rise")
			return ids
		}
		ids = append(ids, last+step)
	}
	return ids
}
