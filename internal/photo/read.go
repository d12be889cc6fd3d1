package photo

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Content is a picture to be shown.
type Content struct {
	io.ReadSeekCloser

	Media string
	Name  string // of a file to be saved as
	Tag   string // changes with the bytes
}

// Original asks for a file as it was sent.
var Original = Size{"original", 0} //nolint:gochecknoglobals // a constant

// List are the photos of a case. Where they were taken is told to those alone
// who may attach some there.
func (s *Store) List(ctx context.Context, scope auth.Scope, caseID int64) ([]Picture, error) {
	if err := s.mayLook(ctx, scope, caseID); err != nil {
		return nil, err
	}
	list, err := s.Register.Pictures(ctx, scope, caseID, 0)
	if !seesPlaces(scope) {
		for i := range list {
			list[i].Place = nil
			if list[i].File != nil {
				list[i].File.Place = nil
			}
		}
	}
	return list, err
}

// Open opens a photo of a case, by the rights of the case.
func (s *Store) Open(ctx context.Context, scope auth.Scope, caseID, photoID int64, size Size) (Content, error) {
	if err := s.mayLook(ctx, scope, caseID); err != nil {
		return Content{}, err
	}
	found, err := s.Register.Pictures(ctx, scope, caseID, photoID)
	if err != nil {
		return Content{}, err
	}
	if len(found) == 0 {
		return Content{}, fault.New(fault.KindNotFound, "photo_not_found", "没有这张照片，可能已被删除", "there is no such photo; it may have been removed")
	}
	f := found[0].File
	if f == nil || !found[0].Arrived {
		return Content{}, fault.New(fault.KindNotFound, "photo_not_arrived", "照片尚未送达", "the photo has not arrived yet")
	}
	tag := f.Hash.String()[:32] + "-" + size.name
	if size == Original {
		return s.original(scope, *f, tag)
	}
	path, err := s.smaller(ctx, *f, size)
	if err != nil {
		return Content{}, err
	}
	in, err := os.Open(path) //nolint:gosec // a name of our own making
	return Content{in, JPEG, f.Hash.String()[:12] + "-" + size.name + ".jpg", tag}, err
}

// Sent says whether somebody has sent all of a file, and the store has it.
func (s *Store) Sent(ctx context.Context, h Hash, person string) (bool, error) {
	_, held, err := s.Register.Held(ctx, h, person)
	return held, err
}

// OpenSent opens a file that somebody has sent and that is no photo yet, drawn smaller: whoever asks has looked whether the reader may.
func (s *Store) OpenSent(ctx context.Context, h Hash, person string) (Content, error) {
	f, held, err := s.Register.Held(ctx, h, person)
	if err != nil {
		return Content{}, err
	}
	if !held {
		return Content{}, fault.New(fault.KindNotFound, "photo_not_arrived", "照片尚未送达", "the photo has not arrived yet")
	}
	path, err := s.smaller(ctx, f, Large)
	if err != nil {
		return Content{}, err
	}
	in, err := os.Open(path) //nolint:gosec // a name of our own making
	return Content{in, JPEG, h.String()[:12] + "-large.jpg", h.String()[:32] + "-large"}, err
}

// original is a file as it was sent; for those who may not know where it was taken, without what the camera wrote.
func (s *Store) original(scope auth.Scope, f File, tag string) (Content, error) {
	name := f.Hash.String()[:12] + map[string]string{JPEG: ".jpg", PNG: ".png", WebP: ".webp"}[f.Media]
	if seesPlaces(scope) {
		in, err := os.Open(s.path(f.Hash))
		return Content{in, f.Media, name, tag}, gone(err)
	}
	whole, err := os.ReadFile(s.path(f.Hash))
	if err != nil {
		return Content{}, gone(err)
	}
	bare, err := stripped(f.Media, whole)
	if err != nil {
		return Content{}, unreadable(err)
	}
	return Content{closing{bytes.NewReader(bare)}, f.Media, name, tag + "-bare"}, nil
}

type closing struct{ *bytes.Reader }

func (closing) Close() error { return nil }

// mayLook refuses the photos of another unit: they show what is in people's yards.
func (s *Store) mayLook(ctx context.Context, scope auth.Scope, caseID int64) error {
	if err := scope.Check(); err != nil {
		return err
	}
	unit, village, err := s.Register.AreaOf(ctx, caseID)
	if err == nil && !scope.Sees(unit, village) {
		return fault.New(fault.KindDenied, "photos_elsewhere", "其他责任主体的照片不能查看", "photos of another unit are not shown")
	}
	return err
}

func seesPlaces(scope auth.Scope) bool { return scope.Actor().May(ledger.KindPhotoAttach) == nil }

// Evidence is what a milestone of a case has and lacks.
type Evidence struct {
	Milestone campaign.Milestone
	Done      bool
	Lacking   []campaign.Text // in words; not empty: 证据未齐
	Pictures  []Picture       // in the order of the slots, then of their coming
}

// EvidenceOf sorts the photos of a case by milestone and slot: those milestones
// that have slots or photos.
func EvidenceOf(track campaign.Track, c campaign.Case, pictures []Picture) []Evidence {
	var list []Evidence
	for _, m := range track.Milestones {
		e := Evidence{Milestone: m, Done: c.Marks[m.Code].DoneOn != "", Lacking: track.Lacking(c, m.Code)}
		for _, p := range pictures {
			if p.Milestone == m.Code {
				e.Pictures = append(e.Pictures, p)
			}
		}
		slices.SortStableFunc(e.Pictures, func(a, b Picture) int { return placeOf(m, a.Slot) - placeOf(m, b.Slot) })
		if len(m.Photos)+len(e.Pictures) > 0 {
			list = append(list, e)
		}
	}
	return list
}

// placeOf is a slot's place among the milestone's; what is beside them comes last.
func placeOf(m campaign.Milestone, slot string) int {
	i := slices.IndexFunc(m.Photos, func(s campaign.PhotoSlot) bool { return s.Code == slot })
	if i < 0 {
		return len(m.Photos)
	}
	return i
}
