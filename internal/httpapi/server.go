// Package httpapi is the HTTP interface, the only room with echo.
//
// openapi.yaml is the contract. Its JSON operations go through the generated
// strict server and are validated against it; layers, live events and imports
// stream and are written by hand. The front end is served beside them.
package httpapi

import (
	"context"
	_ "embed"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/guatu/guatu/internal/appraisal"
	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/basemap"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
	"github.com/guatu/guatu/internal/photo"
	"github.com/guatu/guatu/internal/register"
	"github.com/guatu/guatu/internal/report"
	"github.com/guatu/guatu/internal/secret"
	"github.com/guatu/guatu/internal/todo"
)

//go:embed openapi.yaml
var openAPI []byte

// Ledger is the door for changes.
type Ledger interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// Catalogue reads what rarely changes, and the journal's head.
type Catalogue interface {
	Running(ctx context.Context) (ledger.Campaign, error)
	Units(ctx context.Context, campaignID int64) ([]ledger.Unit, error)
	People(ctx context.Context, scope auth.Scope) ([]ledger.Person, error)
	Revision(ctx context.Context) (int64, time.Time, error)
	// Orders are those that somebody sees, the newest first.
	Orders(ctx context.Context, scope auth.Scope) ([]ledger.Order, error)
	// InSide are the cases that somebody sees in a side state, with what is said of it.
	InSide(ctx context.Context, scope auth.Scope, side string) (map[int64]campaign.Side, error)
	// Meetings are those that somebody sees, the newest first.
	Meetings(ctx context.Context, scope auth.Scope) ([]ledger.Meeting, error)
	// Notices are the reminders that stand of cases that somebody sees, the first first.
	Notices(ctx context.Context, scope auth.Scope) ([]ledger.Notice, error)
	// HeldOperations are those of phones that were refused, about what somebody sees and their own: those that wait, then those that were settled.
	HeldOperations(ctx context.Context, scope auth.Scope) ([]ledger.HeldOperation, error)
	// HeldOperation is one of them; not found where somebody does not see it.
	HeldOperation(ctx context.Context, scope auth.Scope, op uuid.UUID) (h ledger.HeldOperation, found bool, err error)
}

// Importer takes files in.
type Importer interface {
	Import(ctx context.Context, actor auth.Actor, req interchange.Request) (interchange.Outcome, error)
}

// LedgerImporter takes ledgers of offices in.
type LedgerImporter interface {
	Import(ctx context.Context, actor auth.Actor, req caseimport.Request) (caseimport.Report, error)
}

// Rooms are what the interface speaks to.
type Rooms struct {
	Ledger    Ledger
	Catalogue Catalogue
	Gate      Gate
	Keys      Keys
	Enterer   Enterer
	Outside   *Outside // another system to sign in by; nil: none
	Desk      *dossier.Desk
	Directory *directory.Directory
	Register  *register.Desk
	Findings  *finding.Desk
	Todo      *todo.Desk
	Report    *report.Desk
	Bulletins *bulletin.Desk
	Appraisal *appraisal.Desk
	Layers    *layer.Model
	Feed      *live.Feed
	Importer  Importer
	Ledgers   LedgerImporter
	Exports   *export.Desk
	Audit     Audit
	AuditDesk *audit.Desk
	Photos    *photo.Store
	Contacts  *secret.Desk
	Basemap   *basemap.Proxy   // nil: no key is set
	Clock     func() time.Time // the running campaign's time
	Log       *slog.Logger
	FrontEnd  fs.FS
	Build     string // names this build; a page of another build reloads itself
	UploadDir string // for files on their way in; "" is the system's
	ToolKey   string // by which tools of this machine are known; "" knows none
	Way       Way
	Limits    Limits
	Trust     *Trust // the built-in CA; nil: none
}

// Server answers HTTP.
type Server struct {
	Rooms
	spec   *openapi3.T
	echo   *echo.Echo
	past   history
	sheets figuresKept
	going  goingExports

	gates        gates
	heartbeat    time.Duration // between comments on a silent stream
	writeTimeout time.Duration // a client that takes nothing for so long is dropped; it resumes by itself
	bodyTime     time.Duration // how long a small body may take to come
}

const (
	jsonDeadline = 15 * time.Second
	apiPrefix    = "/api/v1"
	basemapTile  = apiPrefix + "/basemap/:layer/:z/:x/:y"
)

// New builds the server. It fails only if openapi.yaml is broken.
func New(ctx context.Context, rooms Rooms) (*Server, error) {
	spec, err := loadSpec(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{Rooms: rooms, spec: spec, echo: echo.New(), heartbeat: usualHeartbeat, writeTimeout: usualWriteTimeout, bodyTime: jsonDeadline, gates: newGates(rooms.Limits)}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.IPExtractor = s.Way.address()
	s.echo.Use(s.door, checked(s.Way.knownHost, s.Way.encrypted, s.gates.byAddress, sameOrigin()))
	if err := s.routeJSON(); err != nil { //nolint:contextcheck // the validator takes each request's own context
		return nil, err
	}
	s.routeStreams()
	s.routeOGC()
	s.routeDocs()
	s.Trust.route(s.echo)
	s.routeOutside() //nolint:contextcheck // a refusal is told with the request's own context
	s.routeFrontEnd()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// routeJSON mounts the generated operations behind validation and a deadline.
func (s *Server) routeJSON() error {
	validate, err := s.validator()
	if err != nil {
		return err
	}
	group := s.echo.Group(apiPrefix, checked(s.patient), bodyLimit, deadline, checked(s.admit), validate)
	gen.RegisterHandlersWithBaseURL(group, gen.NewStrictHandler(&operations{s}, nil), "")
	return nil
}

// routeStreams mounts what is written by hand: no deadline on streams.
func (s *Server) routeStreams() {
	api := s.echo.Group(apiPrefix, checked(patientUpload, s.admit))
	api.GET("/layers", s.listLayers)
	api.GET("/layers/:layer", s.getLayer)
	api.GET("/layers/:layer/flat", s.getFlatLayer)
	api.GET("/history", s.getHistory)
	api.GET("/live", s.getLive)
	api.GET("/basemap", s.getBasemap)
	api.GET(strings.TrimPrefix(basemapTile, apiPrefix), s.getBasemapTile)
	api.GET("/audit/export", s.exportAudit)
	api.GET("/cases/:id/photos/:photo", s.getPhoto)
	api.GET("/held/:op/photos/:sha256", s.getHeldPhoto)
	api.GET("/photos/:sha256", s.getUpload)
	api.HEAD("/photos/:sha256", s.getUpload)
	api.PATCH("/photos/:sha256", s.patchUpload)
	api.DELETE("/photos/:sha256", s.deleteUpload)
	api.GET("/export/:content", s.getExport)
	api.GET("/bulletins/:id/files/:place", s.getBulletinFile)
	api.GET("/export/progress/:id", s.getExportProgress)
	api.POST("/imports", s.postImport, middleware.BodyLimit(importBody))
	api.POST("/imports/ledger", s.postLedgers, middleware.BodyLimit(ledgersBody))
	api.POST("/imports/ledger/returns", s.postReturns, middleware.BodyLimit(ledgersBody))
	api.GET("/imports/ledger/template", s.getTemplate)
	api.POST("/imports/electricity", s.postElectricity, middleware.BodyLimit(ledgersBody))
}

// deadline bounds the JSON operations; the work of a change that is under way
// is not torn by a browser that leaves.
func deadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), jsonDeadline)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}
