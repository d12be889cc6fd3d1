package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// HistoryBench is a year of an invented campaign in a table like case_history:
// what the chronicle answers from memory is measured beside plain SQL on it.
type HistoryBench struct {
	store *Store
	cases int
}

// versions are those of each invented case; one is recorded a month.
const benchVersions = 11

// NewHistoryBench fills the table with so many cases.
func (s *Store) NewHistoryBench(ctx context.Context, cases int) (*HistoryBench, error) {
	conn, err := pgx.Connect(ctx, s.server.DSN(RoleOwner))
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`SET search_path = guatu, public`, nil},
		{`SET guatu.context = 'program'`, nil},
		{`DROP TABLE IF EXISTS bench_history`, nil},
		{`CREATE TABLE bench_history (LIKE case_history INCLUDING DEFAULTS)`, nil},
		{statement("bench_history"), []any{cases, benchVersions}},
		{`CREATE INDEX bench_history_from_idx ON bench_history (from_rev, to_rev)`, nil},
		{`GRANT SELECT ON bench_history TO guatu_reader`, nil},
		{`ANALYZE bench_history`, nil},
	} {
		if _, err := conn.Exec(ctx, step.sql, step.args...); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
	}
	return &HistoryBench{s, cases}, nil
}

// Revisions is how many the year has.
func (b *HistoryBench) Revisions() int64 { return int64(b.cases) * benchVersions }

// News implements chronicle.Source over the table, with the running campaign's data and units.
func (b *HistoryBench) News(ctx context.Context, after int64) (chronicle.News, error) {
	n, err := b.store.News(ctx, 0)
	if err != nil || after > 0 {
		return chronicle.News{}, err
	}
	n.Revision, n.Parcels, n.Days = b.Revisions(), nil, nil
	n.Definitions[0].From = 0
	for month := range int64(benchVersions) {
		n.Days = append(n.Days, chronicle.DayRow{On: benchDay(month), Last: (month + 1) * int64(b.cases)})
	}
	n.Cases, err = collect(ctx, b.store.reader, scanCaseVersion, statement("bench_news"))
	return n, err
}

// benchDay is the last day of a month of the year.
func benchDay(month int64) campaign.Date {
	return campaign.DateOf(time.Date(2020, time.Month(month+2), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1))
}

// PlainSQL is the number of cases and the land accepted by unit and stage at a revision, added up.
func (b *HistoryBench) PlainSQL(ctx context.Context, revision int64) (cases, recovered int64, err error) {
	err = b.store.reader.QueryRow(ctx, statement("bench_figures"), revision).Scan(&cases, &recovered)
	return cases, recovered, err
}

// UnitStageJSON is the number of cases and the land recovered by unit and stage at a revision, encoded by PostgreSQL.
func (b *HistoryBench) UnitStageJSON(ctx context.Context, revision int64) (text string, err error) {
	err = b.store.reader.QueryRow(ctx, statement("bench_unit_stage"), revision).Scan(&text)
	return text, err
}
