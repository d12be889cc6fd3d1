package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

const (
	layerRounds = 3
	layerEdits  = 15
	layersPath  = "/api/v1/layers/parcels"
)

// benchRequest is one kind of request that is measured, and what it is held against.
type benchRequest struct {
	name    string
	url     string
	status  int
	headers []string
	against string          // name of another one
	floor   map[int]float64 // least ratio of requests a second, by number of parcels
	serving func() []int    // processes that answer
}

// layerBench is the server with its peers, on loopback.
type layerBench struct {
	*house

	rooms httpapi.Rooms
	url   string
	nginx *benchNginx    // nil where it is not installed
	peers []benchRequest // other servers, as given
}

// benchLayers measures layers over HTTP with so many parcels:
// best of three rounds in turn, and processor time a request of all processes that serve it.
func (h *house) benchLayers(ctx context.Context, dir string, sizes []int, peers []benchRequest) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b := &layerBench{house: h, peers: peers}
	if b.nginx, err = startNginx(ctx, dir); err != nil {
		return err
	}
	if b.nginx == nil {
		h.print("\nnginx is not installed: no comparison with it\n")
	} else {
		defer b.nginx.stop()
	}
	if b.rooms, err = h.rooms(ctx); err != nil {
		return err
	}
	server, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer server.Close() //nolint:errcheck // the bench is over
	have := 0
	for _, n := range sizes {
		if err := b.importParcels(ctx, have, n, "地块"); err != nil {
			return err
		}
		have = n
		if err := b.measure(ctx, n); err != nil {
			return err
		}
		if err := b.resident(ctx, n); err != nil {
			return err
		}
	}
	return b.stale(ctx)
}

// serve answers the program's own addresses and those of its peers.
func (b *layerBench) serve(ctx context.Context) (*http.Server, error) {
	b.rooms.ToolKey = uuid.NewString()
	api, err := httpapi.New(ctx, b.rooms)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	tool := []string{"Guatu-Tool " + b.rooms.ToolKey}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		// The load is a tool of this machine: what is measured is the layers, not the reading of sessions.
		r.Header["Authorization"] = tool
		api.ServeHTTP(w, r)
	})
	b.routePeers(mux)
	server, url, err := serveOn(ctx, mux)
	b.url = url
	return server, err
}

// importParcels imports those of some numbers, with labels that begin alike.
func (b *layerBench) importParcels(ctx context.Context, from, to int, label string) error {
	out, err := b.ledger.Apply(ctx, auth.System(), benchOperation(ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := from; i < to; i++ {
			var ring orb.Ring
			r := rand.New(rand.NewPCG(uint64(i), 1)) //nolint:gosec // the same shape every time
			if err := json.Unmarshal([]byte("["+benchRing(i, r)+"]"), &ring); err != nil {
				return err
			}
			d := ledger.ParcelDraft{Row: i + 1, Code: fmt.Sprintf("L%06d", i), Label: fmt.Sprintf("%s%d号", label, i), Geometry: orb.MultiPolygon{{ring}}}
			if err := each(d); err != nil {
				return err
			}
		}
		return nil
	}}))
	if err != nil {
		return err
	}
	return b.arrived(ctx, out.Revision)
}

func (b *layerBench) arrived(ctx context.Context, revision int64) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, err := b.rooms.Layers.At(ctx, revision)
	return err
}

func (b *layerBench) measure(ctx context.Context, n int) error {
	edits, since, err := b.edits(ctx)
	if err != nil {
		return err
	}
	asked, err := b.requests(ctx, since)
	if err != nil {
		return err
	}
	for _, p := range b.peers {
		p.url = strings.ReplaceAll(p.url, "{n}", strconv.Itoa(n))
		asked = append(asked, p)
	}
	found, err := floods(ctx, asked)
	if err != nil {
		return err
	}
	b.print("\n%-10s %-34s %10s %10s %10s %9s  %s\n", "parcels", "request", "best /s", "median /s", "CPU µs", "KB", "ratio by requests, by CPU")
	for _, r := range asked {
		b.row(n, r, found)
	}
	slices.Sort(edits)
	b.print("%-10d %-34s %10.1f %10.1f\n", n, "edit → new bytes, ms: best, median", edits[0], edits[len(edits)/2])
	if most := map[int]float64{1_000: 30, 10_000: 100, 100_000: 150}[n]; edits[len(edits)/2] > most {
		b.low = append(b.low, fmt.Sprintf("edit at %d: %.0f ms", n, edits[len(edits)/2]))
	}
	return nil
}

func (b *layerBench) row(n int, r benchRequest, found map[string][]load) {
	best, median, cpu := summary(found[r.name])
	ratio := ""
	if others := found[r.against]; others != nil {
		otherBest, _, otherCPU := summary(others)
		ratio = fmt.Sprintf("%.2fx, %.2fx of %s", best/otherBest, otherCPU/cpu, r.against)
		if floor := r.floor[n]; best/otherBest < floor {
			ratio += fmt.Sprintf("  (below %.2fx)", floor)
			b.low = append(b.low, fmt.Sprintf("%s at %d", r.name, n))
		}
	}
	b.print("%-10d %-34s %10.0f %10.0f %10.0f %9.1f  %s\n", n, r.name, best, median, cpu, float64(found[r.name][0].size)/1024, ratio)
}

// summary is the best and median rate, and the median processor time a request.
func summary(loads []load) (best, median, cpu float64) {
	rates, costs := make([]float64, len(loads)), make([]float64, len(loads))
	for i, l := range loads {
		rates[i], costs[i] = l.rate, l.cpu
	}
	slices.Sort(rates)
	slices.Sort(costs)
	return rates[len(rates)-1], rates[len(rates)/2], costs[len(costs)/2]
}

// edits lists cases one by one, and times each from the answer to the change until the whole
// layer with it is read, in ms. It gives the revision before the last one.
func (b *layerBench) edits(ctx context.Context) (took []float64, since int64, err error) {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	free, err := b.free()
	if err != nil {
		return nil, 0, err
	}
	for i, p := range free {
		since = b.rooms.Layers.Now().Revision
		out, err := b.ledger.Apply(ctx, auth.System(), benchOperation(ledger.ListCase{Parcels: []int64{p.ID}, Unit: cmp.Or(p.Unit, "honghe")}))
		if err != nil {
			return nil, 0, err
		}
		s, err := seconds(func() error {
			_, err := fetch(ctx, client, b.url+layersPath+"?min_revision="+strconv.FormatInt(out.Revision, 10), http.StatusOK, []string{"Accept-Encoding: gzip"})
			return err
		})
		if err != nil {
			return nil, 0, err
		}
		if i > 0 { // before the first one nothing was packed
			took = append(took, s*1000)
		}
	}
	return took, since, nil
}

// free are parcels without a case.
func (b *layerBench) free() ([]chronicle.ParcelOn, error) {
	view, err := b.rooms.Report.View(auth.ScopeOf(auth.System()), "")
	if err != nil {
		return nil, err
	}
	list, err := view.ListParcels(chronicle.ParcelFilter{Free: true}, chronicle.ParcelPaging{Limit: layerEdits + 1})
	return list.Parcels, err
}

func (b *layerBench) anyParcel() (int64, error) {
	free, err := b.free()
	if err != nil || len(free) == 0 {
		return 0, errors.Join(err, errors.New("bench: no parcel is left"))
	}
	return free[0].ID, nil
}

// requests are what is measured, and what it is held against, in turn.
func (b *layerBench) requests(ctx context.Context, since int64) ([]benchRequest, error) {
	selected, err := b.rooms.Layers.Now().Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	if err != nil {
		return nil, err
	}
	whole, err := selected.Encode(ctx, layer.Gzip)
	if err != nil {
		return nil, err
	}
	one, err := b.anyParcel()
	if err != nil {
		return nil, err
	}
	const box = "?bbox=120.67,30.5501,120.682,30.5539" // about 20 by 10 parcels of 100,000
	zip, zstd, tag := "Accept-Encoding: gzip", "Accept-Encoding: zstd", "If-None-Match: "+selected.ETag(layer.Gzip)
	own := func() []int { return []int{os.Getpid()} }
	withDatabase := func() []int {
		if b.cluster == nil {
			return own() // the database is another machine's
		}
		return append(own(), withChildren(b.cluster.PID())...)
	}
	const unchanged, sql, sqlPlain, sqlBox, bare, files = "unchanged, gzip", "PostGIS encodes, gzip", "PostGIS encodes, plain", "PostGIS encodes the box, gzip", "a bare handler's 304", "nginx gzip_static"
	asked := []benchRequest{
		{name: unchanged, url: layersPath, headers: []string{zip}, against: files, floor: map[int]float64{1_000: 0.55, 10_000: 1}},
		{name: "unchanged, zstd", url: layersPath, headers: []string{zstd}, against: unchanged},
		{name: "conditional, 304", url: layersPath, status: http.StatusNotModified, headers: []string{zip, tag}, against: bare, floor: map[int]float64{1_000: 0.8, 10_000: 0.8, 100_000: 0.8}},
		{name: bare, url: "/peer/bare", status: http.StatusNotModified, headers: []string{tag}},
		{name: "box, gzip", url: layersPath + box, headers: []string{zip}, against: sqlBox, floor: map[int]float64{100_000: 2.2}},
		{name: "flat, unchanged, gzip", url: layersPath + "/flat", headers: []string{zip}, against: unchanged},
		{name: "flat, what one edit changed", url: layersPath + "/flat?since=" + strconv.FormatInt(since, 10), headers: []string{zip}, against: unchanged},
		{name: "what one edit changed, gzip", url: layersPath + "?since=" + strconv.FormatInt(since, 10), headers: []string{zip}, against: unchanged},
		{name: "nothing packed, gzip", url: "/peer/cold", headers: []string{zip}, against: sql, floor: map[int]float64{10_000: 1.8}},
		{name: "nothing packed, plain", url: "/peer/cold", against: sqlPlain, floor: map[int]float64{10_000: 3}},
		{name: sqlPlain, url: "/peer/sql", serving: withDatabase},
		{name: "one by id", url: "/api/v1/parcels/" + strconv.FormatInt(one, 10), against: unchanged},
		{name: "rows drained through pgx", url: "/peer/drain", serving: withDatabase},
		{name: sql, url: "/peer/sql", headers: []string{zip}, serving: withDatabase},
		{name: sqlBox, url: "/peer/sql" + box, headers: []string{zip}, serving: withDatabase},
	}
	for i := range asked {
		r := &asked[i]
		r.url = b.url + r.url
		if r.status == 0 {
			r.status = http.StatusOK
		}
		if r.serving == nil {
			r.serving = own
		}
	}
	if b.nginx == nil {
		return asked, nil
	}
	static := benchRequest{name: files, url: b.nginx.url + "/parcels.geojson", status: http.StatusOK, headers: []string{zip}, serving: func() []int { return withChildren(b.nginx.cmd.Process.Pid) }}
	text, err := whole.Bytes(ctx)
	if err != nil {
		return nil, err
	}
	return append(asked, static), b.nginx.put(text)
}
