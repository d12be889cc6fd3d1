package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/ledger"
)

func scanPhoto(row pgx.CollectableRow) (ledger.Photo, error) {
	var p ledger.Photo
	var taken *time.Time
	err := row.Scan(&p.ID, &p.Version, &p.Case, &p.Milestone, &p.Slot, &p.SHA256, &p.Author, &p.AddedAt, &taken, &p.Place, &p.Original, &p.Arrived, &p.Size)
	if taken != nil {
		p.TakenAt = *taken
	}
	return p, err
}

func scanPhotos(rows pgx.Rows, into map[int64][]ledger.Photo) error {
	found, err := pgx.CollectRows(rows, scanPhoto)
	for _, p := range found {
		into[p.Case] = append(into[p.Case], p)
	}
	return err
}

func scanPhotoState(row pgx.CollectableRow) (ledger.NounState, error) {
	p, err := scanPhoto(row)
	return state(p.ID, p.Version, err, func() (ledger.Fields, error) { return ledger.PhotoFields(p) })
}

func scanPhotoHistory(row pgx.CollectableRow) (ledger.NounHistory, error) {
	var h ledger.NounHistory
	var p ledger.Photo
	if err := row.Scan(&h.ID, &h.FromRev, &h.ToRev, &h.Version, &p.Case, &p.Milestone, &p.Slot, &p.SHA256, &p.Arrived); err != nil {
		return h, err
	}
	fields, err := ledger.PhotoFields(p)
	for _, notKept := range []string{"author", "size"} {
		delete(fields, notKept)
	}
	h.Fields = fields
	return h, err
}

// PhotoHeld says whether the person has sent a file that is stored; see ledger.Tx.
func (t *tx) PhotoHeld(ctx context.Context, person string, sha256 []byte) (size int64, held bool, err error) {
	var bytes *int64
	if err := t.QueryRow(ctx, `SELECT photo_held($1, $2)`, person, sha256).Scan(&bytes); err != nil {
		return 0, false, fmt.Errorf("look for a photo's file: %w", err)
	}
	if bytes == nil {
		return 0, false, nil
	}
	return *bytes, true, nil
}

// CasesOfPhotos reads the history; see ledger.Tx.
func (t *tx) CasesOfPhotos(ctx context.Context, ids []int64) ([]int64, error) {
	return collect(ctx, t, pgx.RowTo[int64], `SELECT DISTINCT case_id FROM photo_history WHERE photo_id = ANY($1) ORDER BY 1`, ids)
}

// queueRemovedPhotos removes before cases are removed; queuePhotos writes after cases are written.
func queueRemovedPhotos(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedPhotos) > 0 {
		b.Queue(`DELETE FROM photo WHERE id = ANY($1)`, w.RemovedPhotos)
	}
}

func queuePhotos(b *pgx.Batch, w ledger.Writes) {
	for _, p := range w.Photos {
		b.Queue(statement("write_photo"), p.ID, p.Version, p.Case, p.Milestone, p.Slot, p.SHA256, p.Author, p.AddedAt, orNull(p.TakenAt), p.Place, p.Original, p.Arrived, p.Size)
	}
}

// orNull is NULL for a time that is not known.
func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
