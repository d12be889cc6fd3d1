package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

// Way is how requests reach this server.
type Way struct {
	Names   []string               // host names that are this server's, beside localhost and addresses
	Named   func(host string) bool // names of the certificate; nil: none
	Proxies []netip.Prefix         // who encrypts in this server's place; nobody else's word on address and scheme is taken
}

// address is whom a request comes from: the nearest that is no trusted proxy.
func (w Way) address() echo.IPExtractor {
	if len(w.Proxies) == 0 {
		return echo.ExtractIPDirect() // what a header claims is nobody's address
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range w.Proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// peer is who holds the other end of the connection.
func peer(r *http.Request) netip.Addr {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}

// proxied tells whether a trusted proxy passes the request on for somebody.
func (w Way) proxied(r *http.Request) bool {
	if len(w.Proxies) == 0 || r.Header.Get(echo.HeaderXForwardedFor) == "" && r.Header.Get(echo.HeaderXForwardedProto) == "" {
		return false
	}
	from := peer(r)
	return slices.ContainsFunc(w.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
}

// secure tells whether what travels between the browser and this server's door is encrypted.
func (w Way) secure(r *http.Request) bool {
	return r.TLS != nil || w.proxied(r) && r.Header.Get(echo.HeaderXForwardedProto) == "https"
}

// encrypted refuses what came over a network in the clear: settings do not let
// it, and whoever goes round the proxy does not get in either.
func (w Way) encrypted(c echo.Context) error {
	r := c.Request()
	switch {
	case w.secure(r), peer(r).IsLoopback() && !w.proxied(r):
		return nil
	case w.proxied(r):
		return fault.New(fault.KindDenied, "proxy_in_the_clear", "代理没有加密：须以 HTTPS 对外服务，并传送 X-Forwarded-Proto: https",
			"the proxy does not encrypt: it must serve HTTPS and send X-Forwarded-Proto: https")
	}
	return fault.New(fault.KindDenied, "not_encrypted", "连接没有加密，请使用 https 地址", "the connection is not encrypted: please use the address that begins with https")
}

// ours refuses foreign host names: a page of another site may not reach this
// server by giving its own name this server's address (DNS rebinding). An address
// is nobody's name.
func (w Way) ours(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name == "localhost" || net.ParseIP(name) != nil || slices.Contains(w.Names, name) || w.Named != nil && w.Named(name)
}

func (w Way) knownHost(c echo.Context) error {
	if !w.ours(c.Request().Host) {
		return fault.New(fault.KindDenied, "foreign_host", "本服务不以这个名称提供，管理员可用 GUATU_NAMES 增加", "this server is not known by that name; an administrator can add it with GUATU_NAMES")
	}
	return nil
}
