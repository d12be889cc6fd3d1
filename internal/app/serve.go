package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/guatu/guatu/frontend"
	"github.com/guatu/guatu/internal/appraisal"
	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/ladder"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/live"
	"github.com/guatu/guatu/internal/register"
	"github.com/guatu/guatu/internal/report"
	"github.com/guatu/guatu/internal/todo"
)

func serve(ctx context.Context, t Terminal, cfg config.Config, _ []string) (int, error) {
	return runServer(ctx, t, cfg, false)
}

func serveDemo(ctx context.Context, t Terminal, cfg config.Config, _ []string) (int, error) {
	return runServer(ctx, t, cfg, true)
}

// runServer serves until ctx ends, then stops everything in order: no new
// requests, running ones finish, live streams end, pools, PostgreSQL, lock.
func runServer(ctx context.Context, t Terminal, cfg config.Config, asDemo bool) (int, error) {
	ports, err := takePorts(ctx, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer ports.close() //nolint:errcheck // closed by Shutdown already; this is for the early returns
	h, err := openHouse(ctx, t, cfg, asDemo)
	if err != nil {
		return exitRefused, err
	}
	err = h.serveOn(ctx, ports, asDemo)
	t.say("正在停止……", "stopping…")
	if err := errors.Join(err, h.close(ctx)); err != nil {
		return exitRefused, err
	}
	t.say("已停止", "stopped")
	return exitOK, nil
}

func (h *house) serveOn(ctx context.Context, ports *entrance, asDemo bool) error {
	if err := h.ensureCampaign(ctx, asDemo); err != nil {
		return err
	}
	running, stopWork := context.WithCancel(ctx)
	defer stopWork()
	if h.cluster != nil {
		go h.cluster.Keep(running, h.tellDatabase)
	}
	gate, err := openGate(ctx, h.cfg, h.store, h.access)
	if err != nil {
		return err
	}
	keeper, err := h.keeper()
	if err != nil {
		return err
	}
	if err := h.ensureAccounts(ctx, gate); err != nil {
		return err
	}
	go keeper.Run(running, time.Now)
	go gate.Follow(running, h.log.With(slog.String("part", "gate")))
	if err := ports.furnish(h.cfg.Way, h.cfg.Data, h.log.With(slog.String("part", "tls"))); err != nil {
		return err
	}
	api, err := h.api(running, gate, ports)
	if err != nil {
		return err
	}
	return ports.serve(ctx, h, api)
}

func (h *house) tellDatabase(err error) {
	if err != nil {
		h.log.Error("database", slog.Any("error", err))
		return
	}
	h.log.Info("database is back")
}

// api builds the HTTP interface on opened rooms.
func (h *house) api(ctx context.Context, gate *auth.Gate, ports *entrance) (*httpapi.Server, error) {
	rooms, err := h.rooms(ctx)
	if err != nil {
		return nil, err
	}
	rooms.Keys, rooms.Enterer, rooms.Outside = openKeys(h.store, h.access), gate, outside(h.cfg.Outside, h.store)
	rooms.Gate, rooms.ToolKey, rooms.Way, rooms.Trust, rooms.Limits = gate, ports.key, ports.way, ports.ca, httpapi.Limits(h.cfg.Limits)
	return httpapi.New(ctx, rooms)
}

// rooms opens the map in memory and what reads it, and starts the live feed.
func (h *house) rooms(ctx context.Context) (rooms httpapi.Rooms, err error) {
	book, err := chronicle.Open(ctx, h.store)
	if err != nil {
		return rooms, err
	}
	blocks := block.NewDesk(h.store)
	model, err := layer.NewModelWithin(ctx, h.store, book, blocks, h.cfg.LayerBytes)
	if err != nil {
		return rooms, err
	}
	feed := live.NewFeed(h.store, model, book, h.clock.Now, h.log.With(slog.String("part", "live")))
	go feed.Run(ctx)
	go overlayKeeper{feed, h.ledger, h.log.With(slog.String("part", "overlays"))}.run(ctx)
	importer, err := h.importer()
	if err != nil {
		return rooms, err
	}
	uploads, err := h.uploads()
	if err != nil {
		return rooms, err
	}
	dist, err := frontend.Dist()
	if err != nil {
		return rooms, fmt.Errorf("front end: %w", err)
	}
	ground, err := h.basemap()
	if err != nil {
		return rooms, err
	}
	key, err := h.auditKey()
	if err != nil {
		return rooms, err
	}
	tools, err := exportTools(uploads)
	if err != nil {
		return rooms, err
	}
	photos, err := h.photos()
	if err != nil {
		return rooms, err
	}
	contacts, err := h.contacts(ctx)
	if err != nil {
		return rooms, err
	}
	land := finding.NewDesk(h.store, h.clock.Now, h.log.With(slog.String("part", "findings")))
	h.watch(ctx, map[string]nightly{"photos": photos.Nightly, "land": land.Nightly, "ladder": (&ladder.Keeper{Source: h.store, Door: h.ledger, Now: h.clock.Now}).Look})
	names := directory.New(h.store, book.Names())
	figures := report.NewDesk(book, blocks, h.clock.Now)
	return httpapi.Rooms{
		Basemap: ground, Ledger: h.ledger, Catalogue: h.store, Desk: dossier.NewDesk(h.store, h.clock.Now), Directory: names, Register: register.NewDesk(h.store, names), Findings: land, Todo: todo.NewDesk(h.store, names, land),
		Report: figures, Appraisal: &appraisal.Desk{Figures: figures, Records: appraisal.NewRecords(h.store)}, Bulletins: &bulletin.Desk{Figures: figures, Library: h.store, Now: h.clock.Now}, Layers: model, Feed: feed, Importer: loggedImporter{importer, h.access}, Ledgers: loggedCases{&caseimport.Importer{Door: h.ledger, Directory: names, Memory: h.store}, h.access}, Exports: &export.Desk{Shapes: h.store, Library: h.store, Tools: tools}, Photos: photos, Contacts: contacts, Audit: h.access,
		AuditDesk: &audit.Desk{Log: h.access, Library: h.store, Key: key.Public, Keep: h.cfg.KeepLog},
		Clock:     h.clock.Now, Log: h.log.With(slog.String("part", "http")), FrontEnd: dist, Build: build(), UploadDir: uploads,
	}, nil
}

// build names this program: the commit, or "dev".
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "dev"
}
