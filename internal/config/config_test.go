package config_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
)

// environment looks variables up as os.LookupEnv does.
func environment(set map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := set[name]
		return value, ok
	}
}

func TestNothingSetGivesTheDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(nil))
	require.NoError(t, err)
	assert.Equal(t, config.Config{Addr: "127.0.0.1:8080", Data: "./data", LogLevel: slog.LevelInfo}, c)
}

func TestEverySettingIsReadAndTrimmed(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{
		"GUATU_ADDR": " 127.0.0.1:9090 ", "GUATU_DATA": "/srv/guatu", "GUATU_LOG": "debug", "DATABASE_URL": "postgres://guatu@db/guatu",
		"GUATU_TIANDITU_KEY": " k3y ",
	}))
	require.NoError(t, err)
	assert.Equal(t, config.Config{Addr: "127.0.0.1:9090", Data: "/srv/guatu", DataNamed: true, LogLevel: slog.LevelDebug, DatabaseURL: "postgres://guatu@db/guatu", TiandituKey: "k3y"}, c)
}

// TestAnEmptyVariableIsNotSet: compose files and shells set variables to nothing.
func TestAnEmptyVariableIsNotSet(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{"GUATU_ADDR": "", "GUATU_DATA": " ", "GUATU_LOG": "", "DATABASE_URL": ""}))
	require.NoError(t, err)
	assert.Equal(t, config.Config{Addr: "127.0.0.1:8080", Data: "./data", LogLevel: slog.LevelInfo}, c)
}

func TestTheAddressIsThisMachinesAlone(t *testing.T) {
	t.Parallel()
	for addr, allowed := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:8080": true, "[::1]:8080": true, "127.0.0.2:0": true,
		"0.0.0.0:8080": false, ":8080": false, "192.168.1.5:8080": false, "guatu.example:80": false, "[::]:8080": false,
		"127.0.0.1": false, "8080": false,
	} {
		_, err := config.Read(environment(map[string]string{"GUATU_ADDR": addr}))
		if allowed {
			require.NoError(t, err, addr)
			continue
		}
		f, ok := fault.As(err)
		require.True(t, ok, addr)
		assert.Equal(t, "bad_setting", f.Code)
		assert.Contains(t, f.ZH, "GUATU_ADDR="+addr, "the sentence names the setting and its value")
		assert.Contains(t, f.EN, "GUATU_ADDR="+addr)
	}
}

func TestAnUnknownLogLevelIsRefused(t *testing.T) {
	t.Parallel()
	_, err := config.Read(environment(map[string]string{"GUATU_LOG": "loud"}))
	require.True(t, fault.Is(err, "bad_setting"), err)
	assert.ErrorContains(t, err, "GUATU_LOG=loud")
}

func TestEverySettingIsExplained(t *testing.T) {
	t.Parallel()
	for _, s := range config.Settings() {
		assert.NotEmpty(t, s.ZH, s.Name)
		assert.NotEmpty(t, s.EN, s.Name)
	}
}
