package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/appraisal"
	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/interchange/child"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
	"github.com/guatu/guatu/internal/parcelimport"
	"github.com/guatu/guatu/internal/photo"
	"github.com/guatu/guatu/internal/postgres"
	"github.com/guatu/guatu/internal/register"
	"github.com/guatu/guatu/internal/report"
	vaults "github.com/guatu/guatu/internal/secret"
	"github.com/guatu/guatu/internal/todo"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// house is the whole server over a database of its own: two units, three people,
// a clock that stands at 14:12 on 30 September 2020 in Shanghai.
type house struct {
	*httpapi.Server
	rooms httpapi.Rooms
	web   *httptest.Server
	log   *bytes.Buffer // read it only after the answer

	mu      sync.Mutex
	cookies map[string]*http.Cookie // of sessions, by person
}

// cheap hashes at once: these tests are not about argon2id.
var cheap = auth.Cost{MemoryKiB: 8, Iterations: 1, Parallelism: 1}

const (
	password = "Chuangye-2020"
	toolKey  = "the key of this machine's tools"
)

// session is the cookie of a person who is signed in, by an account of their own name.
func (h *house) session(t *testing.T, person string) *http.Cookie {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cookies[person] == nil {
		gate, ok := h.rooms.Gate.(*auth.Gate)
		require.True(t, ok)
		require.NoError(t, gate.Add(t.Context(), auth.Draft{Login: person, Person: person, Password: password}))
		h.cookies[person] = sessionCookie(t, h.signIn(t, person, password))
	}
	return h.cookies[person]
}

func (h *house) signIn(t *testing.T, login, password string) answer {
	t.Helper()
	body := bytes.NewBufferString(text(t, fields{"login": login, "password": password}))
	return h.ask(t, request{method: http.MethodPost, path: "/api/v1/session", as: nobody, header: map[string]string{"Content-Type": "application/json"}, body: body})
}

func sessionCookie(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	c, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	require.NoError(t, err)
	return c
}

func setup(t *testing.T) *house {
	t.Helper()
	rooms, log := open(t)
	return serve(t, rooms, log)
}

// afternoon is when the tests take place.
func afternoon() time.Time { return time.Date(2020, 9, 30, 14, 12, 0, 0, campaign.Shanghai()) }

// open opens the rooms behind the server.
func open(t *testing.T) (httpapi.Rooms, *bytes.Buffer) {
	t.Helper()
	return openAt(t, afternoon)
}

// openAt opens them with a clock.
func openAt(t *testing.T, clock func() time.Time) (httpapi.Rooms, *bytes.Buffer) {
	t.Helper()
	return openWith(t, clock, func(_ *postgres.Store, book *ledger.Ledger) { furnish(t, book) })
}

// openWith opens them with a clock, over a database that somebody furnishes.
func openWith(t *testing.T, clock func() time.Time, furnish func(*postgres.Store, *ledger.Ledger)) (httpapi.Rooms, *bytes.Buffer) {
	t.Helper()
	return openOver(t, server.Open(t), clock, furnish)
}

// openOver opens them over a database.
func openOver(t *testing.T, db *dbtest.DB, clock func() time.Time, furnish func(*postgres.Store, *ledger.Ledger)) (httpapi.Rooms, *bytes.Buffer) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	book := ledger.New(store, clock, quiet)
	furnish(store, book)
	pages, err := chronicle.Open(t.Context(), store)
	require.NoError(t, err)
	model, err := layer.NewModel(t.Context(), store, pages, block.NewDesk(store))
	require.NoError(t, err)
	feed := live.NewFeed(store, model, pages, clock, quiet)
	running, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); feed.Run(running) }()
	t.Cleanup(func() { stop(); <-ended })
	reader, err := interchange.NewReader(interchange.Config{WorkDir: t.TempDir(), Logger: quiet})
	require.NoError(t, err)
	access, err := audit.Open(t.Context(), store, "", time.Now, quiet)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, access.Close(context.WithoutCancel(t.Context()))) })
	gate, err := auth.NewGate(t.Context(), store, auth.UsualRules(), cheap, time.Now)
	require.NoError(t, err)
	gate = gate.Watched(access.Gate())
	photos, err := photo.Open(photo.Options{Folder: t.TempDir(), Register: store, Door: book, Limits: photo.UsualLimits(), Now: clock, Log: quiet})
	require.NoError(t, err)
	vault, err := vaults.OpenVault(filepath.Join(t.TempDir(), "person.key"), false)
	require.NoError(t, err)
	log := &bytes.Buffer{}
	tools, err := child.New(child.Config{WorkDir: t.TempDir(), Memory: 2 << 30, Output: 1 << 30})
	require.NoError(t, err)
	land := finding.NewDesk(store, clock, quiet)
	names := directory.New(store, pages.Names())
	figures := report.NewDesk(pages, block.NewDesk(store), clock)
	return httpapi.Rooms{
		Photos: photos, Contacts: vaults.NewDesk(vault, store, &witness{}), Gate: gate, Keys: auth.NewKeys(store, unwatched{}, time.Now), Audit: access, AuditDesk: desk(t, access, store), ToolKey: toolKey, Ledger: book, Catalogue: store, Desk: dossier.NewDesk(store, clock), Directory: names, Register: register.NewDesk(store, names), Findings: land, Todo: todo.NewDesk(store, names, land), Report: figures, Appraisal: &appraisal.Desk{Figures: figures, Records: appraisal.NewRecords(store)}, Bulletins: &bulletin.Desk{Figures: figures, Library: store, Now: clock}, Layers: model, Feed: feed, Importer: interchange.NewImporter(reader, parcelimport.Door{Ledger: book}, store), Ledgers: &caseimport.Importer{Door: book, Directory: names, Memory: store},
		Exports: &export.Desk{Shapes: store, Library: store, Tools: tools},
		Clock:   clock, Log: slog.New(slog.NewTextHandler(log, nil)), FrontEnd: frontEnd(), Build: "test", UploadDir: t.TempDir(),
	}, log
}

func desk(t *testing.T, access *audit.Log, store *postgres.Store) *audit.Desk {
	t.Helper()
	key, err := audit.OpenKey(filepath.Join(t.TempDir(), audit.KeyFile))
	require.NoError(t, err)
	return &audit.Desk{Log: access, Library: store, Key: key.Public, Keep: 400 * 24 * time.Hour}
}

// unwatched writes nothing down.
type unwatched struct{}

// Token implements auth.TokenWitness.
func (unwatched) Token(context.Context, auth.TokenEvent) error { return nil }

func serve(t *testing.T, rooms httpapi.Rooms, log *bytes.Buffer) *house {
	t.Helper()
	api, err := httpapi.New(t.Context(), rooms)
	require.NoError(t, err)
	streams, end := context.WithCancel(context.WithoutCancel(t.Context()))
	web := httptest.NewUnstartedServer(api)
	web.Config.BaseContext = func(net.Listener) context.Context { return streams }
	web.Start()
	t.Cleanup(web.Close)
	t.Cleanup(end)
	return &house{Server: api, rooms: rooms, web: web, log: log, cookies: map[string]*http.Cookie{}}
}

func frontEnd() fstest.MapFS {
	return fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>挂图</title>")},
		"assets/app-1a2b3c.js": {Data: []byte("export {}")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"field.html":           {Data: []byte("<!doctype html><title>现场</title>")},
		"field-worker.js":      {Data: []byte("addEventListener()")},
		"field.webmanifest":    {Data: []byte(`{"start_url": "/field"}`)},
	}
}

func furnish(t *testing.T, book *ledger.Ledger) {
	t.Helper()
	furnishAt(t, book, square(120.60, 30.65, 0.05))
}

// furnishAt is furnish with 洪合 somewhere else.
func furnishAt(t *testing.T, book *ledger.Ledger, honghe orb.MultiPolygon) {
	t.Helper()
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	unit := func(code string, sort int, zh, en string) ledger.Unit {
		return ledger.Unit{Code: code, Sort: sort, Name: campaign.Text{ZH: zh + "镇", EN: en + " Town"}, Short: campaign.Text{ZH: zh, EN: en}}
	}
	_, err = book.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.SetUpCampaign{
		Definition: definition,
		Units: []ledger.UnitDraft{
			{Unit: unit("honghe", 1, "洪合", "Honghe"), Boundary: honghe},
			{Unit: unit("wangdian", 2, "王店", "Wangdian"), Boundary: square(120.70, 30.60, 0.05)},
		},
		People: []ledger.Person{
			{Code: "shen", Sort: 1, Name: "沈某", Role: "town", Unit: "honghe"},
			{Code: "lu", Sort: 2, Name: "陆某", Role: "district"},
			{Code: "zhou", Sort: 3, Name: "周某", Role: "acceptance"},
			{Code: "mei", Sort: 3, Name: "梅某", Role: "field", Unit: "honghe"},
			{Code: "wang", Sort: 4, Name: "王某", Role: "town", Unit: "honghe"},
		},
	}}})
	require.NoError(t, err)
}

// square has its south-west corner at lon, lat and the given side in degrees.
func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

// parcels brings parcels with these labels into 洪合, west to east, and returns their ids.
func (h *house) parcels(t *testing.T, labels ...string) []int64 {
	t.Helper()
	return h.draft(t, func(i int) orb.MultiPolygon {
		return square(120.601+0.001*float64(i%40), 30.651+0.001*float64(i/40), 0.0005)
	}, labels...)
}

// draft brings parcels with these labels in where the function says.
func (h *house) draft(t *testing.T, where func(i int) orb.MultiPolygon, labels ...string) []int64 {
	t.Helper()
	change := ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i, label := range labels {
			if err := each(ledger.ParcelDraft{Row: i + 1, Label: label, Geometry: where(i)}); err != nil {
				return err
			}
		}
		return nil
	}}
	out, err := h.rooms.Ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{change}})
	require.NoError(t, err)
	ids := make([]int64, len(out.Entries))
	for i, e := range out.Entries {
		ids[i] = e.NounID
	}
	h.seen(t, out.Revision)
	return ids
}

// seen waits until the map in memory shows a revision.
func (h *house) seen(t *testing.T, revision int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := h.rooms.Layers.At(ctx, revision)
	require.NoError(t, err)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// problem is an answer that says what is wrong.
type problem struct {
	Type, Title, Code, Detail, Instance string
	DetailEN                            string `json:"detail_en"`
	Status                              int
	Outcome                             *outcome
	Data                                json.RawMessage
}

type outcome struct {
	OpID     uuid.UUID `json:"op_id"`
	BatchID  uuid.UUID `json:"batch_id"`
	Outcome  string
	Revision int64
	Entries  []struct {
		ID      int64
		Kind    string
		Noun    string
		NounID  int64 `json:"noun_id"`
		Version int64
	}
	Conflicts []struct {
		Grade      string
		ConflictID int64 `json:"conflict_id"`
		Fields     []string
		Text       struct{ ZH, EN string }
	}
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), "%d %s", a.status, a.body)
	var p problem
	a.into(t, &p)
	require.Equal(t, a.status, p.Status)
	require.Equal(t, "urn:guatu:problem:"+p.Code, p.Type)
	require.NotEmpty(t, p.Detail)
	require.NotEmpty(t, p.DetailEN)
	return p
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.body, v), "%s", a.body)
}

// nobody asks without a session.
const nobody = "nobody"

// request is what is asked; the zero value asks as the district office.
type request struct {
	method, path string
	as           string // code of a person, or nobody
	host         string
	header       map[string]string
	body         io.Reader
}

func (h *house) ask(t *testing.T, q request) answer {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), q.method, h.web.URL+q.path, q.body)
	require.NoError(t, err)
	if q.host != "" {
		req.Host = q.host
	}
	if q.as == "" {
		q.as = "lu"
	}
	if q.as != nobody {
		req.AddCookie(h.session(t, q.as))
	}
	req.Header.Set("Accept-Encoding", "identity")
	for name, value := range q.header {
		req.Header.Set(name, value)
	}
	resp, err := h.web.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, body}
}

// get reads as the district office.
func (h *house) get(t *testing.T, path string) answer {
	t.Helper()
	return h.ask(t, request{path: "/api/v1" + path})
}

// post sends an operation as it is written.
func (h *house) post(t *testing.T, as, body string) answer {
	t.Helper()
	return h.ask(t, request{method: http.MethodPost, path: "/api/v1/changes", as: as, header: map[string]string{"Content-Type": "application/json"}, body: bytes.NewBufferString(body)})
}

// fields of a change or of an operation.
type fields map[string]any

func (f fields) and(name string, value any) fields {
	f = maps.Clone(f)
	f[name] = value
	return f
}

func operation(changes ...fields) fields {
	return fields{"op_id": uuid.NewString(), "device": "test", "changes": changes}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// change applies an operation that must succeed.
func (h *house) change(t *testing.T, as string, changes ...fields) outcome {
	t.Helper()
	a := h.post(t, as, text(t, operation(changes...)))
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var out outcome
	a.into(t, &out)
	h.seen(t, out.Revision)
	return out
}

// listed is a case on these parcels, listed on 1 March.
func (h *house) listed(t *testing.T, parcels ...int64) int64 {
	t.Helper()
	return h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels, "date": "2020-03-01"}).Entries[0].NounID
}

func milestone(id int64, code, on string) fields {
	return fields{"kind": "case.milestone", "case_id": id, "milestone": code, "date": on}
}

func number(id int64) string { return strconv.FormatInt(id, 10) }
