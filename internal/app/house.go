package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/basemap"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/demo"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/parcelimport"
	"github.com/guatu/guatu/internal/pgcluster"
	"github.com/guatu/guatu/internal/postgres"
)

const (
	databaseName = "guatu"
	superuser    = "postgres"
	stopTime     = 30 * time.Second
)

// house is the program with its rooms open: data folder, database, ledger.
type house struct {
	low     []string // what a bench found below its floor
	t       Terminal
	cfg     config.Config
	log     *slog.Logger
	lock    *pgcluster.Lock
	cluster *pgcluster.Cluster // nil with DATABASE_URL
	server  postgres.Server
	admin   string // connection string for migrations
	store   *postgres.Store
	access  *audit.Log
	clock   *clock
	ledger  *ledger.Ledger
}

// clock is the running campaign's time; a demo's is offset.
type clock struct{ offset atomic.Int64 }

// Now is the campaign's time.
func (c *clock) Now() time.Time {
	return campaign.Clock{OffsetSeconds: c.offset.Load()}.Now(time.Now())
}

// openHouse takes the data folder, starts the database and brings it up to date.
// anotherAllowed lets a second data folder come into being unasked.
func openHouse(ctx context.Context, t Terminal, cfg config.Config, anotherAllowed bool) (h *house, err error) {
	h = &house{t: t, cfg: cfg, log: logger(t, cfg.LogLevel), clock: &clock{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(ctx))
		}
	}()
	if h.lock, err = pgcluster.LockFolder(cfg.Data); err != nil {
		return h, err
	}
	if err := h.startDatabase(ctx, anotherAllowed); err != nil {
		return h, err
	}
	steps := 0
	if err := postgres.Migrate(ctx, h.admin, func(string) { steps++ }); err != nil {
		return h, err
	}
	if steps > 0 {
		t.say(fmt.Sprintf("数据库结构已升级（%d 步）", steps), fmt.Sprintf("database schema brought up to date (%d steps)", steps))
	}
	h.server.Warm = true
	if h.store, err = postgres.Open(ctx, h.server, h.log); err != nil {
		return h, err
	}
	if h.access, err = audit.Open(ctx, h.store, filepath.Join(cfg.Data, audit.SpoolFile), time.Now, h.log); err != nil {
		return h, err
	}
	h.ledger = ledger.New(h.store, h.clock.Now, h.log)
	err = h.followCampaign(ctx)
	return h, err
}

func (h *house) startDatabase(ctx context.Context, anotherAllowed bool) error {
	if h.cfg.DatabaseURL != "" {
		h.server, h.admin = postgres.Foreign(h.cfg.DatabaseURL), h.cfg.DatabaseURL
		return nil
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{
		DataDir: h.cfg.Data, Lock: h.lock, Logger: h.log.With(slog.String("part", "cluster")), Durable: true,
		AllowAnother: h.cfg.DataNamed || anotherAllowed, Progress: h.t.say,
	})
	if err != nil {
		return err
	}
	h.cluster = cluster
	h.server = postgres.Server{DSN: func(role string) string { return cluster.ConnString(role, databaseName) }}
	h.admin = cluster.ConnString(superuser, databaseName)
	return postgres.EnsureDatabase(ctx, cluster.ConnString(superuser, superuser), databaseName)
}

// followCampaign sets the clock to that of the running campaign, if there is one.
func (h *house) followCampaign(ctx context.Context) error {
	running, err := h.store.Running(ctx)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	h.clock.offset.Store(running.Definition.Clock.OffsetSeconds)
	return err
}

// ensureCampaign sets up the campaign of an empty database: as a demo with its
// data, or as it is offered to a new office. A demo whose loading was cut off is finished.
func (h *house) ensureCampaign(ctx context.Context, asDemo bool) error {
	running, err := h.store.Running(ctx)
	empty := fault.KindOf(err) == fault.KindNotFound
	switch {
	case err != nil && !empty:
		return err
	case empty && !asDemo:
		err = demo.SetUp(ctx, h.ledger)
	case empty || running.Definition.Demo:
		err = h.loadDemo(ctx, empty)
	}
	if err != nil {
		return err
	}
	if err := h.upgradeCampaign(ctx); err != nil {
		return err
	}
	return h.followCampaign(ctx)
}

// upgradeCampaign gives the running campaign what a later program offers for it, as an entry of its own. Of two
// servers that start at once one does: the other's has the same id, or finds the version gone.
func (h *house) upgradeCampaign(ctx context.Context) error {
	running, err := h.store.Running(ctx)
	if err != nil {
		return err
	}
	offered, err := campaign.Rectify2020()
	if err != nil {
		return err
	}
	next, changed, err := running.Definition.Upgraded(offered)
	if err != nil || !changed {
		return err
	}
	id := uuid.NewSHA1(upgrades, fmt.Appendf(nil, "%s %d", offered.Code, offered.Edition))
	_, err = h.ledger.Apply(ctx, auth.System(), ledger.Operation{OpID: id, Device: "upgrade", Changes: []ledger.Change{ledger.AmendCampaign{
		BaseVersion: running.Version, Definition: next, Note: fmt.Sprintf("随程序升级补充内容（第 %d 版）", offered.Edition),
	}}})
	if err == nil {
		h.t.say("专项行动的设置已随程序升级补充", "the campaign's data were completed with what this program offers")
		return nil
	}
	if now, again := h.store.Running(ctx); again == nil && now.Definition.Edition >= offered.Edition {
		return nil // another server was first
	}
	return err
}

// upgrades is the namespace of the ids of these operations.
var upgrades = uuid.MustParse("5f3fb0a6-7a3c-5c0e-8f57-2f1f6b9d3a10") //nolint:gochecknoglobals // a constant

func (h *house) loadDemo(ctx context.Context, empty bool) error {
	began := time.Now()
	doors := demo.Doors{Store: h.store, Campaign: h.store.Running, Late: h.store, RealNow: began, Log: h.log}
	if !empty {
		if done, err := demo.Finished(ctx, h.store); err != nil || done {
			return err
		}
	}
	h.t.say("载入演示数据……", "loading demo data…")
	err := demo.Load(ctx, doors)
	if fault.Is(err, "operation_id_reused") {
		return fault.New(fault.KindConflict, "demo_of_another_version",
			"演示数据由另一版本载入了一半，无法接着载入；请删除数据目录 "+h.cfg.Data+" 后重新启动",
			"the demo was half loaded by another version and cannot be finished by this one; delete the data folder "+h.cfg.Data+" and start again").Because(err)
	}
	if err != nil {
		return err
	}
	h.t.say(fmt.Sprintf("演示数据已载入（%.1f 秒）", time.Since(began).Seconds()), "demo data loaded")
	return nil
}

// close closes what is open, in order.
func (h *house) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	var err error
	if h.access != nil {
		err = h.access.Close(ctx)
	}
	if h.store != nil {
		h.store.Close()
	}
	if h.cluster != nil {
		err = errors.Join(err, h.cluster.Stop(ctx))
	}
	if h.lock != nil {
		err = errors.Join(err, h.lock.Release())
	}
	return err
}

// importer reads files and brings them through the ledger.
func (h *house) importer() (*interchange.Importer, error) {
	uploads, err := h.uploads()
	if err != nil {
		return nil, err
	}
	reader, err := interchange.NewReader(interchange.Config{WorkDir: uploads, Logger: h.log.With(slog.String("part", "interchange"))})
	if err != nil {
		return nil, err
	}
	return interchange.NewImporter(reader, parcelimport.Door{Ledger: h.ledger}, h.store), nil
}

// basemap is nil while no key is set.
func (h *house) basemap() (*basemap.Proxy, error) {
	if h.cfg.TiandituKey == "" {
		return nil, nil //nolint:nilnil // no base map is no fault
	}
	folder := filepath.Join(h.cfg.Data, "basemap")
	return basemap.New(basemap.Config{Key: h.cfg.TiandituKey, Folder: folder, Log: h.log.With(slog.String("part", "basemap")), Now: time.Now})
}

// uploads is where files wait for their import.
func (h *house) uploads() (string, error) {
	dir, err := filepath.Abs(filepath.Join(h.cfg.Data, "uploads"))
	if err != nil {
		return "", fmt.Errorf("folder of uploads: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("folder of uploads: %w", err)
	}
	return dir, nil
}
