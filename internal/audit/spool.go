package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var errSpool = errors.New("the file of entries that the database did not take")

// spool is the file for noted entries that the database did not take before the program stopped. "" keeps none.
type spool string

// read takes the entries that the last run left; the file goes when they are in the log or written anew.
func (s spool) read() ([]Line, error) {
	if s == "" {
		return nil, nil
	}
	text, err := os.ReadFile(string(s))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSpool, err)
	}
	var lines []Line
	in := bufio.NewScanner(bytes.NewReader(text))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var l Line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%w: %w", errSpool, err)
		}
		lines = append(lines, l)
	}
	return lines, in.Err()
}

// write keeps lines for the next start; none removes the file.
func (s spool) write(lines []Line) error {
	if s == "" && len(lines) > 0 {
		return errSpool
	}
	if len(lines) == 0 {
		if err := os.Remove(string(s)); s != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %w", errSpool, err)
		}
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return fmt.Errorf("%w: %w", errSpool, err)
		}
	}
	return writePrivate(string(s), b.Bytes())
}

// writePrivate writes a file that only its owner reads, whole or not at all.
func writePrivate(path string, text []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a fixed name in the data folder
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
