package photo

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/photo/phototest"
)

const manyPixels = 50_000_000

// fromPhone is a photo as a phone takes it, in a yard of 洪合.
func fromPhone() phototest.Shot {
	return phototest.Shot{At: "2020:09:30 14:12:07", Make: "HUAWEI", Model: "ELS-AN00\x00\x01", Lon: 120.612345, Lat: 30.671234, Orientation: 6}
}

func TestWhatACameraWroteIsRead(t *testing.T) {
	t.Parallel()
	f, err := look(bytes.NewReader(fromPhone().JPEG()), manyPixels)
	require.NoError(t, err)
	assert.Equal(t, JPEG, f.Media)
	assert.Equal(t, [2]int{30, 40}, [2]int{f.Width, f.Height}, "as it is shown: it lies on its side")
	assert.True(t, f.Told)
	assert.Equal(t, time.Date(2020, 9, 30, 6, 12, 7, 0, time.UTC), f.TakenAt.UTC(), "a camera here shows China's time")
	assert.Equal(t, "HUAWEI ELS-AN00", f.Device)
	require.NotNil(t, f.Place)
	assert.InDelta(t, 120.612345, f.Place.Lon, 1e-6)
	assert.InDelta(t, 30.671234, f.Place.Lat, 1e-6)
}

func TestAPictureThatSaysNothingIsTakenWithoutAWord(t *testing.T) {
	t.Parallel()
	f, err := look(bytes.NewReader(phototest.Shot{}.JPEG()), manyPixels)
	require.NoError(t, err)
	assert.False(t, f.Told)
	assert.Nil(t, f.Place)
	assert.Empty(t, f.Device)
	for _, at := range []string{"0000:00:00 00:00:00", "1899:01:01 00:00:00", "nonsense"} {
		f, err = look(bytes.NewReader(phototest.Shot{At: at, Model: "X"}.JPEG()), manyPixels)
		require.NoError(t, err)
		assert.False(t, f.Told, at)
		assert.Equal(t, "X", f.Device)
	}
}

func TestFilesAreKnownByTheirBytes(t *testing.T) {
	t.Parallel()
	small := image.NewPaletted(image.Rect(0, 0, 4, 3), color.Palette{color.White, color.Black})
	var asPNG, asGIF bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, small))
	require.NoError(t, gif.Encode(&asGIF, small, nil))
	f, err := look(bytes.NewReader(asPNG.Bytes()), manyPixels)
	require.NoError(t, err)
	assert.Equal(t, PNG, f.Media)
	f, err = look(bytes.NewReader(webpPicture), manyPixels)
	require.NoError(t, err)
	assert.Equal(t, [3]any{WebP, 1, 1}, [3]any{f.Media, f.Width, f.Height})

	for code, file := range map[string][]byte{
		"not_a_photo":      asGIF.Bytes(),
		"photo_heic":       []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
		"photo_unreadable": []byte("\xff\xd8\xff\xe0 no more than a beginning"),
	} {
		_, err := look(bytes.NewReader(file), manyPixels)
		assert.True(t, fault.Is(err, code), "%s: %v", code, err)
	}
	_, err = look(bytes.NewReader([]byte("<svg xmlns='http://www.w3.org/2000/svg'/>")), manyPixels)
	assert.True(t, fault.Is(err, "not_a_photo"), "%v", err)
}

// webpPicture is the smallest lossy WebP there is.
var webpPicture = []byte("RIFF\x22\x00\x00\x00WEBPVP8 \x16\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x0e\xc0\xfe\x25\xa4\x00\x03\x70\x00\x00\x00\x00")

func TestAPictureOfTooManyPixelsIsRefusedUndecoded(t *testing.T) {
	t.Parallel()
	// A PNG of 30000 × 30000 pixels in a few bytes: it would take 3.6 GB.
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x06\x00\x00\x00\xb9\x7a\xf1\x80")
	_, err := look(bytes.NewReader(bomb), manyPixels)
	assert.True(t, fault.Is(err, "photo_pixels") || fault.Is(err, "photo_unreadable"), "%v", err)
	_, err = look(bytes.NewReader(phototest.Shot{Width: 400, Height: 300}.JPEG()), 400*300-1)
	assert.True(t, fault.Is(err, "photo_pixels"), "%v", err)
	_, err = look(bytes.NewReader(phototest.Shot{Width: 400, Height: 300}.JPEG()), 400*300)
	require.NoError(t, err)
}

func TestStrippedPicturesSayNothingAndLookTheSame(t *testing.T) {
	t.Parallel()
	shot := fromPhone()
	shot.Trailer = "MotionPhoto_Data GPS 120.612345"
	whole := shot.JPEG()
	bare, err := stripped(JPEG, whole)
	require.NoError(t, err)
	said := exif(bytes.NewReader(bare), JPEG)
	assert.Equal(t, saying{orientation: 6}, said, "it still stands upright")
	for _, word := range []string{"HUAWEI", "2020:09:30", "MotionPhoto", "ELS-AN00"} {
		assert.NotContains(t, string(bare), word)
	}
	assert.Equal(t, decoded(t, whole), decoded(t, bare))
	again, err := stripped(JPEG, bare)
	require.NoError(t, err)
	assert.Equal(t, bare, again)

	_, err = stripped(JPEG, whole[:len(whole)/3])
	if err == nil { // cut in the scan: what is there is passed on with an end
		_, err = jpeg.Decode(bytes.NewReader(whole[:len(whole)/3]))
	}
	require.Error(t, err)
}

func decoded(t *testing.T, file []byte) image.Image {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(file))
	require.NoError(t, err)
	return picture
}

func TestStrippedPNGAndWebP(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))))
	plain := b.Bytes()
	said := bytes.Replace(plain, []byte("\x00\x00\x00\x00IEND"), append([]byte("\x00\x00\x00\x0btEXtGPS\x00120.612\x00\x00\x00\x00"), "\x00\x00\x00\x00IEND"...), 1)
	bare, err := stripped(PNG, append(said, "trailer"...))
	require.NoError(t, err)
	assert.Equal(t, plain, bare)

	withEXIF := append(bytes.Clone(webpPicture), "EXIF\x08\x00\x00\x00GPS here"...)
	bare, err = stripped(WebP, withEXIF)
	require.NoError(t, err)
	assert.Equal(t, webpPicture, bare)
	_, err = stripped(WebP, append(bytes.Clone(webpPicture), "EXIF\xff\xff\xff\x7f"...))
	require.Error(t, err)
}

// TestPicturesAreTurnedUpright: the red quarter, left above in the stored picture, goes where EXIF says.
func TestPicturesAreTurnedUpright(t *testing.T) {
	t.Parallel()
	s := &Store{Options: Options{Folder: t.TempDir()}}
	for orientation, red := range map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}} {
		f := File{Hash: Hash{byte(orientation)}, Media: JPEG}
		require.NoError(t, os.MkdirAll(filepath.Dir(s.path(f.Hash)), 0o700))
		require.NoError(t, os.WriteFile(s.path(f.Hash), phototest.Shot{Width: 800, Height: 600, Orientation: orientation}.JPEG(), 0o600))
		picture, err := s.drawn(f, Thumb)
		require.NoError(t, err)
		size := picture.Bounds().Size()
		want := image.Pt(320, 240)
		if orientation >= turned {
			want = image.Pt(240, 320)
		}
		assert.Equal(t, want, size, "orientation %d", orientation)
		for x := range 2 {
			for y := range 2 {
				r, _, blue, _ := picture.At(size.X/4+x*size.X/2, size.Y/4+y*size.Y/2).RGBA()
				assert.Equal(t, image.Pt(x, y) == red, r > blue, "orientation %d: quarter %d, %d", orientation, x, y)
			}
		}
	}
}

// FuzzLook: whatever a file holds, it is judged, and what can be stripped can be read again.
func FuzzLook(f *testing.F) {
	f.Add(fromPhone().JPEG())
	f.Add(phototest.Shot{At: "2020:09:30 14:12:07", Trailer: "x"}.JPEG())
	f.Add(webpPicture)
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := look(bytes.NewReader(file), manyPixels)
		if err != nil {
			if _, judged := fault.As(err); !judged {
				t.Fatalf("not judged: %v", err)
			}
			return
		}
		if found.Place != nil && (found.Place.Lat < -90 || found.Place.Lat > 90 || found.Place.Lon < -180 || found.Place.Lon > 180) {
			t.Fatalf("not on earth: %+v", found.Place)
		}
		bare, err := stripped(found.Media, file)
		if err != nil {
			return
		}
		if after := exif(bytes.NewReader(bare), found.Media); after.place != nil || !after.takenAt.IsZero() || after.device != "" {
			t.Fatalf("still said: %+v", after)
		}
	})
}
