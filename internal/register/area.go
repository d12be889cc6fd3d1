package register

import (
	"context"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Area is a feature of a reference layer (原乡镇工业集聚区) with the parcels that lie in it.
type Area struct {
	ID         int64
	Code, Name string
	Unit       string
	Parcels    []int64 // ids
}

// Progress is how far an area is: its task as it is filled, and the cases of the track on its parcels.
type Progress struct {
	Area  Area
	Sheet campaign.Sheet
	Task  *campaign.Filled // nil: not filled
	Cases int
	Done  int      // of them completed
	Land  geo.Area // recovered by the completed
}

// progress is that of every area which a sheet of the track is kept for.
func (d *Desk) progress(ctx context.Context, r *reading, track string) ([]Progress, error) {
	var all []Progress
	for _, s := range r.Definition.Sheets {
		if s.Of != campaign.OfArea || s.Layer == "" || !s.On(track) {
			continue
		}
		areas, err := d.source.Areas(ctx, s.Layer)
		if err != nil {
			return nil, err
		}
		for _, a := range areas {
			all = append(all, r.progressOf(a, s, track))
		}
	}
	return all, nil
}

func (r *reading) progressOf(a Area, s campaign.Sheet, track string) Progress {
	p := Progress{Area: a, Sheet: s}
	for _, f := range r.page.of[noun{campaign.OfArea, a.ID}] {
		if f.Sheet == s.Code {
			p.Task = &f
		}
	}
	inside := make(map[int64]bool, len(a.Parcels))
	for _, id := range a.Parcels {
		inside[id] = true
	}
	for _, c := range r.Cases() {
		if c.Track != track || r.Excluded(c) || len(c.Shares) == 0 || !inside[c.Shares[0].Parcel] {
			continue
		}
		p.Cases++
		if r.done(c) {
			p.Done++
			p.Land += c.Recovered
		}
	}
	return p
}
