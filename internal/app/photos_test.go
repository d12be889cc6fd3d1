package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/photo/phototest"
)

const (
	photosTaken = 175
	photosACase = 4
	sendAtOnce  = 12_000 // bytes of a part
)

// badLine breaks every third connection in the middle of what it carries.
type badLine struct {
	dialled, broken atomic.Int64
	client          *http.Client
}

func newBadLine() *badLine {
	b := &badLine{}
	b.client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, DialContext: b.dial}}
	return b
}

func (b *badLine) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err == nil && b.dialled.Add(1)%3 == 0 {
		b.broken.Add(1)
		return &breaking{Conn: conn, left: 400 + 977*(b.dialled.Load()%7)}, nil
	}
	return conn, err
}

// breaking is a connection that breaks after so many bytes were written, or when an answer is awaited.
type breaking struct {
	net.Conn

	left int64
}

func (c *breaking) Write(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Write(p[:min(int64(len(p)), c.left)])
	if c.left -= int64(n); c.left <= 0 {
		_ = c.Close()
		return n, net.ErrClosed
	}
	return n, err
}

func (c *breaking) Read([]byte) (int, error) {
	_ = c.Close()
	return 0, net.ErrClosed
}

// ask sends once; status 0 means no answer.
func (b *badLine) ask(req *http.Request) (status int, answer []byte) {
	resp, err := b.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}

type uploadState struct {
	Offset   int64
	Complete bool
}

// deliver sends a photo as a phone does: it asks how far the server is and goes on from there until it has the receipt.
func (p *program) deliver(ctx context.Context, line *badLine, file []byte) error {
	address := "/photos/" + nameOf(file)
	for ctx.Err() == nil {
		status, body := line.ask(p.request(ctx, http.MethodGet, address, nil))
		var at uploadState
		if status != http.StatusOK || json.Unmarshal(body, &at) != nil {
			time.Sleep(5 * time.Millisecond) // not a wait for something: the pace of a phone that retries
			continue
		}
		if at.Complete {
			return nil
		}
		part := file[at.Offset:min(at.Offset+sendAtOnce, int64(len(file)))]
		req := p.request(ctx, http.MethodPatch, address, nil)
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(part)), int64(len(part))
		for name, value := range map[string]string{"Content-Type": "application/partial-upload", "Upload-Offset": strconv.FormatInt(at.Offset, 10), "Upload-Length": strconv.Itoa(len(file))} {
			req.Header.Set(name, value)
		}
		status, body = line.ask(req)
		if status == http.StatusBadRequest {
			return fmt.Errorf("%d: %s", status, body)
		}
	}
	return ctx.Err()
}

func nameOf(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// TestPhotosOverABadLineWithTheServerKilledTwice: 175 photos of 44 cases; the
// events go first, the photos after; every third connection breaks and the server
// is killed twice. All are stored, read back equal, none twice.
func TestPhotosOverABadLineWithTheServerKilledTwice(t *testing.T) {
	leftOutByShort(t)
	t.Parallel()
	p := newWatched(t)
	p.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	files := make([][]byte, photosTaken)
	for i := range files {
		files[i] = phototest.Shot{Seed: uint64(i), Width: 160, Height: 120, At: "2020:09:30 14:12:07"}.JPEG()
	}
	var cases []int64
	for first := 0; first < photosTaken; first += photosACase {
		cases = append(cases, p.announce(ctx, t, files[first:min(first+photosACase, photosTaken)]))
	}
	line := newBadLine()
	receipts := make(chan struct{}, photosTaken)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < photosTaken; i = next.Add(1) - 1 {
				if err := p.deliver(ctx, line, files[i]); err != nil {
					t.Error(err)
				}
				receipts <- struct{}{}
			}
		})
	}
	for n := 1; n <= photosTaken; n++ {
		<-receipts
		if n == 50 || n == 120 {
			p.kill(t)
			p.start(t)
		}
	}
	wg.Wait()
	require.False(t, t.Failed())
	assert.Greater(t, line.broken.Load(), int64(photosTaken))
	t.Logf("%d photos, %d connections of which %d were broken, 2 kills", photosTaken, line.dialled.Load(), line.broken.Load())
	p.assertStored(t, cases, files)
	out, code := p.run("verify")
	require.Zero(t, code, out)
}

// announce lists a case and attaches its photos before they are sent.
func (p *program) announce(ctx context.Context, t *testing.T, files [][]byte) int64 {
	t.Helper()
	listed, err := p.change(ctx, map[string]any{"kind": "case.list", "unit": "honghe", "label": "作坊"})
	require.NoError(t, err)
	id := listed.Entries[0].NounID
	for i, file := range files {
		slot := []string{"gate", "workshop", "meter", "equipment"}[i]
		_, err := p.change(ctx, map[string]any{"kind": "photo.attach", "case_id": id, "milestone": "vacated", "photo": map[string]any{"sha256": nameOf(file), "slot": slot}})
		require.NoError(t, err)
	}
	return id
}

// assertStored reads every photo back by case and compares.
func (p *program) assertStored(t *testing.T, cases []int64, files [][]byte) {
	t.Helper()
	seen := map[string]int{}
	for _, id := range cases {
		var list struct {
			Milestones []struct {
				Photos []struct {
					ID     int64
					SHA256 string
					State  string
				}
			}
		}
		status, body := p.ask(t.Context(), http.MethodGet, fmt.Sprintf("/cases/%d/photos", id), nil)
		require.Equal(t, http.StatusOK, status, string(body))
		require.NoError(t, json.Unmarshal(body, &list))
		for _, m := range list.Milestones {
			for _, photo := range m.Photos {
				assert.Equal(t, "stored", photo.State)
				status, body := p.ask(t.Context(), http.MethodGet, fmt.Sprintf("/cases/%d/photos/%d?size=original", id, photo.ID), nil)
				require.Equal(t, http.StatusOK, status)
				assert.Equal(t, photo.SHA256, nameOf(body), "read back equal")
				seen[nameOf(body)]++
			}
		}
	}
	for _, file := range files {
		assert.Equal(t, 1, seen[nameOf(file)], "each once")
	}
	assert.Len(t, seen, photosTaken)
	stored, err := filepath.Glob(filepath.Join(p.data, "photos", "files", "*", "*"))
	require.NoError(t, err)
	assert.Len(t, stored, photosTaken)
	unfinished, err := filepath.Glob(filepath.Join(p.data, "photos", "incoming", "*", "*"))
	require.NoError(t, err)
	assert.Empty(t, unfinished)
}
