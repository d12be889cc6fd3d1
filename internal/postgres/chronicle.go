package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

var _ chronicle.Source = (*Store)(nil)

// News reads what is past a revision in one view; see chronicle.Source.
func (s *Store) News(ctx context.Context, after int64) (chronicle.News, error) {
	var n chronicle.News
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.reader, options, func(t pgx.Tx) error {
		err := t.QueryRow(ctx, `SELECT h.id, coalesce((SELECT max(j.id) FROM journal j WHERE j.noun = 'unit' AND j.id > $1), 0),
			coalesce((SELECT max(j.id) FROM journal j WHERE j.noun = 'campaign' AND j.id > $1), 0) FROM journal_head h`, after).
			Scan(&n.Revision, &n.UnitsRev, &n.CampaignRev)
		if err != nil {
			return fmt.Errorf("read the revision: %w", err)
		}
		return readNews(ctx, t, after, &n)
	})
	if err != nil {
		return n, translate(err)
	}
	if n.CampaignRev > 0 {
		n.Definitions, err = s.definitions(ctx, after, n.Revision)
	}
	return n, translate(err)
}

func readNews(ctx context.Context, t pgx.Tx, after int64, n *chronicle.News) error {
	var err error
	if n.Cases, err = collect(ctx, t, scanCaseVersion, statement("news_cases"), after); err != nil {
		return err
	}
	if n.Parcels, err = collect(ctx, t, scanParcelVersion, statement("news_parcels"), after); err != nil {
		return err
	}
	if n.Lands, err = collect(ctx, t, scanLandVersion, statement("news_lands"), after); err != nil {
		return err
	}
	if n.Days, err = collect(ctx, t, pgx.RowToStructByPos[chronicle.DayRow], statement("news_days"), after); err != nil {
		return err
	}
	n.Operators, err = collect(ctx, t, pgx.RowToStructByPos[chronicle.Operator], `SELECT e.id, e.evaluations FROM enterprise e
		WHERE $1 = 0 OR e.id IN (SELECT j.noun_id FROM journal j WHERE j.noun = 'enterprise' AND j.id > $1)`, after)
	if err != nil || n.UnitsRev == 0 {
		return err
	}
	n.Units, err = collect(ctx, t, func(row pgx.CollectableRow) (chronicle.Unit, error) {
		var u chronicle.Unit
		err := row.Scan(&u.ID, &u.Code, &u.Name.ZH, &u.Name.EN, &u.Short.ZH, &u.Short.EN, &u.Sort, &u.Outside, &u.Shape)
		return u, err
	}, `SELECT id, code, name_zh, name_en, short_zh, short_en, sort, outside, coalesce(encode(shape, 'hex'), '') FROM unit ORDER BY sort`)
	return err
}

func collect[T any](ctx context.Context, q rowsQuerier, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

func scanCaseVersion(row pgx.CollectableRow) (chronicle.CaseRow, error) {
	var c chronicle.CaseRow
	i := &c.Identity
	var parcels, shares []int64
	err := row.Scan(&c.ID, &c.Version, &c.From, &c.To, &i.Code, &i.Label, &i.Track, &i.Unit, &i.Village, &i.Kind, &i.Batch, &i.Disposal, &i.Enterprise,
		&parcels, &shares, &c.Standing.Stage, &c.Standing.Next, &c.Standing.Deadline, &c.Recovered, &c.Effective, &c.Floor, &c.Rebounds, &c.Sides, &c.Passed, &c.Planned)
	for n, p := range parcels {
		i.Shares = append(i.Shares, campaign.Share{Parcel: p, Area: geo.Area(shares[n])})
	}
	return c, err
}

func scanParcelVersion(row pgx.CollectableRow) (chronicle.ParcelRow, error) {
	var p chronicle.ParcelRow
	err := row.Scan(&p.ID, &p.From, &p.To, &p.Code, &p.Label, &p.Unit, &p.Area, &p.Shape, &p.PlaneArea)
	return p, err
}

func scanLandVersion(row pgx.CollectableRow) (chronicle.LandRow, error) {
	var l chronicle.LandRow
	err := row.Scan(&l.ID, &l.From, &l.To, &l.Case, &l.Use, &l.Recovered, &l.Area, &l.PlaneArea, &l.Effective, &l.EffectiveArea)
	return l, err
}

// definitions reads the campaign's data as it changed; the role that fills the
// map in memory may not read bodies of the journal.
func (s *Store) definitions(ctx context.Context, after, upTo int64) ([]chronicle.DefinitionRow, error) {
	return collect(ctx, s.program(), pgx.RowToStructByPos[chronicle.DefinitionRow], statement("news_definitions"), after, upTo)
}
