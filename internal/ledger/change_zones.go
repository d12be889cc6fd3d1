package ledger

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// ZoneDraft is a zone as a file gives it.
type ZoneDraft struct {
	Row        int // of the file, from 1
	Code, Name string
	Geometry   orb.MultiPolygon // EPSG:4490
	Attributes map[string]string
}

// ZoneSummary says what an import of zones amounts to.
type ZoneSummary struct{ Created, Changed, Unchanged, Gone int64 }

// ImportZones replaces a layer of zones of the campaign by the features of one file: one batch, whole or not at all.
type ImportZones struct {
	Layer   string
	Digest  string // names the file's content and how it is read
	DryRun  bool
	Drafts  func(each func(ZoneDraft) error) error
	Summary *ZoneSummary // is filled in
}

func (ImportZones) kind() string   { return KindReferenceReplace }
func (c ImportZones) content() any { return [2]string{c.Layer, c.Digest} }
func (ImportZones) names(l *Locks) { l.References = true }
func (c ImportZones) dry() bool    { return c.DryRun }

func (c ImportZones) decide(ctx context.Context, w *work) error {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	zone, ok := def.Zone(c.Layer)
	if !ok {
		return unknownLayer(c.Layer)
	}
	replace := ReplaceReference{Layer: c.Layer, Whole: true}
	var unclear error
	err = c.Drafts(func(d ZoneDraft) error {
		class, known := zone.Class(d.Attributes)
		if !known && unclear == nil {
			unclear = fault.New(fault.KindInvalid, "unknown_zone_class",
				fmt.Sprintf("第 %d 行“%s”列的“%s”不是%s的类别", d.Row, zone.Field, class, zone.Name.ZH),
				fmt.Sprintf("row %d: %q in column %s is no class of %s", d.Row, class, zone.Field, zone.Name.EN))
		}
		code := d.Code
		if code == "" {
			code = fmt.Sprintf("row-%d", d.Row)
		}
		replace.Features = append(replace.Features, ReferenceDraft{Code: code, Name: d.Name, Class: class, Geometry: d.Geometry, Attributes: d.Attributes})
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the file: %v", err) //nolint:errorlint // wrapping would make it a recorded refusal
	}
	if unclear != nil {
		return unclear
	}
	if err := replace.decide(ctx, w); err != nil {
		return err
	}
	c.summarise(w, int64(len(replace.Features)))
	if c.DryRun {
		return ErrDryRun
	}
	return nil
}

// summarise counts what the layer becomes.
func (c ImportZones) summarise(w *work, features int64) {
	c.Summary.Gone = int64(len(w.writes.RemovedReferences))
	for _, r := range w.writes.References {
		if r.Version == 1 {
			c.Summary.Created++
		} else {
			c.Summary.Changed++
		}
	}
	c.Summary.Unchanged = features - c.Summary.Created - c.Summary.Changed
}

func unknownLayer(code string) error {
	return fault.New(fault.KindInvalid, "unknown_zone_layer", "专项行动中没有“"+code+"”这个区划图层", "the campaign has no layer of zones "+code)
}
