// Package pgcluster runs the embedded PostGIS: it finds the installed
// PostgreSQL binaries, and creates, starts, watches and stops one private
// cluster that belongs to one data folder.
//
// The cluster listens on a Unix socket only. Started by an ordinary user it
// lives inside the data folder; started by root, whom PostgreSQL refuses to
// serve, it runs as a system user and lives under /var/lib/guatu, and the data
// folder holds a pointer to it. Debian's own "main" cluster is never touched.
//
// What goes wrong for a reason the user can mend is a fault with its text in
// Chinese and English; everything else is a plain error.
package pgcluster
