package config

import (
	"fmt"
	"strconv"
	"time"
)

// Photos bounds what is kept of photos.
type Photos struct {
	Bytes   int64         // of one file
	Pixels  int           // of one picture
	Quota   int64         // bytes of all; 0: none
	Orphans time.Duration // until a file that was never attached goes
	Removed time.Duration // until the file of a removed photo goes; 0: never
}

func photoSettings() []Setting {
	return []Setting{
		{"GUATU_PHOTO_MB", "20", "单张照片最大 MB", "most megabytes of a photo", false},
		{"GUATU_PHOTO_MEGAPIXELS", "50", "单张照片最大百万像素", "most megapixels of a photo", false},
		{"GUATU_PHOTO_QUOTA_GB", "100", "照片总空间 GB，0 为不限", "gigabytes for all photos, 0 for no bound", false},
		{"GUATU_PHOTO_ORPHAN_DAYS", "7", "未归档照片保留天数", "days that a photo stays which no case has", false},
		{"GUATU_PHOTO_REMOVED_DAYS", "365", "已删除照片的文件保留天数，0 为永久", "days that the file of a removed photo stays, 0 for ever", false},
	}
}

func readPhotos(value map[string]string) (Photos, error) {
	const day = 24 * time.Hour
	n := map[string]int{}
	for _, s := range []struct {
		name       string
		least, top int
	}{
		{"GUATU_PHOTO_MB", 1, 500},
		{"GUATU_PHOTO_MEGAPIXELS", 1, 500},
		{"GUATU_PHOTO_QUOTA_GB", 0, 1 << 20},
		{"GUATU_PHOTO_ORPHAN_DAYS", 1, 3650},
		{"GUATU_PHOTO_REMOVED_DAYS", 0, 36500},
	} {
		var err error
		if n[s.name], err = strconv.Atoi(value[s.name]); err != nil || n[s.name] < s.least || n[s.name] > s.top {
			return Photos{}, bad(s.name, value[s.name], fmt.Sprintf("应为 %d 到 %d", s.least, s.top), fmt.Sprintf("must be %d to %d", s.least, s.top)).Because(err)
		}
	}
	return Photos{
		Bytes: int64(n["GUATU_PHOTO_MB"]) << 20, Pixels: n["GUATU_PHOTO_MEGAPIXELS"] * 1_000_000, Quota: int64(n["GUATU_PHOTO_QUOTA_GB"]) << 30,
		Orphans: time.Duration(n["GUATU_PHOTO_ORPHAN_DAYS"]) * day, Removed: time.Duration(n["GUATU_PHOTO_REMOVED_DAYS"]) * day,
	}, nil
}
