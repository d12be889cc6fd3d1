package config_test

import (
	"log/slog"
	"testing"
	"time"

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
	assert.Equal(t, usual(), c)
}

// usual is what nothing set gives.
func usual() config.Config {
	return config.Config{Addr: "127.0.0.1:8080", Data: "./data", LogLevel: slog.LevelInfo, KeepLog: 400 * 24 * time.Hour, LayerBytes: 512 << 20, Limits: config.Limits{Session: 50, Address: 500}, SignIn: config.SignIn{
		PasswordLength: 8, PasswordClasses: 3, PasswordAge: 90 * 24 * time.Hour, Failures: 5, Lock: 30 * time.Minute,
		Idle: 30 * time.Minute, Lifetime: 12 * time.Hour, Hash: config.Argon2{MemoryKiB: 65536, Iterations: 3, Parallelism: 2},
	}, Photos: config.Photos{Bytes: 20 << 20, Pixels: 50_000_000, Quota: 100 << 30, Orphans: 7 * 24 * time.Hour, Removed: 365 * 24 * time.Hour}}
}

func TestHowPeopleSignInCanBeSet(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{
		"GUATU_PASSWORD_LENGTH": "12", "GUATU_PASSWORD_CLASSES": "4", "GUATU_PASSWORD_DAYS": "0", "GUATU_SIGN_IN_FAILURES": "3",
		"GUATU_SIGN_IN_LOCK": "60", "GUATU_SESSION_IDLE": "10", "GUATU_SESSION_HOURS": "8", "GUATU_ARGON2": "8,1,1",
	}))
	require.NoError(t, err)
	assert.Equal(t, config.SignIn{
		PasswordLength: 12, PasswordClasses: 4, Failures: 3, Lock: time.Hour, Idle: 10 * time.Minute, Lifetime: 8 * time.Hour,
		Hash: config.Argon2{MemoryKiB: 8, Iterations: 1, Parallelism: 1},
	}, c.SignIn)
	for name, value := range map[string]string{
		"GUATU_PASSWORD_LENGTH": "4", "GUATU_PASSWORD_CLASSES": "5", "GUATU_SIGN_IN_FAILURES": "0", "GUATU_SESSION_IDLE": "never",
		"GUATU_SIGN_IN_LOCK": "-1", "GUATU_ARGON2": "8,1", "GUATU_PASSWORD_DAYS": "-1", "GUATU_SESSION_HOURS": "0",
	} {
		_, err := config.Read(environment(map[string]string{name: value}))
		assert.ErrorContains(t, err, name+"="+value)
	}
}

func TestEverySettingIsReadAndTrimmed(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{
		"GUATU_ADDR": " 127.0.0.1:9090 ", "GUATU_DATA": "/srv/guatu", "GUATU_LOG": "debug", "DATABASE_URL": "postgres://guatu@db/guatu",
		"GUATU_TIANDITU_KEY": " k3y ",
	}))
	require.NoError(t, err)
	want := usual()
	want.Addr, want.Data, want.DataNamed, want.LogLevel, want.DatabaseURL = "127.0.0.1:9090", "/srv/guatu", true, slog.LevelDebug, "postgres://guatu@db/guatu"
	want.TiandituKey = "k3y"
	assert.Equal(t, want, c)
}

// TestTheLogIsKeptForSixMonthsAtLeast: 网络安全法, article 21.
func TestTheLogIsKeptForSixMonthsAtLeast(t *testing.T) {
	t.Parallel()
	for days, allowed := range map[string]bool{"184": true, "3650": true, "183": false, "0": false, "-1": false, "x": false} {
		_, err := config.Read(environment(map[string]string{"GUATU_LOG_DAYS": days}))
		assert.Equal(t, allowed, err == nil, days)
	}
}

// TestAnEmptyVariableIsNotSet: compose files and shells set variables to nothing.
func TestAnEmptyVariableIsNotSet(t *testing.T) {
	t.Parallel()
	c, err := config.Read(environment(map[string]string{"GUATU_ADDR": "", "GUATU_DATA": " ", "GUATU_LOG": "", "DATABASE_URL": ""}))
	require.NoError(t, err)
	assert.Equal(t, usual(), c)
}

// TestTheAddressIsThisMachinesAloneWhileNothingIsEncrypted: nobody puts a password on the wire unawares.
func TestTheAddressIsThisMachinesAloneWhileNothingIsEncrypted(t *testing.T) {
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
