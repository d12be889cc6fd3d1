package photo

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // pictures that are taken in
	_ "image/png"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bep/imagemeta"
	_ "golang.org/x/image/webp"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of pictures that are taken in.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
)

// magicBytes is how much of a file tells what it is.
const magicBytes = 12

// mediaOf tells a picture by its first bytes, whatever its name says.
func mediaOf(head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case bytes.HasPrefix(head, []byte("RIFF")) && bytes.Equal(head[8:12], []byte("WEBP")):
		return WebP, nil
	case bytes.Equal(head[4:8], []byte("ftyp")) && slices.Contains([]string{"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"}, string(head[8:12])):
		return "", fault.New(fault.KindInvalid, "photo_heic",
			"不支持 HEIC 照片：请在手机“设置—相机—格式”中选“兼容性最佳”后重拍，或先转成 JPEG 再传",
			"HEIC photos are not supported: choose “Most Compatible” under Settings, Camera, Formats and take it again, or convert it to JPEG first")
	}
	return "", fault.New(fault.KindInvalid, "not_a_photo", "这不是照片文件，只支持 JPEG、PNG、WebP", "this is no photo; JPEG, PNG and WebP are supported")
}

// look says what a picture is. Its size in pixels is judged before anything is decoded.
func look(in io.ReadSeeker, mostPixels int) (File, error) {
	head := make([]byte, magicBytes)
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return File{}, err
	}
	if _, err := io.ReadFull(in, head); err != nil {
		return File{}, unreadable(err)
	}
	media, err := mediaOf(head)
	if err != nil {
		return File{}, err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return File{}, err
	}
	c, _, err := image.DecodeConfig(in)
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return File{}, unreadable(err)
	}
	if c.Width > mostPixels/c.Height {
		return File{}, fault.New(fault.KindInvalid, "photo_pixels", fmt.Sprintf("照片尺寸过大（%d×%d），请缩小后再传", c.Width, c.Height), fmt.Sprintf("the photo has too many pixels (%d×%d); please make it smaller", c.Width, c.Height))
	}
	f := File{Media: media, Width: c.Width, Height: c.Height}
	said := exif(in, media)
	if said.orientation >= turned {
		f.Width, f.Height = f.Height, f.Width
	}
	f.TakenAt, f.Told, f.Place, f.Device = said.takenAt, !said.takenAt.IsZero(), said.place, said.device
	return f, nil
}

func unreadable(err error) error {
	return fault.New(fault.KindInvalid, "photo_unreadable", "照片文件已损坏，无法读取", "the photo is damaged and cannot be read").Because(err)
}

// saying is what a camera wrote into a picture.
type saying struct {
	takenAt     time.Time
	place       *Place
	device      string
	orientation int // 1 to 8; from 5 on the picture lies on its side
}

const turned = 5

// exif reads what the camera wrote. Whatever cannot be read is not said: a
// picture that went through 微信 says nothing, and that is no fault.
func exif(in io.ReadSeeker, media string) saying {
	var tags imagemeta.Tags
	_, err := in.Seek(0, io.SeekStart)
	if err == nil {
		_, err = imagemeta.Decode(imagemeta.Options{
			R: in, ImageFormat: map[string]imagemeta.ImageFormat{JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP}[media],
			Sources: imagemeta.EXIF, LimitNumTags: 500, LimitTagSize: 1000,
			ShouldHandleTag: func(t imagemeta.TagInfo) bool { return wanted(t.Tag) },
			HandleTag:       func(t imagemeta.TagInfo) error { tags.Add(t); return nil },
		})
	}
	said := saying{orientation: 1}
	if err != nil && len(tags.EXIF()) == 0 {
		return said
	}
	found := tags.EXIF()
	said.takenAt = taken(text(found, "DateTimeOriginal"), text(found, "OffsetTimeOriginal"))
	said.device = printable(text(found, "Make") + " " + text(found, "Model"))
	said.place = placed(tags)
	if o, is := found["Orientation"].Value.(uint16); is && o >= 1 && o <= 8 {
		said.orientation = int(o)
	}
	return said
}

func wanted(tag string) bool {
	return slices.Contains([]string{"DateTimeOriginal", "OffsetTimeOriginal", "Make", "Model", "Orientation", "GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef"}, tag)
}

func text(tags map[string]imagemeta.TagInfo, name string) string {
	s, _ := tags[name].Value.(string)
	return strings.TrimSpace(s)
}

// taken is when it was taken: without a zone in China's time; zero where it makes no sense.
func taken(at, offset string) time.Time {
	const layout = "2006:01:02 15:04:05"
	t, err := time.Parse(layout+"-07:00", at+offset)
	if err != nil {
		t, err = time.ParseInLocation(layout, at, campaign.Shanghai())
	}
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

func placed(tags imagemeta.Tags) *Place {
	found := tags.EXIF()
	for _, name := range []string{"GPSLatitude", "GPSLongitude"} {
		if _, there := found[name]; !there {
			return nil
		}
	}
	lat, lon, err := tags.GetLatLong()
	if err != nil || math.IsNaN(lat+lon) || math.Abs(lat) > 90 || math.Abs(lon) > 180 || lat == 0 && lon == 0 {
		return nil
	}
	return &Place{Lon: lon, Lat: lat}
}

const longestDevice = 80

// printable is a name in one short line.
func printable(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, s)
	runes := []rune(strings.Join(strings.Fields(clean), " "))
	return string(runes[:min(len(runes), longestDevice)])
}
