// Package photo keeps the photos of cases: files named by their SHA-256 under
// the data folder, what they say of themselves, and their receipts.
//
// A file comes in parts, is hashed, made durable (fsync, rename, fsync of the
// folder), entered in the register and only then receipted: in the journal, for
// every photo of the sender's area that was waiting for it. Pictures are read
// by case and photo, through the rights of the case: knowing a hash opens nothing.
package photo

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

// Hash is the SHA-256 of a file.
type Hash [32]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(text string) (Hash, bool) {
	var h Hash
	n, err := hex.Decode(h[:], []byte(text))
	return h, err == nil && n == len(h) && h.String() == text
}

// States of a stored file.
const (
	Stored  = "stored"
	Damaged = "damaged" // its bytes are not those of its name
	Missing = "missing"
)

// File is a stored file with what it says of itself.
type File struct {
	Hash          Hash
	Size          int64
	Media         string // image/jpeg, image/png or image/webp
	Width, Height int    // as it is shown, turned as the camera said
	TakenAt       time.Time
	Place         *Place // nil: it does not say
	Device        string
	Told          bool // it says when it was taken; without: 无拍摄信息
	StoredAt      time.Time
	CheckedAt     time.Time // zero: never since it was stored
	State         string
}

// Place is a position in degrees.
type Place struct{ Lon, Lat float64 }

// Awaited is a photo of a case whose file has not been receipted.
type Awaited struct {
	Photo, Case int64
	Author      string // code of who announced it
}

// Picture is a photo of a case with its file, if that is stored.
type Picture struct {
	ledger.Photo

	AuthorName string
	File       *File
}

// Register is the database as this room uses it.
type Register interface {
	// Keep enters a file that is stored (again: as it is now) and who sent it.
	Keep(ctx context.Context, f File, person string) error
	// Held is a stored file of which the person has sent all bytes.
	Held(ctx context.Context, h Hash, person string) (File, bool, error)
	// Awaiting are the photos of this file without a receipt that the scope sees.
	Awaiting(ctx context.Context, scope auth.Scope, h Hash) ([]Awaited, error)
	// Used is how many bytes are stored.
	Used(ctx context.Context) (int64, error)
	// AreaOf is the unit and village of a case; a fault where there is no such case.
	AreaOf(ctx context.Context, caseID int64) (unit, village string, err error)
	// Pictures are the photos of a case in the order they were attached, or (one not 0) that one, if the scope sees the case.
	Pictures(ctx context.Context, scope auth.Scope, caseID, one int64) ([]Picture, error)

	Check
}

// Door is where changes go through.
type Door interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// Limits bound what is taken in.
type Limits struct {
	Bytes      int64 // of one file
	Pixels     int   // of one picture
	Quota      int64 // bytes of all files; 0: none
	Unfinished int   // uploads of one person that are not finished

	Orphans time.Duration // how long a file stays that was never attached, and an upload that is not finished
	Removed time.Duration // how long a file stays after its photo was removed; 0: forever
}

// UsualLimits are the defaults of the settings.
func UsualLimits() Limits {
	const day = 24 * time.Hour
	return Limits{Bytes: 20 << 20, Pixels: 50_000_000, Quota: 100 << 30, Unfinished: 300, Orphans: 7 * day, Removed: 365 * day}
}

// Options are what a store is made of.
type Options struct {
	Folder   string // its own, below the data folder
	Register Register
	Door     Door
	Limits   Limits
	Now      func() time.Time // the running campaign's time
	Log      *slog.Logger
}

// Store keeps the files.
type Store struct {
	Options

	mu    sync.Mutex
	turns map[string]*turn

	drawing chan struct{} // decoded pictures are large: one token each
}

// Open makes the folders.
func Open(o Options) (*Store, error) {
	s := &Store{Options: o, turns: map[string]*turn{}, drawing: make(chan struct{}, 2)}
	for _, dir := range []string{"files", "incoming", "smaller"} {
		if err := os.MkdirAll(filepath.Join(o.Folder, dir), 0o700); err != nil {
			return nil, fmt.Errorf("folder of photos: %w", err)
		}
	}
	return s, syncFolder(o.Folder)
}

// path is where the file of a hash lies.
func (s *Store) path(h Hash) string {
	name := h.String()
	return filepath.Join(s.Folder, "files", name[:2], name)
}

// settle makes a finished file durable under its name; it replaces a damaged one.
func (s *Store) settle(from string, h Hash) error {
	to := s.path(h)
	dir := filepath.Dir(to)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncFolder(filepath.Dir(dir)); err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncFolder(dir)
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // our own folder
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// turn is somebody at work on something that only one may do at a time.
type turn struct {
	stop func()
	done chan struct{}
}

// takeTurn waits until nobody else works on the key, after telling who does to
// stop: a phone whose connection broke comes back on another before the server knows.
func (s *Store) takeTurn(ctx context.Context, key string, stop func()) (release func(), err error) {
	mine := &turn{stop, make(chan struct{})}
	for {
		s.mu.Lock()
		other := s.turns[key]
		if other == nil {
			s.turns[key] = mine
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				delete(s.turns, key)
				s.mu.Unlock()
				close(mine.done)
			}, nil
		}
		s.mu.Unlock()
		other.stop()
		select {
		case <-other.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
