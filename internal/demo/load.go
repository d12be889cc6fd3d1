package demo

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Doors is what the loader needs.
type Doors struct {
	Store   ledger.Store
	RealNow time.Time
	Log     *slog.Logger
}

// start is what the demo's clock shows when it has been loaded.
func start() time.Time { return time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai()) }

// Load makes the demo campaign and lets its year pass through the ledger day by
// day, so that journal, history and map are what work would have left.
func Load(ctx context.Context, d Doors) error {
	def, err := campaign.Rectify2020()
	if err != nil {
		return err
	}
	def.Demo = true
	def.Clock = campaign.Clock{Mode: "offset", OffsetSeconds: int64(start().Sub(d.RealNow).Seconds())}
	r := newRand()
	l := &loader{now: dayTime(r, firstDay.AddDays(-7)), lots: lots(r), cases: map[int]int64{}}
	l.ledger = ledger.New(d.Store, func() time.Time { return l.now }, d.Log)
	if err := apply(ctx, l.ledger, auth.System(), ledger.SetUpCampaign{Definition: def, Units: units(boundaries()), People: people()}); err != nil {
		return err
	}
	if err := l.importLots(ctx); err != nil {
		return err
	}
	steps := story(r, def.Tracks[0], l.lots)
	for i, s := range steps {
		l.now = maxTime(l.now.Add(time.Second), dayTime(r, s.day))
		if err := l.take(ctx, s); err != nil {
			return fmt.Errorf("demo step %d (%s, %s): %w", i, s.day, s.milestone, err)
		}
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

type loader struct {
	ledger  *ledger.Ledger
	now     time.Time
	lots    []lot
	parcels []int64       // by lot
	cases   map[int]int64 // by lot
}

func (l *loader) importLots(ctx context.Context) error {
	out, err := l.ledger.Apply(ctx, auth.System(), ledger.Operation{OpID: uuid.New(), Device: device, Changes: []ledger.Change{ledger.ImportParcels{
		Digest: "demo", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
			for _, lot := range l.lots {
				if err := each(lot.draft); err != nil {
					return err
				}
			}
			return nil
		},
	}}})
	for _, e := range out.Entries {
		l.parcels = append(l.parcels, e.NounID)
	}
	return err
}

// take does one step as the officer of the town, or as the office where the step is the office's.
func (l *loader) take(ctx context.Context, s step) error {
	actor := auth.Actor{ID: l.lots[s.lot].town.officer}
	if slices.Contains([]string{"accepted", "closed"}, s.milestone) {
		actor.ID = "yu"
	}
	switch {
	case s.plans != nil:
		out, err := l.ledger.Apply(ctx, actor, ledger.Operation{OpID: uuid.New(), Device: device, Changes: []ledger.Change{
			ledger.ListCase{Parcels: []int64{l.parcels[s.lot]}, On: s.day, Plans: s.plans},
		}})
		if err == nil {
			l.cases[s.lot] = out.Entries[0].NounID
		}
		return err
	case s.reason != "":
		return apply(ctx, l.ledger, actor, ledger.MarkNotApplicable{Case: l.cases[s.lot], Milestone: s.milestone, Reason: s.reason})
	}
	return apply(ctx, l.ledger, actor, ledger.MarkMilestone{Case: l.cases[s.lot], Milestone: s.milestone, On: s.day})
}
