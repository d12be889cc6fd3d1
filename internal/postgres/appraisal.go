package postgres

import (
	"context"

	"github.com/guatu/guatu/internal/appraisal"
)

var _ appraisal.Source = (*Store)(nil)

// RecordsSince reads what units are appraised by; see appraisal.Source.
func (s *Store) RecordsSince(ctx context.Context, after int64) (n appraisal.News, err error) {
	err = s.program().inside(ctx, func(t reading, revision int64) (err error) {
		n.Revision = revision
		n.Entries, err = collect(ctx, t, scanRecorded, statement("records_since"), after)
		return err
	})
	return n, translate(err)
}
