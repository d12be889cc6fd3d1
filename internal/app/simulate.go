package app

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/simulate"
)

// simulateField plays phones and a server of seeds (guatu simulate): what fails names its seed, and with it is played again.
func simulateField(ctx context.Context, t Terminal, _ config.Config, args []string) (int, error) {
	s := simulation{t: t, total: &simulate.Report{}}
	f := flag.NewFlagSet("guatu simulate", flag.ContinueOnError)
	f.SetOutput(t.Err)
	f.Uint64Var(&s.seed, "seed", uint64(time.Now().UnixMilli()), "第一个种子  the first seed")
	f.Uint64Var(&s.worlds, "worlds", 1, "几个世界，种子依次加一  how many worlds, of this seed and those after it")
	f.IntVar(&s.operations, "operations", 10_000, "每个世界的操作数  operations of each world")
	f.Uint64Var(&s.orders, "orders", 0, "另以两种到达次序比较几个种子  how many seeds are sent in two orders of arrival besides")
	if rest, err := parseMixed(f, args); err != nil || len(rest) > 0 {
		return exitRefused, fault.New(fault.KindInvalid, "bad_arguments", "用法：guatu simulate [--seed N] [--worlds N] [--operations N] [--orders N]", "usage: guatu simulate [--seed N] [--worlds N] [--operations N] [--orders N]").Because(err)
	}
	began, last := time.Now(), s.seed+s.worlds-1
	if err := s.run(ctx); err != nil {
		return exitPartly, err
	}
	s.total.Seed = s.seed
	t.say(fmt.Sprintf("种子 %d 至 %d：%d 个世界，次序比较 %d 次，均守住承诺（%.0f 秒）", s.seed, last, s.worlds, s.orders, time.Since(began).Seconds()),
		fmt.Sprintf("seeds %d to %d: every promise was kept in %d worlds and %d comparisons of orders", s.seed, last, s.worlds, s.orders))
	for _, line := range s.total.Lines() {
		fmt.Fprintln(t.Out, line) //nolint:errcheck // see say
	}
	return exitOK, nil
}

// simulation is a series of worlds, as many at a time as there are processors.
type simulation struct {
	t                    Terminal
	seed, worlds, orders uint64
	operations           int

	mu    sync.Mutex
	next  uint64
	total *simulate.Report
	fault error
}

func (s *simulation) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i, more := s.take(); more; i, more = s.take() {
				if err := s.play(ctx, i); err != nil {
					s.fail(err)
					cancel()
					return
				}
			}
		})
	}
	wg.Wait()
	return s.fault
}

func (s *simulation) take() (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return s.next - 1, s.next <= s.worlds+s.orders && s.fault == nil
}

// fail keeps the first; the others were only told to stop.
func (s *simulation) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		s.fault = err
	}
}

// ordered is how many operations are sent in two orders.
const ordered = 200

// play is one world, or after them one comparison of orders.
func (s *simulation) play(ctx context.Context, i uint64) error {
	if i >= s.worlds {
		return simulate.Orders(ctx, simulate.Scratch(), s.seed+i-s.worlds, ordered)
	}
	r, err := simulate.RunIn(ctx, simulate.Scratch(), s.seed+i, s.operations)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total.Add(r)
	if s.worlds > 1 {
		fmt.Fprintf(s.t.Err, "seed %d: %d operations of %d phones\n", r.Seed, r.Operations, r.Phones) //nolint:errcheck // see say
	}
	return nil
}
