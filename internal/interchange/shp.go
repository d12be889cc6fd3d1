package interchange

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A .shp is a header of 100 bytes and records; lengths count 16-bit words,
// big end first (ESRI Shapefile Technical Description, 1998).
const (
	shpMagic  = 9994
	shpHeader = 100
)

// checkShapes makes sure that the .shp is whole, writes a new .shx where the
// given one is missing or does not fit, and gives the type of each shape. A
// file cut in the middle is refused: GDAL would read the half.
func checkShapes(files map[string]string) (kinds []uint32, notes []Finding, err error) {
	index, err := indexOf(files[".shp"])
	if err != nil {
		return nil, nil, err
	}
	if given, ok := files[".shx"]; ok {
		kinds, fits, err := fitting(given, index)
		if err != nil || fits {
			return kinds, nil, err
		}
		if err := os.Remove(given); err != nil {
			return nil, nil, err //nolint:wrapcheck // an *fs.PathError says which file
		}
		notes = append(notes, Finding{Code: "shx_rebuilt", Text: Text{".shx 与 .shp 不符，已按 .shp 重建", "The .shx does not fit the .shp and was rebuilt from it."}})
	} else {
		notes = append(notes, Finding{Code: "shx_rebuilt", Text: Text{"压缩包缺少 .shx 文件，已按 .shp 重建", "The archive lacks the .shx file; it was rebuilt from the .shp."}})
	}
	files[".shx"] = files[".shp"][:len(files[".shp"])-len(".shp")] + ".shx"
	for _, r := range index.at {
		kinds = append(kinds, index.known[r])
	}
	return kinds, notes, index.write(files[".shx"])
}

// shapeIndex is where the records of a .shp are.
type shapeIndex struct {
	header [shpHeader]byte
	at     []shapeRecord
	known  map[shapeRecord]uint32 // the type of the shape, 0 for none
}

// shapeRecord is an entry of a .shx: offset and length of the content in words.
type shapeRecord struct{ offset, length uint32 }

// indexOf walks over the records of a .shp.
func indexOf(path string) (*shapeIndex, error) {
	f, err := os.Open(path) //nolint:gosec // a name of our own
	if err != nil {
		return nil, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		return nil, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	x := &shapeIndex{known: map[shapeRecord]uint32{}}
	if _, err := io.ReadFull(f, x.header[:]); err != nil || binary.BigEndian.Uint32(x.header[:]) != shpMagic {
		return nil, invalid("shp_damaged", ".shp 文件不是 shapefile 或已损坏，请重新导出",
			"The .shp is no shapefile or is damaged; export it again.")
	}
	stated := int64(binary.BigEndian.Uint32(x.header[24:])) * 2
	switch {
	case stated > info.Size():
		return nil, cutShapes()
	case stated < shpHeader: // a careless writer never filled it in
		stated = info.Size()
	}
	err = x.walk(bufio.NewReaderSize(f, 256<<10), stated)
	return x, err
}

// walk reads the header of each record and steps over its content.
func (x *shapeIndex) walk(r *bufio.Reader, end int64) error {
	var h [8]byte
	var kind [4]byte
	for pos := int64(shpHeader); pos+8 <= end; {
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return cutShapes()
		}
		length := binary.BigEndian.Uint32(h[4:])
		rec := shapeRecord{uint32(pos / 2), length}
		if pos += 8 + int64(length)*2; pos > end || length < 2 {
			return cutShapes()
		}
		if _, err := io.ReadFull(r, kind[:]); err != nil {
			return cutShapes()
		}
		if _, err := r.Discard(int(length)*2 - len(kind)); err != nil {
			return cutShapes()
		}
		x.at = append(x.at, rec)
		x.known[rec] = binary.LittleEndian.Uint32(kind[:])
	}
	return nil
}

// fitting tells whether every entry of the given .shx is a record of the .shp, and gives their types.
func fitting(path string, x *shapeIndex) (kinds []uint32, fits bool, err error) {
	f, err := os.Open(path) //nolint:gosec // a name of our own
	if err != nil {
		return nil, false, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	r := bufio.NewReader(f)
	if _, err := r.Discard(shpHeader); err != nil {
		return nil, false, nil // too short to be an index: it does not fit
	}
	var e [8]byte
	for {
		_, err := io.ReadFull(r, e[:])
		if errors.Is(err, io.EOF) {
			return kinds, len(kinds) > 0 || len(x.at) == 0, nil
		}
		kind, known := x.known[shapeRecord{binary.BigEndian.Uint32(e[:]), binary.BigEndian.Uint32(e[4:])}]
		if err != nil || !known {
			return nil, false, nil // an index that is cut or wrong does not fit
		}
		kinds = append(kinds, kind)
	}
}

// write makes a .shx.
func (x *shapeIndex) write(path string) error {
	b := append([]byte(nil), x.header[:]...)
	binary.BigEndian.PutUint32(b[24:], uint32(shpHeader/2+4*len(x.at))) //nolint:gosec // files are limited to 2 GiB
	for _, r := range x.at {
		b = binary.BigEndian.AppendUint32(b, r.offset)
		b = binary.BigEndian.AppendUint32(b, r.length)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("rebuild the .shx: %w", err)
	}
	return nil
}

func cutShapes() error {
	return invalid("shp_cut", ".shp 文件不完整，在中途结束，因此没有导入；请重新导出 shapefile",
		"The .shp ends in the middle, so nothing is imported; export the shapefile again.")
}
