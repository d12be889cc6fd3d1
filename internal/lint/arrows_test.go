package lint

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module   = "github.com/guatu/guatu"
	internal = module + "/internal/"
	pgx      = "github.com/jackc/pgx/v5/pgxpool"
	goose    = "github.com/pressly/goose/v3"
	echo     = "github.com/labstack/echo/v4"
	pinyin   = "github.com/mozillazg/go-pinyin"
	zitadel  = "github.com/zitadel/oidc/v3/example/server/exampleop"
	openapi  = "github.com/getkin/kin-openapi/openapi3filter"
)

// arrow is one import by one package, and whether the house allows it.
type arrow struct {
	from, to string
	allowed  bool
	test     bool
}

func no(from string, to ...string) []arrow { return arrows(from, false, false, to) }

func yes(from string, to ...string) []arrow { return arrows(from, true, false, to) }

func inTest(from string, allowed bool, to ...string) []arrow { return arrows(from, allowed, true, to) }

func arrows(from string, allowed, test bool, to []string) []arrow {
	var all []arrow
	for _, t := range to {
		all = append(all, arrow{from: from, to: t, allowed: allowed, test: test})
	}
	return all
}

// house lists the arrows of ARCHITECTURE.md, "Rooms".
func house() []arrow {
	all := [][]arrow{
		yes("cmd/guatu", internal+"app", "fmt", "os"),
		no("cmd/guatu", internal+"postgres", internal+"httpapi", internal+"fault", module+"/geo", pgx, echo, "net/http"),

		yes("internal/app", internal+"postgres", internal+"httpapi", internal+"pgcluster", internal+"ledger", "net/http"),
		no("internal/app", pgx, goose, echo, internal+"dbtest", "log"),
		inTest("internal/app", true, pgx, internal+"dbtest"),

		yes("internal/httpapi", echo, openapi, "net/http", internal+"ledger", internal+"auth", internal+"ogc", internal+"httpapi/gen", module+"/geo"),
		no("internal/httpapi", pgx, goose, "database/sql", internal+"postgres", internal+"pgcluster", internal+"app", internal+"config", internal+"dbtest"),
		no("internal/httpapi/gen", pgx, internal+"postgres"),

		yes("internal/postgres", pgx, goose, internal+"ledger", internal+"layer", module+"/migrations", module+"/geo/ewkb"),
		no("internal/postgres", echo, "net/http", internal+"httpapi", internal+"app", internal+"pgcluster"),
		inTest("internal/postgres", true, pgx, internal+"dbtest"),

		yes("internal/tlscert", "crypto/tls", internal+"fault"),
		no("internal/tlscert", "net/http", internal+"config", internal+"auth", pgx, echo),
		yes("internal/basemap", "net/http", internal+"fault"),
		no("internal/basemap", internal+"campaign", internal+"httpapi", pgx, echo),
		yes("internal/httpapi", internal+"basemap"),
		no("internal/ledger", internal+"basemap"),

		yes("internal/campaign", internal+"fault", module+"/geo", "time"),
		no("internal/campaign", internal+"ledger", internal+"auth", pgx, echo, "net/http", "github.com/paulmach/orb"),
		no("internal/fault", internal+"campaign", "net/http", echo),
		yes("internal/fault", "errors"),

		yes("geo", module+"/geo/crs", "github.com/paulmach/orb", "github.com/twpayne/go-geom", "golang.org/x/text/unicode/norm", "math"),
		no("geo", internal+"fault", pgx, echo, "net/http", "database/sql", "github.com/google/uuid"),
		no("geo/crs", internal+"campaign", pgx, "net/http"),
		inTest("geo/flat", false, internal+"dbtest", pgx),
		inTest("geo/flat", true, "github.com/stretchr/testify/require"),

		yes("internal/pgcluster", internal+"fault", "golang.org/x/sys/unix"),
		no("internal/pgcluster", pgx, "net/http", internal+"postgres", internal+"ledger", module+"/geo"),
		yes("internal/dbtest", internal+"pgcluster", pgx),
		no("internal/dbtest", internal+"postgres", internal+"ledger"),
		yes("internal/config", internal+"fault"),
		no("internal/config", internal+"ledger", internal+"pgcluster", pgx),

		// The dossier stands on the ledger; nobody else of the domain knows a neighbour.
		yes("internal/dossier", internal+"ledger", internal+"campaign", internal+"fault", internal+"auth", module+"/geo"),
		no("internal/dossier", internal+"layer", internal+"postgres", pgx, echo, "net/http"),
		yes("internal/httpapi", internal+"dossier"),
		yes("internal/postgres", internal+"dossier"),

		// What people type is compared in one room; the directory holds who operates what.
		yes("internal/lookup", pinyin, "golang.org/x/text/width", "sync"),
		no("internal/lookup", internal+"fault", internal+"chronicle", pgx, echo, "net/http"),
		yes("internal/directory", internal+"chronicle", internal+"ledger", internal+"lookup", internal+"campaign", internal+"fault", internal+"auth", module+"/geo/uscc"),
		no("internal/directory", internal+"report", internal+"dossier", internal+"layer", internal+"postgres", pinyin, pgx, echo, "net/http"),
		yes("internal/chronicle", internal+"lookup", internal+"campaign", internal+"auth"),
		no("internal/chronicle", pinyin, internal+"directory", internal+"ledger"),
		yes("internal/httpapi", internal+"directory"),
		yes("internal/postgres", internal+"directory"),

		// The provider of OpenID Connect is for tests.
		yes("internal/oidctest", zitadel, "net/http"),
		no("internal/oidctest", internal+"auth", internal+"app", pgx, echo),
		inTest("internal/httpapi", true, internal+"oidctest"),
		no("internal/httpapi", internal+"oidctest", zitadel),
		no("internal/auth", internal+"oidctest", zitadel),

		// Photos enter their receipts through the ledger; pictures are read in one room.
		yes("internal/photo", internal+"ledger", "github.com/bep/imagemeta", "golang.org/x/image/draw"),
		no("internal/photo", internal+"dossier"),
		no("internal/httpapi", "github.com/bep/imagemeta", "golang.org/x/image/draw"),
		yes("internal/httpapi", internal+"photo"),
		yes("internal/postgres", internal+"photo"),

		// What is personal is sealed before the ledger sees it.
		yes("internal/secret", internal+"ledger", internal+"auth", internal+"fault", "crypto/aes"),
		no("internal/secret", internal+"dossier", internal+"postgres", internal+"audit", pgx, echo, "net/http"),
		yes("internal/httpapi", internal+"secret"),
		yes("internal/postgres", internal+"secret"),
		no("internal/ledger", internal+"secret"),

		yes("internal/block", internal+"chronicle", internal+"campaign", module+"/geo", "github.com/paulmach/orb"),
		no("internal/block", internal+"ledger", internal+"layer", internal+"postgres", pgx, echo, "net/http"),
		yes("internal/layer", internal+"block"),
		yes("internal/report", internal+"block"),
		yes("internal/appraisal", internal+"report", internal+"ledger", internal+"campaign"),
		no("internal/appraisal", internal+"bulletin", internal+"register", internal+"postgres", pgx, echo, "net/http"),
		yes("internal/postgres", internal+"block"),

		yes("internal/figures", internal+"campaign", internal+"fault", module+"/geo", "math/big"),
		no("internal/figures", internal+"ledger", internal+"auth", pgx, echo, "net/http", "github.com/paulmach/orb"),

		// One small room joins files to the ledger.
		yes("internal/export", internal+"chronicle", internal+"interchange/child", internal+"auth", module+"/geo"),
		no("internal/export", internal+"interchange", internal+"layer", internal+"postgres", pgx, echo, "net/http"),
		yes("internal/caseimport", internal+"chronicle", internal+"ledger", internal+"auth", module+"/geo", "github.com/xuri/excelize/v2"),
		no("internal/caseimport", internal+"interchange", internal+"directory", internal+"postgres", pgx, echo),
		yes("internal/caseimport/grid", internal+"fault", "github.com/xuri/excelize/v2"),
		no("internal/caseimport/grid", internal+"campaign", "net/http"),
		no("internal/httpapi", "github.com/xuri/excelize/v2"),
		yes("internal/parcelimport", internal+"interchange", internal+"ledger", internal+"auth", module+"/geo"),
		yes("internal/simulate", internal+"ledger", internal+"photo", internal+"campaign", internal+"auth", internal+"fault"),
		no("internal/simulate", internal+"postgres", internal+"httpapi", internal+"chronicle", pgx, echo, "net/http"),
		no("internal/parcelimport", internal+"layer", internal+"postgres", pgx, echo, "net/http"),

		// A room that no list names still may not go round the doors.
		no("internal/simulate", pgx, goose, echo, "net/http", internal+"postgres", internal+"pgcluster", internal+"httpapi", internal+"app", internal+"dbtest", "log"),
		yes("internal/simulate", internal+"ledger", internal+"campaign"),
		no("migrations", pgx, goose, internal+"app"),
	}
	for _, room := range []string{"ledger", "layer", "live", "report", "todo", "interchange", "photo", "audit", "ogc", "auth"} {
		from := "internal/" + room
		all = append(all,
			yes(from, internal+"campaign", internal+"fault", module+"/geo", "log/slog"),
			yes(from+"/part", internal+room),
			no(from, pgx, goose, echo, internal+"postgres", internal+"httpapi", internal+"app", internal+"pgcluster", internal+"job"),
			inTest(from, false, pgx, echo),
		)
		if room == "auth" {
			all = append(all, yes(from, "net/http"), no(from, internal+"ledger"))
			continue
		}
		all = append(all, yes(from, internal+"auth"), no(from, "net/http", internal+neighbour(room)))
	}
	return flatten(all)
}

func neighbour(room string) string {
	if room == "ledger" || room == "photo" {
		return "layer"
	}
	return "ledger"
}

func flatten(lists [][]arrow) []arrow {
	var all []arrow
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// file is where the arrow's one import stands: in a package of its own inside the
// room, so that no two arrows make a cycle.
func (a arrow) file(i int) string {
	name := "arrow.go"
	if a.test {
		name = "arrow_test.go"
	}
	return fmt.Sprintf("%s/a%03d/%s", a.from, i, name)
}

// TestArrowsBite writes every arrow into a module of its own and compares what
// depguard says with the house's plan, in both directions.
func TestArrowsBite(t *testing.T) {
	t.Parallel()
	all := house()
	dir := filepath.Join(t.TempDir(), "geo", "cmd", "clone") // rooms are told by their place in the clone, not by the clone's path
	layOut(t, dir, all)
	compare(t, all, runDepguard(t, dir))
}

// TestArrowsBiteBehindALink does so in a clone that is reached over a symbolic link.
func TestArrowsBiteBehindALink(t *testing.T) {
	t.Parallel()
	all := []arrow{
		{from: "internal/httpapi", to: pgx},
		{from: "internal/postgres", to: pgx, allowed: true},
		{from: "geo", to: internal + "fault"},
		{from: "cmd/guatu", to: internal + "postgres"},
	}
	base := t.TempDir()
	layOut(t, filepath.Join(base, "real"), all)
	link := filepath.Join(base, "link")
	require.NoError(t, os.Symlink(filepath.Join(base, "real"), link))
	compare(t, all, runDepguard(t, link))
}

// compare names every arrow that is not as planned.
func compare(t *testing.T, all []arrow, said map[string]string) {
	t.Helper()
	for i, a := range all {
		text, refused := said[a.file(i)]
		if refused == a.allowed {
			t.Errorf("%s -> %s (test file: %t): refused %t, want %t", a.from, a.to, a.test, refused, !a.allowed)
		}
		if refused {
			require.Contains(t, text, a.to)
		}
	}
}

func layOut(t *testing.T, dir string, all []arrow) {
	t.Helper()
	config, err := os.ReadFile(filepath.Join("..", "..", ".golangci.yaml"))
	require.NoError(t, err)
	write(t, filepath.Join(dir, ".golangci.yaml"), string(config))
	write(t, filepath.Join(dir, "go.mod"), "module "+module+"\n\ngo 1.26.0\n")
	for i, a := range all {
		write(t, filepath.Join(dir, a.file(i)), fmt.Sprintf("package arrow\n\nimport _ %q\n", a.to))
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// runDepguard returns what depguard says, by file.
func runDepguard(t *testing.T, dir string) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), linter(t), "run", "--allow-parallel-runners", "--enable-only=depguard", "--issues-exit-code=0",
		"--output.json.path=stdout", "--show-stats=false", "./...")
	cmd.Dir = dir
	// The offending modules are not there and need not be: depguard reads the import lines alone.
	cmd.Env = append(os.Environ(), "PWD="+dir, "GOFLAGS=-mod=mod", "GOPROXY=off", "GOLANGCI_LINT_CACHE="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	require.NoError(t, json.Unmarshal(out, &report), string(out))
	said := map[string]string{}
	for _, i := range report.Issues {
		require.Equal(t, "depguard", i.FromLinter, i.Text)
		said[filepath.ToSlash(i.Pos.Filename)] = i.Text
	}
	return said
}

// linter is the binary that tools.mod pins.
func linter(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools.mod", "-n", "golangci-lint")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}
