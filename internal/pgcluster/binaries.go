package pgcluster

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// defaultMajor is what Debian 12 ships.
const defaultMajor = "15"

// Install is one installed PostgreSQL that has PostGIS.
type Install struct {
	// Bin is the folder of postgres and initdb.
	Bin string
	// Major is the major version, for example "15".
	Major string
	// PostGIS is the default version of the extension, for example "3.3.2".
	PostGIS string
}

func (i Install) tool(name string) string { return filepath.Join(i.Bin, name) }

// Find returns the newest installed PostgreSQL with PostGIS, or the given
// major version if major is not empty. The fault names the apt line.
func Find(ctx context.Context, major string) (Install, error) {
	return findIn(ctx, major,
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
}

func findIn(ctx context.Context, major string, patterns ...string) (Install, error) {
	var all []Install
	found := ""
	for _, dir := range binFolders(patterns) {
		in := Install{Bin: dir, Major: majorOf(ctx, dir)}
		if in.Major == "" || (major != "" && in.Major != major) {
			continue
		}
		found = in.Major
		if in.PostGIS = postgisOf(ctx, dir); in.PostGIS != "" {
			all = append(all, in)
		}
	}
	if len(all) == 0 {
		return Install{}, noBinaries(cmp.Or(major, found))
	}
	return slices.MaxFunc(all, func(a, b Install) int { return cmp.Compare(number(a.Major), number(b.Major)) }), nil
}

// binFolders lists the folders that hold both programs; links are followed.
func binFolders(patterns []string) []string {
	var dirs []string
	for _, p := range patterns {
		matches, _ := filepath.Glob(p) // the patterns are constants and well-formed
		for _, dir := range matches {
			if executable(filepath.Join(dir, "postgres")) && executable(filepath.Join(dir, "initdb")) {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

func executable(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode().Perm()&0o111 != 0
}

// majorOf reads "postgres (PostgreSQL) 15.18 (Debian ...)".
func majorOf(ctx context.Context, bin string) string {
	words := strings.Fields(output(ctx, filepath.Join(bin, "postgres"), "--version"))
	if len(words) < 3 {
		return ""
	}
	major, _, _ := strings.Cut(words[2], ".")
	if number(major) == 0 {
		return ""
	}
	return major
}

// postgisOf reads default_version from the extension's control file, "" if it is not there.
func postgisOf(ctx context.Context, bin string) string {
	share := strings.TrimSpace(output(ctx, filepath.Join(bin, "pg_config"), "--sharedir"))
	control, err := os.ReadFile(filepath.Join(share, "extension", "postgis.control")) //nolint:gosec // where pg_config says
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(control)) {
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) == "default_version" {
			return strings.Trim(strings.TrimSpace(value), "'")
		}
	}
	return ""
}

func output(ctx context.Context, program string, args ...string) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // the program comes from the fixed search folders
	cmd.Env = childEnv()
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out)
}

// childEnv is the whole environment of PostgreSQL's programs: nothing of the
// caller's (PGDATA, PGPORT, LANG ...) may change what they do.
func childEnv() []string {
	return []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
