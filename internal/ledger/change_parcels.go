package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

// KindParcelImport is the kind of entries an import of parcels makes.
const KindParcelImport = "parcel.import"

// ParcelDraft is a parcel as a file gives it.
type ParcelDraft struct {
	Row        int // of the file, from 1
	Code       string
	Label      string
	Geometry   orb.MultiPolygon // EPSG:4490, longitude and latitude
	Attributes map[string]string
}

// StagedParcel is a draft that creates or changes a parcel; Before is nil for a new one.
type StagedParcel struct {
	Before *Parcel
	After  Parcel
}

// StagedSummary counts what an import amounts to.
type StagedSummary struct {
	Created, Changed, Unchanged int64
	Area                        int64 // of all parcels of the file, 0.0001 m², geodesic
	Outside                     []int // rows that lie in no unit although units have boundaries
}

// ImportParcels brings the parcels of one file in: one batch, whole or not at all.
type ImportParcels struct {
	// Digest names the file's content and the options it is read with.
	Digest string
	// DryRun counts and leaves nothing behind.
	DryRun bool
	// Drafts reads the file.
	Drafts func(each func(ParcelDraft) error) error
	// Summary is filled in.
	Summary *StagedSummary
}

// ErrDryRun ends the transaction of a dry run; it is no fault, for a fault would be recorded.
var ErrDryRun = errors.New("dry run: nothing written")

func (ImportParcels) kind() string   { return KindParcelImport }
func (c ImportParcels) content() any { return c.Digest }
func (ImportParcels) names(*Locks)   {}
func (c ImportParcels) decide(ctx context.Context, w *work) error {
	if err := w.tx.Stage(ctx, c.Drafts); err != nil {
		// A file that cannot be read says nothing about the state: roll back, record no refusal.
		return fmt.Errorf("read the file: %v", err) //nolint:errorlint // wrapping would make it a recorded refusal
	}
	summary, err := w.tx.StagedSummary(ctx)
	if err != nil {
		return err
	}
	*c.Summary = summary
	if c.DryRun {
		return ErrDryRun
	}
	w.writes.Staged = true
	return w.tx.Staged(ctx, w.importParcel)
}

func (w *work) importParcel(s StagedParcel) error {
	after, err := ParcelFields(s.After)
	if err != nil {
		return err
	}
	var before Fields
	if s.Before != nil {
		if before, err = ParcelFields(*s.Before); err != nil {
			return err
		}
	}
	w.entries = append(w.entries, Entry{Kind: KindParcelImport, KindVersion: 1, Noun: NounParcel, NounID: s.After.ID, Version: s.After.Version, Body: diff(before, after)})
	return nil
}
