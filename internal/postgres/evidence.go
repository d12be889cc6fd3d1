package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Verify verifies journal, state and history in one consistent view.
func (s *Store) Verify(ctx context.Context) (ledger.VerifyReport, error) {
	var report ledger.VerifyReport
	err := s.verifyIn(ctx, func(e *evidence) error {
		var err error
		report, err = ledger.Verify(ctx, e)
		return err
	})
	return report, translate(err)
}

// verifyIn opens connections that share one snapshot: sequences that are merged are read side by side.
func (s *Store) verifyIn(ctx context.Context, f func(*evidence) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, s.app, options, func(first pgx.Tx) error {
		if _, err := first.Exec(ctx, setContext, contextProgram); err != nil {
			return fmt.Errorf("say who verifies: %w", err)
		}
		var snapshot string
		if err := first.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&snapshot); err != nil {
			return fmt.Errorf("export the snapshot: %w", err)
		}
		return s.follow(ctx, snapshot, func(states pgx.Tx) error {
			return s.follow(ctx, snapshot, func(histories pgx.Tx) error {
				return f(&evidence{entries: first, states: states, histories: histories})
			})
		})
	})
}

func (s *Store) follow(ctx context.Context, snapshot string, f func(pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, s.app, options, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, `SET TRANSACTION SNAPSHOT '`+snapshot+`'`); err != nil {
			return fmt.Errorf("share the snapshot: %w", err)
		}
		if _, err := t.Exec(ctx, setContext, contextProgram); err != nil {
			return fmt.Errorf("say who verifies: %w", err)
		}
		return f(t)
	})
}

// evidence implements ledger.Evidence.
type evidence struct{ entries, states, histories pgx.Tx }

var _ ledger.Evidence = (*evidence)(nil)

// sequence turns a query into an iterator; it ends at the first error.
func sequence[T any](ctx context.Context, t pgx.Tx, scan pgx.RowToFunc[T], sql string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rows, err := t.Query(ctx, sql, args...)
		if err != nil {
			yield(zero, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			value, err := scan(rows)
			if !yield(value, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, err)
		}
	}
}

// Head implements ledger.Evidence.
func (e *evidence) Head(ctx context.Context) (id int64, hash []byte, err error) {
	err = e.entries.QueryRow(ctx, `SELECT id, hash FROM journal_head`).Scan(&id, &hash)
	return id, hash, err
}

// Journal implements ledger.Evidence.
func (e *evidence) Journal(ctx context.Context) iter.Seq2[ledger.JournalRow, error] {
	return sequence(ctx, e.entries, func(row pgx.CollectableRow) (ledger.JournalRow, error) {
		var r ledger.JournalRow
		err := row.Scan(&r.ID, &r.PrevHash, &r.Hash, &r.RecordedAt, &r.HappenedAt, &r.Actor, &r.Device, &r.OpID, &r.BatchID,
			&r.Kind, &r.KindVersion, &r.Noun, &r.NounID, &r.BaseVersion, &r.Version, &r.Body)
		return r, err
	}, `SELECT id, prev_hash, hash, recorded_at, happened_at, actor, device, op_id, batch_id, kind, kind_version, noun, noun_id, base_version, version, body
		FROM journal ORDER BY id`)
}

// EntriesOf implements ledger.Evidence.
func (e *evidence) EntriesOf(ctx context.Context, noun string) iter.Seq2[ledger.Recorded, error] {
	return sequence(ctx, e.entries, scanRecorded, statement("entries_of"), noun)
}

// StateOf implements ledger.Evidence.
func (e *evidence) StateOf(ctx context.Context, noun string) iter.Seq2[ledger.NounState, error] {
	switch noun {
	case ledger.NounCampaign:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			var c ledger.Campaign
			err := row.Scan(&c.ID, &c.Version, &c.Definition)
			return state(c.ID, c.Version, err, func() (ledger.Fields, error) { return ledger.CampaignFields(c) })
		}, `SELECT id, version, definition FROM campaign ORDER BY id`)
	case ledger.NounUnit:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			u, err := scanUnit(row)
			return state(u.ID, u.Version, err, func() (ledger.Fields, error) { return ledger.UnitFields(u) })
		}, `SELECT u.id, u.version, c.code, u.code, u.sort, u.name_zh, u.name_en, u.short_zh, u.short_en, u.outside, u.shape
			FROM unit u JOIN campaign c ON c.id = u.campaign_id ORDER BY u.id`)
	case ledger.NounPerson:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			p, err := pgx.RowToStructByPos[ledger.Person](row)
			return state(p.ID, p.Version, err, func() (ledger.Fields, error) { return ledger.PersonFields(p) })
		}, `SELECT p.id, p.version, p.code, p.sort, p.name, p.role, coalesce(u.code, ''), p.village FROM person p LEFT JOIN unit u ON u.id = p.unit_id ORDER BY p.id`)
	case ledger.NounEnterprise:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			n, err := pgx.RowToStructByPos[ledger.Enterprise](row)
			return state(n.ID, n.Version, err, func() (ledger.Fields, error) { return ledger.EnterpriseFields(n) })
		}, every("enterprises"))
	case ledger.NounParcel:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			p, err := pgx.RowToStructByPos[ledger.Parcel](row)
			return state(p.ID, p.Version, err, func() (ledger.Fields, error) { return ledger.ParcelFields(p) })
		}, `SELECT p.id, p.version, p.code, p.label, coalesce(u.code, ''), p.shape, p.attributes FROM parcel p LEFT JOIN unit u ON u.id = p.unit_id ORDER BY p.id`)
	case ledger.NounSheet:
		return sequence(ctx, e.states, scanSheetState, statement("sheets_since"), nil)
	case ledger.NounReference:
		return sequence(ctx, e.states, scanReferenceState, statement("references"), nil, nil)
	case ledger.NounLand:
		return sequence(ctx, e.states, scanLandState, every("lands"))
	case ledger.NounContact:
		return sequence(ctx, e.states, scanContactState, every("contacts"))
	case ledger.NounPhoto:
		return sequence(ctx, e.states, scanPhotoState, every("photos"))
	case ledger.NounWaiver:
		return sequence(ctx, e.states, scanWaiverState, `SELECT `+waiverColumns+` FROM waiver ORDER BY id`)
	case ledger.NounBulletin:
		return sequence(ctx, e.states, scanBulletinState, `SELECT `+bulletinColumns+` FROM bulletin ORDER BY id`)
	case ledger.NounBulletinAnswer:
		return sequence(ctx, e.states, scanAnswerState, `SELECT `+answerColumns+` FROM bulletin_answer ORDER BY id`)
	case ledger.NounOrder:
		return sequence(ctx, e.states, scanOrderState, `SELECT `+orderColumns+` FROM supervision_order ORDER BY id`)
	case ledger.NounMeeting:
		return sequence(ctx, e.states, scanMeetingState, `SELECT `+meetingColumns+` FROM meeting ORDER BY id`)
	case ledger.NounNotice:
		return sequence(ctx, e.states, scanNoticeState, `SELECT `+noticeColumns+` FROM notice ORDER BY id`)
	case ledger.NounCase:
		return sequence(ctx, e.states, scanCaseState, every("cases"))
	default:
		return sequence(ctx, e.states, func(row pgx.CollectableRow) (ledger.NounState, error) {
			k, err := pgx.RowToStructByPos[ledger.Kept](row)
			return state(k.ID, k.Version, err, func() (ledger.Fields, error) { return ledger.KeptFields(k) })
		}, `SELECT id, version, noun, noun_id, field, standing, kept, actor, happened_at, resolution, why FROM quarantine ORDER BY id`)
	}
}

func state(id, version int64, err error, fields func() (ledger.Fields, error)) (ledger.NounState, error) {
	if err != nil {
		return ledger.NounState{}, err
	}
	f, err := fields()
	return ledger.NounState{ID: id, Version: version, Fields: f}, err
}

func scanCaseState(row pgx.CollectableRow) (ledger.NounState, error) {
	c, err := scanCase(row)
	return state(c.ID, c.Version, err, func() (ledger.Fields, error) { return ledger.CaseFields(c.Case, c.Standing) })
}

// HistoryOf implements ledger.Evidence.
func (e *evidence) HistoryOf(ctx context.Context, noun string) iter.Seq2[ledger.NounHistory, error] {
	switch noun {
	case ledger.NounCase:
		return sequence(ctx, e.histories, scanCaseHistory, statement("case_history"))
	case ledger.NounParcel:
		return sequence(ctx, e.histories, scanParcelHistory, statement("parcel_history"))
	case ledger.NounLand:
		return sequence(ctx, e.histories, scanLandHistory, statement("land_history"))
	case ledger.NounPhoto:
		return sequence(ctx, e.histories, scanPhotoHistory, statement("photo_history"))
	}
	return func(func(ledger.NounHistory, error) bool) {}
}

func scanCaseHistory(row pgx.CollectableRow) (ledger.NounHistory, error) {
	var h ledger.NounHistory
	var c campaign.Case
	var st campaign.Standing
	var parcels, areas []int64
	if err := row.Scan(&h.ID, &h.FromRev, &h.ToRev, &h.Version, &c.Code, &c.Label, &c.Track, &c.Unit, &st.Stage, &st.Next, &st.Deadline, &parcels, &areas,
		&c.Batch, &c.Village, &c.Kind, &c.Disposal, &c.Enterprise, &c.Recovered, &c.Effective, &c.Floor, &c.Rebounds, &h.Sides, &h.Passed, &h.Planned); err != nil {
		return h, err
	}
	for i, p := range parcels {
		c.Shares = append(c.Shares, campaign.Share{Parcel: p, Area: geo.Area(areas[i])})
	}
	fields, err := ledger.CaseFields(c, st)
	delete(fields, "campaign") // not kept in the history
	h.Fields = fields
	return h, err
}

func scanParcelHistory(row pgx.CollectableRow) (ledger.NounHistory, error) {
	var h ledger.NounHistory
	var p ledger.Parcel
	err := row.Scan(&h.ID, &h.FromRev, &h.ToRev, &h.Version, &p.Code, &p.Label, &p.Unit, &p.Shape)
	if err != nil {
		return h, err
	}
	h.Fields, err = ledger.ParcelFields(p)
	return h, err
}

// BadShapes implements ledger.Evidence. PostGIS measures again what this program measured.
func (e *evidence) BadShapes(ctx context.Context) ([]ledger.BadShape, error) {
	rows, err := e.entries.Query(ctx, statement("bad_shapes"))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.BadShape])
}
