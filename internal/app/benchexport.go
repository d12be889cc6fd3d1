package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/guatu/guatu/internal/pgcluster"
)

const (
	exportLook = 5 * time.Millisecond // how often the children's memory is read
	exportMost = 100                  // MB that an export may take over what the server holds at rest, GDAL's process included
)

// exportFormats are asked for in this order, each of a server that was just started.
var exportFormats = []string{"gpkg", "shp", "geojson", "kml", "dxf", "landtxt"} //nolint:gochecknoglobals // a constant

// benchExport takes parcels out of a server of its own over HTTP, and says what that takes of memory:
// its process beside what it held at rest, the heap that was alive, and the processes it started.
func (h *house) benchExport(ctx context.Context, dir string, sizes []int) (err error) {
	b := &layerBench{house: h}
	if b.rooms, err = h.rooms(ctx); err != nil {
		return err
	}
	have := 0
	h.print("\nA server of its own for each format: rest and peak are its resident memory before and at most while it exports (VmRSS, VmHWM begun anew);\n"+
		"live is its heap as collections found it alive; GDAL is the process that writes the GeoPackage. Growth and GDAL together: at most %d MB for gpkg.\n", exportMost)
	h.print("\n%-8s %-8s %8s %8s | %8s %8s %8s | %8s %8s | %8s\n", "parcels", "format", "s", "file MB", "rest MB", "peak MB", "growth", "live MB", "peak", "GDAL MB")
	for _, n := range sizes {
		if err := b.importParcels(ctx, have, n, "地块"); err != nil {
			return err
		}
		have = n
		for _, format := range exportFormats {
			if err := h.exportOnce(ctx, dir, format, n); err != nil {
				return fmt.Errorf("export %s: %w", format, err)
			}
		}
	}
	return nil
}

// exportOnce starts a server, takes the parcels out and has GDAL count them.
func (h *house) exportOnce(ctx context.Context, dir, format string, n int) error {
	s, err := h.startServed(ctx, filepath.Join(dir, "served-"+format))
	if err != nil {
		return err
	}
	defer s.stop()
	file := filepath.Join(dir, "export."+format)
	if format == "shp" {
		file += ".zip"
	}
	// It has answered before, as a server at work has; what it holds then is its rest.
	if _, err := fetch(ctx, http.DefaultClient, s.info.Address+"/api/v1/cases?limit=1", http.StatusOK, s.headers()); err != nil {
		return err
	}
	rest, live := statusMB(s.info.PID, "VmRSS"), s.live.Load()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.info.PID), []byte("5"), 0); err != nil {
		return err // VmHWM begins anew
	}
	s.livePeak.Store(live)
	var bytes int64
	children := watchChildren(ctx, s.info.PID)
	took, err := seconds(func() error {
		bytes, err = download(ctx, s.info.Address+"/api/v1/export/parcels?format="+format, file, s.headers())
		return err
	})
	gdal := children()
	if err != nil {
		return err
	}
	peak := statusMB(s.info.PID, "VmHWM")
	h.print("%-8d %-8s %8.1f %8.1f | %8d %8d %8d | %8d %8d | %8d\n", n, format, took, float64(bytes)/1e6, rest, peak, peak-rest, live, s.livePeak.Load(), gdal)
	if format == "gpkg" && peak-rest+gdal > exportMost {
		h.low = append(h.low, fmt.Sprintf("export of %d parcels as %s: %d MB", n, format, peak-rest+gdal))
	}
	return counted(ctx, h, file, n)
}

// counted has GDAL count the features of a file that it can read.
func counted(ctx context.Context, h *house, file string, n int) error {
	read, want := file, n
	switch filepath.Ext(file) {
	case ".zip":
		read = "/vsizip/" + file
	case ".dxf":
		want = 2 * n // an outline and its label
	case ".landtxt":
		return os.Remove(file) // GDAL knows no 国土TXT
	}
	out, err := exec.CommandContext(ctx, "ogrinfo", "-ro", "-al", "-so", read).Output() //nolint:gosec // our own file
	if err != nil {
		return fmt.Errorf("ogrinfo: %w", err)
	}
	if !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d\n", want)) {
		return fmt.Errorf("ogrinfo counts otherwise: %s", out)
	}
	h.print("%17s ogrinfo: Feature Count: %d\n", "", want)
	return os.Remove(file)
}

// served is a server in a process of its own on the bench's database.
type served struct {
	cmd            *exec.Cmd
	info           pgcluster.Info
	live, livePeak atomic.Int64 // MB of heap alive at the last collection, and at most
}

func (s *served) headers() []string { return []string{"Authorization: Guatu-Tool " + s.info.Key} }

func (s *served) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = s.cmd.Wait()
}

// startServed starts `guatu serve`, which says of each collection of its heap what was alive.
func (h *house) startServed(ctx context.Context, data string) (*served, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &served{cmd: exec.CommandContext(ctx, self, "serve")} //nolint:gosec // this program
	s.cmd.Env = append(os.Environ(), "GUATU_DATA="+data, "GUATU_ADDR=127.0.0.1:0", "GUATU_LOG=warn", "DATABASE_URL="+h.admin, "GODEBUG=gctrace=1")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.follow(said)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if info, running := pgcluster.Running(data); running && info.Address != "" {
			s.info = info
			return s, nil
		}
		select {
		case <-ctx.Done():
			s.stop()
			return nil, fmt.Errorf("the server does not start: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// follow reads what the runtime says: "gc 7 @1.2s 3%: …, 148->150->102 MB, …", the third being alive.
func (s *served) follow(said io.Reader) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		_, rest, _ := strings.Cut(lines.Text(), " ms cpu, ")
		var before, after, live int64
		if _, err := fmt.Sscanf(rest, "%d->%d->%d MB", &before, &after, &live); err == nil {
			s.live.Store(live)
			s.livePeak.Store(max(s.livePeak.Load(), live))
		} else if !strings.HasPrefix(lines.Text(), "gc ") {
			_, _ = fmt.Fprintln(os.Stderr, lines.Text())
		}
	}
}

// download keeps an answer in a file.
func download(ctx context.Context, url, file string, headers []string) (n int64, err error) {
	f, err := os.Create(file) //nolint:gosec // in our own temporary folder
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // GDAL reads it again
	return fetchTo(ctx, http.DefaultClient, url, http.StatusOK, headers, f)
}

// watchChildren looks at the processes that a server starts until the answer is called, which is the most memory they held together, MB.
func watchChildren(ctx context.Context, pid int) func() int {
	ctx, stop := context.WithCancel(ctx)
	most := make(chan int)
	go func() {
		top := 0
		for ctx.Err() == nil {
			sum := 0
			for _, child := range withChildren(pid)[1:] {
				sum += statusMB(child, "VmRSS")
			}
			top = max(top, sum)
			select {
			case <-ctx.Done():
			case <-time.After(exportLook):
			}
		}
		most <- top
	}()
	return func() int { stop(); return <-most }
}
