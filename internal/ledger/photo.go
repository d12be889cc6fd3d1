package ledger

import (
	"encoding/hex"
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Photo is a photo of a case: which slot of which milestone it is for and which
// file it is, by hash. What the file itself says (size in pixels, EXIF) follows
// from the hash and is not journalled.
type Photo struct {
	ID        int64
	Version   int64
	Case      int64
	Milestone string
	Slot      string // code of the milestone's slot; "" is beside the slots
	SHA256    []byte // of the file
	Author    string // code of who attached it
	AddedAt   time.Time

	// Claims of the device; zero where it says nothing.
	TakenAt  time.Time
	Place    *PhotoPlace
	Original []byte // SHA-256 of the picture before the device made it smaller

	// Arrived says that the file is stored, Size its bytes.
	Arrived bool
	Size    int64
}

// PhotoPlace is where a device says it was.
type PhotoPlace struct {
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Accuracy float64 `json:"accuracy,omitempty"` // metres
	Mocked   bool    `json:"mocked,omitempty"`   // the device itself holds it for made up
}

// PhotoFields are the journalled fields of a photo.
func PhotoFields(p Photo) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("case", p.Case)
	s.put("milestone", p.Milestone)
	s.putText("slot", p.Slot)
	s.put("sha256", hex.EncodeToString(p.SHA256))
	s.put("author", p.Author)
	s.putTime("added_at", p.AddedAt)
	s.putTime("taken_at", p.TakenAt)
	if p.Place != nil {
		s.put("place", p.Place)
	}
	s.putText("original", hex.EncodeToString(p.Original))
	if p.Arrived {
		s.put("arrived", true)
		s.put("size", p.Size)
	}
	return s.fields, s.err
}

// PhotoOf is the photo that has these fields.
func PhotoOf(id, version int64, f Fields) (Photo, error) {
	p := Photo{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("case", &p.Case)
	r.get("milestone", &p.Milestone)
	r.get("slot", &p.Slot)
	p.SHA256 = r.getHash("sha256")
	r.get("author", &p.Author)
	r.get("added_at", &p.AddedAt)
	r.get("taken_at", &p.TakenAt)
	r.get("place", &p.Place)
	if p.Original = r.getHash("original"); len(p.Original) == 0 {
		p.Original = nil
	}
	r.get("arrived", &p.Arrived)
	r.get("size", &p.Size)
	return p, r.err
}

// putTime keeps microseconds, as the database does.
func (s *fieldSet) putTime(key string, at time.Time) {
	if !at.IsZero() {
		s.put(key, at.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano))
	}
}

// Ruled are photos as the rules of a campaign look at them.
func Ruled(photos []Photo) []campaign.Photo {
	var list []campaign.Photo
	for _, p := range photos {
		list = append(list, campaign.Photo{Milestone: p.Milestone, Slot: p.Slot, Arrived: p.Arrived})
	}
	return list
}
