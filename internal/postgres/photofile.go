package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

var _ photo.Register = (*Store)(nil)

const fileColumns = `f.sha256, f.size, f.media, f.width, f.height, f.taken_at, f.lon, f.lat, f.device, f.told, f.stored_at, f.checked_at, f.state`

// fileRow is a row of photo_file, which may not be there.
type fileRow struct {
	hash          []byte
	size          *int64
	media, device *string
	width, height *int
	taken, stored *time.Time
	checked       *time.Time
	lon, lat      *float64
	told          *bool
	state         *string
}

func (r *fileRow) into() []any {
	return []any{&r.hash, &r.size, &r.media, &r.width, &r.height, &r.taken, &r.lon, &r.lat, &r.device, &r.told, &r.stored, &r.checked, &r.state}
}

// file is the row as a value; nil where there is none.
func (r *fileRow) file() *photo.File {
	if r.size == nil {
		return nil
	}
	f := photo.File{Hash: photo.Hash(r.hash), Size: *r.size, Media: *r.media, Width: *r.width, Height: *r.height, Device: *r.device, Told: *r.told, StoredAt: *r.stored, State: *r.state}
	if r.taken != nil {
		f.TakenAt = *r.taken
	}
	if r.checked != nil {
		f.CheckedAt = *r.checked
	}
	if r.lon != nil && r.lat != nil {
		f.Place = &photo.Place{Lon: *r.lon, Lat: *r.lat}
	}
	return &f
}

func scanFile(row pgx.CollectableRow) (photo.File, error) {
	var r fileRow
	if err := row.Scan(r.into()...); err != nil {
		return photo.File{}, err
	}
	return *r.file(), nil
}

// Keep enters a stored file and who sent it; see photo.Register.
func (s *Store) Keep(ctx context.Context, f photo.File, person string) error {
	var lon, lat *float64
	if f.Place != nil {
		lon, lat = &f.Place.Lon, &f.Place.Lat
	}
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO photo_file (sha256, size, media, width, height, taken_at, lon, lat, device, told, stored_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT ON CONSTRAINT photo_file_pk DO UPDATE SET state = excluded.state`,
		f.Hash[:], f.Size, f.Media, f.Width, f.Height, orNull(f.TakenAt), lon, lat, f.Device, f.Told, f.StoredAt, f.State)
	b.Queue(`INSERT INTO photo_holder (sha256, person, at) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT photo_holder_pk DO NOTHING`, f.Hash[:], person, f.StoredAt)
	return s.keeping(ctx, func(t pgx.Tx) error { return t.SendBatch(ctx, b).Close() })
}

// keeping is a transaction of the program that keeps the files in order.
func (s *Store) keeping(ctx context.Context, f func(pgx.Tx) error) error {
	return translate(pgx.BeginFunc(ctx, s.app, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, setContext, contextProgram); err != nil {
			return err
		}
		return f(t)
	}))
}

// Held is a file that a person has sent; see photo.Register.
func (s *Store) Held(ctx context.Context, h photo.Hash, person string) (photo.File, bool, error) {
	found, err := collect(ctx, s.program(), scanFile, `SELECT `+fileColumns+` FROM photo_file f JOIN photo_holder h ON h.sha256 = f.sha256
		WHERE f.sha256 = $1 AND h.person = $2 AND f.state = 'stored'`, h[:], person)
	if err != nil || len(found) == 0 {
		return photo.File{}, false, translate(err)
	}
	return found[0], true, nil
}

// Awaiting are photos without a receipt; see photo.Register.
func (s *Store) Awaiting(ctx context.Context, scope auth.Scope, h photo.Hash) ([]photo.Awaited, error) {
	found, err := collect(ctx, s.as(scope), pgx.RowToStructByPos[photo.Awaited], `SELECT p.id, p.case_id, p.author FROM photo p WHERE p.sha256 = $1 AND NOT p.arrived ORDER BY p.id`, h[:])
	return found, translate(err)
}

// Used is how many bytes are stored; see photo.Register.
func (s *Store) Used(ctx context.Context) (bytes int64, err error) {
	err = s.program().QueryRow(ctx, `SELECT coalesce(sum(size), 0)::bigint FROM photo_file`).Scan(&bytes)
	return bytes, translate(err)
}

// AreaOf is the area of a case; see photo.Register.
func (s *Store) AreaOf(ctx context.Context, caseID int64) (unit, village string, err error) {
	err = s.program().QueryRow(ctx, `SELECT u.code, c.village FROM case_file c JOIN unit u ON u.id = c.unit_id WHERE c.id = $1`, caseID).Scan(&unit, &village)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", "", fault.New(fault.KindNotFound, "case_not_found", "没有这个事项，可能已被撤销", "there is no such case; it may have been undone")
	}
	return unit, village, translate(err)
}

// Pictures are photos with their files; see photo.Register.
func (s *Store) Pictures(ctx context.Context, scope auth.Scope, caseID, one int64) ([]photo.Picture, error) {
	found, err := collect(ctx, s.as(scope), func(row pgx.CollectableRow) (photo.Picture, error) {
		var p photo.Picture
		var f fileRow
		var taken *time.Time
		err := row.Scan(append([]any{&p.ID, &p.Version, &p.Case, &p.Milestone, &p.Slot, &p.SHA256, &p.Author, &p.AddedAt, &taken, &p.Place, &p.Original, &p.Arrived, &p.Size, &p.AuthorName}, f.into()...)...)
		if taken != nil {
			p.TakenAt = *taken
		}
		p.File = f.file()
		return p, err
	}, statement("pictures"), caseID, one)
	return found, translate(err)
}

// order runs one statement of the program and says how many rows it touched.
func (s *Store) order(ctx context.Context, sql string, args ...any) (rows int64, err error) {
	err = s.keeping(ctx, func(t pgx.Tx) error {
		tag, err := t.Exec(ctx, sql, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, err
}

// Due enters the check of a day, or takes over one that was cut off; see photo.Check.
func (s *Store) Due(ctx context.Context, day campaign.Date, at time.Time) (bool, error) {
	n, err := s.order(ctx, `INSERT INTO photo_scrub (due, began) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT photo_scrub_pk
		DO UPDATE SET began = excluded.began WHERE photo_scrub.ended IS NULL AND photo_scrub.began < excluded.began - interval '6 hours'`, string(day), at)
	return n == 1, err
}

// Ended enters what a check found; see photo.Check.
func (s *Store) Ended(ctx context.Context, day campaign.Date, r photo.Report) error {
	_, err := s.order(ctx, `UPDATE photo_scrub SET ended = $2, files = $3, bytes = $4, damaged = $5, missing = $6, removed = $7 WHERE due = $1`,
		string(day), r.Ended, r.Files, r.Bytes, len(r.Damaged), len(r.Missing), r.Removed)
	return err
}

// Files are those whose hash begins with a byte; see photo.Check.
func (s *Store) Files(ctx context.Context, first byte) ([]photo.File, error) {
	least, most := make([]byte, 32), make([]byte, 32)
	least[0], most[0] = first, first
	for i := 1; i < len(most); i++ {
		most[i] = 0xff
	}
	found, err := collect(ctx, s.program(), scanFile, `SELECT `+fileColumns+` FROM photo_file f WHERE f.sha256 BETWEEN $1 AND $2 ORDER BY f.sha256`, least, most)
	return found, translate(err)
}

// Checked enters what was found of a file; see photo.Check.
func (s *Store) Checked(ctx context.Context, h photo.Hash, state string, at time.Time) error {
	_, err := s.order(ctx, `UPDATE photo_file SET state = $2, checked_at = $3 WHERE sha256 = $1`, h[:], state, at)
	return err
}

// Idle are files without a photo; see photo.Check.
func (s *Store) Idle(ctx context.Context, neverBefore, removedBefore time.Time) ([]photo.Hash, error) {
	found, err := collect(ctx, s.program(), func(row pgx.CollectableRow) (photo.Hash, error) {
		var hash []byte
		err := row.Scan(&hash)
		return photo.Hash(hash), err
	}, statement("photos_idle"), neverBefore, orNull(removedBefore))
	return found, translate(err)
}

// Forget takes a file out unless a photo has it; see photo.Check. Who attaches it
// at this moment holds its row (PhotoHeld), so one of the two sees the other.
func (s *Store) Forget(ctx context.Context, h photo.Hash) (forgotten bool, err error) {
	err = s.keeping(ctx, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, `SELECT FROM photo_file WHERE sha256 = $1 FOR UPDATE`, h[:]); err != nil {
			return fmt.Errorf("lock a photo's file: %w", err)
		}
		tag, err := t.Exec(ctx, `DELETE FROM photo_file f WHERE f.sha256 = $1 AND NOT EXISTS (SELECT FROM photo p WHERE p.sha256 = f.sha256)`, h[:])
		forgotten = tag.RowsAffected() == 1
		return err
	})
	return forgotten, err
}

// Unreceipted are photos whose author has sent the file; see photo.Check.
func (s *Store) Unreceipted(ctx context.Context) ([]ledger.ReceivePhoto, error) {
	found, err := collect(ctx, s.program(), pgx.RowToStructByPos[ledger.ReceivePhoto], `SELECT p.case_id, p.id, f.size FROM photo p
		JOIN photo_holder h ON h.sha256 = p.sha256 AND h.person = p.author JOIN photo_file f ON f.sha256 = p.sha256
		WHERE NOT p.arrived AND f.state = 'stored' ORDER BY p.id LIMIT 1000`)
	return found, translate(err)
}
