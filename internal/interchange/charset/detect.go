package charset

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/transform"
)

// Detector finds the first of some encodings that decodes everything it is shown.
type Detector struct {
	candidates []Charset
	failed     []bool
}

// NewDetector tries the hints in order, then strict UTF-8, then GB18030.
func NewDetector(hints ...Charset) *Detector {
	c := append(append([]Charset(nil), hints...), UTF8(), GB18030())
	return &Detector{candidates: c, failed: make([]bool, len(c))}
}

// Show tests one piece of text, whose end may be cut within a character.
func (d *Detector) Show(b []byte) { d.show(b, true) }

// ShowWhole tests one piece of text that is whole.
func (d *Detector) ShowWhole(b []byte) { d.show(b, false) }

func (d *Detector) show(b []byte, mayBeCut bool) {
	if ascii(b) {
		return
	}
	for i, c := range d.candidates {
		if d.failed[i] {
			continue
		}
		if _, cut, ok := c.Decode(b); !ok || cut && !mayBeCut {
			d.failed[i] = true
		}
	}
}

// Best is the first encoding that decoded everything; sure is false where none
// did, and then Best is the first candidate.
func (d *Detector) Best() (best Charset, sure bool) {
	for i, c := range d.candidates {
		if !d.failed[i] {
			return c, true
		}
	}
	return d.candidates[0], false
}

// Failed tells whether hint i did not decode everything.
func (d *Detector) Failed(i int) bool { return d.failed[i] }

// Mark finds a byte order mark at the beginning of a text and how long it is.
func Mark(b []byte) (Charset, int, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8(), 3, true
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return UTF16(false), 2, true
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return UTF16(true), 2, true
	}
	return Charset{}, 0, false
}

// Detect reads a text to its end and finds its encoding by mark, UTF-8, then
// GB18030; sure is false where neither decodes it. Memory does not grow with the text.
func Detect(r io.Reader) (c Charset, sure bool, err error) {
	buf := make([]byte, 64<<10)
	n, err := io.ReadFull(r, buf)
	if c, _, ok := Mark(buf[:n]); ok {
		return c, true, nil
	}
	d := NewDetector()
	for {
		end := err != nil
		cut := n
		if !end {
			cut = lastBreak(buf[:n])
		}
		d.Show(buf[:cut])
		if end {
			break
		}
		rest := copy(buf, buf[cut:n])
		n, err = io.ReadFull(r, buf[rest:])
		n += rest
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Charset{}, false, fmt.Errorf("read the text: %w", err)
	}
	c, sure = d.Best()
	return c, sure, nil
}

// lastBreak is behind the last byte that is a character by itself in UTF-8 and
// GB18030 alike: white space or a comma, none of which is a second byte.
func lastBreak(b []byte) int {
	if i := bytes.LastIndexAny(b, "\n\r\t ,\""); i >= 0 {
		return i + 1
	}
	return len(b)
}

// Reader gives the text of r in UTF-8, without its byte order mark.
func (c Charset) Reader(r io.Reader) io.Reader {
	if c.enc == nil {
		return &unmarked{r: r}
	}
	return &unmarked{r: transform.NewReader(r, c.enc.NewDecoder())}
}

// unmarked drops a byte order mark of UTF-8.
type unmarked struct {
	r    io.Reader
	past bool
	head []byte
}

// Read implements io.Reader.
func (u *unmarked) Read(p []byte) (int, error) {
	if !u.past {
		u.past = true
		head := make([]byte, 3)
		n, err := io.ReadFull(u.r, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err //nolint:wrapcheck // a reader passes its source's errors on as they are
		}
		u.head = bytes.TrimPrefix(head[:n], []byte{0xEF, 0xBB, 0xBF})
	}
	if len(u.head) > 0 {
		n := copy(p, u.head)
		u.head = u.head[n:]
		return n, nil
	}
	return u.r.Read(p) //nolint:wrapcheck // a reader passes its source's errors on as they are
}
