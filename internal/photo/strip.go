package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// stripped is a picture without what the camera wrote into it: position, time,
// device, its own small preview, and whatever was hung behind its end. The
// picture itself stays as it is, byte by byte. What cannot be taken apart is an error.
func stripped(media string, file []byte) ([]byte, error) {
	switch media {
	case JPEG:
		return strippedJPEG(file, exif(bytes.NewReader(file), media).orientation)
	case PNG:
		return strippedPNG(file)
	}
	return strippedWebP(file)
}

// Markers of JPEG.
const (
	soi, eoi, sos      = 0xd8, 0xd9, 0xda
	app0, app2, app14  = 0xe0, 0xe2, 0xee
	appFirst, appLast  = 0xe0, 0xef
	comment            = 0xfe
	rstFirst, rstLast  = 0xd0, 0xd7
	markerAndLength    = 4
	endOfJPEG          = "\xff\xd9"
	colourProfile      = "ICC_PROFILE\x00"
	orientationSegment = "\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00%c\x00\x00\x00\x00\x00\x00"
)

func strippedJPEG(file []byte, orientation int) ([]byte, error) {
	out := append(make([]byte, 0, len(file)), 0xff, soi)
	if orientation != 1 {
		out = fmt.Appendf(out, orientationSegment, orientation)
	}
	rest := file[2:]
	for {
		if len(rest) < markerAndLength || rest[0] != 0xff {
			return nil, fmt.Errorf("jpeg: no marker at byte %d", len(file)-len(rest))
		}
		marker := rest[1]
		if marker == 0xff { // filling
			rest = rest[1:]
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n < markerAndLength || n > len(rest) {
			return nil, fmt.Errorf("jpeg: a segment of %d bytes at byte %d", n, len(file)-len(rest))
		}
		if keptInJPEG(marker, rest[markerAndLength:n]) {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
		if marker != sos {
			continue
		}
		scan := scanLength(rest)
		out, rest = append(out, rest[:scan]...), rest[scan:]
		if len(rest) == 0 || bytes.HasPrefix(rest, []byte(endOfJPEG)) {
			return append(out, endOfJPEG...), nil
		}
	}
}

// keptInJPEG: what the picture is made of, its colours, and nothing that is told beside it.
func keptInJPEG(marker byte, content []byte) bool {
	switch marker {
	case app0, app14:
		return true
	case app2:
		return bytes.HasPrefix(content, []byte(colourProfile))
	}
	return marker != comment && (marker < appFirst || marker > appLast)
}

// scanLength is how far the coded picture goes: to the next marker that is none of its own.
func scanLength(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		if next := data[i+1]; data[i] == 0xff && next != 0 && next != 0xff && (next < rstFirst || next > rstLast) {
			return i
		}
	}
	return len(data)
}

func strippedPNG(file []byte) ([]byte, error) {
	const signature, around = 8, 12 // bytes of the file's head; of length, name and checksum of a chunk
	out := slices.Clone(file[:signature])
	for rest := file[signature:]; len(rest) >= around; {
		n := int64(binary.BigEndian.Uint32(rest)) + around
		if n > int64(len(rest)) {
			break
		}
		name := string(rest[4:8])
		if !slices.Contains([]string{"eXIf", "tEXt", "zTXt", "iTXt", "tIME"}, name) {
			out = append(out, rest[:n]...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[n:]
	}
	return nil, errors.New("png: it has no end")
}

func strippedWebP(file []byte) ([]byte, error) {
	const head, around = 12, 8 // bytes of RIFF, size and WEBP; of name and size of a chunk
	const exifFlag, xmpFlag = 0x08, 0x04
	out := slices.Clone(file[:head])
	for rest := file[head:]; len(rest) >= around; {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		n := around + size + size%2
		if n > int64(len(rest)) {
			return nil, fmt.Errorf("webp: a chunk of %d bytes", size)
		}
		chunk := slices.Clone(rest[:n])
		rest = rest[n:]
		switch string(chunk[:4]) {
		case "EXIF", "XMP ":
			continue
		case "VP8X":
			if size > 0 {
				chunk[around] &^= exifFlag | xmpFlag
			}
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
		default:
			continue
		}
		out = append(out, chunk...)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-around)) //nolint:gosec // shorter than the file
	return out, nil
}
