// Package simulate plays a server with its phones: the ledger, the rules and the
// room of photos as they are, over a network, a clock and a database that are made
// up from a seed. Whatever can happen to a phone in a yard happens, and what the
// field is promised is looked at all the while: each acknowledged operation once in
// the journal, each photo stored or listed, every phone at last with the same
// picture. The same seed makes the same world again.
package simulate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Options are what a run is made of.
type Options struct {
	// Operations is how many things the people of one world do.
	Operations int
	// Folder is where its photos lie; it must be empty.
	Folder string
}

// Run plays the world of a seed. The error is the first promise that was broken,
// and names the seed; the report is what happened until then.
func Run(ctx context.Context, seed uint64, o Options) (*Report, error) {
	w, err := newWorld(ctx, seed, o)
	if err != nil {
		return nil, fmt.Errorf("seed %d: %w", seed, err)
	}
	w.report.Phones = len(w.phones)
	if err := w.run(); err != nil {
		return w.report, err
	}
	return w.report, nil
}

// RunIn plays a world with its photos in a folder of its own below dir, which is removed afterwards.
func RunIn(ctx context.Context, dir string, seed uint64, operations int) (*Report, error) {
	folder, remove, err := scratch(dir)
	if err != nil {
		return nil, err
	}
	defer remove()
	return Run(ctx, seed, Options{Operations: operations, Folder: folder})
}

func scratch(dir string) (folder string, remove func(), err error) {
	folder, err = os.MkdirTemp(dir, "guatu-simulate-")
	return folder, func() { _ = os.RemoveAll(folder) }, err // nothing in it is needed any more
}

// Scratch is a folder for files that need not outlive the machine: in memory where there is such a place.
func Scratch() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		return memory
	}
	return filepath.Clean(os.TempDir())
}
