package app

import (
	"context"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/postgres"
)

// firstFeatures is more than the head of a layer, packed.
const firstFeatures = 1000

// reader takes an answer, notes when the first features came, and looks now and then at what the program holds meanwhile.
type reader struct {
	began  time.Time
	first  time.Duration
	bytes  int64
	writes int
	before int64 // heap
	most   int64 // that it grew by
}

// Write implements io.Writer.
func (r *reader) Write(b []byte) (int, error) {
	r.bytes += int64(len(b))
	if r.first == 0 && r.bytes > firstFeatures {
		r.first = time.Since(r.began)
	}
	r.writes++
	if r.writes%50 == 0 {
		r.most = max(r.most, heapBytes()-r.before)
	}
	return len(b), nil
}

// away reads the whole layer of a server that holds no geometry.
func (r *residence) away(ctx context.Context, store *postgres.Store, book *chronicle.Book) error {
	model, err := layer.NewModelWithin(ctx, store, book, block.NewDesk(store), 0)
	if err != nil {
		return err
	}
	selected, err := model.Now().Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	if err != nil {
		return err
	}
	watch := &reader{before: heapBytes(), began: time.Now()}
	a, err := selected.Encode(ctx, layer.Gzip)
	if err != nil {
		return err
	}
	_, err = a.Send(ctx, watch)
	r.First, r.Request = watch.first.Seconds()*1000, float64(watch.most)/1e6
	return err
}
