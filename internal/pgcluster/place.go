package pgcluster

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// pointerFile in the data folder names the cluster; ownerFile in the
	// cluster's home names the data folder. Both hold the same random id.
	pointerFile = "cluster.json"
	ownerFile   = "owner.json"
	// insideHome is the home of an ordinary user's cluster, in the data folder.
	insideHome = "postgres"
	// systemBase holds the clusters that root starts.
	systemBase = "/var/lib/guatu"
)

// pointer is the content of pointerFile. A home inside the data folder is
// written relative, so that the folder can be moved as a whole.
type pointer struct {
	ID   string `json:"id"`
	Home string `json:"home"`
}

// owner is the content of ownerFile.
type owner struct {
	ID      string `json:"id"`
	DataDir string `json:"data_dir"`
	// Made says that initdb was finished: from then on a missing cluster is a
	// loss and never an invitation to make a new one.
	Made bool `json:"made"`
}

// place is where a data folder's cluster lives.
type place struct {
	owner

	home string
}

func (p place) pgdata() string { return filepath.Join(p.home, "pg") }
func (p place) etc() string    { return filepath.Join(p.home, "etc") }
func (p place) logs() string   { return filepath.Join(p.home, "log") }

// startLog takes what the postmaster says before its own logging begins.
func (p place) startLog() string { return filepath.Join(p.home, "start.log") }

// bases are the folders of this user in which clusters live or are registered.
type bases struct {
	// system is where new clusters go; empty for the data folder itself.
	system string
	// registry holds one folder with an ownerFile for each cluster; empty for none.
	registry string
}

func basesOf(home string) bases {
	if home != "" {
		return bases{}
	}
	if os.Geteuid() == 0 {
		return bases{system: systemBase, registry: systemBase}
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return bases{registry: filepath.Join(state, "guatu")}
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return bases{}
	}
	return bases{registry: filepath.Join(dir, ".local", "state", "guatu")}
}

// locate finds the cluster of the data folder or chooses where to make one.
func (o Options) locate(dir string) (place, error) {
	b := basesOf(o.Home)
	if o.bases != nil {
		b = *o.bases
	}
	ptr, err := readJSON[pointer](filepath.Join(dir, pointerFile))
	switch {
	case err == nil:
		return o.follow(dir, ptr, b)
	case !errors.Is(err, fs.ErrNotExist):
		return place{}, fmt.Errorf("pointer to the cluster: %w", err)
	}
	if p, ok := o.reclaim(dir, b); ok {
		o.tell(fmt.Sprintf("找回本数据目录原有的数据库 %s（指针文件缺失，已重建）；若要从空库开始，请停止后删除该目录与 %s", p.home, dir),
			fmt.Sprintf("found the database cluster of this data folder again at %s (its pointer was missing and is restored); to begin anew, stop and delete both it and %s", p.home, dir))
		return p, writePointer(p)
	}
	return o.choose(dir, b)
}

// follow checks that the pointer and the cluster belong to each other, and
// recognises a data folder that was moved or copied.
func (o Options) follow(dir string, ptr pointer, b bases) (place, error) {
	home := ptr.Home
	if !filepath.IsAbs(home) {
		home = filepath.Join(dir, home)
	}
	own, err := readJSON[owner](filepath.Join(home, ownerFile))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return place{}, foreignOwner(home, "root").Because(err)
	case err != nil:
		return place{}, clusterLost(dir, home).Because(err)
	case own.ID != ptr.ID:
		return place{}, clusterOther(dir, home, own.DataDir)
	}
	p := place{owner: own, home: home}
	if own.DataDir == dir {
		return p, nil
	}
	return o.rename(p, dir, b)
}

// rename brings the cluster's record up to date with a data folder that has
// another name than before. A copy that brought its own cluster along goes its
// own way; a copy that points to the original's cluster is refused.
func (o Options) rename(p place, dir string, b bases) (place, error) {
	before := p.DataDir
	copied := pointsTo(before, p.ID) && !sameFolder(before, dir)
	switch {
	case copied && !within(dir, p.home):
		return place{}, folderCopied(dir, before)
	case copied:
		p.ID = newID()
		o.tell(fmt.Sprintf("数据目录 %s 是 %s 的完整副本，今后各用各的数据库", dir, before),
			fmt.Sprintf("the data folder %s is a whole copy of %s; from now on each has its own database", dir, before))
	default:
		o.tell(fmt.Sprintf("数据目录已从 %s 移到 %s，继续使用原有数据库", before, dir),
			fmt.Sprintf("the data folder has moved from %s to %s; its database cluster is kept", before, dir))
	}
	p.DataDir = dir
	if err := p.save(); err != nil {
		return place{}, err
	}
	register(b.registry, p)
	return p, writePointer(p)
}

// reclaim finds a finished cluster that names this folder although the
// folder's pointer is gone: never silently make a second one beside it.
func (o Options) reclaim(dir string, b bases) (place, bool) {
	homes := []string{filepath.Join(dir, insideHome)}
	if o.Home != "" {
		homes = append(homes, o.Home)
	}
	if b.system != "" {
		homes = append(homes, subfolders(b.system)...)
	}
	for _, home := range homes {
		own, err := readJSON[owner](filepath.Join(home, ownerFile))
		if p := (place{owner: own, home: home}); err == nil && own.Made && own.DataDir == dir && majorIn(p.pgdata()) != "" {
			return p, true
		}
	}
	return place{}, false
}

// choose decides where a new cluster goes and writes both ends of the link.
func (o Options) choose(dir string, b bases) (place, error) {
	if others := known(b.registry); len(others) > 0 {
		if !o.AllowAnother {
			return place{}, anotherExists(dir, others)
		}
		o.tell("在 "+dir+" 新建数据库；本用户已有的数据目录："+strings.Join(others, "、"),
			"making a new cluster for "+dir+"; this user's other data folders: "+strings.Join(others, ", "))
	}
	p := place{owner: owner{ID: newID(), DataDir: dir}}
	switch {
	case o.Home != "":
		p.home = o.Home
	case b.system != "":
		p.home = filepath.Join(b.system, p.ID)
	default:
		p.home = filepath.Join(dir, insideHome)
	}
	if err := os.MkdirAll(filepath.Dir(p.home), 0o755); err != nil { //nolint:gosec // the system user must pass through; the home itself is closed
		return place{}, fmt.Errorf("home of the cluster: %w", err)
	}
	if err := os.MkdirAll(p.home, 0o700); err != nil {
		return place{}, fmt.Errorf("home of the cluster: %w", err)
	}
	if err := p.save(); err != nil {
		return place{}, err
	}
	register(b.registry, p)
	return p, writePointer(p)
}

func (p place) save() error { return writeJSON(filepath.Join(p.home, ownerFile), p.owner) }

func writePointer(p place) error {
	home := p.home
	if within(p.DataDir, home) {
		home = insideHome
	}
	return writeJSON(filepath.Join(p.DataDir, pointerFile), pointer{ID: p.ID, Home: home})
}

// register notes an ordinary user's cluster, so that a later start in another
// folder can name it. A home that cannot be written only loses that hint.
func register(registry string, p place) {
	if registry == "" || registry == filepath.Dir(p.home) {
		return
	}
	dir := filepath.Join(registry, p.ID)
	if os.MkdirAll(dir, 0o700) == nil {
		_ = writeJSON(filepath.Join(dir, ownerFile), p.owner)
	}
}

// known lists the registered data folders that still exist.
func known(registry string) []string {
	var dirs []string
	for _, home := range subfolders(registry) {
		own, err := readJSON[owner](filepath.Join(home, ownerFile))
		if err == nil && pointsTo(own.DataDir, own.ID) {
			dirs = append(dirs, own.DataDir)
		}
	}
	return dirs
}

func subfolders(base string) []string {
	if base == "" {
		return nil
	}
	entries, err := os.ReadDir(base)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, e := range entries {
		if e.IsDir() {
			dirs = append(dirs, filepath.Join(base, e.Name()))
		}
	}
	return dirs
}

func pointsTo(dataDir, id string) bool {
	ptr, err := readJSON[pointer](filepath.Join(dataDir, pointerFile))
	return err == nil && ptr.ID == id
}

func within(dir, path string) bool { return strings.HasPrefix(path, dir+string(filepath.Separator)) }

func sameFolder(a, b string) bool {
	sa, errA := os.Stat(a)
	sb, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(sa, sb)
}

func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}

func readJSON[T any](path string) (T, error) {
	var v T
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in a folder the operator chose
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// writeJSON replaces the file as a whole, durably: temporary, fsync, rename, fsync of the folder.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone already when the rename succeeded
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // a folder of the cluster or of the operator
	if err != nil {
		return fmt.Errorf("fsync: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
