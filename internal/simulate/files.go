package simulate

import (
	"context"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// files is the register of the files, by hash.
type files map[photo.Hash]*file

type file struct {
	photo.File

	holders map[string]bool
}

func (f files) held(sha256 []byte, person string) (photo.File, bool) {
	stored, ok := f[photo.Hash(sha256)]
	if !ok || !stored.holders[person] || stored.State != photo.Stored {
		return photo.File{}, false
	}
	return stored.File, true
}

// register is photo.Register over the memory. A server that is killed between the
// file and its entry is one whose entry fails.
type register struct{ *memory }

var _ photo.Register = register{}

func (r register) Keep(_ context.Context, f photo.File, person string) error {
	breaks := r.fails()
	if breaks == beforeCommit {
		return errBroken
	}
	if known, ok := r.files[f.Hash]; ok {
		known.State = f.State
		known.holders[person] = true
	} else {
		r.files[f.Hash] = &file{File: f, holders: map[string]bool{person: true}}
	}
	if breaks == afterCommit {
		return errBroken
	}
	return nil
}

func (r register) Held(_ context.Context, h photo.Hash, person string) (photo.File, bool, error) {
	f, held := r.files.held(h[:], person)
	return f, held, nil
}

func (r register) Awaiting(_ context.Context, scope auth.Scope, h photo.Hash) ([]photo.Awaited, error) {
	var waiting []photo.Awaited
	for _, id := range r.byHash[h] {
		p, there := r.photos[id]
		c := r.cases[p.Case].Case
		if there && !p.Arrived && scope.Actor().Has(c.Unit, c.Village) {
			waiting = append(waiting, photo.Awaited{Photo: id, Case: p.Case, Author: p.Author})
		}
	}
	return waiting, nil
}

func (r register) Used(context.Context) (bytes int64, err error) {
	for _, f := range r.files {
		bytes += f.Size
	}
	return bytes, nil
}

func (r register) AreaOf(_ context.Context, caseID int64) (unit, village string, err error) {
	c := r.cases[caseID].Case
	return c.Unit, c.Village, nil
}

func (r register) Pictures(_ context.Context, _ auth.Scope, caseID, one int64) ([]photo.Picture, error) {
	var found []photo.Picture
	for _, p := range r.photosOf(caseID) {
		if one != 0 && p.ID != one {
			continue
		}
		picture := photo.Picture{Photo: p, AuthorName: r.nameOf(p.Author)}
		if f, ok := r.files[photo.Hash(p.SHA256)]; ok && p.Arrived {
			stored := f.File
			picture.File = &stored
		}
		found = append(found, picture)
	}
	return found, nil
}

// The nightly check is the server's alone: no schedule of phones changes what it sees.

func (register) Due(context.Context, campaign.Date, time.Time) (bool, error) { return false, nil }

func (register) Ended(context.Context, campaign.Date, photo.Report) error { return errUnsimulated }

func (register) Files(context.Context, byte) ([]photo.File, error) { return nil, errUnsimulated }

func (register) Checked(context.Context, photo.Hash, string, time.Time) error { return errUnsimulated }

func (register) Idle(context.Context, time.Time, time.Time) ([]photo.Hash, error) {
	return nil, errUnsimulated
}

func (register) Forget(context.Context, photo.Hash) (bool, error) { return false, errUnsimulated }

func (register) Unreceipted(context.Context) ([]ledger.ReceivePhoto, error) {
	return nil, errUnsimulated
}
