// Package ladder tells whom it concerns that a case is late (逾期催办): person, unit, leader, wall, each on its day.
//
// Any number of servers may look. What one tells has an id that follows from case, milestone, day and rung, and the
// ledger looks again before it writes: each rung is told once.
package ladder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Case is an open case whose day is over.
type Case struct {
	ID       int64
	Next     string // milestone that is due
	Deadline campaign.Date
	Sides    []string // in force
	Told     []string // rungs that were told of it
}

// Source is the database as this room reads it.
type Source interface {
	// Running is the campaign; a fault of KindNotFound where there is none.
	Running(ctx context.Context) (ledger.Campaign, error)
	// Overdue are the open cases whose day was before today, by id, also those that a side state pauses.
	Overdue(ctx context.Context, today campaign.Date) ([]Case, error)
}

// Door takes what is told; it is the ledger.
type Door interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// Keeper looks for what is to be told.
type Keeper struct {
	Source Source
	Door   Door
	Now    func() time.Time // the campaign's clock
}

// namespace of the ids of what is told.
var namespace = uuid.MustParse("0b1d7a52-94c6-5a0b-8f6e-3d2a5c7e9b41") //nolint:gochecknoglobals // a constant

// Look tells what is due today and was not told, and says whether there was something.
func (k *Keeper) Look(ctx context.Context) (told bool, err error) {
	running, err := k.Source.Running(ctx)
	if fault.KindOf(err) == fault.KindNotFound {
		return false, nil
	}
	if err != nil || len(running.Definition.Ladder) == 0 {
		return false, err
	}
	today := campaign.DateOf(k.Now().In(campaign.Shanghai()))
	cases, err := k.Source.Overdue(ctx, today)
	if err != nil {
		return false, fmt.Errorf("read what is overdue: %w", err)
	}
	for _, c := range cases {
		late := running.Definition.Late(campaign.Standing{Next: c.Next, Deadline: c.Deadline}, c.Sides, today)
		for _, rung := range campaign.StepsDue(running.Definition.Ladder, late, c.Told) {
			told = true
			if err := k.tell(ctx, c, rung, today); err != nil {
				return told, err
			}
		}
	}
	return told, nil
}

// tell tells one rung. Whoever comes second finds it told, or the case moved: both are as they should be. The day is in
// the id, so that what was refused because the case had moved is told when it is late again.
func (k *Keeper) tell(ctx context.Context, c Case, rung string, today campaign.Date) error {
	id := uuid.NewSHA1(namespace, fmt.Appendf(nil, "%d %s %s %s %s", c.ID, c.Next, c.Deadline, rung, today))
	_, err := k.Door.Apply(ctx, auth.System(), ledger.Operation{OpID: id, Device: "ladder", Changes: []ledger.Change{
		ledger.TellLadder{Case: c.ID, Milestone: c.Next, DueOn: c.Deadline, Rung: rung},
	}})
	if f, refused := errors.AsType[*fault.Error](err); refused && (f.Code == "rung_not_due" || f.Code == "case_not_found") {
		return nil
	}
	return err
}
