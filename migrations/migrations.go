// Package migrations holds the database schema as plain SQL, run by goose.
package migrations

import "embed"

// Files are the migrations in order; each has an up and a down part.
//
//go:embed *.sql
var Files embed.FS
