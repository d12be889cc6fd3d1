package interchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/auth"
)

// signatureOf names files with the same columns in the same order: those of one source.
func signatureOf(columns []string) string {
	sum := sha256.Sum256([]byte("parcels\n" + strings.Join(columns, "\n")))
	return hex.EncodeToString(sum[:])
}

// saidOf is what was said of files with these columns.
func (o *Options) saidOf(columns []string) (said Said, err error) {
	text := o.known[signatureOf(columns)]
	if text == nil {
		return said, nil
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return said, fmt.Errorf("decode what was said of a file: %w", err)
	}
	return said, nil
}

// remember keeps what the sender said, beside what was said before and is not said anew.
func (i *Importer) remember(ctx context.Context, actor auth.Actor, columns []string, o Options) error {
	if len(columns) == 0 || len(o.Map) == 0 && o.CRS == "" {
		return nil
	}
	said, err := o.saidOf(columns)
	if err != nil {
		return err
	}
	if said.Map == nil {
		said.Map = map[string]string{}
	}
	maps.Copy(said.Map, o.Map)
	if o.CRS != "" {
		said.CRS = o.CRS
	}
	text, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("encode what was said of a file: %w", err)
	}
	return i.memory.Remember(ctx, auth.ScopeOf(actor), map[string]json.RawMessage{signatureOf(columns): text})
}

// recalled adds what was said before of files with the columns known so far, where nothing is said now; it asks once.
func (in *intake) recalled() error {
	if in.asked || len(in.report.Columns) == 0 {
		return nil
	}
	in.asked = true
	said, err := in.job.opts.saidOf(in.report.Columns)
	if err != nil {
		return err
	}
	if in.job.opts.CRS == "" && in.src.crs == nil && !in.src.degrees && said.CRS != "" {
		in.job.opts.CRS, in.report.Remembered = said.CRS, true
	}
	choices := map[string]string{}
	for field, column := range said.Map {
		if in.job.opts.Map[field] == "" && slices.Contains(in.report.Columns, column) {
			choices[field], in.report.Remembered = column, true
		}
	}
	maps.Copy(choices, in.job.opts.Map)
	in.job.opts.Map = choices
	return nil
}
