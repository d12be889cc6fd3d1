// Package frontend embeds the built front end (npm run build) in the binary.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built front end; without index.html if it was not built.
func Dist() (fs.FS, error) { return fs.Sub(dist, "dist") }
