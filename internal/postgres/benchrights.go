package postgres

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// ListCases reads cases with their milestones and shares in one statement, as far as somebody sees them: what policies
// cost a list is measured by it.
func (s *Store) ListCases(ctx context.Context, scope auth.Scope, ids []int64) (int, error) {
	rows, err := s.as(scope).Query(ctx, casesByID(), ids)
	if err != nil {
		return 0, translate(err)
	}
	found := make(map[int64]campaign.Case, len(ids))
	err = scanCases(rows, found)
	return len(found), translate(err)
}
