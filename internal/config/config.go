// Package config reads the settings from the environment.
package config

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// Config is how this process runs.
type Config struct {
	Addr        string // host:port to listen on
	Data        string // data folder
	DataNamed   bool   // the data folder was named on purpose
	LogLevel    slog.Level
	DatabaseURL string // "": the embedded PostGIS
	TiandituKey string // "": no base map below the own one
	SignIn      SignIn
	KeepLog     time.Duration // entries of the access log
	Way         Way
	Limits      Limits
	LayerBytes  int64 // memory for the geometries of a layer
	Photos      Photos
	Outside     Outside
}

// Setting is one environment variable, for guatu config.
type Setting struct {
	Name, Default, ZH, EN string

	Secret bool // never printed
}

// Settings lists every environment variable that is read.
func Settings() []Setting {
	return slices.Concat([]Setting{
		{"GUATU_ADDR", "127.0.0.1:8080", "监听地址；本机以外须加密", "address to listen on; beyond this machine encryption is a must", false},
		{"GUATU_DATA", "./data", "数据目录", "data folder", false},
		{"GUATU_LOG", "info", "日志级别：debug、info、warn、error", "log level: debug, info, warn, error", false},
		{"GUATU_TIANDITU_KEY", "", "天地图服务端密钥，设置后可在地图下显示天地图", "server key of 天地图; with it the map can lie on its tiles", true},
		{"DATABASE_URL", "", "改用这个 PostgreSQL 服务器，不启动内置数据库", "use this PostgreSQL server instead of the embedded one", true},
	}, waySettings(), outsideSettings(), signInSettings(), photoSettings(), logSettings(), layerSettings())
}

// Read reads the settings; lookup is os.LookupEnv.
func Read(lookup func(string) (string, bool)) (Config, error) {
	value := map[string]string{}
	for _, s := range Settings() {
		value[s.Name] = s.Default
		if v, set := lookup(s.Name); set && strings.TrimSpace(v) != "" {
			value[s.Name] = strings.TrimSpace(v)
		}
	}
	named, _ := lookup("GUATU_DATA")
	c := Config{Addr: value["GUATU_ADDR"], Data: value["GUATU_DATA"], DataNamed: strings.TrimSpace(named) != "", DatabaseURL: value["DATABASE_URL"], TiandituKey: value["GUATU_TIANDITU_KEY"]}
	if err := c.LogLevel.UnmarshalText([]byte(value["GUATU_LOG"])); err != nil {
		return c, bad("GUATU_LOG", value["GUATU_LOG"], "应为 debug、info、warn 或 error", "must be debug, info, warn or error").Because(err)
	}
	var err error
	if c.SignIn, err = readSignIn(value); err != nil {
		return c, err
	}
	if c.KeepLog, err = readLog(value); err != nil {
		return c, err
	}
	if c.LayerBytes, err = readLayers(value); err != nil {
		return c, err
	}
	if c.Limits, err = readLimits(value); err != nil {
		return c, err
	}
	if c.Photos, err = readPhotos(value); err != nil {
		return c, err
	}
	if c.Outside, err = readOutside(value); err != nil {
		return c, err
	}
	c.Way, err = readWay(c.Addr, value)
	return c, err
}

func bad(name, value, zh, en string) *fault.Error {
	return fault.New(fault.KindInvalid, "bad_setting", fmt.Sprintf("设置 %s=%s 有误：%s", name, value, zh), fmt.Sprintf("the setting %s=%s is wrong: %s", name, value, en))
}
