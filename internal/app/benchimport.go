package app

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/ledger"
)

const (
	benchParcels = 100_000
	benchImports = 3
)

// benchImports imports a file of parcels and takes it back, each time with
// other shapes, beside ogr2ogr loading the same file into the same PostGIS.
func (h *house) benchImports(ctx context.Context, dir string) error {
	importer, err := h.importer()
	if err != nil {
		return err
	}
	h.print("\n%-8s %12s %12s %8s %12s %14s\n", "parcels", "guatu s", "ogr2ogr s", "ratio", "undo s", "peak memory MB")
	var best, bare, undone float64
	for round := range benchImports {
		file := filepath.Join(dir, fmt.Sprintf("parcels-%d.geojson.zip", round))
		if err := writeBenchParcels(file, benchParcels, uint64(round)); err != nil {
			return err
		}
		plain, err := seconds(func() error { return h.ogr2ogr(ctx, file) })
		if err != nil {
			return err
		}
		var batch uuid.UUID
		own, err := seconds(func() error {
			batch, err = importForBench(ctx, importer, file)
			return err
		})
		if err != nil {
			return err
		}
		back, err := seconds(func() error {
			_, err := h.ledger.Apply(ctx, auth.System(), benchOperation(ledger.UndoBatch{Batch: batch, Reason: "bench"}))
			return err
		})
		if err != nil {
			return err
		}
		if round == 0 {
			best, bare, undone = own, plain, back
		}
		best, bare, undone = min(best, own), min(bare, plain), min(undone, back)
	}
	h.print("%-8d %12.2f %12.2f %7.2fx %12.2f %14d\n", benchParcels, best, bare, best/bare, undone, peakMemoryMB())
	return nil
}

func importForBench(ctx context.Context, importer *interchange.Importer, file string) (uuid.UUID, error) {
	out, err := importer.Import(ctx, auth.System(), interchange.Request{Path: file, Filename: filepath.Base(file), OpID: uuid.New(), Device: "guatu bench"})
	switch {
	case err != nil:
		return uuid.Nil, err
	case out.Refusal != nil:
		return uuid.Nil, out.Refusal
	case out.Created != benchParcels:
		return uuid.Nil, fmt.Errorf("bench: %d parcels created", out.Created)
	}
	return out.BatchID, nil
}

func seconds(work func() error) (float64, error) {
	began := time.Now()
	err := work()
	return time.Since(began).Seconds(), err
}

// ogr2ogr loads the file into a table of its own, as it does by default: COPY, then a spatial index.
func (h *house) ogr2ogr(ctx context.Context, file string) error {
	out, err := exec.CommandContext(ctx, "ogr2ogr", "-f", "PostgreSQL", "PG:"+h.admin, "/vsizip/"+file, "-nln", "bench_parcels", "-overwrite").CombinedOutput() //nolint:gosec // our own file
	if err != nil {
		return fmt.Errorf("ogr2ogr: %w: %s", err, out)
	}
	return nil
}

// writeBenchParcels writes parcels as a cadastre has them, from 4 to 20 corners,
// with the columns of an office, about 0.5 kB each.
func writeBenchParcels(path string, n int, seed uint64) (err error) {
	f, err := os.Create(path) //nolint:gosec // in our own temporary folder
	if err != nil {
		return err
	}
	archive := zip.NewWriter(f)
	defer func() { err = errors.Join(err, archive.Close(), f.Close()) }()
	entry, err := archive.Create("parcels.geojson")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(entry)
	if err := benchCollection(w, n, rand.New(rand.NewPCG(seed, 1))); err != nil { //nolint:gosec // the same shapes every time
		return err
	}
	return w.Flush()
}

func benchCollection(w io.Writer, n int, r *rand.Rand) error {
	_, err := io.WriteString(w, `{"type":"FeatureCollection","features":[`)
	for i := range n {
		if err == nil {
			_, err = fmt.Fprintf(w, `%s{"type":"Feature","properties":{"parcel_no":"B%06d","地块名称":"地块%d号","权利人":"第%d经济合作社","土地性质":"集体","用途":"工业用地","占地面积":%.2f},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`,
				strings.Repeat(",\n", min(i, 1)), i, i, i%97, 0.3+r.Float64()*30, benchRing(i, r))
		}
	}
	if err == nil {
		_, err = io.WriteString(w, `]}`)
	}
	return err
}

// benchRing is a rectangle of a street grid with corners on its southern edge, drawn a little crooked.
func benchRing(i int, r *rand.Rand) string {
	const width, height = 0.0006, 0.0004 // degrees: 57 m by 44 m
	west, south := 120.55+width*float64(i%400), 30.55+height*float64(i/400)
	steps := 1 + r.IntN(16)
	var b strings.Builder
	first := ""
	point := func(x, y float64) {
		text := fmt.Sprintf("[%.9f,%.9f]", west+x*width*0.96, south+(y+0.02*r.Float64())*height*0.96)
		if first == "" {
			first = text
		}
		b.WriteString(text + ",")
	}
	for s := range steps + 1 {
		point(float64(s)/float64(steps), 0)
	}
	point(1, 0.98)
	point(0, 0.98)
	return b.String() + first
}

// peakMemoryMB is the most memory this process ever held (VmHWM), 0 where the system does not tell.
func peakMemoryMB() int {
	runtime.GC()
	return residentMB("VmHWM")
}
