package config

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Way is how what travels between browsers and this server is protected.
type Way struct {
	Names     []string       // host names and addresses by which the server is reached
	CertFile  string         // "": none given
	KeyFile   string         //
	OwnCA     bool           // certificates of the built-in CA
	TrustAddr string         // where devices fetch the built-in CA over plain HTTP
	Proxies   []netip.Prefix // who encrypts in this server's place, and whose word on addresses is taken
}

// Encrypted tells whether this server speaks TLS itself.
func (w Way) Encrypted() bool { return w.OwnCA || w.CertFile != "" }

// Limits are how many requests a second are answered; 0 is no limit.
type Limits struct {
	Session float64 // of one session or token
	Address float64 // of one address: a whole town may stand behind it
}

func waySettings() []Setting {
	return []Setting{
		{"GUATU_TLS", "", "填 own：用内置 CA 签发证书", "own: certificates of the built-in CA", false},
		{"GUATU_TLS_CERT", "", "证书文件（PEM，含中间证书），更换后自动读取", "certificate file (PEM, with intermediates), read again when it changes", false},
		{"GUATU_TLS_KEY", "", "证书私钥文件（PEM）", "key file of the certificate (PEM)", false},
		{"GUATU_NAMES", "", "访问本服务用的域名和地址，逗号分隔", "names and addresses by which the server is reached, comma separated", false},
		{"GUATU_TRUST_ADDR", "", "终端信任内置 CA 的说明页（不加密），默认为同一地址的 8081 端口", "plain page where devices get the built-in CA; port 8081 of the same address by default", false},
		{"GUATU_TRUSTED_PROXY", "", "可信代理的地址或网段，逗号分隔，由它加密", "addresses or networks of trusted proxies that encrypt, comma separated", false},
		{"GUATU_RATE_SESSION", "50", "每个登录每秒请求数，0 为不限", "requests a second of one session, 0 for no limit", false},
		{"GUATU_RATE_ADDRESS", "500", "每个来源地址每秒请求数，0 为不限", "requests a second of one address, 0 for no limit", false},
	}
}

// usualTrustPort is where devices fetch the built-in CA.
const usualTrustPort = "8081"

func readWay(addr string, value map[string]string) (Way, error) {
	w := Way{CertFile: value["GUATU_TLS_CERT"], KeyFile: value["GUATU_TLS_KEY"], OwnCA: value["GUATU_TLS"] == "own", TrustAddr: value["GUATU_TRUST_ADDR"]}
	for _, name := range list(value["GUATU_NAMES"]) {
		name = strings.Trim(strings.ToLower(name), "[]")
		if strings.ContainsAny(name, "/ :*") && net.ParseIP(name) == nil {
			return w, bad("GUATU_NAMES", name, "应为域名或地址，不带端口", "must be a name or an address, without port")
		}
		w.Names = append(w.Names, name)
	}
	var err error
	if w.Proxies, err = networks(value["GUATU_TRUSTED_PROXY"]); err != nil {
		return w, err
	}
	switch tls := value["GUATU_TLS"]; {
	case tls != "" && tls != "own":
		return w, bad("GUATU_TLS", tls, "只能填 own 或不填", "must be own or nothing")
	case (w.CertFile == "") != (w.KeyFile == ""):
		return w, bad("GUATU_TLS_CERT", w.CertFile, "GUATU_TLS_CERT 与 GUATU_TLS_KEY 须同时设置", "GUATU_TLS_CERT and GUATU_TLS_KEY go together")
	case w.OwnCA && w.CertFile != "":
		return w, bad("GUATU_TLS", tls, "已给出证书，不能同时使用内置 CA", "a certificate is given: there is no use for the built-in CA")
	case w.TrustAddr != "" && !w.OwnCA:
		return w, bad("GUATU_TRUST_ADDR", w.TrustAddr, "只在 GUATU_TLS=own 时使用", "it is of use with GUATU_TLS=own alone")
	}
	err = w.check(addr)
	return w, err
}

// check refuses to be reached from beyond this machine by what is not encrypted.
func (w *Way) check(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return bad("GUATU_ADDR", addr, "应写作 127.0.0.1:8080", "write it as 127.0.0.1:8080").Because(err)
	}
	if w.OwnCA && w.TrustAddr == "" {
		w.TrustAddr = net.JoinHostPort(host, usualTrustPort)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() || w.Encrypted() || len(w.Proxies) > 0 {
		return nil
	}
	return bad("GUATU_ADDR", addr,
		"向本机以外提供服务必须加密：请设置 GUATU_TLS_CERT 和 GUATU_TLS_KEY（已有证书）、GUATU_TLS=own（内置 CA）或 GUATU_TRUSTED_PROXY（由代理加密）；只在本机使用请用 127.0.0.1",
		"beyond this machine what travels must be encrypted: set GUATU_TLS_CERT and GUATU_TLS_KEY (your own certificate), GUATU_TLS=own (the built-in CA) or GUATU_TRUSTED_PROXY (a proxy that encrypts); for this machine alone use 127.0.0.1")
}

func networks(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, each := range list(text) {
		p, err := netip.ParsePrefix(each)
		if a, single := netip.ParseAddr(each); single == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || p.Bits() == 0 {
			return nil, bad("GUATU_TRUSTED_PROXY", each, "应为地址或网段，如 10.12.0.3 或 10.12.0.0/24", "must be an address or a network, as 10.12.0.3 or 10.12.0.0/24").Because(err)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

func readLimits(value map[string]string) (Limits, error) {
	var l Limits
	for _, n := range []struct {
		name string
		into *float64
	}{{"GUATU_RATE_SESSION", &l.Session}, {"GUATU_RATE_ADDRESS", &l.Address}} {
		var err error
		if *n.into, err = strconv.ParseFloat(value[n.name], 64); err != nil || !(*n.into == 0 || *n.into >= 1 && *n.into <= 1e6) {
			return l, bad(n.name, value[n.name], "应为每秒请求数，0 为不限", "must be requests a second, 0 for no limit").Because(err)
		}
	}
	return l, nil
}

// list takes a comma separated list apart.
func list(text string) []string {
	all := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '，' || r == ' ' })
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
