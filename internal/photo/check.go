package photo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Check is the part of the register that the nightly check uses.
type Check interface {
	// Due enters the check of a day; false where somebody entered it before.
	Due(ctx context.Context, day campaign.Date, at time.Time) (bool, error)
	// Ended enters what the check of a day found.
	Ended(ctx context.Context, day campaign.Date, r Report) error
	// Files are those whose hash begins with a byte.
	Files(ctx context.Context, first byte) ([]File, error)
	// Checked enters what was found of a file.
	Checked(ctx context.Context, h Hash, state string, at time.Time) error
	// Idle are files without a photo: never attached and stored before one day, or whose last photo was removed before another (zero: none of these).
	Idle(ctx context.Context, neverBefore, removedBefore time.Time) ([]Hash, error)
	// Forget takes a file out; false where a photo has it by now.
	Forget(ctx context.Context, h Hash) (bool, error)
	// Unreceipted are photos without a receipt whose author has sent the file.
	Unreceipted(ctx context.Context) ([]ledger.ReceivePhoto, error)
}

// Report is what a check found.
type Report struct {
	Began, Ended     time.Time
	Files, Bytes     int64
	Damaged, Missing []Hash
	Removed          int64 // files nobody needs and uploads nobody finished
	Receipts         int   // that were due
}

// nightHour is from when on the check of a day may begin.
const nightHour = 2

// Nightly makes the check of the day if it is night and nobody made it; false where it was not due.
func (s *Store) Nightly(ctx context.Context) (bool, error) {
	now := s.Now().In(campaign.Shanghai())
	if now.Hour() < nightHour {
		return false, nil
	}
	day := campaign.DateOf(now)
	due, err := s.Register.Due(ctx, day, now)
	if err != nil || !due {
		return false, err
	}
	r, err := s.Scrub(ctx)
	if err != nil {
		return true, fmt.Errorf("check the photos: %w", err)
	}
	s.Log.InfoContext(ctx, "photos checked", slog.Int64("files", r.Files), slog.Int64("bytes", r.Bytes), slog.Int("damaged", len(r.Damaged)), slog.Int("missing", len(r.Missing)), slog.Int64("removed", r.Removed))
	return true, s.Register.Ended(ctx, day, r)
}

// Scrub hashes every stored file anew and names what is damaged or missing,
// enters receipts that a crash left out, and removes what nobody needs.
func (s *Store) Scrub(ctx context.Context) (Report, error) {
	r := Report{Began: s.Now()}
	for first := range 256 {
		if err := s.scrubPart(ctx, byte(first), &r); err != nil {
			return r, err
		}
	}
	for _, step := range []func(context.Context, *Report) error{s.receipt, s.removeIdle, s.removeUnfinished} {
		if err := step(ctx, &r); err != nil {
			return r, err
		}
	}
	r.Ended = s.Now()
	return r, nil
}

// scrubPart checks the files whose hash begins with a byte: one folder.
func (s *Store) scrubPart(ctx context.Context, first byte, r *Report) error {
	files, err := s.Register.Files(ctx, first)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, f := range files {
		known[f.Hash.String()] = true
		state, err := s.stateOf(f)
		if err != nil {
			return err
		}
		r.Files, r.Bytes = r.Files+1, r.Bytes+f.Size
		s.note(ctx, r, f, state)
		if err := s.Register.Checked(ctx, f.Hash, state, s.Now()); err != nil {
			return err
		}
	}
	return s.removeStrays(fmt.Sprintf("%02x", first), known, r)
}

func (s *Store) note(ctx context.Context, r *Report, f File, state string) {
	switch state {
	case Damaged:
		r.Damaged = append(r.Damaged, f.Hash)
	case Missing:
		r.Missing = append(r.Missing, f.Hash)
	default:
		return
	}
	s.Log.ErrorContext(ctx, "a photo is not as it was stored", slog.String("state", state), slog.String("sha256", f.Hash.String()))
}

func (s *Store) stateOf(f File) (string, error) {
	in, err := os.Open(s.path(f.Hash))
	if errors.Is(err, os.ErrNotExist) {
		return Missing, nil
	}
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	_, err = io.Copy(digest, in)
	if err := errors.Join(err, in.Close()); err != nil || Hash(digest.Sum(nil)) != f.Hash {
		return Damaged, nil //nolint:nilerr // what cannot be read is damaged
	}
	return Stored, nil
}

// removeStrays removes files that never came into the register: a crash came between.
func (s *Store) removeStrays(folder string, known map[string]bool, r *Report) error {
	dir := filepath.Join(s.Folder, "files", folder)
	names, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, n := range names {
		if !known[n.Name()] {
			err = errors.Join(err, s.removeOld(filepath.Join(dir, n.Name()), n, r))
		}
	}
	return err
}

// removeOld removes a file that nobody has touched for as long as orphans stay. Files are as old as this machine's clock says.
func (s *Store) removeOld(path string, entry fs.DirEntry, r *Report) error {
	info, err := entry.Info()
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil || time.Since(info.ModTime()) < s.Limits.Orphans { //nolint:forbidigo // a file's age is this machine's
		return err
	}
	r.Removed++
	return os.Remove(path)
}

func (s *Store) removeUnfinished(_ context.Context, r *Report) error {
	return filepath.WalkDir(filepath.Join(s.Folder, "incoming"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return s.removeOld(path, entry, r)
	})
}

// removeIdle removes files without a photo, after their time.
func (s *Store) removeIdle(ctx context.Context, r *Report) error {
	var removedBefore time.Time
	if s.Limits.Removed > 0 {
		removedBefore = s.Now().Add(-s.Limits.Removed)
	}
	idle, err := s.Register.Idle(ctx, s.Now().Add(-s.Limits.Orphans), removedBefore)
	if err != nil {
		return err
	}
	for _, h := range idle {
		forgotten, err := s.Register.Forget(ctx, h)
		if err != nil {
			return err
		}
		if !forgotten {
			continue
		}
		r.Removed++
		if err := s.removeFile(h); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) removeFile(h Hash) error {
	err := os.Remove(s.path(h))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	name := h.String()
	smaller, errGlob := filepath.Glob(filepath.Join(s.Folder, "smaller", name[:2], name+".*"))
	err = errors.Join(err, errGlob)
	for _, path := range smaller {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// receipt enters receipts that are due: of files that came in the moment they were attached.
func (s *Store) receipt(ctx context.Context, r *Report) error {
	due, err := s.Register.Unreceipted(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	op := ledger.Operation{OpID: uuid.New(), Device: "photo store"}
	for _, change := range due {
		op.Changes = append(op.Changes, change)
	}
	r.Receipts = len(due)
	_, err = s.Door.Apply(ctx, auth.System(), op)
	return err
}
