package config_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
)

func TestThreeWaysBeyondThisMachine(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.12.0.3/32"), netip.MustParsePrefix("10.13.0.0/16")}
	for name, want := range map[string]struct {
		set map[string]string
		way config.Way
	}{
		"given certificate": {
			map[string]string{"GUATU_TLS_CERT": "/etc/guatu/server.crt", "GUATU_TLS_KEY": "/etc/guatu/server.key"},
			config.Way{CertFile: "/etc/guatu/server.crt", KeyFile: "/etc/guatu/server.key"},
		},
		"built-in CA": {
			map[string]string{"GUATU_TLS": "own", "GUATU_NAMES": "Guatu.xiuzhou.local，10.12.0.5"},
			config.Way{OwnCA: true, Names: []string{"guatu.xiuzhou.local", "10.12.0.5"}, TrustAddr: "0.0.0.0:8081"},
		},
		"proxy": {
			map[string]string{"GUATU_TRUSTED_PROXY": "10.12.0.3, 10.13.7.0/16"},
			config.Way{Proxies: proxies},
		},
	} {
		want.set["GUATU_ADDR"] = "0.0.0.0:8443"
		c, err := config.Read(environment(want.set))
		require.NoError(t, err, name)
		assert.Equal(t, want.way, c.Way, name)
	}
}

func TestHalfAWayIsRefused(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]map[string]string{
		"a certificate without key": {"GUATU_TLS_CERT": "a.crt"},
		"two ways to a certificate": {"GUATU_TLS_CERT": "a.crt", "GUATU_TLS_KEY": "a.key", "GUATU_TLS": "own"},
		"an unknown word":           {"GUATU_TLS": "yes"},
		"everybody as proxy":        {"GUATU_TRUSTED_PROXY": "0.0.0.0/0"},
		"a proxy by name":           {"GUATU_TRUSTED_PROXY": "proxy.example"},
		"a name with a port":        {"GUATU_NAMES": "guatu.example:8443"},
		"any name":                  {"GUATU_NAMES": "*"},
		"trust without CA":          {"GUATU_TRUST_ADDR": "0.0.0.0:8081"},
		"a rate below one":          {"GUATU_RATE_SESSION": "0.1"},
		"a rate that is none":       {"GUATU_RATE_ADDRESS": "NaN"},
	} {
		_, err := config.Read(environment(set))
		require.True(t, fault.Is(err, "bad_setting"), "%s: %v", name, err)
	}
}
