package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// checkedReads is how many reads are held to what was committed before them.
const checkedReads = 100_000

// residence is what a server that starts now takes and holds.
type residence struct {
	Chronicle float64 // seconds until the chronicle is read
	Start     float64 // seconds until the first layer is packed
	Feature   float64 // bytes of heap a feature, packed once
	RSS, Peak int     // MB
	AsOf      float64 // ms until the layer of before every parcel was renamed stands
	Box       float64 // ms of a box of it, answered
	Flat      int     // bytes of the flat form, packed
	First     float64 // ms until the first features of a whole layer whose geometries are all away
	Request   float64 // MB that such a request holds
}

// resident has a process of its own start on the database; and then another one, which makes the layer of before every parcel was renamed.
func (b *layerBench) resident(ctx context.Context, n int) error {
	r, err := b.start(ctx, 0)
	if err != nil {
		return err
	}
	b.print("%-10d start to first packed layer %.2f s (chronicle %.2f); heap %.0f bytes a feature with packed chunks; %d MB resident, %d at most; flat form %.2f MB\n", n, r.Start, r.Chronicle, r.Feature, r.RSS, r.Peak, float64(r.Flat)/1e6)
	b.print("%-10d no geometry in memory: first features after %.0f ms, %.2f MB a request\n", n, r.First, r.Request)
	before := b.rooms.Layers.Now().Revision
	if err := b.rename(ctx, n); err != nil {
		return err
	}
	then, err := b.start(ctx, before)
	if err != nil {
		return err
	}
	b.print("%-10d the layer of before every parcel was renamed %.0f ms, a box of it %.1f ms; with both versions of each the start takes %.2f s, %d MB resident\n", n, then.AsOf, then.Box, then.Start, then.RSS)
	b.below(n, "start, s", r.Start, map[int]float64{100_000: 1.5})
	b.below(n, "heap a feature", r.Feature, map[int]float64{100_000: 1200})
	b.below(n, "resident MB", float64(max(r.RSS, then.RSS)), map[int]float64{100_000: 400})
	b.below(n, "as-of, ms", then.AsOf, map[int]float64{100_000: 100})
	b.below(n, "flat MB", float64(r.Flat)/1e6, map[int]float64{100_000: 4})
	b.below(n, "first features, ms", r.First, map[int]float64{100_000: 50})
	b.below(n, "a request, MB", r.Request, map[int]float64{100_000: 1})
	return nil
}

// start is what a process takes and holds that starts now; with a revision it makes the layer of then as well.
func (b *layerBench) start(ctx context.Context, revision int64) (r residence, err error) {
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	cmd := exec.CommandContext(ctx, self, "bench", "resident", b.server.DSN(anyRole), strconv.FormatInt(revision, 10)) //nolint:gosec // this program
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		return r, fmt.Errorf("bench resident: %w", err)
	}
	return r, nil
}

// anyRole stands in a connection string for the role.
const anyRole = "any_role"

// residentChild is `guatu bench resident CONNECTION REVISION`: a server that starts, as far as layers go.
func residentChild(ctx context.Context, t Terminal, args []string) (int, error) {
	if len(args) < 2 {
		return exitRefused, errors.New("bench resident CONNECTION REVISION")
	}
	revision, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return exitRefused, fmt.Errorf("bench resident: %w", err)
	}
	began := time.Now()
	server := postgres.Server{DSN: func(role string) string { return strings.Replace(args[0], anyRole, role, 1) }, Warm: true}
	store, err := postgres.Open(ctx, server, slog.New(slog.DiscardHandler))
	if err != nil {
		return exitRefused, err
	}
	defer store.Close()
	var r residence
	book, err := chronicle.Open(ctx, store)
	if err != nil {
		return exitRefused, err
	}
	r.Chronicle = time.Since(began).Seconds()
	model, err := layer.NewModel(ctx, store, book, block.NewDesk(store))
	if err != nil {
		return exitRefused, err
	}
	first, err := packed(ctx, model.Now())
	if err != nil {
		return exitRefused, err
	}
	r.Start, r.Flat = time.Since(began).Seconds(), first.Length
	r.RSS, r.Peak = residentMB("VmRSS"), residentMB("VmHWM")
	if err := r.asOf(ctx, model, book, revision); err != nil {
		return exitRefused, err
	}
	r.held(model, book)
	if err := r.away(ctx, store, book); err != nil {
		return exitRefused, err
	}
	return exitOK, json.NewEncoder(t.Out).Encode(r)
}

// asOf makes the layer of an earlier revision, if one is given, and answers a box of it.
func (r *residence) asOf(ctx context.Context, model *layer.Model, book *chronicle.Book, revision int64) error {
	if revision == 0 {
		return nil
	}
	began := time.Now()
	s, err := model.AsOf(ctx, book.At(auth.Everything(), revision, ""))
	if err != nil {
		return err
	}
	r.AsOf = time.Since(began).Seconds() * 1000
	began = time.Now()
	box := orb.Bound{Min: orb.Point{120.67, 30.5501}, Max: orb.Point{120.682, 30.5539}}
	selected, err := s.Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{Bound: &box})
	if err != nil {
		return err
	}
	_, err = selected.Encode(ctx, layer.Gzip)
	r.Box = time.Since(began).Seconds() * 1000
	return err
}

// held measures the heap that goes with the map, without the chronicle; the map is gone after it.
func (r *residence) held(model *layer.Model, book *chronicle.Book) {
	n := model.Now().Count(layer.Parcels)
	model.ForgetPast()
	with := heapBytes()
	runtime.KeepAlive(model)
	r.Feature = float64(with-heapBytes()) / float64(max(1, n))
	runtime.KeepAlive(book)
}

// rename gives every parcel another label.
func (b *layerBench) rename(ctx context.Context, n int) error {
	return b.importParcels(ctx, 0, n, "厂房")
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
	text, err := a.Bytes(ctx)
	if err != nil {
		return false, err
	}
	f, err := flat.Decode(text)
	return err == nil && f.Revision >= revision, err
}

func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below
}

// residentMB is what this process holds in memory (VmRSS, VmHWM at most), 0 where the system does not tell.
func residentMB(what string) int { return statusMB(os.Getpid(), what) }

// statusMB is one of the sizes of a process, 0 where the system does not tell.
func statusMB(pid int, what string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb int
		if _, err := fmt.Sscanf(line, what+": %d kB", &kb); err == nil {
			return kb >> 10
		}
	}
	return 0
}
