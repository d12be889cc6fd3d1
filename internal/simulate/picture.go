package simulate

import (
	"bytes"
	"image"
	"image/jpeg"
)

// picture is a small JPEG that differs from every other, of 1 to 4 parts.
func (w *world) picture() []byte {
	if w.jpeg == nil {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
			panic(err) // a buffer takes everything
		}
		w.jpeg = b.Bytes()
	}
	made := bytes.Clone(w.jpeg)
	for range 16 + w.IntN(3*partSize) {
		made = append(made, byte(w.UintN(256))) //nolint:gosec // below 256
	}
	return made
}
