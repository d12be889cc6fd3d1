package flat

import "math/bits"

// Rice coding: a folded number is its quotient by 2^k in ones with a zero
// behind, then its k low bits. Quotients from escape on are so many ones, then the number itself.
const (
	escape   = 32
	rawBits  = 35 // the step between any two coordinates, folded
	mostRice = 30
)

// bitWriter fills each byte from its lowest bit.
type bitWriter struct {
	b    []byte
	held uint64
	n    uint // bits held, below 8 between calls
}

func (w *bitWriter) put(value uint64, n uint) {
	for n > 0 {
		take := min(n, 56-w.n)
		w.held |= (value & (1<<take - 1)) << w.n
		w.n += take
		value >>= take
		n -= take
		for w.n >= 8 {
			w.b = append(w.b, byte(w.held&0xff))
			w.held >>= 8
			w.n -= 8
		}
	}
}

func (w *bitWriter) rice(v uint64, k uint) {
	q := v >> k
	if q >= escape {
		w.put(1<<escape-1, escape)
		w.put(v, rawBits)
		return
	}
	w.put(1<<q-1, uint(q)+1)
	w.put(v, k)
}

func (w *bitWriter) end() []byte {
	if w.n > 0 {
		w.b = append(w.b, byte(w.held&0xff))
	}
	return w.b
}

// bestRice is the k that makes the numbers shortest.
func bestRice(numbers []uint64) uint {
	best, least := uint(0), ^uint64(0)
	for k := range uint(mostRice + 1) {
		sum := uint64(0)
		for _, v := range numbers {
			if q := v >> k; q >= escape {
				sum += escape + rawBits
			} else {
				sum += q + 1 + uint64(k)
			}
		}
		if sum < least {
			best, least = k, sum
		}
	}
	return best
}

// bitReader takes bits off a reader's bytes.
type bitReader struct {
	r    *reader
	held uint64
	n    uint
}

func (b *bitReader) fill(n uint) {
	for b.n < n && b.r.fault == nil {
		b.held |= uint64(b.r.byte()) << b.n
		b.n += 8
	}
}

func (b *bitReader) get(n uint) uint64 {
	b.fill(n)
	v := b.held & (1<<n - 1)
	b.held >>= n
	b.n -= min(n, b.n)
	return v
}

// rice reads a number; one written longer than it must be is refused.
func (b *bitReader) rice(k uint) uint64 {
	q := uint(0)
	for b.r.fault == nil {
		b.fill(1)
		ones := min(uint(bits.TrailingZeros64(^b.held)), b.n, escape-q)
		b.held >>= ones
		b.n -= ones
		q += ones
		if q == escape {
			v := b.get(rawBits)
			if v>>k < escape {
				b.r.fail("a number longer than it must be")
			}
			return v
		}
		if b.n > 0 {
			b.get(1)
			break
		}
	}
	return uint64(q)<<k | b.get(k)
}

// end leaves the last byte, whose other bits are 0.
func (b *bitReader) end() {
	if b.held != 0 || b.n >= 8 {
		b.r.fail("bits after the last number")
	}
}

func unfold(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }
