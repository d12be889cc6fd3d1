package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/layer"
)

// peersOf are the other servers named by --peer NAME=URL.
func peersOf(args []string) (peers []benchRequest, err error) {
	for i, arg := range args {
		if arg != "--peer" {
			continue
		}
		if i+1 == len(args) {
			return nil, errors.New("bench: --peer NAME=URL")
		}
		name, url, ok := strings.Cut(args[i+1], "=")
		if !ok {
			return nil, fmt.Errorf("bench: --peer %s is not NAME=URL", args[i+1])
		}
		peers = append(peers, benchRequest{name: name, url: url, status: http.StatusOK, headers: []string{"Accept-Encoding: gzip"}, against: "unchanged, gzip", serving: func() []int { return nil }})
	}
	return peers, nil
}

// routePeers serves the same parcels in other ways, to be held against.
func (b *layerBench) routePeers(mux *http.ServeMux) {
	mux.HandleFunc("/peer/bare", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", r.Header.Get("If-None-Match"))
		w.WriteHeader(http.StatusNotModified)
	})
	mux.HandleFunc("/peer/cold", b.told(b.cold))
	mux.HandleFunc("/peer/drain", b.told(func(w http.ResponseWriter, r *http.Request) error {
		n, err := b.store.DrainLayer(r.Context())
		if err == nil {
			_, err = w.Write(strconv.AppendInt(nil, int64(n), 10))
		}
		return err
	}))
	mux.HandleFunc("/peer/sql", b.told(b.sql))
}

func (b *layerBench) told(answer func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := answer(w, r); err != nil {
			b.log.ErrorContext(r.Context(), "bench", slog.Any("error", err))
			panic(http.ErrAbortHandler) // the client sees a broken answer and the bench fails
		}
	}
}

// cold answers as the server does when nothing of the parcels was packed before.
func (b *layerBench) cold(w http.ResponseWriter, r *http.Request) error {
	selected, err := b.rooms.Layers.Now().Cold().Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	if err != nil {
		return err
	}
	coding := layer.Coding(r.Header.Get("Accept-Encoding"))
	a, err := selected.Encode(r.Context(), coding)
	if err != nil {
		return err
	}
	if coding != layer.Identity {
		w.Header().Set("Content-Encoding", string(coding))
	}
	if a.Length >= 0 {
		w.Header().Set("Content-Length", strconv.Itoa(a.Length))
	}
	_, err = a.Send(r.Context(), w)
	return err
}

// sql answers with what PostGIS encodes, packed at the same level where it is to be.
func (b *layerBench) sql(w http.ResponseWriter, r *http.Request) error {
	var box *orb.Bound
	if text := r.URL.Query().Get("bbox"); text != "" {
		box = &orb.Bound{}
		for i, part := range strings.SplitN(text, ",", 4) {
			n, err := strconv.ParseFloat(part, 64)
			if err != nil {
				return err
			}
			*[]*float64{&box.Min[0], &box.Min[1], &box.Max[0], &box.Max[1]}[i] = n
		}
	}
	text, err := b.store.EncodeLayer(r.Context(), box)
	if err != nil {
		return err
	}
	if r.Header.Get("Accept-Encoding") == "" {
		_, err := w.Write(text)
		return err
	}
	w.Header().Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	return z.Close()
}
