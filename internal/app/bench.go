package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/demo"
	"github.com/guatu/guatu/internal/ledger"
)

const (
	benchTime  = 4 * time.Second
	benchCases = 256
)

// bench measures on a durable cluster of its own: changes a second beside the
// same inserts without the chain, and an import of parcels beside ogr2ogr, each
// pair alternating, what row-level security costs, figures of any day beside plain SQL, exports over HTTP, and layers over HTTP
// beside PostGIS and nginx. A name picks one: changes, import, rights, figures, export or
// layers; numbers say with how many parcels or cases. Where something is slower than it must be the end is a failure;
// --peer NAME=URL has another server of the same parcels measured beside them, {n} being their number.
func bench(ctx context.Context, t Terminal, cfg config.Config, args []string) (code int, err error) {
	only := ""
	if len(args) > 0 {
		only = args[0]
	}
	switch only {
	case "client":
		return loadChild(ctx, t, args[1:])
	case "resident":
		return residentChild(ctx, t, args[1:])
	}
	peers, err := peersOf(args)
	if err != nil {
		return exitRefused, err
	}
	dir, err := os.MkdirTemp("", "guatu-bench-")
	if err != nil {
		return exitRefused, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg.Data, cfg.DatabaseURL, cfg.DataNamed = filepath.Join(dir, "data"), "", true
	cfg.LogLevel = slog.LevelWarn
	h, err := openHouse(ctx, t, cfg, true)
	if err != nil {
		return exitRefused, err
	}
	defer func() { err = errors.Join(err, h.close(ctx), h.cluster.Remove()) }()
	if err := demo.SetUp(ctx, h.ledger); err != nil {
		return exitRefused, err
	}
	h.printMachine(ctx)
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{"changes", func() error { return h.benchChanges(ctx) }},
		{"import", func() error { return h.benchImports(ctx, dir) }},
		{"rights", func() error { return h.benchRights(ctx) }},
		{"figures", func() error { return h.benchFigures(ctx, sizesOf(args)) }},
		{"export", func() error { return h.benchExport(ctx, dir, sizesOf(args)) }},
		{"layers", func() error { return h.benchLayers(ctx, dir, sizesOf(args), peers) }},
	} {
		if only == "" || only == part.name || strings.HasPrefix(only, "--") {
			if err := part.run(); err != nil {
				return exitRefused, err
			}
		}
	}
	report, err := h.store.Verify(ctx)
	if err != nil {
		return exitRefused, err
	}
	h.print("\nverify: %d entries, %d findings; load average %s\n", report.Entries, len(report.Findings), firstOf("/proc/loadavg", ""))
	if len(h.low) > 0 {
		return exitRefused, fmt.Errorf("bench: below the floor: %v", h.low)
	}
	return exitOK, nil
}

// sizesOf are the numbers of parcels or cases asked for, 1,000, 10,000 and 100,000 where none is.
func sizesOf(args []string) (sizes []int) {
	for _, arg := range args {
		if n, err := strconv.Atoi(arg); err == nil && n > 0 {
			sizes = append(sizes, n)
		}
	}
	if sizes == nil {
		return []int{1_000, 10_000, 100_000}
	}
	return sizes
}

// print writes a line of a table.
func (h *house) print(format string, args ...any) {
	_, _ = fmt.Fprintf(h.t.Out, format, args...)
}

func (h *house) benchChanges(ctx context.Context) error {
	cases, err := h.benchCases(ctx)
	if err != nil {
		return err
	}
	h.print("\n%-8s %14s %14s %8s\n", "clients", "changes/s", "no chain/s", "ratio")
	versions := make([]int64, len(cases))
	for i := range versions {
		versions[i] = 1
	}
	for _, clients := range []int{1, 8, 32} {
		if err := h.benchRow(ctx, clients, cases, versions); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) benchCases(ctx context.Context) ([]int64, error) {
	ids := make([]int64, benchCases)
	for i := range ids {
		out, err := h.ledger.Apply(ctx, auth.System(), benchOperation(ledger.ListCase{Unit: "honghe", Label: fmt.Sprintf("作坊%d号", i)}))
		if err != nil {
			return nil, err
		}
		ids[i] = out.Entries[0].NounID
	}
	return ids, nil
}

func benchOperation(c ledger.Change) ledger.Operation {
	return ledger.Operation{OpID: uuid.New(), Device: "guatu bench", Changes: []ledger.Change{c}}
}

// benchRow races changes against the baseline. The clients' numbers never meet
// on one case, because both counts are powers of two.
func (h *house) benchRow(ctx context.Context, clients int, cases, versions []int64) error {
	var chained, plain float64
	const rounds = 2
	for range rounds {
		rate, err := race(ctx, clients, benchTime, func(n int) error {
			i := n % len(cases)
			out, err := h.ledger.Apply(ctx, auth.System(), benchOperation(ledger.AmendCase{
				Case: cases[i], BaseVersion: versions[i], Fields: map[string]string{"note": fmt.Sprint(n, versions[i])},
			}))
			if err == nil {
				versions[i] = out.Entries[0].Version
			}
			return err
		})
		if err != nil {
			return err
		}
		chained = max(chained, rate)
		baseline, err := h.store.NewBaseline(ctx)
		if err != nil {
			return err
		}
		if rate, err = race(ctx, clients, benchTime, func(n int) error { return baseline.Insert(ctx, cases[n%len(cases)], n) }); err != nil {
			return err
		}
		plain = max(plain, rate)
	}
	h.print("%-8d %14.0f %14.0f %7.2fx\n", clients, chained, plain, chained/plain)
	return nil
}

// race runs work from several clients for a while and gives the rate a second.
func race(ctx context.Context, clients int, span time.Duration, work func(n int) error) (float64, error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	done := 0
	began := time.Now()
	for client := range clients {
		wg.Go(func() {
			for n := client; time.Since(began) < span && ctx.Err() == nil; n += clients {
				err := work(n)
				mu.Lock()
				if err != nil {
					failed = err
				}
				done++
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(done) / time.Since(began).Seconds(), failed
}
