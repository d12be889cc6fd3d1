package layer

import (
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// Coding is a content coding of HTTP (RFC 9110, 8.4.1).
type Coding string

// Codings an answer comes in.
const (
	Identity Coding = ""
	Gzip     Coding = "gzip"
	Zstd     Coding = "zstd"
)

// Tag is the ETag of something in a coding: other bytes, another tag.
func (c Coding) Tag(name string) string {
	switch c {
	case Gzip:
		return `"` + name + `-gz"`
	case Zstd:
		return `"` + name + `-zst"`
	case Identity:
	}
	return `"` + name + `"`
}

// zstdWindow is far below the 8 MB that every client must grant (RFC 9659).
const zstdWindow = 1 << 20

// piece is a packed part of an answer, which stands on its own: it is joined
// with others without being packed again.
type piece struct {
	bytes []byte
	size  int    // bytes unpacked
	crc   uint32 // gzip: of the unpacked bytes
	shift uint32 // gzip: what the bytes' length does to the CRC of what is before them
}

// press packs pieces; many may use it at once.
type press struct {
	deflaters sync.Pool
	zstd      *zstd.Encoder
}

func newPress() (*press, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithWindowSize(zstdWindow))
	return &press{zstd: z}, err
}

func (p *press) pack(coding Coding, plain []byte) piece {
	switch coding {
	case Gzip:
		return piece{bytes: p.deflate(plain), size: len(plain), crc: crc32.ChecksumIEEE(plain), shift: crcShift(len(plain))}
	case Zstd:
		return piece{bytes: p.zstd.EncodeAll(plain, nil), size: len(plain)}
	case Identity:
	}
	return piece{bytes: plain, size: len(plain)}
}

// deflate packs into blocks of which none is the last. They end on a byte and
// look back at nothing before them, so that others may stand on either side.
func (p *press) deflate(plain []byte) []byte {
	var b sink
	w, _ := p.deflaters.Get().(*flate.Writer)
	if w == nil {
		w, _ = flate.NewWriter(&b, flate.BestSpeed) // the level is a constant that exists
	}
	w.Reset(&b)
	_, _ = w.Write(plain) // a sink does not fail
	_ = w.Flush()
	p.deflaters.Put(w)
	return b
}

// packed keeps a piece in each coding, packed when first asked for.
type packed [2]struct {
	once  sync.Once
	piece piece
}

func (k *packed) piece(p *press, coding Coding, plain func() []byte) piece {
	slot := &k[0]
	switch coding {
	case Identity:
		return p.pack(coding, plain())
	case Zstd:
		slot = &k[1]
	case Gzip:
	}
	slot.once.Do(func() { slot.piece = p.pack(coding, plain()) })
	return slot.piece
}

// Kept is something else than a layer that is encoded once and sent often.
type Kept struct {
	press  *press
	plain  []byte
	packed packed
}

// Keep makes bytes ready to be sent often.
func (m *Model) Keep(plain []byte) *Kept { return &Kept{press: m.press, plain: plain} }

// In is what is kept, in a coding.
func (k *Kept) In(coding Coding) Answer {
	p := k.packed.piece(k.press, coding, func() []byte { return k.plain })
	return newAnswer(coding, join(coding, []piece{p}))
}

// sink is memory that is written to; it never fails.
type sink []byte

func (s *sink) Write(b []byte) (int, error) {
	*s = append(*s, b...)
	return len(b), nil
}

// join makes one body of pieces. Frames of zstd may follow each other (RFC
// 8878, 3.1), in every browser and curl. Members of gzip may too (RFC 1952, 2.2), but
// Chromium and curl stop after the first: so it is one member made of all blocks.
func join(coding Coding, pieces []piece) [][]byte {
	parts := make([][]byte, 0, len(pieces)+2)
	if coding == Gzip {
		parts = append(parts, gzipHeader())
	}
	for _, p := range pieces {
		parts = append(parts, p.bytes)
	}
	if coding == Gzip {
		parts = append(parts, gzipTrailer(pieces))
	}
	return parts
}

// gzipHeader is that of a member without name and time (RFC 1952, 2.3).
func gzipHeader() []byte { return []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255} }

// gzipTrailer is an empty last block, and checksum and length of the whole.
func gzipTrailer(pieces []piece) []byte {
	var crc, size uint32
	for _, p := range pieces {
		crc = crcTimes(p.shift, crc) ^ p.crc
		size += uint32(p.size) //nolint:gosec // the format counts modulo 2^32
	}
	b := binary.LittleEndian.AppendUint32([]byte{3, 0}, crc)
	return binary.LittleEndian.AppendUint32(b, size)
}

// crcTimes multiplies polynomials modulo that of CRC-32, lowest power in the
// highest bit, as zlib's crc32_combine does.
func crcTimes(a, b uint32) uint32 {
	var product uint32
	for ; a != 0; a <<= 1 {
		if a&(1<<31) != 0 {
			product ^= b
		}
		odd := b & 1
		b = b>>1 ^ crc32.IEEE*odd
	}
	return product
}

// crcShift is x to the power of the bits of n bytes.
func crcShift(n int) uint32 {
	power, square := uint32(1)<<31, uint32(1)<<(31-8) // 1, and x^8
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			power = crcTimes(square, power)
		}
		square = crcTimes(square, square)
	}
	return power
}
