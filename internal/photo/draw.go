package photo

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"

	"github.com/guatu/guatu/internal/fault"
)

// Size is one of the smaller pictures.
type Size struct {
	name string
	edge int // of the longer side, pixels
}

// Thumb is for lists, Large for looking at.
var (
	Thumb = Size{"thumb", 320}  //nolint:gochecknoglobals // a constant
	Large = Size{"large", 1600} //nolint:gochecknoglobals // a constant
)

const quality = 82

// smaller is the path of a smaller picture of a stored file; it is made when it
// is first asked for and holds nothing but the picture: no position, no device.
func (s *Store) smaller(ctx context.Context, f File, size Size) (string, error) {
	name := f.Hash.String()
	path := filepath.Join(s.Folder, "smaller", name[:2], name+"."+size.name+".jpg")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	release, err := s.takeTurn(ctx, path, func() {})
	if err != nil {
		return "", err
	}
	defer release()
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	picture, err := s.drawn(f, size)
	if err != nil {
		return "", err
	}
	return path, writePicture(path, picture)
}

// drawn decodes a file, scales it down and turns it as the camera said.
func (s *Store) drawn(f File, size Size) (image.Image, error) {
	in, err := os.Open(s.path(f.Hash))
	if err != nil {
		return nil, gone(err)
	}
	defer in.Close() //nolint:errcheck // read only
	picture, _, err := image.Decode(in)
	if err != nil {
		return nil, unreadable(err)
	}
	b := picture.Bounds()
	factor := min(1, float64(size.edge)/float64(max(b.Dx(), b.Dy())))
	scaled := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*factor)), max(1, int(float64(b.Dy())*factor))))
	draw.Draw(scaled, scaled.Bounds(), image.White, image.Point{}, draw.Src) // behind what is transparent
	draw.BiLinear.Scale(scaled, scaled.Bounds(), picture, b, draw.Over, nil)
	return turn8(scaled, exif(in, f.Media).orientation), nil
}

// turn8 turns a picture as EXIF's orientation says.
func turn8(in *image.RGBA, orientation int) image.Image {
	if orientation == 1 {
		return in
	}
	w, h := in.Bounds().Dx(), in.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= turned {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := place8(x, y, w, h, orientation)
			out.SetRGBA(tx, ty, in.RGBAAt(x, y))
		}
	}
	return out
}

// place8 is where a pixel goes.
func place8(x, y, w, h, orientation int) (tx, ty int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// writePicture writes whole or not at all; it can be made again, so it need not be durable.
func writePicture(path string, picture image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return err
	}
	err = errors.Join(jpeg.Encode(out, picture, &jpeg.Options{Quality: quality}), out.Close())
	if err == nil {
		err = os.Rename(out.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("make a smaller picture: %w", errors.Join(err, os.Remove(out.Name())))
	}
	return nil
}

func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.KindNotFound, "photo_file_missing", "照片文件缺失，已列入核对", "the file of this photo is missing; it is listed").Because(err)
	}
	return err
}
