package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

const (
	rightsRounds = 1000
	rightsList   = 50
)

// rightsWork is one thing that is done under the policies, and past them as a superuser.
type rightsWork struct {
	name string
	goal string
	do   func(ctx context.Context, s *postgres.Store, l *ledger.Ledger, n int) error
}

// benchRights measures what row-level security costs: the same list, reading and change by a town's lead under
// the policies and as a superuser, who is past them, in turns.
func (h *house) benchRights(ctx context.Context) error {
	super, err := postgres.Open(ctx, postgres.Server{DSN: func(string) string { return h.admin }}, h.log)
	if err != nil {
		return err
	}
	defer super.Close()
	past := ledger.New(super, h.clock.Now, h.log)
	cases, err := h.benchCases(ctx)
	if err != nil {
		return err
	}
	if err := h.othersCases(ctx); err != nil {
		return err
	}
	h.print("\n%-16s %14s %14s %8s %12s  %s\n", "as a town's lead", "policies µs", "superuser µs", "ratio", "more µs", "goal")
	for _, w := range rightsWorks(cases) {
		under, over, err := w.inTurns(ctx, h, super, past)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		h.print("%-16s %14d %14d %7.2fx %12d  %s\n", w.name, under.Microseconds(), over.Microseconds(), float64(under)/float64(over), (under - over).Microseconds(), w.goal)
	}
	return nil
}

// othersCases are cases of another unit, so that policies have something to leave out.
func (h *house) othersCases(ctx context.Context) error {
	for i := range benchCases {
		if _, err := h.ledger.Apply(ctx, auth.System(), benchOperation(ledger.ListCase{Unit: "wangdian", Label: fmt.Sprintf("外厂%d号", i)})); err != nil {
			return err
		}
	}
	return nil
}

func rightsWorks(cases []int64) []rightsWork {
	lead := auth.Actor{ID: "bench", Name: "某", Role: "town", Unit: "honghe"}
	scope := auth.ScopeOf(lead)
	versions := make([]int64, len(cases))
	return []rightsWork{
		{"list of 50", "<= 1.2x", func(ctx context.Context, s *postgres.Store, _ *ledger.Ledger, n int) error {
			at := n * rightsList % (len(cases) - rightsList)
			found, err := s.ListCases(ctx, scope, cases[at:at+rightsList])
			if err == nil && found != rightsList {
				err = fmt.Errorf("%d of %d cases", found, rightsList)
			}
			return err
		}},
		{"a single read", "+300 µs", func(ctx context.Context, s *postgres.Store, _ *ledger.Ledger, n int) error {
			_, err := s.Case(ctx, scope, cases[n%len(cases)])
			return err
		}},
		{"a change", "<= 1.2x", func(ctx context.Context, _ *postgres.Store, l *ledger.Ledger, n int) error {
			at := n % len(cases)
			out, err := l.Apply(ctx, lead, benchOperation(ledger.AmendCase{Case: cases[at], BaseVersion: max(1, versions[at]), Fields: map[string]string{"note": strconv.Itoa(n)}}))
			if err == nil {
				versions[at] = out.Entries[0].Version
			}
			return err
		}},
	}
}

// inTurns gives the median of each side.
func (w rightsWork) inTurns(ctx context.Context, h *house, super *postgres.Store, past *ledger.Ledger) (under, over time.Duration, err error) {
	var times [2][]time.Duration
	for n := range rightsRounds {
		for side := range 2 {
			s, l := h.store, h.ledger
			if side == 1 {
				s, l = super, past
			}
			began := time.Now()
			if err := w.do(ctx, s, l, 2*n+side); err != nil {
				return 0, 0, err
			}
			times[side] = append(times[side], time.Since(began))
		}
	}
	for side := range times {
		slices.Sort(times[side])
	}
	return times[0][rightsRounds/2], times[1][rightsRounds/2], nil
}
