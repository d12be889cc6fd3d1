// Package phototest makes photos for tests: real JPEG with what a camera writes
// into it.
package phototest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Shot is what a camera writes into a photo; zero values are left out.
type Shot struct {
	Seed          uint64 // photos of different seeds differ
	Width, Height int    // of the stored picture; 0: 40 × 30
	At            string // 2020:09:30 14:12:07
	Make, Model   string
	Lon, Lat      float64
	Orientation   uint16 // 1 to 8
	Trailer       string // hung behind the end, as some phones do
}

// JPEG is the photo: its left upper quarter is red, the rest is noise by the seed.
func (s Shot) JPEG() []byte {
	if s.Width == 0 {
		s.Width, s.Height = 40, 30
	}
	picture := image.NewRGBA(image.Rect(0, 0, s.Width, s.Height))
	random := rand.New(rand.NewPCG(s.Seed, 1)) //nolint:gosec // the same photo each time
	for y := range s.Height {
		for x := range s.Width {
			c := color.RGBA{0, uint8(random.UintN(256)), 200, 255} //nolint:gosec // below 256
			if x < s.Width/2 && y < s.Height/2 {
				c = color.RGBA{230, 20, 20, 255}
			}
			picture.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		panic(err) // a buffer takes everything
	}
	plain := b.Bytes()
	out := append([]byte{0xff, 0xd8}, s.app1()...)
	return append(append(out, plain[2:]...), s.Trailer...)
}

// app1 is the EXIF segment; empty when there is nothing to say.
func (s Shot) app1() []byte {
	tiff := s.tiff()
	if tiff == nil {
		return nil
	}
	content := append([]byte("Exif\x00\x00"), tiff...)
	head := []byte{0xff, 0xe1}
	return append(binary.BigEndian.AppendUint16(head, uint16(len(content)+2)), content...) //nolint:gosec // short
}

type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

func ascii(tag uint16, text string) field {
	return field{tag, 2, uint32(len(text) + 1), append([]byte(text), 0)} //nolint:gosec // short
}

func long(tag uint16, v uint32) field {
	return field{tag, 4, 1, binary.BigEndian.AppendUint32(nil, v)}
}

// degrees are three rationals: degrees, minutes, seconds.
func degrees(tag uint16, v float64) field {
	v = math.Abs(v)
	d := math.Floor(v)
	m := math.Floor((v - d) * 60)
	seconds := (v - d - m/60) * 3600
	var b []byte
	for _, r := range [][2]float64{{d, 1}, {m, 1}, {math.Round(seconds * 10000), 10000}} {
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, uint32(r[0])), uint32(r[1]))
	}
	return field{tag, 5, 3, b}
}

// tiff lays the fields out: IFD0, then the EXIF and GPS directories behind it.
func (s Shot) tiff() []byte {
	var main, shot, gps []field
	if s.Make != "" {
		main = append(main, ascii(0x010f, s.Make))
	}
	if s.Model != "" {
		main = append(main, ascii(0x0110, s.Model))
	}
	if s.Orientation != 0 {
		main = append(main, field{0x0112, 3, 1, binary.BigEndian.AppendUint16(nil, s.Orientation)})
	}
	if s.At != "" {
		shot = append(shot, ascii(0x9003, s.At))
	}
	if s.Lat != 0 || s.Lon != 0 {
		gps = append(gps, ascii(1, "N"), degrees(2, s.Lat), ascii(3, "E"), degrees(4, s.Lon))
	}
	if len(main)+len(shot)+len(gps) == 0 {
		return nil
	}
	const start = 8
	for range 2 { // once to learn where the directories lie, once for good
		end := start + len(directory(start, main))
		rebuilt := main[:0:0]
		for _, f := range main {
			if f.tag != 0x8769 && f.tag != 0x8825 {
				rebuilt = append(rebuilt, f)
			}
		}
		main = rebuilt
		if len(shot) > 0 {
			main = append(main, long(0x8769, uint32(end))) //nolint:gosec // short
			end += len(directory(end, shot))
		}
		if len(gps) > 0 {
			main = append(main, long(0x8825, uint32(end))) //nolint:gosec // short
		}
	}
	out := append([]byte("MM\x00\x2a\x00\x00\x00\x08"), directory(start, main)...)
	if len(shot) > 0 {
		out = append(out, directory(len(out), shot)...)
	}
	if len(gps) > 0 {
		out = append(out, directory(len(out), gps)...)
	}
	return out
}

// directory is an IFD that begins at an offset, its longer values behind it.
func directory(at int, fields []field) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(fields))) //nolint:gosec // a handful
	behind := at + 2 + 12*len(fields) + 4
	var values []byte
	for _, f := range fields {
		out = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(out, f.tag), f.kind)
		out = binary.BigEndian.AppendUint32(out, f.count)
		if len(f.value) <= 4 {
			out = append(out, append(f.value, make([]byte, 4-len(f.value))...)...)
			continue
		}
		out = binary.BigEndian.AppendUint32(out, uint32(behind+len(values))) //nolint:gosec // short
		values = append(values, f.value...)
	}
	return append(append(out, 0, 0, 0, 0), values...)
}
