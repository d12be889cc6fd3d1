package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
)

// overlayKeeper brings the overlays (叠加分析) up to date after what the journal
// records: after a change of parcels, of a layer or of the campaign those of
// everybody, after new cases those of their operators. Of two servers that hear of
// the same change the second finds nothing new.
type overlayKeeper struct {
	feed   *live.Feed
	ledger *ledger.Ledger
	log    *slog.Logger
}

const overlayRetry = 5 * time.Second

// run looks at everybody first, for the server may have been away.
func (k overlayKeeper) run(ctx context.Context) {
	revision, err := k.feed.Revision(auth.Everything())
	for everybody, cases := true, []int64(nil); err == nil; {
		if everybody || len(cases) > 0 {
			err = k.layOver(ctx, everybody, cases)
		}
		if err != nil && ctx.Err() == nil {
			k.log.ErrorContext(ctx, "overlays", slog.Any("error", err))
			err, everybody = nil, true // next time with everybody
			if !waited(ctx, time.After(overlayRetry)) {
				return
			}
			continue
		}
		revision, everybody, cases, err = k.heard(ctx, revision)
	}
}

func (k overlayKeeper) layOver(ctx context.Context, everybody bool, cases []int64) error {
	if everybody {
		cases = nil
	}
	_, err := k.ledger.Apply(ctx, auth.System(), ledger.Operation{OpID: uuid.New(), Device: "overlays", Changes: []ledger.Change{ledger.NewLayOver(cases)}})
	if errors.Is(err, ledger.ErrNothingNew) || fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	return err
}

// heard waits for what the overlays depend on, and tells whose may have changed.
func (k overlayKeeper) heard(ctx context.Context, after int64) (revision int64, everybody bool, cases []int64, err error) {
	for ctx.Err() == nil {
		events, more, err := k.feed.After(ctx, auth.Everything(), after)
		if err != nil {
			return after, false, nil, err
		}
		for _, e := range events {
			after = e.Last
			everybody = everybody || e.Geometry || e.Campaign || len(e.References) > 0
			if slices.ContainsFunc(e.Kinds, func(kind string) bool { return kind == ledger.KindCaseList || kind == ledger.KindUndo }) {
				cases = append(cases, e.Cases...)
			}
		}
		if everybody || len(cases) > 0 {
			return after, everybody, cases, nil
		}
		if !waited(ctx, more) {
			break
		}
	}
	return after, false, nil, ctx.Err()
}

// waited tells that something came before ctx ended.
func waited[T any](ctx context.Context, c <-chan T) bool {
	select {
	case <-c:
		return true
	case <-ctx.Done():
		return false
	}
}
