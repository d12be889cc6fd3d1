package app

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/report"
)

// benchDays is how many days are asked for at each size; each is another revision.
const benchDays = 10

// benchFigures counts a year of invented cases, eleven versions each: all
// figures by unit (with stages, funnel, ranks against the last bulletin, what
// is new), now and on earlier days, beside SQL that counts cases and land by
// unit and stage alone.
func (h *house) benchFigures(ctx context.Context, sizes []int) error {
	h.print("\n%-8s %9s %9s %9s %12s %12s %12s %9s\n", "cases", "versions", "load s", "MB", "figures ms", "as-of ms", "SQL ms", "as-of/SQL")
	for _, cases := range sizes {
		if err := h.benchFiguresOf(ctx, cases); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) benchFiguresOf(ctx context.Context, cases int) error {
	source, err := h.store.NewHistoryBench(ctx, cases)
	if err != nil {
		return err
	}
	before := heapMB()
	var book *chronicle.Book
	load, err := seconds(func() error {
		book, err = chronicle.Open(ctx, source)
		return err
	})
	if err != nil {
		return err
	}
	held := heapMB() - before
	clock := func() time.Time { return time.Date(2020, 12, 1, 9, 0, 0, 0, campaign.Shanghai()) }
	desk := report.NewDesk(book, block.NewDesk(h.store), clock)
	var now, past, plain float64
	for n := range benchDays {
		day := campaign.Date("2020-11-29").AddDays(-30 * n)
		view, err := book.AsOf(auth.Everything(), day, "2020-12-01")
		if err != nil {
			return err
		}
		var cases, recovered int64
		for _, m := range []struct {
			into *float64
			ask  func() error
		}{
			{&now, func() error { _, err := desk.Figures(ctx, auth.ScopeOf(auth.System()), report.Query{}); return err }},
			{&past, func() error {
				_, err := desk.Figures(ctx, auth.ScopeOf(auth.System()), report.Query{AsOf: day})
				return err
			}},
			{&plain, func() error { cases, recovered, err = source.PlainSQL(ctx, view.Revision); return err }},
		} {
			took, err := seconds(m.ask)
			if err != nil {
				return err
			}
			*m.into += took * 1000 / benchDays
		}
		if err := sameAsSQL(view, cases, recovered); err != nil {
			return err
		}
	}
	h.print("%-8d %9d %9.1f %9d %12.1f %12.1f %12.1f %8.2fx\n", cases, source.Revisions(), load, held, now, past, plain, past/plain)
	runtime.KeepAlive(book)
	return h.benchServed(ctx, cases, source, desk)
}

// sameAsSQL holds what memory counts to SQL's answer.
func sameAsSQL(view *chronicle.View, cases, recovered int64) error {
	_, total, err := view.Select(chronicle.Filter{})
	if err != nil {
		return err
	}
	_, accepted, err := view.Select(chronicle.Filter{Metric: campaign.MetricRecovered})
	if err != nil {
		return err
	}
	if total.Cases != cases || int64(accepted.Recovered) != recovered {
		return fmt.Errorf("bench: revision %d: memory counts %d cases, %d; SQL %d, %d", view.Revision, total.Cases, accepted.Recovered, cases, recovered)
	}
	return nil
}

func heapMB() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc >> 20)
}
