// Package basemap fetches tiles of 天地图 for the map and keeps them on disk.
//
// The key stays on the server. Only layers in Web Mercator on CGCS2000 are
// known (vec_w and its kind), which need no shift; there is no address to
// configure, so that a GCJ-02 source cannot be drawn under parcels by mistake.
package basemap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/guatu/guatu/internal/fault"
)

const (
	patience   = 8 * time.Second  // for one tile from upstream
	rest       = 30 * time.Second // nothing is asked of an upstream that has just failed
	mostBytes  = 1 << 20          // of one tile
	freshFor   = 30 * 24 * time.Hour
	perMinute  = 600
	cacheLimit = 512 << 20 // bytes on disk
	hosts      = 8         // t0 to t7
)

// Config is how a Proxy is made.
type Config struct {
	Key    string // of 天地图, for servers
	Folder string // where tiles are kept
	Log    *slog.Logger
	Now    func() time.Time
	Client *http.Client // nil: one of its own
}

// Proxy answers tiles from disk, and from 天地图 where they are not there.
type Proxy struct {
	key    string
	log    *slog.Logger
	now    func() time.Time
	client *http.Client
	cache  *cache
	flying singleflight.Group

	mu     sync.Mutex
	minute time.Time // that is being counted
	asked  int       // in it
	resume time.Time // after a fault
}

// New opens the cache.
func New(c Config) (*Proxy, error) {
	kept, err := openCache(c.Folder, cacheLimit)
	if err != nil {
		return nil, fmt.Errorf("base map cache: %w", err)
	}
	client := c.Client
	if client == nil {
		client = &http.Client{}
	}
	return &Proxy{key: c.Key, log: c.Log, now: c.Now, client: client, cache: kept}, nil
}

// Tile gives a tile: the kept one while it is fresh, else a new one, else the
// kept one however old. Without any it fails with the code basemap_away.
func (p *Proxy) Tile(ctx context.Context, t Tile) (Image, error) {
	kept, err := p.cache.read(t)
	if err == nil && p.now().Sub(kept.fetched) < freshFor {
		return kept.Image, nil
	}
	// Whoever asks for the same tile meanwhile waits for the same answer, and no browser that leaves takes it away.
	fetched, failure, _ := p.flying.Do(t.path(), func() (any, error) { return p.fetch(context.WithoutCancel(ctx), t) })
	if failure == nil {
		return fetched.(Image), nil //nolint:forcetypeassert // from the line above
	}
	if err == nil {
		return kept.Image, nil
	}
	return Image{}, failure
}

// fetch asks upstream, if it may, and keeps what comes.
func (p *Proxy) fetch(ctx context.Context, t Tile) (Image, error) {
	if !p.mayAsk() {
		return Image{}, away(errors.New("resting, or the minute's requests are spent"))
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	image, err := p.ask(ctx, t)
	if err != nil {
		p.failed(ctx, err)
		return Image{}, away(err)
	}
	if err := p.cache.write(t, image, p.now()); err != nil {
		p.log.WarnContext(ctx, "base map tile not kept", slog.Any("error", err))
	}
	return image, nil
}

func away(cause error) error {
	return fault.New(fault.KindUnavailable, "basemap_away", "底图暂时取不到，其他内容不受影响", "the base map cannot be reached now; everything else works").Because(cause)
}

func (p *Proxy) mayAsk() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Before(p.resume) {
		return false
	}
	if minute := now.Truncate(time.Minute); !minute.Equal(p.minute) {
		p.minute, p.asked = minute, 0
	}
	p.asked++
	return p.asked <= perMinute
}

// failed says so once and lets upstream rest.
func (p *Proxy) failed(ctx context.Context, err error) {
	p.mu.Lock()
	p.resume = p.now().Add(rest)
	p.mu.Unlock()
	p.log.WarnContext(ctx, "base map cannot be reached", slog.Any("error", err))
}

func (p *Proxy) ask(ctx context.Context, t Tile) (Image, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address(t), http.NoBody)
	if err != nil {
		return Image{}, withoutAddress(err)
	}
	answer, err := p.client.Do(request)
	if err != nil {
		return Image{}, withoutAddress(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	if answer.StatusCode != http.StatusOK {
		return Image{}, fmt.Errorf("tianditu answers %s", answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	if err != nil {
		return Image{}, fmt.Errorf("read the tile: %w", err)
	}
	if len(body) > mostBytes {
		return Image{}, errors.New("the tile is too large")
	}
	return imageOf(body)
}

// withoutAddress takes the address, which holds the key, out of an error.
func withoutAddress(err error) error {
	if inside, ok := errors.AsType[*url.Error](err); ok {
		return inside.Err
	}
	return err
}

// address is where 天地图 has a tile (WMTS, key-value pairs).
func (p *Proxy) address(t Tile) string {
	q := url.Values{
		"SERVICE": {"WMTS"}, "REQUEST": {"GetTile"}, "VERSION": {"1.0.0"}, "STYLE": {"default"}, "FORMAT": {"tiles"},
		"LAYER": {t.Layer[:len(t.Layer)-len("_w")]}, "TILEMATRIXSET": {"w"},
		"TILEMATRIX": {strconv.Itoa(t.Z)}, "TILEROW": {strconv.Itoa(t.Y)}, "TILECOL": {strconv.Itoa(t.X)}, "tk": {p.key},
	}
	return fmt.Sprintf("https://t%d.tianditu.gov.cn/%s/wmts?%s", (t.X+t.Y)%hosts, t.Layer, q.Encode())
}
