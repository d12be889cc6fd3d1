package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
)

func TestOneOtherSystemToSignInBy(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{"GUATU_OIDC_ISSUER": "https://id.example/", "GUATU_OIDC_CLIENT": "guatu", "GUATU_URL": "https://guatu.example/"}))
	require.NoError(t, err)
	assert.Equal(t, config.Outside{Name: "统一身份认证", Issuer: "https://id.example/", Client: "guatu", Claim: "preferred_username", URL: "https://guatu.example"}, c.Outside)
	c, err = config.Read(environment(map[string]string{"GUATU_ZZD_KEY": "app", "GUATU_ZZD_SECRET": "s", "GUATU_URL": "https://guatu.example"}))
	require.NoError(t, err)
	assert.Equal(t, config.Ding{Login: "https://login-pro.ding.zj.gov.cn", API: "https://openplatform-pro.ding.zj.gov.cn", Key: "app", Secret: "s"}, c.Outside.Ding)
	for name, set := range map[string]map[string]string{
		"without this server's address": {"GUATU_OIDC_ISSUER": "https://id.example", "GUATU_OIDC_CLIENT": "guatu"},
		"in the clear":                  {"GUATU_OIDC_ISSUER": "http://id.example", "GUATU_OIDC_CLIENT": "guatu", "GUATU_URL": "https://guatu.example"},
		"without a client":              {"GUATU_OIDC_ISSUER": "https://id.example", "GUATU_URL": "https://guatu.example"},
		"without a secret":              {"GUATU_ZZD_KEY": "app", "GUATU_URL": "https://guatu.example"},
		"two at once":                   {"GUATU_ZZD_KEY": "app", "GUATU_ZZD_SECRET": "s", "GUATU_OIDC_ISSUER": "https://id.example", "GUATU_OIDC_CLIENT": "guatu", "GUATU_URL": "https://guatu.example"},
	} {
		_, err := config.Read(environment(set))
		require.True(t, fault.Is(err, "bad_setting"), "%s: %v", name, err)
	}
}
