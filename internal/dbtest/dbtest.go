// Package dbtest gives tests databases on real PostGIS: one cluster in memory
// for each test process, one migrated template in it, and a copy of that
// template for each test.
//
//	var server dbtest.Server // in a _test.go file
//
//	func TestMain(m *testing.M) {
//		server.Migrate = postgres.Migrate
//		os.Exit(server.Main(m))
//	}
//
//	func TestSomething(t *testing.T) {
//		db := server.Open(t)
//		conn := connect(t, db.DSN("guatu_app"))
//		...
//	}
//
// The cluster dies with the test process, however that ends, and what it leaves
// in memory is removed by the next run.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/pgcluster"
)

const (
	admin    = "postgres"
	template = "guatu_template"
)

// Server is the cluster of one test process, started by the first Open. Its
// zero value is ready; it must not be copied.
type Server struct {
	// Migrate brings an empty database up to date. It connects as the superuser
	// with dsn. Nil leaves databases empty.
	Migrate func(ctx context.Context, dsn string) error

	once    sync.Once
	err     error
	dir     string
	cluster *pgcluster.Cluster

	mu   sync.Mutex
	last int
}

// DB is one test's own database.
type DB struct {
	// Name is the database's name.
	Name string

	cluster *pgcluster.Cluster
}

// DSN is the connection string of a role.
func (d *DB) DSN(role string) string { return d.cluster.ConnString(role, d.Name) }

// Exec runs the statements one after the other in one session of the role, so
// that a test outside internal/postgres can tamper with the database without
// knowing the driver.
func (d *DB) Exec(tb testing.TB, role string, statements ...string) {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), d.DSN(role))
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(tb.Context())) }()
	for _, s := range statements {
		if _, err := conn.Exec(tb.Context(), s); err != nil {
			tb.Fatalf("dbtest: %s: %v", s, err)
		}
	}
}

// Numbers are what a query of the role gives in its one row and column, an array.
func (d *DB) Numbers(tb testing.TB, role, query string) (numbers []int64) {
	tb.Helper()
	d.scan(tb, role, query, &numbers)
	return numbers
}

// Texts are likewise.
func (d *DB) Texts(tb testing.TB, role, query string) (texts []string) {
	tb.Helper()
	d.scan(tb, role, query, &texts)
	return texts
}

func (d *DB) scan(tb testing.TB, role, query string, into any) {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), d.DSN(role))
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(tb.Context())) }()
	if err := conn.QueryRow(tb.Context(), query).Scan(into); err != nil {
		tb.Fatalf("dbtest: %s: %v", query, err)
	}
}

// Main runs the tests and then removes the cluster; it returns the exit code.
func (s *Server) Main(m *testing.M) int {
	code := m.Run()
	if err := s.close(context.Background()); err != nil { //nolint:forbidigo // this is a test program's main
		_, _ = os.Stderr.WriteString("dbtest: " + err.Error() + "\n")
		return max(code, 1)
	}
	return code
}

// Open makes a database for the test and drops it at the test's end.
func (s *Server) Open(tb testing.TB) *DB {
	tb.Helper()
	s.once.Do(func() { s.err = s.start(context.WithoutCancel(tb.Context())) })
	if s.err != nil {
		tb.Fatalf("dbtest: %v", s.err)
	}
	db := &DB{Name: s.nextName(), cluster: s.cluster}
	if err := s.exec(tb.Context(), "CREATE DATABASE "+db.Name+" TEMPLATE "+template+" STRATEGY FILE_COPY"); err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.exec(context.WithoutCancel(tb.Context()), "DROP DATABASE "+db.Name+" WITH (FORCE)"); err != nil {
			tb.Errorf("dbtest: %v", err)
		}
	})
	return db
}

// Durable starts a cluster of the test's own, on disk and with fsync, for tests
// that kill PostgreSQL. It is stopped and removed at the test's end.
func Durable(tb testing.TB) *pgcluster.Cluster {
	tb.Helper()
	dir, err := makeFolder(os.TempDir())
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	c, err := pgcluster.Start(tb.Context(), pgcluster.Options{
		DataDir: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), Durable: true, DieWithParent: true,
	})
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(func() { _ = c.Stop(context.WithoutCancel(tb.Context())) })
	return c
}

func (s *Server) nextName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	return fmt.Sprintf("test_%d", s.last)
}

func (s *Server) start(ctx context.Context) error {
	seed, err := seedFolder(ctx)
	if err != nil {
		return err
	}
	// The guard is held until the folder is locked, so that no other process sweeps it away.
	guard, err := sweep(ctx)
	if err != nil {
		return err
	}
	dir, lock, err := claimFolder()
	if err := errors.Join(err, guard.Close()); err != nil {
		return err
	}
	s.dir = dir
	s.cluster, err = pgcluster.Start(ctx, pgcluster.Options{
		DataDir: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), Lock: lock, Seed: seed, DieWithParent: true,
	})
	if err != nil {
		return fmt.Errorf("start of the test cluster: %w", err)
	}
	if err := s.exec(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	if s.Migrate == nil {
		return nil
	}
	if err := s.Migrate(ctx, s.cluster.ConnString(admin, template)); err != nil {
		return fmt.Errorf("migration of the template: %w", err)
	}
	return nil
}

func (s *Server) close(ctx context.Context) error {
	if s.cluster == nil {
		return nil
	}
	return errors.Join(s.cluster.Stop(ctx), os.RemoveAll(s.dir))
}

// exec runs one statement as the superuser, outside any test's database.
func (s *Server) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.cluster.ConnString(admin, admin))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
