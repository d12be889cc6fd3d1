package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of journal entries about cases.
const (
	KindCaseList      = "case.list"
	KindCaseMilestone = "case.milestone"
	KindCaseAmend     = "case.amend"
)

// ListCase puts parcels on the list as one new case (列入清单).
type ListCase struct {
	Parcels []int64       `json:"parcels"`
	Unit    string        `json:"unit"` // needed when the parcels lie in no unit
	Label   string        `json:"label"`
	Track   string        `json:"track"` // empty: the campaign's first
	On      campaign.Date `json:"on"`
	// Plans are planned days by milestone code.
	Plans map[string]campaign.Date `json:"plans,omitempty"`
	// Landless lists a tenant: the case counts the firm, its parcels' land is another's (只计家数).
	Landless   bool             `json:"landless,omitempty"`
	Enterprise int64            `json:"enterprise,omitempty"` // one that is known,
	Operator   *EnterpriseDraft `json:"operator,omitempty"`   // or one to make
	Batch      string           `json:"batch,omitempty"`
	Village    string           `json:"village,omitempty"`
	Kind       string           `json:"kind,omitempty"` // empty: that of the enterprise
	Floor      geo.Area         `json:"floor,omitempty"`
}

func (ListCase) kind() string   { return KindCaseList }
func (c ListCase) content() any { return c }
func (c ListCase) names(l *Locks) {
	l.Parcels = append(l.Parcels, c.Parcels...)
	if c.Enterprise != 0 {
		l.Enterprises = append(l.Enterprises, c.Enterprise)
	}
}

func (c ListCase) decide(ctx context.Context, w *work) error {
	next, err := c.open(w)
	if err != nil {
		return err
	}
	track, err := w.track(next)
	if err != nil {
		return err
	}
	if next, err = c.operated(ctx, w, track, next); err != nil {
		return err
	}
	next.Shares = c.shares(w, next.Track)
	if next, err = c.firstMarks(w, track, next); err != nil {
		return err
	}
	if next.ID, err = w.newID(ctx); err != nil {
		return err
	}
	if next.Code, err = w.newCode(ctx, next, track); err != nil {
		return err
	}
	return w.record(&caseWork{fields: Fields{}}, next, Entry{Kind: KindCaseList})
}

// newCode gives the next code of a track, first those that the operation has given and taken back.
func (w *work) newCode(ctx context.Context, c campaign.Case, track campaign.Track) (string, error) {
	if spare := w.spareCodes[track.Code]; len(spare) > 0 {
		w.spareCodes[track.Code] = spare[1:]
		return spare[0], nil
	}
	prefix := w.there.Campaigns[c.Campaign].Definition.Prefix(track)
	number, err := w.tx.NextCaseNumber(ctx, c.Campaign, prefix)
	return fmt.Sprintf("%s%04d", prefix, number), err
}

// open is the case before it has an id: campaign, track, unit and label.
func (c ListCase) open(w *work) (campaign.Case, error) {
	next := campaign.Case{Campaign: w.there.Running, Track: c.Track, Unit: c.Unit, Label: strings.TrimSpace(c.Label), Marks: map[string]campaign.Mark{}, Batch: strings.TrimSpace(c.Batch), Village: c.Village, Kind: c.Kind, Floor: c.Floor}
	def, err := w.definition(next.Campaign)
	if err != nil {
		return next, err
	}
	if next.Track == "" {
		next.Track = def.Tracks[0].Code
	}
	for _, id := range c.Parcels {
		p, ok := w.there.Parcels[id]
		if !ok {
			return next, fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块", "there is no such parcel")
		}
		if next.Unit == "" {
			next.Unit = p.Unit
		}
		if next.Label == "" && c.Operator == nil && c.Enterprise == 0 {
			next.Label = p.Label
		}
	}
	if next.Unit == "" {
		return next, fault.New(fault.KindInvalid, "unit_missing", "请选择责任主体", "please choose the responsible unit")
	}
	if next.Label == "" && c.Operator != nil {
		next.Label = c.Operator.label()
	}
	if e, ok := w.there.Enterprises[c.Enterprise]; ok && next.Label == "" {
		next.Label = e.Label
	}
	if next.Label == "" {
		return next, fault.New(fault.KindInvalid, "label_missing", "请填写企业（作坊）名称", "please give the name of the firm or workshop")
	}
	return next, nil
}

// shares gives the case the land that no other case of the track counts yet.
func (c ListCase) shares(w *work, track string) []campaign.Share {
	var shares []campaign.Share
	for _, id := range slices.Compact(slices.Sorted(slices.Values(c.Parcels))) {
		p := w.there.Parcels[id]
		free := max(p.Area-p.Counted[track], 0)
		if c.Landless {
			free = 0
		}
		shares = append(shares, campaign.Share{Parcel: id, Area: geo.Area(free)})
		if p.Counted == nil {
			p.Counted = map[string]int64{}
		}
		p.Counted[track] += free
		w.there.Parcels[id] = p
	}
	return shares
}

func (c ListCase) firstMarks(w *work, track campaign.Track, next campaign.Case) (campaign.Case, error) {
	var err error
	on := c.On
	if on == "" {
		on = w.happenedOn()
	}
	for _, code := range slices.Sorted(maps.Keys(c.Plans)) {
		if next, err = track.Plan(next, code, c.Plans[code]); err != nil {
			return next, err
		}
	}
	return track.MarkDone(next, track.Milestones[0].Code, campaign.Done{On: on, Actor: w.actor.ID}, w.today())
}
