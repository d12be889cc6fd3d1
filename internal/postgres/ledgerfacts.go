package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/export"
)

// LedgerFacts reads what an exported ledger says of cases; see export.Library.
func (s *Store) LedgerFacts(ctx context.Context, scope auth.Scope, cases []int64) (map[int64]export.Facts, error) {
	rows, err := s.as(scope).Query(ctx, statement("ledger_facts"), cases)
	if err != nil {
		return nil, translate(err)
	}
	found := make(map[int64]export.Facts, len(cases))
	var id int64
	var f export.Facts
	var checks string
	_, err = pgx.ForEachRow(rows, []any{&id, &f.Responsible, &f.Note, &f.Operator, &f.Credit, &f.Industry, &f.AboveScale, &f.Evaluations, &f.Taxes, &checks}, func() error {
		f.Checks = strings.Split(checks, ",")
		found[id] = f
		f = export.Facts{} // the maps are kept
		return nil
	})
	return found, translate(err)
}
