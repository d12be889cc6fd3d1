package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/postgres"
	"github.com/guatu/guatu/internal/report"
)

// benchServed measures the figures by unit over HTTP, of an unchanged revision,
// beside SQL that counts cases and land by unit and stage and encodes them, and
// holds the one to the other to the last digit.
func (h *house) benchServed(ctx context.Context, cases int, source *postgres.HistoryBench, desk *report.Desk) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	view, err := desk.View(auth.ScopeOf(auth.System()), "")
	if err != nil {
		return err
	}
	server, url, err := h.serveFigures(ctx, source, desk, view.Revision)
	if err != nil {
		return err
	}
	defer server.Close() //nolint:errcheck // the bench is over
	text, err := source.UnitStageJSON(ctx, view.Revision)
	if err != nil {
		return err
	}
	if err := sameByUnitAndStage(ctx, view, text, url+"/api/v1/figures"); err != nil {
		return err
	}
	asked := []benchRequest{
		{name: "figures by unit", url: url + "/api/v1/figures", status: http.StatusOK, against: "SQL by unit and stage", floor: map[int]float64{10_000: 20, 100_000: 100}, serving: func() []int { return []int{os.Getpid()} }},
		{name: "SQL by unit and stage", url: url + "/sql", status: http.StatusOK, serving: func() []int { return append([]int{os.Getpid()}, withChildren(h.cluster.PID())...) }},
	}
	found, err := floods(ctx, asked)
	if err != nil {
		return err
	}
	best, _, cpu := summary(found[asked[0].name])
	plain, _, plainCPU := summary(found[asked[1].name])
	h.print("%-8d over HTTP: %.0f/s, %.0f µs (%d bytes); SQL %.0f/s, %.0f µs (%d bytes): %.0fx by requests, %.0fx by CPU; equal to the last digit\n",
		cases, best, cpu, found[asked[0].name][0].size, plain, plainCPU, found[asked[1].name][0].size, best/plain, plainCPU/cpu)
	if floor := asked[0].floor[cases]; best/plain < floor {
		h.low = append(h.low, fmt.Sprintf("figures at %d", cases))
	}
	return nil
}

// serveFigures answers the program's own figures from a desk, and SQL's.
func (h *house) serveFigures(ctx context.Context, source *postgres.HistoryBench, desk *report.Desk, revision int64) (*http.Server, string, error) {
	rooms, err := h.rooms(ctx)
	if err != nil {
		return nil, "", err
	}
	rooms.ToolKey, rooms.Report = uuid.NewString(), desk
	api, err := httpapi.New(ctx, rooms)
	if err != nil {
		return nil, "", err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Guatu-Tool "+rooms.ToolKey)
		api.ServeHTTP(w, r)
	})
	mux.HandleFunc("/sql", func(w http.ResponseWriter, r *http.Request) {
		text, err := source.UnitStageJSON(r.Context(), revision)
		if err != nil {
			panic(http.ErrAbortHandler) // the client sees a broken answer and the bench fails
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text) // who went away needs no answer
	})
	return serveOn(ctx, mux)
}

// serveOn serves on loopback until closed.
func serveOn(ctx context.Context, handler http.Handler) (*http.Server, string, error) {
	listener, err := listen(ctx, "127.0.0.1:0", "GUATU_ADDR")
	if err != nil {
		return nil, "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, "http://" + listener.Addr().String(), nil
}

// floods measures requests in turn, three rounds.
func floods(ctx context.Context, asked []benchRequest) (map[string][]load, error) {
	found := map[string][]load{}
	for range layerRounds {
		for _, r := range asked {
			l, err := flood(ctx, r, r.serving)
			if err != nil {
				return nil, err
			}
			found[r.name] = append(found[r.name], l)
		}
	}
	return found, nil
}

// cell is a unit's cases in a stage.
type cell struct {
	Unit             string
	Stage            int
	Cases, Recovered int64
}

// sameByUnitAndStage holds memory, what is served of it, and SQL to each other.
func sameByUnitAndStage(ctx context.Context, view *chronicle.View, sql, url string) error {
	var wanted []cell
	if err := json.Unmarshal([]byte(sql), &wanted); err != nil {
		return err
	}
	var cells []cell
	for _, c := range view.Cases() {
		i, found := slices.BinarySearchFunc(cells, c, func(at cell, c *chronicle.Case) int { return compareCells(at, cell{Unit: c.Unit, Stage: c.Stage}) })
		if !found {
			cells = slices.Insert(cells, i, cell{Unit: c.Unit, Stage: c.Stage})
		}
		cells[i].Cases++
		cells[i].Recovered += int64(c.Recovered)
	}
	slices.SortFunc(wanted, compareCells)
	if !slices.Equal(wanted, cells) {
		return fmt.Errorf("bench: SQL counts %v, memory %v", wanted, cells)
	}
	return servedAsCounted(ctx, cells, url)
}

func compareCells(a, b cell) int {
	return cmp.Or(strings.Compare(a.Unit, b.Unit), a.Stage-b.Stage)
}

// servedAsCounted compares the answer's rows.
func servedAsCounted(ctx context.Context, cells []cell, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	var sheet struct {
		Rows []struct {
			Code   string
			Stages []struct{ Cases int64 }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&sheet); err != nil {
		return err
	}
	served := map[cell]int64{}
	for _, row := range sheet.Rows {
		for i, n := range row.Stages {
			served[cell{Unit: row.Code, Stage: i + 1}] = n.Cases
		}
	}
	for _, c := range cells {
		if n := served[cell{Unit: c.Unit, Stage: c.Stage}]; n != c.Cases {
			return fmt.Errorf("bench: %s, stage %d: %d cases, served %d", c.Unit, c.Stage, c.Cases, n)
		}
	}
	return nil
}
