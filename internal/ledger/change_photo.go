package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about photos.
const (
	KindPhotoAttach  = "photo.attach"
	KindPhotoRemove  = "photo.remove"
	KindPhotoReceive = "photo.receive"
)

// AttachPhoto says that a file is a photo of a case. The file may come before or
// after: until it is stored the photo is announced, and milestones that look at
// the evidence wait (已标记·证据未齐).
type AttachPhoto struct {
	Case      int64       `json:"case"`
	Milestone string      `json:"milestone"`
	Slot      string      `json:"slot,omitempty"`
	SHA256    string      `json:"sha256"` // hexadecimal
	Original  string      `json:"original,omitempty"`
	TakenAt   time.Time   `json:"taken_at,omitzero"`
	Place     *PhotoPlace `json:"place,omitempty"`
}

func (AttachPhoto) kind() string     { return KindPhotoAttach }
func (c AttachPhoto) content() any   { return c }
func (c AttachPhoto) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c AttachPhoto) decide(ctx context.Context, w *work) error {
	cw, err := w.caseNow(c.Case)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	if err := track.MayAttach(cw.now, c.Milestone, c.Slot); err != nil {
		return err
	}
	p, err := c.photo(w)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(w.there.Photos[c.Case], func(other Photo) bool { return bytes.Equal(other.SHA256, p.SHA256) }) {
		return fault.New(fault.KindConflict, "photo_there", "本事项已有这张照片", "the case has this photo already")
	}
	if p.Size, p.Arrived, err = w.tx.PhotoHeld(ctx, p.Author, p.SHA256); err != nil {
		return err
	}
	if p.ID, err = w.newID(ctx); err != nil {
		return err
	}
	return w.recordPhoto(Photo{}, p, Entry{Kind: KindPhotoAttach})
}

// photo is what is attached, its claims checked.
func (c AttachPhoto) photo(w *work) (Photo, error) {
	hash, errHash := photoHash(c.SHA256)
	original, errOriginal := photoHash(c.Original)
	if errHash != nil || errOriginal != nil || hash == nil {
		return Photo{}, fault.New(fault.KindInvalid, "bad_sha256", "照片的校验值应为 64 位十六进制小写 SHA-256", "a photo is named by its SHA-256, 64 lower-case hexadecimal digits")
	}
	if p := c.Place; p != nil && !p.onEarth() {
		return Photo{}, fault.New(fault.KindInvalid, "bad_place", "拍摄位置有误", "the place where it was taken is wrong")
	}
	taken := c.TakenAt
	if taken.After(w.now) {
		taken = w.now // a clock that is fast
	}
	return Photo{
		Version: 1, Case: c.Case, Milestone: c.Milestone, Slot: c.Slot, SHA256: hash, Original: original,
		Author: w.photographer(), AddedAt: w.now, TakenAt: taken, Place: c.Place,
	}, nil
}

// photographer is who sent the file: of an operation that was held, who did it, whose files the server has; whoever brings
// a file with an outbox sends its pictures themselves.
func (w *work) photographer() string {
	if w.replays != nil && !w.replays.File {
		return w.replays.Author
	}
	return w.actor.ID
}

func (p PhotoPlace) onEarth() bool {
	return math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90 && p.Accuracy >= 0 && !math.IsInf(p.Accuracy, 0)
}

// photoHash reads a hash as it is written in lower case; nil for none.
func photoHash(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	hash, err := hex.DecodeString(text)
	if err == nil && (len(hash) != sha256.Size || text != strings.ToLower(text)) {
		err = hex.ErrLength
	}
	return hash, err
}

// ReceivePhoto records that the file of a photo is stored: its receipt. Only the
// room that stored it asks for this. A photo that was removed meanwhile, or has
// its receipt, is left alone.
type ReceivePhoto struct {
	Case  int64 `json:"case"`
	Photo int64 `json:"photo"`
	Size  int64 `json:"size"`
}

func (ReceivePhoto) kind() string     { return KindPhotoReceive }
func (c ReceivePhoto) content() any   { return c }
func (c ReceivePhoto) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c ReceivePhoto) decide(_ context.Context, w *work) error {
	before, there := w.photo(c.Case, c.Photo)
	if !there || before.Arrived {
		return nil
	}
	after := before
	after.Version++
	after.Arrived, after.Size = true, c.Size
	return w.recordPhoto(before, after, Entry{Kind: KindPhotoReceive})
}

// RemovePhoto takes a photo out of a case, for a reason. The file stays until its time is over.
type RemovePhoto struct {
	Case   int64  `json:"case"`
	Photo  int64  `json:"photo"`
	Reason string `json:"reason"`
}

func (RemovePhoto) kind() string     { return KindPhotoRemove }
func (c RemovePhoto) content() any   { return c }
func (c RemovePhoto) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c RemovePhoto) decide(_ context.Context, w *work) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写删除理由", "please give the reason for removing it")
	}
	cw, err := w.caseNow(c.Case)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	if err := track.MayMeasure(cw.now); err != nil {
		return err
	}
	before, there := w.photo(c.Case, c.Photo)
	if !there {
		return errUnknownPhoto()
	}
	return w.removePhoto(before, Entry{Kind: KindPhotoRemove, Body: noted(c.Reason)})
}

func errUnknownPhoto() error {
	return fault.New(fault.KindNotFound, "photo_not_found", "没有这张照片，可能已被删除", "there is no such photo; it may have been removed")
}

func (w *work) photo(caseID, id int64) (Photo, bool) {
	list := w.there.Photos[caseID]
	i := slices.IndexFunc(list, func(p Photo) bool { return p.ID == id })
	if i < 0 {
		return Photo{}, false
	}
	return list[i], true
}

// recordPhoto takes the new state of a photo and appends the entry that says what changed.
func (w *work) recordPhoto(before, after Photo, e Entry) error {
	was := Fields{}
	var err error
	if before.ID != 0 {
		if was, err = PhotoFields(before); err != nil {
			return err
		}
	}
	will, err := PhotoFields(after)
	if err != nil {
		return err
	}
	said := e.Body
	e.Body = diff(was, will)
	e.Body.Undoes, e.Body.Note = said.Undoes, said.Note
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounPhoto, after.ID, after.Version
	w.entries = append(w.entries, e)
	w.photos[after.ID] = &after
	w.seePhotos(after.Case, append(w.otherPhotos(after.Case, after.ID), after))
	return w.documentBack(after)
}

// documentBack ends the side state that waited for this photo (待盖章 → 已回传).
func (w *work) documentBack(p Photo) error {
	if !p.Arrived {
		return nil
	}
	cw, err := w.caseNow(p.Case)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	waits, has := track.Awaits()
	if _, waiting := cw.now.Sides[waits.Code]; !has || !waiting || !waits.Back(cw.now) {
		return nil
	}
	next, err := track.Leave(cw.now, waits.Code, w.today())
	if err != nil {
		return err
	}
	return w.record(cw, next, Entry{Kind: KindCaseLeave})
}

func (w *work) removePhoto(before Photo, e Entry) error {
	was, err := PhotoFields(before)
	if err != nil {
		return err
	}
	e.Body.Before = was
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounPhoto, before.ID, before.Version+1
	w.entries = append(w.entries, e)
	w.photos[before.ID] = nil
	w.seePhotos(before.Case, w.otherPhotos(before.Case, before.ID))
	return nil
}

// otherPhotos are a case's without one, in a list of its own.
func (w *work) otherPhotos(caseID, but int64) []Photo {
	return slices.DeleteFunc(slices.Clone(w.there.Photos[caseID]), func(p Photo) bool { return p.ID == but })
}

// seePhotos lets what follows in this operation see a case's photos as they are now.
func (w *work) seePhotos(caseID int64, list []Photo) {
	w.there.Photos[caseID] = list
	if cw, open := w.cases[caseID]; open {
		cw.now.Photos = Ruled(list)
	}
	if c, listed := w.there.Cases[caseID]; listed {
		c.Photos = Ruled(list)
		w.there.Cases[caseID] = c
	}
}

// settlePhotos hands over what is to be written, once all is decided.
func (w *work) settlePhotos() {
	for _, id := range slices.Sorted(maps.Keys(w.photos)) {
		if p := w.photos[id]; p != nil {
			w.writes.Photos = append(w.writes.Photos, *p)
		} else {
			w.writes.RemovedPhotos = append(w.writes.RemovedPhotos, id)
		}
	}
}
