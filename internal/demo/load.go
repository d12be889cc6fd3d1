package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Doors is what the loader needs.
type Doors struct {
	Store    ledger.Store
	Campaign func(context.Context) (ledger.Campaign, error) // the running one, KindNotFound if there is none
	RealNow  time.Time
	Log      *slog.Logger
}

// start is what the demo's clock shows when it has been loaded.
func start() time.Time { return time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai()) }

// Load makes the demo campaign and lets its year pass through the ledger day by
// day, so that journal, history and map are what work would have left. Its
// operations have fixed ids: a load that was killed goes on where it stopped,
// and a finished one does nothing.
func Load(ctx context.Context, d Doors) error {
	def, err := d.definition(ctx)
	if err != nil {
		return err
	}
	l := &loader{cases: map[int]int64{}, track: def.Tracks[0]}
	r := newRand()
	l.lots = lots(r)
	steps := story(r, def.Tracks[0], l.lots)
	l.now = dayTime(r, firstDay.AddDays(-7))
	l.ledger = ledger.New(d.Store, func() time.Time { return l.now }, d.Log)
	if _, err := l.apply(ctx, auth.System(), ledger.SetUpCampaign{Definition: def, Units: units(boundaries()), People: people()}); err != nil {
		return err
	}
	if err := l.importLots(ctx); err != nil {
		return err
	}
	for i, s := range steps {
		l.last = i == len(steps)-1
		l.now = maxTime(l.now.Add(time.Second), dayTime(r, s.day))
		if err := l.take(ctx, s); err != nil {
			return fmt.Errorf("demo step %d (%s, %s): %w", i, s.day, s.milestone, err)
		}
	}
	return nil
}

// definition is that of the demo campaign: the one begun, or a new one whose clock starts now.
func (d Doors) definition(ctx context.Context) (campaign.Definition, error) {
	begun, err := d.Campaign(ctx)
	if err == nil {
		return begun.Definition, nil
	}
	if fault.KindOf(err) != fault.KindNotFound {
		return campaign.Definition{}, err
	}
	def, err := campaign.Rectify2020()
	def.Demo = true
	def.Clock = campaign.Clock{Mode: "offset", OffsetSeconds: int64(start().Sub(d.RealNow).Seconds())}
	return def, err
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

type loader struct {
	ledger  *ledger.Ledger
	applied int  // operations so far: the next one's id follows from it
	last    bool // the next operation ends the story
	now     time.Time
	lots    []lot
	track   campaign.Track
	parcels []int64       // by lot
	cases   map[int]int64 // by lot
}

// namespace of the demo's operation ids.
var namespace = uuid.MustParse("6d0f2d7e-30c1-5a4e-9b53-97a1a6f3c2d4") //nolint:gochecknoglobals // a constant

func (l *loader) apply(ctx context.Context, actor auth.Actor, change ledger.Change) (ledger.Outcome, error) {
	l.applied++
	id := uuid.NewSHA1(namespace, fmt.Append(nil, l.applied))
	if l.last {
		id = lastID()
	}
	return l.ledger.Apply(ctx, actor, ledger.Operation{OpID: id, Device: device, HappenedAt: l.now, Changes: []ledger.Change{change}})
}

func (l *loader) importLots(ctx context.Context) error {
	out, err := l.apply(ctx, auth.System(), ledger.ImportParcels{
		Digest: "demo", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
			for _, lot := range l.lots {
				if err := each(lot.draft); err != nil {
					return err
				}
			}
			return nil
		},
	})
	for _, e := range out.Entries {
		l.parcels = append(l.parcels, e.NounID)
	}
	return err
}

// take does one step as the officer of the town, or as the office where the step is the office's.
func (l *loader) take(ctx context.Context, s step) error {
	actor := auth.Actor{ID: l.lots[s.lot].town.officer}
	switch s.milestone {
	case "town_checked":
		actor.ID = "zhou"
	case "accepted", "closed":
		actor.ID = "yu"
	}
	var err error
	switch {
	case s.plans != nil:
		var out ledger.Outcome
		if out, err = l.apply(ctx, actor, ledger.ListCase{Parcels: []int64{l.parcels[s.lot]}, On: s.day, Plans: s.plans}); err == nil {
			l.cases[s.lot] = out.Entries[0].NounID
		}
	case s.reason != "":
		_, err = l.apply(ctx, actor, ledger.MarkNotApplicable{Case: l.cases[s.lot], Milestone: s.milestone, Reason: s.reason})
	default:
		_, err = l.apply(ctx, actor, ledger.MarkMilestone{Case: l.cases[s.lot], Milestone: s.milestone, On: s.day, Checks: checksOf(l.track, s.milestone)})
	}
	return err
}

// checksOf are all the boxes of a milestone: in the story everything is in order.
func checksOf(t campaign.Track, milestone string) []string {
	var codes []string
	for _, c := range t.Milestones[t.Index(milestone)].Checks {
		codes = append(codes, c.Code)
	}
	return codes
}

// lastID is the id of the story's last operation in every version of the demo:
// a demo of an older guatu counts as finished, whatever its story was.
func lastID() uuid.UUID { return uuid.NewSHA1(namespace, []byte("last")) }

// Finished says whether the running demo was loaded to its end.
func Finished(ctx context.Context, store ledger.Store) (bool, error) {
	_, err := store.Outcome(ctx, lastID())
	if fault.KindOf(err) == fault.KindNotFound {
		return false, nil
	}
	return err == nil, err
}
