package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

var _ dossier.Store = (*Store)(nil)

// Case reads one case; see dossier.Store.
func (s *Store) Case(ctx context.Context, scope auth.Scope, id int64) (dossier.Case, error) {
	var d dossier.Case
	err := s.as(scope).inside(ctx, func(t reading, revision int64) error {
		d.Revision = revision
		version, err := caseFile(ctx, t, id, &d)
		if err != nil {
			return err
		}
		running, err := s.campaign(ctx, t, d.Case.Campaign, version)
		d.Definition = running.Definition
		return err
	})
	return d, translate(err)
}

// caseFile reads a case with everything around it in one round trip, and says the version of its campaign.
func caseFile(ctx context.Context, t reading, id int64, d *dossier.Case) (version int64, err error) {
	var cases []standingCase
	b := &pgx.Batch{}
	b.Queue(casesByID(), []int64{id}).Query(into(&cases, scanCase))
	var campaigns []struct{ ID, Version int64 }
	b.Queue(`SELECT id, version FROM campaign`).Query(into(&campaigns, pgx.RowToStructByPos))
	queueAround(b, id, d)
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return 0, err
	}
	if len(cases) == 0 {
		return 0, fault.New(fault.KindNotFound, "case_not_found", "没有这个事项，可能已被撤销", "there is no such case; it may have been undone")
	}
	d.Case, d.Standing = cases[0].Case, cases[0].Standing
	d.Case.Photos = ledger.Ruled(d.Photos)
	for _, c := range campaigns {
		if c.ID == d.Case.Campaign {
			version = c.Version
		}
	}
	return version, nil
}

// queueAround reads the parcels, land and photos of a case, the cases beside it, and its operator.
func queueAround(b *pgx.Batch, id int64, d *dossier.Case) {
	b.Queue(`SELECT p.id, p.code, cp.share, s.area, s.plane_area, p.attributes FROM case_parcel cp JOIN parcel p ON p.id = cp.parcel_id JOIN shape s ON s.hash = p.shape
		WHERE cp.case_id = $1 ORDER BY p.code`, id).Query(into(&d.Parcels, pgx.RowToStructByPos))
	b.Queue(statement("land_measured"), id).Query(intoOne(&d.Land, scanMeasuredLand))
	b.Queue(photosOfCases(), []int64{id}).Query(into(&d.Photos, scanPhoto))
	b.Queue(statement("neighbours"), id).Query(into(&d.Neighbours, pgx.RowToStructByPos))
	b.Queue(operatorOfCase(), id).Query(intoOne(&d.Enterprise, pgx.RowToStructByPos))
}

// into keeps the rows of a statement in a batch; intoOne its first, if there is one.
func into[T any](list *[]T, scan pgx.RowToFunc[T]) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*list, err = pgx.CollectRows(rows, scan)
		return err
	}
}

func intoOne[T any](one **T, scan pgx.RowToFunc[T]) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, scan)
		if len(found) > 0 {
			*one = &found[0]
		}
		return err
	}
}

// Parcel reads one parcel; see dossier.Store.
func (s *Store) Parcel(ctx context.Context, scope auth.Scope, id int64) (dossier.Parcel, error) {
	var d dossier.Parcel
	err := s.as(scope).inside(ctx, func(t reading, revision int64) error {
		d.Revision = revision
		p := &d.Parcel
		err := t.QueryRow(ctx, `SELECT p.id, p.version, p.code, p.label, coalesce(u.code, ''), p.shape, p.attributes, s.area, s.plane_area,
			ARRAY(SELECT DISTINCT h.code FROM journal j CROSS JOIN jsonb_array_elements_text(j.body::jsonb->'from') AS f (id)
				JOIN parcel_history h ON h.parcel_id = f.id::bigint WHERE j.noun = 'parcel' AND j.noun_id = p.id AND j.version = 1 ORDER BY 1)
			FROM parcel p JOIN shape s ON s.hash = p.shape LEFT JOIN unit u ON u.id = p.unit_id WHERE p.id = $1`, id).
			Scan(&p.ID, &p.Version, &p.Code, &p.Label, &p.Unit, &p.Shape, &p.Attributes, &d.Area, &d.PlaneArea, &d.From)
		if errors.Is(err, pgx.ErrNoRows) {
			return noParcel(ctx, t, id)
		}
		if err != nil {
			return err
		}
		rows, err := t.Query(ctx, statement("parcel_cases"), id)
		if err != nil {
			return err
		}
		d.Cases, err = pgx.CollectRows(rows, pgx.RowToStructByPos[dossier.Summary])
		return err
	})
	return d, translate(err)
}

// noParcel says what became of a parcel that is not there.
func noParcel(ctx context.Context, t reading, id int64) error {
	heirs, err := collect(ctx, t, pgx.RowTo[string], `SELECT DISTINCT h.code FROM (
			SELECT j.body FROM journal j WHERE j.noun = 'parcel' AND j.noun_id = $1 ORDER BY j.version DESC LIMIT 1
		) j CROSS JOIN jsonb_array_elements_text(j.body::jsonb->'into') AS f (id) JOIN parcel_history h ON h.parcel_id = f.id::bigint ORDER BY 1`, id)
	if err != nil {
		return err
	}
	if len(heirs) > 0 {
		return fault.New(fault.KindNotFound, "parcel_succeeded", "该图斑已分割或合并为 "+strings.Join(heirs, "、"), "the parcel has been split or merged into "+strings.Join(heirs, ", "))
	}
	return fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块，可能已被撤销", "there is no such parcel; it may have been undone")
}

// Timeline reads the journal of one case (with its land, photos, sheets and its operator's contact) or parcel, oldest first; see dossier.Store.
func (s *Store) Timeline(ctx context.Context, scope auth.Scope, noun string, id int64) ([]ledger.Recorded, error) {
	found, err := entries(ctx, s.as(scope), ledger.Query{Noun: noun, NounIDs: []int64{id}})
	if err != nil || noun != ledger.NounCase {
		return found, translate(err)
	}
	for _, beside := range []struct{ noun, ids string }{
		{ledger.NounLand, `SELECT DISTINCT land_id FROM land_history WHERE case_id = $1`},
		{ledger.NounPhoto, `SELECT DISTINCT photo_id FROM photo_history WHERE case_id = $1`},
		{ledger.NounContact, `SELECT o.id FROM contact o JOIN case_file c ON c.enterprise_id = o.enterprise_id WHERE c.id = $1`},
		{ledger.NounNotice, `SELECT id FROM notice WHERE case_id = $1`},
		{ledger.NounSheet, `SELECT id FROM sheet WHERE noun = 'case' AND noun_id = $1`},
	} {
		ids, err := collect(ctx, s.as(scope), pgx.RowTo[int64], beside.ids, id)
		if err != nil {
			return found, translate(err)
		}
		if len(ids) == 0 {
			continue
		}
		more, err := entries(ctx, s.as(scope), ledger.Query{Noun: beside.noun, NounIDs: ids})
		if err != nil {
			return found, translate(err)
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, func(a, b ledger.Recorded) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// Conflicts reads what was kept, of one case or (0) of all; see dossier.Store.
func (s *Store) Conflicts(ctx context.Context, scope auth.Scope, caseID int64) ([]dossier.Conflict, error) {
	rows, err := s.as(scope).Query(ctx, statement("conflicts"), caseID)
	if err != nil {
		return nil, translate(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (dossier.Conflict, error) {
		var c dossier.Conflict
		var stoodSince, saidAt *time.Time
		err := row.Scan(&c.ID, &c.Version, &c.Noun, &c.NounID, &c.Field, &c.Standing, &c.Kept.Kept, &c.Actor, &c.HappenedAt, &c.Resolution, &c.Why, &c.ActorName, &c.RecordedAt,
			&c.Case.Code, &c.Case.Label, &c.Case.Track, &c.Stands.ID, &c.Stands.Name, &stoodSince, &saidAt)
		c.Case.ID = c.NounID
		if stoodSince != nil {
			c.Stands.At, c.StandsHappened = *stoodSince, *saidAt
		}
		return c, err
	})
	return found, translate(err)
}

// Running is the campaign the server shows; a fault of KindNotFound if none was set up.
func (s *Store) Running(ctx context.Context) (ledger.Campaign, error) {
	var id, version int64
	err := s.program().QueryRow(ctx, `SELECT id, version FROM campaign ORDER BY id DESC LIMIT 1`).Scan(&id, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return ledger.Campaign{}, fault.New(fault.KindNotFound, "no_campaign", "尚未建立专项行动", "no campaign has been set up yet")
	}
	if err != nil {
		return ledger.Campaign{}, translate(err)
	}
	c, err := s.campaign(ctx, s.program(), id, version)
	return c, translate(err)
}

// Units reads the units of a campaign in their fixed order.
func (s *Store) Units(ctx context.Context, campaignID int64) ([]ledger.Unit, error) {
	rows, err := s.program().Query(ctx, `SELECT u.id, u.version, c.code, u.code, u.sort, u.name_zh, u.name_en, u.short_zh, u.short_en, u.outside, u.shape
		FROM unit u JOIN campaign c ON c.id = u.campaign_id WHERE u.campaign_id = $1 ORDER BY u.sort`, campaignID)
	if err != nil {
		return nil, translate(err)
	}
	found, err := pgx.CollectRows(rows, scanUnit)
	return found, translate(err)
}

func scanUnit(row pgx.CollectableRow) (ledger.Unit, error) {
	var u ledger.Unit
	err := row.Scan(&u.ID, &u.Version, &u.Campaign, &u.Code, &u.Sort, &u.Name.ZH, &u.Name.EN, &u.Short.ZH, &u.Short.EN, &u.Outside, &u.Shape)
	return u, err
}

// People reads the people of the campaign that somebody sees, in their order.
func (s *Store) People(ctx context.Context, scope auth.Scope) ([]ledger.Person, error) {
	rows, err := s.as(scope).Query(ctx, `SELECT p.id, p.version, p.code, p.sort, p.name, p.role, coalesce(u.code, ''), p.village FROM person p LEFT JOIN unit u ON u.id = p.unit_id ORDER BY p.sort, p.id`)
	if err != nil {
		return nil, translate(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Person])
	return found, translate(err)
}

// Revision is the id of the last journal entry, and the time it was recorded.
func (s *Store) Revision(ctx context.Context) (int64, time.Time, error) {
	var id int64
	var at *time.Time
	err := s.program().QueryRow(ctx, `SELECT id, nullif(recorded_at, '-infinity') FROM journal_head`).Scan(&id, &at)
	if at == nil {
		at = &time.Time{}
	}
	return id, *at, translate(err)
}

// Photographed counts photos; see dossier.Store.
func (s *Store) Photographed(ctx context.Context, scope auth.Scope, cases []int64) (map[int64][]dossier.Photographed, error) {
	counts := make(map[int64][]dossier.Photographed, len(cases))
	rows, err := s.as(scope).Query(ctx, `SELECT case_id, milestone, count(*), count(*) FILTER (WHERE arrived) FROM photo WHERE case_id = ANY($1) GROUP BY 1, 2`, cases)
	if err != nil {
		return nil, translate(err)
	}
	var id int64
	var p dossier.Photographed
	_, err = pgx.ForEachRow(rows, []any{&id, &p.Milestone, &p.Announced, &p.Arrived}, func() error {
		counts[id] = append(counts[id], p)
		return nil
	})
	return counts, translate(err)
}

// Responsible reads who is responsible for cases; see dossier.Store.
func (s *Store) Responsible(ctx context.Context, scope auth.Scope, cases []int64) (map[int64]string, error) {
	persons := make(map[int64]string, len(cases))
	rows, err := s.as(scope).Query(ctx, `SELECT id, responsible FROM case_file WHERE id = ANY($1) AND responsible <> ''`, cases)
	if err != nil {
		return nil, translate(err)
	}
	var id int64
	var person string
	_, err = pgx.ForEachRow(rows, []any{&id, &person}, func() error {
		persons[id] = person
		return nil
	})
	return persons, translate(err)
}
