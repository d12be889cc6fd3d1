package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// checkedReads is how many reads are held to what was committed before them.
const checkedReads = 100_000

// resident measures what a server that starts now takes until its first layer
// is packed, what the map in memory holds, and a layer of an earlier day.
func (b *layerBench) resident(ctx context.Context, n int) error {
	var before int64
	var model *layer.Model
	var book *chronicle.Book
	start, err := seconds(func() (err error) {
		if book, err = chronicle.Open(ctx, b.store); err != nil {
			return err
		}
		before = heapBytes()
		if model, err = layer.NewModel(ctx, b.store, book, block.NewDesk(b.store)); err != nil {
			return err
		}
		_, err = packed(ctx, model.Now())
		return err
	})
	if err != nil {
		return err
	}
	held := float64(heapBytes()-before) / float64(n)
	then, err := seconds(func() error { return b.asOf(ctx, model, book) })
	if err != nil {
		return err
	}
	b.print("%-10d start to first packed layer %.2f s; heap %.0f bytes a feature with packed chunks; this process %d MB resident; a layer of an earlier revision %.0f ms\n", n, start, held, residentMB(), then*1000)
	b.below(n, "start, s", start, map[int]float64{100_000: 1.5})
	b.below(n, "heap a feature", held, map[int]float64{100_000: 1200})
	b.below(n, "as-of, ms", then*1000, map[int]float64{100_000: 100})
	runtime.KeepAlive(book)
	return b.flatSize(ctx, n, model)
}

// below notes what is above the most it may be.
func (b *layerBench) below(n int, what string, value float64, most map[int]float64) {
	if limit := most[n]; limit > 0 && value > limit {
		b.low = append(b.low, fmt.Sprintf("%s at %d: %.2f", what, n, value))
	}
}

// packed is the flat form of the parcels, packed.
func packed(ctx context.Context, s *layer.Snapshot) (layer.Answer, error) {
	selected, err := s.Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	if err != nil {
		return layer.Answer{}, err
	}
	if selected, err = selected.Flat(); err != nil {
		return layer.Answer{}, err
	}
	return selected.Encode(ctx, layer.Gzip)
}

// asOf makes the layer of the revision before the last.
func (b *layerBench) asOf(ctx context.Context, model *layer.Model, book *chronicle.Book) error {
	s, err := model.AsOf(ctx, book.At(auth.Everything(), book.Revision()-1, ""))
	if err != nil {
		return err
	}
	_, err = s.Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	return err
}

func (b *layerBench) flatSize(ctx context.Context, n int, model *layer.Model) error {
	a, err := packed(ctx, model.Now())
	if err != nil {
		return err
	}
	b.print("%-10d flat snapshot packed %.2f MB, with codes and labels\n", n, float64(a.Length)/1e6)
	b.below(n, "flat MB", float64(a.Length)/1e6, map[int]float64{100_000: 4})
	return nil
}

// stale reads while somebody writes, and counts the reads that do not show
// what was committed before they began.
func (b *layerBench) stale(ctx context.Context) error {
	free, err := b.free()
	if err != nil {
		return err
	}
	var committed, done, stale atomic.Int64
	committed.Store(b.rooms.Layers.Now().Revision)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	var failed error
	wg.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			out, err := b.ledger.Apply(ctx, auth.System(), benchOperation(ledger.ListCase{Parcels: []int64{free[n%len(free)].ID}, Unit: "honghe", Landless: true}))
			if err != nil {
				if ctx.Err() == nil {
					failed = err
				}
				return
			}
			committed.Store(out.Revision)
		}
	})
	var readers sync.WaitGroup
	for range loadClients {
		readers.Go(func() {
			for done.Add(1) <= checkedReads && ctx.Err() == nil {
				fresh, err := b.readFresh(ctx, committed.Load())
				if err != nil || !fresh {
					stale.Add(1)
				}
			}
		})
	}
	readers.Wait()
	stop()
	wg.Wait()
	b.print("%d checked reads under writes: %d stale\n", checkedReads, stale.Load())
	if stale.Load() > 0 {
		failed = errors.Join(failed, errors.New("bench: stale reads"))
	}
	return failed
}

// readFresh asks for what changed up to a revision, and says whether the answer shows it.
func (b *layerBench) readFresh(ctx context.Context, revision int64) (bool, error) {
	s, err := b.rooms.Layers.At(ctx, revision)
	if err != nil {
		return false, err
	}
	selected, err := s.Since(auth.ScopeOf(auth.System()), layer.Parcels, revision-1-rand.Int64N(3)) //nolint:gosec // any of the last ones
	if err != nil {
		return false, err
	}
	if selected, err = selected.Flat(); err != nil {
		return false, err
	}
	a, err := selected.Encode(ctx, layer.Identity)
	if err != nil {
		return false, err
	}
	f, err := flat.Decode(a.Bytes())
	return err == nil && f.Revision >= revision, err
}

func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below
}

// residentMB is what this process holds in memory now (VmRSS), 0 where the system does not tell.
func residentMB() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			return kb >> 10
		}
	}
	return 0
}
