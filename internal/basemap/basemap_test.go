package basemap

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

var png = []byte("\x89PNG\r\n\x1a\nthe rest")

const secret = "k3y-of-the-server"

// standIn answers in place of 天地图; nothing leaves this machine.
type standIn struct {
	*httptest.Server
	answer  atomic.Pointer[http.HandlerFunc]
	asked   atomic.Int64
	lastURL atomic.Pointer[url.URL]
}

func stand(t *testing.T) *standIn {
	t.Helper()
	s := &standIn{}
	s.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(png) })
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.answer.Load())(w, r) }))
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) answers(h http.HandlerFunc) { s.answer.Store(&h) }

// RoundTrip carries every request to the stand-in, whatever host it names.
func (s *standIn) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked.Add(1)
	s.lastURL.Store(r.URL)
	there, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	sent := r.Clone(r.Context())
	sent.URL.Scheme, sent.URL.Host = there.Scheme, there.Host
	return http.DefaultTransport.RoundTrip(sent)
}

type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }
func (c *clock) pass(d time.Duration) {
	later := c.now().Add(d)
	c.at.Store(&later)
}

func open(t *testing.T, s http.RoundTripper, folder string) (*Proxy, *clock, *bytes.Buffer) {
	t.Helper()
	c := &clock{}
	begin := time.Date(2020, 9, 30, 14, 0, 0, 0, time.UTC)
	c.at.Store(&begin)
	log := &bytes.Buffer{}
	p, err := New(Config{Key: secret, Folder: folder, Log: slog.New(slog.NewTextHandler(log, nil)), Now: c.now, Client: &http.Client{Transport: s}})
	require.NoError(t, err)
	return p, c, log
}

var tile = Tile{"vec_w", 14, 13687, 6724}

func TestATileIsFetchedOnceAndThenComesFromDisk(t *testing.T) {
	t.Parallel()
	s, folder := stand(t), t.TempDir()
	p, _, _ := open(t, s, folder)
	for range 3 {
		image, err := p.Tile(t.Context(), tile)
		require.NoError(t, err)
		assert.Equal(t, Image{"image/png", png}, image)
	}
	assert.EqualValues(t, 1, s.asked.Load())

	again, _, _ := open(t, s, folder) // a restart
	_, err := again.Tile(t.Context(), tile)
	require.NoError(t, err)
	assert.EqualValues(t, 1, s.asked.Load())
}

func TestTheRequestNamesTheTileAsTiandituDoes(t *testing.T) {
	t.Parallel()
	s := stand(t)
	p, _, _ := open(t, s, t.TempDir())
	_, err := p.Tile(t.Context(), tile)
	require.NoError(t, err)
	asked := s.lastURL.Load()
	assert.Equal(t, "t3.tianditu.gov.cn", asked.Host) // (13687 + 6724) mod 8
	assert.Equal(t, "/vec_w/wmts", asked.Path)
	for name, want := range map[string]string{"LAYER": "vec", "TILEMATRIXSET": "w", "TILEMATRIX": "14", "TILECOL": "13687", "TILEROW": "6724", "tk": secret} {
		assert.Equal(t, want, asked.Query().Get(name), name)
	}
}

func TestAnOldTileIsFetchedAgainAndServesWhileUpstreamIsAway(t *testing.T) {
	t.Parallel()
	s := stand(t)
	p, c, _ := open(t, s, t.TempDir())
	_, err := p.Tile(t.Context(), tile)
	require.NoError(t, err)
	c.pass(freshFor + time.Hour)
	s.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	image, err := p.Tile(t.Context(), tile)
	require.NoError(t, err)
	assert.Equal(t, png, image.Body)
	assert.EqualValues(t, 2, s.asked.Load())
}

func TestFaultsOfUpstream(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"refused key": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "非法Key", http.StatusForbidden) },
		"text as a tile": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"code":301015,"msg":"权限类型错误"}`)
		},
		"endless":         func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(append(png, make([]byte, mostBytes)...)) },
		"torn connection": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stand(t)
			s.answers(answer)
			p, c, log := open(t, s, t.TempDir())
			for range 5 {
				_, err := p.Tile(t.Context(), tile)
				require.True(t, fault.Is(err, "basemap_away"), err)
				assert.NotContains(t, err.Error(), secret)
			}
			assert.EqualValues(t, 1, s.asked.Load(), "upstream rests after a fault")
			assert.Equal(t, 1, strings.Count(log.String(), "base map cannot be reached"), "and it is said once")
			assert.NotContains(t, log.String(), secret)

			c.pass(rest)
			s.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(png) })
			_, err := p.Tile(t.Context(), tile)
			require.NoError(t, err)
		})
	}
}

func TestAnUpstreamThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) { // its time passes at once
		p, _, _ := open(t, silent{}, folder)
		begin := time.Now()
		_, err := p.Tile(t.Context(), tile)
		require.True(t, fault.Is(err, "basemap_away"), err)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, patience, time.Since(begin))
	})
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestAMinuteHasSoManyRequests(t *testing.T) {
	t.Parallel()
	s := stand(t)
	p, c, _ := open(t, s, t.TempDir())
	for i := range perMinute + 5 {
		_, err := p.Tile(t.Context(), Tile{"vec_w", 16, i, 7})
		assert.Equal(t, i >= perMinute, fault.Is(err, "basemap_away"), i)
	}
	assert.EqualValues(t, perMinute, s.asked.Load())
	c.pass(time.Minute)
	_, err := p.Tile(t.Context(), Tile{"vec_w", 16, perMinute, 7})
	require.NoError(t, err)
}

func TestManyReadersOfOneTileAskOnce(t *testing.T) {
	t.Parallel()
	s := stand(t)
	gate := make(chan struct{})
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		<-gate
		_, _ = w.Write(png)
	})
	p, _, _ := open(t, s, t.TempDir())
	gone, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			image, err := p.Tile(gone, tile)
			if assert.NoError(t, err) {
				assert.Equal(t, png, image.Body)
			}
		})
	}
	leave() // a browser that leaves does not take the tile from the others
	close(gate)
	all.Wait()
	assert.LessOrEqual(t, s.asked.Load(), int64(2), "late comers may find the first flight just landed")
}

func TestTheCacheStaysBelowItsLimitAndKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c, err := openCache(folder, 1000)
	require.NoError(t, err)
	body := append(bytes.Clone(png), make([]byte, 100-len(png))...)
	write := func(x int) {
		require.NoError(t, c.write(Tile{"img_w", 15, x, 1}, Image{"image/png", body}, time.Now()))
	}
	for x := range 10 {
		write(x)
	}
	_, err = c.read(Tile{"img_w", 15, 0, 1})
	require.NoError(t, err)
	write(10)
	_, err = c.read(Tile{"img_w", 15, 0, 1})
	require.NoError(t, err, "it was used last")
	_, err = c.read(Tile{"img_w", 15, 1, 1})
	require.ErrorIs(t, err, os.ErrNotExist)

	var size int64
	require.NoError(t, filepath.Walk(folder, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			size += info.Size()
		}
		return err
	}))
	assert.Equal(t, c.size, size)
	assert.LessOrEqual(t, size, int64(1000))

	smaller, err := openCache(folder, 500)
	require.NoError(t, err)
	assert.LessOrEqual(t, smaller.size, int64(500), "a smaller limit holds at once")
}

func TestOnlyTilesThatExistAreAskedFor(t *testing.T) {
	t.Parallel()
	for _, bad := range []Tile{
		{"vec_c", 14, 1, 1},
		{"amap", 14, 1, 1},
		{"../../etc", 14, 1, 1},
		{"", 14, 1, 1},
		{"vec_w", 0, 0, 0},
		{"vec_w", 19, 1, 1},
		{"vec_w", 3, 8, 0},
		{"vec_w", 3, 0, 8},
		{"vec_w", 3, -1, 0},
		{"vec_w", 3, 0, -1},
	} {
		require.Error(t, bad.Check(), fmt.Sprint(bad))
	}
	for _, layer := range Layers() {
		require.NoError(t, Tile{layer, 18, 1<<18 - 1, 0}.Check())
	}
}
