package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/guatu/guatu/migrations"
)

// Migrate brings the schema to the newest version and reports each step taken.
// The connection string must be that of a superuser, or of an owner for whom an
// administrator made the roles and the extension.
func Migrate(ctx context.Context, dsn string, step func(name string)) error {
	err := withGoose(dsn, func(p *goose.Provider) error {
		results, err := p.Up(ctx)
		for _, r := range results {
			step(r.Source.Path)
		}
		return err
	})
	if err != nil {
		return err
	}
	return trustBoxes(ctx, dsn)
}

// trustBoxes tells PostgreSQL that comparing boxes of geometries (&&) gives nothing away, so that
// the index is used before policies are asked. A backup does not keep that, so it is said at each start. Only a
// superuser may say it; without, what is spatial is slower and nothing else.
func trustBoxes(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var trusted, may bool
	err = conn.QueryRow(ctx, `SELECT p.proleakproof, (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)
		FROM pg_proc p WHERE p.oid = 'public.geometry_overlaps(public.geometry, public.geometry)'::regprocedure`).Scan(&trusted, &may)
	if err != nil || trusted || !may {
		return err
	}
	_, err = conn.Exec(ctx, `ALTER FUNCTION public.geometry_overlaps(public.geometry, public.geometry) LEAKPROOF`)
	return err
}

// MigrateDown takes every migration back, newest first; all data is lost.
func MigrateDown(ctx context.Context, dsn string) error {
	return withGoose(dsn, func(p *goose.Provider) error {
		_, err := p.DownTo(ctx, 0)
		return err
	})
}

func withGoose(dsn string, run func(*goose.Provider) error) error {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err)
	}
	db := stdlib.OpenDB(*cfg)
	defer closeDB(db)
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithVerbose(false))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := run(p); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func closeDB(db *sql.DB) {
	_ = db.Close() // nothing is pending: every migration committed or failed
}

// EnsureDatabase makes the database on a cluster of our own if it is not there yet.
func EnsureDatabase(ctx context.Context, adminDSN, name string) error {
	conn, err := pgx.Connect(ctx, adminDSN)
	if err != nil {
		return fmt.Errorf("reach the cluster: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return err
}
