package layer

import (
	"context"
	"fmt"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Stale names the layers of land and parks that an operation changed, given the
// view it left, whether it touched recovered land, and the cases it touched.
func Stale(v *chronicle.View, land bool, cases []int64) []string {
	var stale []string
	if land || slices.ContainsFunc(cases, func(id int64) bool { return v.LandOf(id) != nil }) {
		stale = append(stale, Recovered, Effective, Blocks)
	}
	track := parksTrack(v.Definition)
	if slices.ContainsFunc(cases, func(id int64) bool { c := v.Case(id); return c == nil || c.Track == track }) {
		stale = append(stale, Parks)
	}
	return stale
}

// landShapes names the geometries of recovered land.
func landShapes(v *chronicle.View) []string {
	var names []string
	for _, l := range v.Lands() {
		names = append(names, l.Recovered, l.Effective)
	}
	return names
}

// recovered is what is recorded, with the accepted area that counts beside the measured one.
func (s *Snapshot) recovered() (features []*feature) {
	counter := s.counter(campaign.MetricRecovered)
	for _, l := range s.view.Lands() {
		c := s.view.Case(l.Case)
		if c == nil {
			continue
		}
		_, counted := counter.Of(c)
		features = append(features, caseFeature(c.ID, c, s.shapes.named(l.Recovered), func(b []byte) []byte {
			b = s.appendLand(b, l, l.Area)
			b = appendAccepted(b, c.Recovered, counted)
			if l.Use != "" {
				b = appendString(append(b, `,"use":`...), l.Use)
			}
			return b
		}))
	}
	return features
}

func (s *Snapshot) effective() (features []*feature) {
	counter := s.counter(campaign.MetricEffective)
	for _, l := range s.view.Lands() {
		c := s.view.Case(l.Case)
		shape := s.shapes.named(l.Effective)
		if c == nil || shape == nil {
			continue
		}
		features = append(features, caseFeature(c.ID, c, shape, func(b []byte) []byte {
			_, counted := counter.Of(c)
			return appendAccepted(s.appendLand(b, l, l.EffectiveArea), c.Effective, counted)
		}))
	}
	return features
}

// appendLand appends what recovered and effective land of a case have in common.
func (s *Snapshot) appendLand(b []byte, l *chronicle.Land, area geo.Area) []byte {
	return fmt.Appendf(b, `,"m2":%s,"mu":%s,"recorded":"%s"`, area.SquareMetresText(), area.Mu(), s.view.DayOf(l.From))
}

// appendAccepted appends what was accepted: what counted features have adds up to the figures, in exact units.
func appendAccepted(b []byte, area geo.Area, counted bool) []byte {
	return fmt.Appendf(b, `,"accepted_m2":%s,"accepted_mu":%s,"accepted_exact":%d,"counted":%t`, area.SquareMetresText(), area.Mu(), int64(area), counted)
}

// caseFeature is a feature about a case, with further properties.
func caseFeature(id int64, c *chronicle.Case, s *shape, further func([]byte) []byte) *feature {
	t := &text{unit: c.Unit}
	before := appendString(fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"id":%d,"code":`, id, c.ID), c.Code)
	t.json, t.veil = labelled(ownerOf(c), before, c.Label, func(b []byte) []byte {
		b = appendString(append(b, `,"unit":`...), c.Unit)
		return append(further(b), '}')
	})
	return &feature{face: t, shape: s}
}

func (s *Snapshot) counter(code campaign.MetricCode) chronicle.Counter {
	m, _ := s.view.Definition.Metric(code) // one that is not there counts nothing
	return s.view.Counter(m)
}

// contiguous are the blocks. Their outlines are made when first asked for.
func (s *Snapshot) contiguous(ctx context.Context) ([]*feature, error) {
	blocks, err := s.blocks.Blocks(ctx, s.view)
	if err != nil {
		return nil, err
	}
	features := make([]*feature, len(blocks))
	for i, b := range blocks {
		around, err := s.blocks.Outline(ctx, s.view, b)
		if err != nil {
			return nil, err
		}
		features[i] = &feature{face: &text{unit: b.Unit, json: blockProperties(i+1, b)}, shape: newShape(around)}
	}
	return features, nil
}

func blockProperties(id int, of block.Block) []byte {
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"label":`, id)
	b = appendString(b, of.Name.ZH)
	b = appendString(append(b, `,"label_en":`...), of.Name.EN)
	b = appendString(append(b, `,"unit":`...), of.Unit)
	b = fmt.Appendf(b, `,"m2":%s,"mu":%s,"members":[`, of.Area.SquareMetresText(), of.Area.Mu())
	for i, m := range of.Members {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(fmt.Appendf(b, `{"id":%d,"m2":%s,"code":`, m.Case.ID, m.Area.SquareMetresText()), m.Case.Code)
		b = append(b, '}')
	}
	return append(b, "]}"...)
}

// parksTrack is the track whose floor area is counted; "" where the campaign has none.
func parksTrack(d campaign.Definition) string {
	m, _ := d.Metric(campaign.MetricParkFloor)
	return m.Counts.Track
}

// parks are the land of park cases, a feature a parcel.
func (s *Snapshot) parks() (features []*feature) {
	track := parksTrack(s.view.Definition)
	for _, c := range s.view.Cases() {
		if c.Track != track || track == "" {
			continue
		}
		construction := s.construction(c)
		for _, share := range c.Shares {
			p := s.view.Parcel(share.Parcel)
			if p == nil {
				continue
			}
			features = append(features, caseFeature(p.ID, c, s.shapes.named(p.Shape), func(b []byte) []byte {
				return fmt.Appendf(b, `,"stage":%d,"construction":"%s","floor_m2":%s`, c.Stage, construction, c.Floor.SquareMetresText())
			}))
		}
	}
	return features
}

// construction says how far a park is: built where the campaign counts it,
// building where it has reached what every unit must have, else planned.
func (s *Snapshot) construction(c *chronicle.Case) string {
	if _, built := s.counter(campaign.MetricParks).Of(c); built {
		return "built"
	}
	if required := s.view.Definition.Coverage; required != nil && required.Track == c.Track {
		if reach, ok := s.view.Reach(c.Track, required.Milestone); ok {
			if reached, _ := reach.By(c); reached {
				return "building"
			}
		}
	}
	return "planned"
}
