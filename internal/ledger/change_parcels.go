package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
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
	// LeftOut says that a person leaves this row out: its parcel stays as it is, or is not made.
	LeftOut bool
}

// StagedParcel is a draft that creates or changes a parcel; Before is nil for a new one.
type StagedParcel struct {
	Before *Parcel
	After  Parcel // but for its attributes
	// Attributes are those of After, as canonical JSON: most are never looked at.
	Attributes json.RawMessage
}

// StagedSummary says what an import amounts to. Lists hold the first MostCompared.
type StagedSummary struct {
	Created, Changed, Unchanged int64
	// Of the changed: those with other land, and those with other fields; a parcel may be both.
	ChangedGeometry, ChangedFields int64
	Area                           int64 // of all parcels of the file, 0.0001 m², geodesic
	Outside                        []int // rows that lie in no unit although units have boundaries
	LeftOut                        int64 // rows that a person left out; in none of the other counts
	New                            []ParcelNew
	Changes                        []ParcelChange
	Gone                           []ParcelGone
	GoneTotal                      int64
	Overlaps                       StagedOverlaps
	Retired                        []ParcelRetired
	// Shifted names the datum whose offset explains where the parcels lie: GCJ-02 or BD-09; "" for none.
	Shifted string
}

// MostCompared is how many rows of each list of a summary are given.
const MostCompared = 200

// ParcelChange is a parcel as it is and as the file has it.
type ParcelChange struct {
	Row              int
	Code             string
	OldLabel, Label  string
	OldUnit, Unit    string
	OldAttributes    map[string]string
	Attributes       map[string]string
	LandChanged      bool
	OldArea, NewArea int64 // 0.0001 m², geodesic
	// OldGround and Ground are given where they differ and have no more than MostShown points.
	OldGround, Ground orb.MultiPolygon
}

// MostShown is how many points a shape may have to be told in a list.
const MostShown = 500

// ParcelNew is a parcel that an import makes.
type ParcelNew struct {
	Row               int
	Code, Label, Unit string
	Area              int64            // 0.0001 m², geodesic
	Ground            orb.MultiPolygon // as of ParcelChange
}

// ParcelRetired is the code of a parcel that ended when it was split or merged, which an import would give to a new one.
type ParcelRetired struct {
	Row  int
	Code string
	Kind string // of the entry that ended it
	At   time.Time
	Into []string // codes of those that came after it
}

// ParcelGone is a parcel of an earlier file that is not in this one; it stays as it is.
type ParcelGone struct {
	Code, Label string
	Area        int64 // 0.0001 m²
}

// ParcelOverlap is land of a row that lies on a parcel that is there.
type ParcelOverlap struct {
	Row   int
	Code  string // of the parcel that is there
	Area  int64  // 0.0001 m²
	Place orb.Point
}

// StagedOverlaps are the overlaps of 1 m² and more.
type StagedOverlaps struct {
	First []ParcelOverlap
	Total int64
	// Unfinished says that there were too many neighbours to look at all of them.
	Unfinished bool
}

// ParcelPlace is a point inside a parcel, with its size.
type ParcelPlace struct {
	Code   string
	Area   int64 // 0.0001 m²
	Inside orb.Point
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
	// Written, if not nil, is told how many parcels are written, and how many there are.
	Written func(done, total int)
}

// ErrDryRun ends the transaction of a dry run; it is no fault, for a fault would be recorded.
var ErrDryRun = errors.New("dry run: nothing written")

func (ImportParcels) kind() string   { return KindParcelImport }
func (c ImportParcels) content() any { return c.Digest }
func (ImportParcels) names(*Locks)   {}
func (c ImportParcels) dry() bool    { return c.DryRun }
func (c ImportParcels) decide(ctx context.Context, w *work) error {
	if err := w.tx.Stage(ctx, c.Drafts); err != nil {
		// A file that cannot be read says nothing about the state: roll back, record no refusal.
		return fmt.Errorf("read the file: %v", err) //nolint:errorlint // wrapping would make it a recorded refusal
	}
	if err := c.summarise(ctx, w.tx); err != nil {
		return err
	}
	if c.DryRun {
		return ErrDryRun
	}
	w.writes.Staged = true
	written, total := 0, int(c.Summary.Created+c.Summary.Changed)
	w.parts = func(ctx context.Context, each func(Part) error) error {
		return w.tx.Staged(ctx, func(staged []StagedParcel) error {
			entries, err := importEntries(staged)
			if err != nil {
				return err
			}
			if err := each(Part{Entries: entries}); err != nil || c.Written == nil {
				return err
			}
			written += len(entries)
			c.Written(written, total)
			return nil
		})
	}
	return nil
}

// summarise compares the file with what is there.
func (c ImportParcels) summarise(ctx context.Context, tx Parcels) error {
	s, err := tx.StagedSummary(ctx)
	if err != nil {
		return err
	}
	if s.Changed > 0 {
		if s.Changes, err = tx.StagedChanged(ctx, MostCompared); err != nil {
			return err
		}
	}
	if s.Changed+s.Unchanged > 0 {
		if s.Gone, s.GoneTotal, err = tx.StagedGone(ctx, MostCompared); err != nil {
			return err
		}
	}
	if s.Created > 0 {
		if s.New, err = tx.StagedNew(ctx, MostCompared); err != nil {
			return err
		}
		if s.Retired, err = tx.StagedRetired(ctx, MostCompared); err != nil {
			return err
		}
	}
	if s.Created+s.ChangedGeometry > 0 {
		if s.Overlaps, err = tx.StagedOverlaps(ctx, MostCompared); err != nil {
			return err
		}
		if s.Shifted, err = shifted(ctx, tx); err != nil {
			return err
		}
	}
	*c.Summary = s
	return nil
}

// shifted tells whether the parcels of the file lie on parcels of their size
// once an offset of GCJ-02 or BD-09 is taken back, and do not as they are.
func shifted(ctx context.Context, tx Parcels) (string, error) {
	const asked = 200
	sample, err := tx.StagedSample(ctx, asked)
	if err != nil || len(sample) == 0 {
		return "", err
	}
	datums := []struct {
		name string
		back func(orb.Point) orb.Point
	}{{"", func(p orb.Point) orb.Point { return p }}, {"GCJ-02", crs.FromGCJ02}, {"BD-09", crs.FromBD09}}
	for _, d := range datums {
		n, err := tx.PlacesMatch(ctx, sample, d.back)
		if err != nil || n*2 > len(sample) {
			return d.name, err
		}
	}
	return "", nil
}

// importEntries are the journal entries of staged parcels.
func importEntries(staged []StagedParcel) ([]Entry, error) {
	entries := make([]Entry, len(staged))
	for i, s := range staged {
		after, err := ParcelFields(s.After)
		if err != nil {
			return nil, err
		}
		if string(s.Attributes) != "{}" {
			after["attributes"] = s.Attributes
		}
		var before Fields
		if s.Before != nil {
			if before, err = ParcelFields(*s.Before); err != nil {
				return nil, err
			}
		}
		entries[i] = Entry{Kind: KindParcelImport, KindVersion: 1, Noun: NounParcel, NounID: s.After.ID, Version: s.After.Version, Body: diff(before, after)}
	}
	return entries, nil
}
