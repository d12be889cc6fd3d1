package basemap

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"image"
	"image/jpeg"
	pngcodec "image/png"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// service answers over TLS as 天地图 is documented to: WMTS 1.0.0 by key-value pairs (OGC 07-057r7, 8.2), every
// mandatory parameter asked for, pictures as PNG or JPEG by layer, 403 without a key it knows. It checks the request
// by itself, so that what the proxy sends is judged by somebody else than its author's own list.
func service(t *testing.T, key string) *http.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("tk") != key {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"code":301001,"msg":"非法Key"}`))
			return
		}
		if wrong := wrongIn(r); wrong != "" {
			w.Header().Set("Content-Type", "text/xml")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `<ExceptionReport version="1.1.0"><Exception exceptionCode="InvalidParameterValue" locator="%s"/></ExceptionReport>`, wrong)
			return
		}
		picture := image.NewGray(image.Rect(0, 0, 256, 256))
		if strings.HasPrefix(r.URL.Path, "/img_w") {
			w.Header().Set("Content-Type", "image/jpeg")
			_ = jpeg.Encode(w, picture, nil)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_ = pngcodec.Encode(w, picture)
	}))
	t.Cleanup(server.Close)
	client := server.Client()
	transport := client.Transport.(*http.Transport) //nolint:forcetypeassert // httptest's own
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, _ := net.SplitHostPort(address); port != "443" || !strings.HasSuffix(host, ".tianditu.gov.cn") {
			return nil, fmt.Errorf("asked %s", address)
		}
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com", MinVersion: tls.VersionTLS12}
	return client
}

// wrongIn names the first parameter that a WMTS of these layers would refuse.
func wrongIn(r *http.Request) string {
	given := url.Values{}
	for name, values := range r.URL.Query() { // names are matched without regard to case
		given[strings.ToUpper(name)] = values
	}
	layer, matrices, _ := strings.Cut(strings.Trim(strings.TrimSuffix(r.URL.Path, "/wmts"), "/"), "_")
	level, err := strconv.Atoi(given.Get("TILEMATRIX"))
	if err != nil || level < 1 || level > 18 {
		return "TILEMATRIX"
	}
	for name, want := range map[string]string{
		"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": layer, "STYLE": "default", "FORMAT": "tiles", "TILEMATRIXSET": matrices,
	} {
		if given.Get(name) != want {
			return name
		}
	}
	for _, name := range []string{"TILEROW", "TILECOL"} {
		if at, err := strconv.Atoi(given.Get(name)); err != nil || at < 0 || at >= 1<<level {
			return name
		}
	}
	return ""
}

func TestTheDocumentedServiceIsUnderstood(t *testing.T) {
	t.Parallel()
	log := &bytes.Buffer{}
	proxy := func(key string) *Proxy {
		p, err := New(Config{Key: key, Folder: t.TempDir(), Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Client: service(t, secret)})
		require.NoError(t, err)
		return p
	}
	p := proxy(secret)
	for layer, kind := range map[string]string{"vec_w": "image/png", "cva_w": "image/png", "img_w": "image/jpeg", "cia_w": "image/png"} {
		for x := range 8 { // every host
			got, err := p.Tile(t.Context(), Tile{layer, 14, 13687 + x, 6724})
			require.NoError(t, err, "%s: %s", layer, log)
			assert.Equal(t, kind, got.Type, layer)
			shown, _, err := image.DecodeConfig(bytes.NewReader(got.Body))
			require.NoError(t, err, layer)
			assert.Equal(t, 256, shown.Width, layer)
		}
	}
	assert.Empty(t, log.String())

	_, err := proxy("expired-key").Tile(t.Context(), tile)
	require.Error(t, err)
	assert.Contains(t, log.String(), "403")
	assert.NotContains(t, log.String(), "expired-key")
}
