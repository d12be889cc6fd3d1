package basemap

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// partPrefix begins the name of a file that is being written.
const partPrefix = "part-"

// cache keeps tiles in a folder, one file each, below a limit of bytes. What
// was used longest ago goes first; across a restart, what was fetched first.
type cache struct {
	root  *os.Root
	limit int64

	mu    sync.Mutex
	files map[string]*file // by path below the folder
	size  int64
	turn  int64 // counts uses
}

type file struct {
	size int64
	used int64
}

// keptTile is an image with the time it came from upstream.
type keptTile struct {
	Image

	fetched time.Time
}

func openCache(folder string, limit int64) (*cache, error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	c := &cache{root: root, limit: limit, files: map[string]*file{}}
	there := map[string]fs.FileInfo{}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(d.Name(), partPrefix) { // torn by a crash
			return root.Remove(name)
		}
		there[name], err = d.Info()
		return err
	})
	byAge := func(a, b string) int { return there[a].ModTime().Compare(there[b].ModTime()) }
	for _, name := range slices.SortedFunc(maps.Keys(there), byAge) {
		c.note(name, there[name].Size())
	}
	return c, errors.Join(err, c.shrink())
}

// read gives a kept tile; an error where there is none.
func (c *cache) read(t Tile) (keptTile, error) {
	info, err := c.root.Stat(t.path())
	if err != nil {
		return keptTile{}, err
	}
	body, err := c.root.ReadFile(t.path())
	if err != nil {
		return keptTile{}, err
	}
	image, err := imageOf(body)
	if err == nil {
		c.touch(t.path())
	}
	return keptTile{image, info.ModTime()}, err
}

// write keeps a tile, whole or not at all. One tile is written by one caller at a time.
func (c *cache) write(t Tile, image Image, fetched time.Time) error {
	folder, name := path.Split(t.path())
	part := folder + partPrefix + name
	if err := c.root.MkdirAll(path.Clean(folder), 0o750); err != nil {
		return err
	}
	err := c.root.WriteFile(part, image.Body, 0o600)
	if err == nil {
		err = errors.Join(c.root.Chtimes(part, fetched, fetched), c.root.Rename(part, t.path()))
	}
	if err != nil {
		return errors.Join(err, c.root.Remove(part))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note(t.path(), int64(len(image.Body)))
	return c.shrink()
}

func (c *cache) touch(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.files[name]; f != nil {
		c.turn++
		f.used = c.turn
	}
}

// note counts a file; the caller holds the lock.
func (c *cache) note(name string, size int64) {
	if old := c.files[name]; old != nil {
		c.size -= old.size
	}
	c.turn++
	c.files[name] = &file{size: size, used: c.turn}
	c.size += size
}

// shrink takes away a tenth once the limit is passed; the caller holds the lock.
func (c *cache) shrink() error {
	if c.size <= c.limit {
		return nil
	}
	byUse := func(a, b string) int { return cmp.Compare(c.files[a].used, c.files[b].used) }
	var failed error
	for _, name := range slices.SortedFunc(maps.Keys(c.files), byUse) {
		if c.size <= c.limit-c.limit/10 {
			break
		}
		if err := c.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
			continue
		}
		c.size -= c.files[name].size
		delete(c.files, name)
	}
	return failed
}
