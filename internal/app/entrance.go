package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/tlscert"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	drainTime     = 5 * time.Second
	maxHeader     = 64 << 10
)

// entrance are the ports of the server: the public one; with the built-in CA a
// plain one where devices get it; one of this machine for its tools, where the
// public one is not plain enough for them.
type entrance struct {
	public, trust, tools net.Listener

	shown  func(*tls.ClientHelloInfo) (*tls.Certificate, error) // nil: no TLS
	way    httpapi.Way
	ca     *httpapi.Trust
	scheme string
	key    string // of the tools
}

// takePorts listens first: a taken port is said before anything is started.
func takePorts(ctx context.Context, cfg config.Config) (e *entrance, err error) {
	e = &entrance{scheme: "http", key: rand.Text()}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.close())
		}
	}()
	if e.public, err = listen(ctx, cfg.Addr, "GUATU_ADDR"); err != nil {
		return e, err
	}
	e.tools = e.public
	if cfg.Way.Encrypted() || !loopback(e.public) {
		if e.tools, err = listen(ctx, "127.0.0.1:0", "GUATU_ADDR"); err != nil {
			return e, err
		}
	}
	if cfg.Way.OwnCA {
		e.trust, err = listen(ctx, cfg.Way.TrustAddr, "GUATU_TRUST_ADDR")
	}
	return e, err
}

func listen(ctx context.Context, addr, setting string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.KindUnavailable, "address_taken",
			fmt.Sprintf("无法监听 %s：可能已被占用，请用 %s 换一个地址", addr, setting),
			fmt.Sprintf("cannot listen on %s: it may be taken; choose another address with %s", addr, setting)).Because(err)
	}
	return l, nil
}

func loopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// close closes what Shutdown has not closed already.
func (e *entrance) close() error {
	var err error
	for _, l := range []net.Listener{e.public, e.trust, e.tools} {
		if l != nil {
			if closing := l.Close(); !errors.Is(closing, net.ErrClosed) {
				err = errors.Join(err, closing)
			}
		}
	}
	return err
}

// furnish opens the certificate; folder is that of the data.
func (e *entrance) furnish(w config.Way, folder string, log *slog.Logger) error {
	e.way = httpapi.Way{Names: w.Names, Proxies: w.Proxies}
	switch {
	case w.CertFile != "":
		files, err := tlscert.OpenFiles(w.CertFile, w.KeyFile, time.Now, log)
		if err != nil {
			return err
		}
		e.scheme, e.shown, e.way.Named = "https", files.Get, files.Named
	case w.OwnCA:
		return e.ownCA(w, filepath.Join(folder, "tls"))
	}
	return nil
}

func (e *entrance) ownCA(w config.Way, folder string) error {
	names := w.Names
	if len(names) == 0 {
		var err error
		if names, err = ownNames(e.public.Addr()); err != nil {
			return err
		}
	}
	authority, err := tlscert.OpenAuthority(folder, names, time.Now())
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(e.public.Addr().String())
	e.scheme, e.shown, e.way.Names = "https", authority.Issue(names, time.Now).Get, names
	e.ca = &httpapi.Trust{Certificate: authority.Certificate(), Fingerprint: authority.Fingerprint(), Expires: authority.Expires(), Port: port}
	return err
}

// ownNames are the addresses of this machine at which the server listens, and its name.
func ownNames(at net.Addr) ([]string, error) {
	if a, ok := at.(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		return []string{a.IP.String()}, nil
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("addresses of this machine: %w", err)
	}
	var names []string
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			names = append(names, n.IP.String())
		}
	}
	return names, nil
}

// serve answers at every port until ctx ends or a port fails; streams end when it stops.
func (e *entrance) serve(ctx context.Context, h *house, api *httpapi.Server) error {
	streams, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	failed := make(chan error, 3)
	var servers []*http.Server
	open := func(l net.Listener, handler http.Handler, encrypted bool) {
		s := &http.Server{
			Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
			ErrorLog:    slog.NewLogLogger(h.log.Handler(), slog.LevelDebug), // what strangers do to a handshake is no news
			BaseContext: func(net.Listener) context.Context { return streams },
			TLSConfig:   &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: e.shown},
		}
		s.RegisterOnShutdown(endStreams)
		servers = append(servers, s)
		go func() {
			if encrypted {
				failed <- s.ServeTLS(l, "", "")
			} else {
				failed <- s.Serve(l)
			}
		}()
	}
	open(e.public, api, e.shown != nil)
	if e.tools != e.public {
		open(e.tools, httpapi.ToolsOnly(api), false)
	}
	if e.trust != nil {
		open(e.trust, api.Plain(), false)
	}
	if err := e.announce(h); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	var err error
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(drain))
	}
	return errors.Join(err, h.lock.Announce("", ""))
}

// announce tells tools and people where the server is.
func (e *entrance) announce(h *house) error {
	if err := h.lock.Announce("http://"+e.tools.Addr().String(), e.key); err != nil {
		return err
	}
	if e.ca != nil {
		page := "http://" + e.trust.Addr().String() + "/trust"
		h.t.say("终端首次使用请打开 "+page+" 信任证书，指纹：\n"+e.ca.Fingerprint, "devices open this page once to trust the certificate; its fingerprint")
		h.t.say("证书适用于："+strings.Join(e.way.Names, "、"), "names of the certificate; change them with GUATU_NAMES")
	}
	url := e.scheme + "://" + e.public.Addr().String()
	h.t.say("服务已启动："+url, "serving at "+url)
	return nil
}
