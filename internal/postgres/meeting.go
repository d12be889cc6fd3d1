package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

const meetingColumns = `id, version, campaign, kind, year, number, on_day::text, agenda, decisions, acts`

func scanMeeting(row pgx.CollectableRow) (ledger.Meeting, error) {
	return pgx.RowToStructByPos[ledger.Meeting](row)
}

func scanMeetingState(row pgx.CollectableRow) (ledger.NounState, error) {
	m, err := scanMeeting(row)
	return state(m.ID, m.Version, err, func() (ledger.Fields, error) { return ledger.MeetingFields(m) })
}

// MeetingsCalled reads the last number of a year; see ledger.Tx.
func (t *tx) MeetingsCalled(ctx context.Context, campaign string, year int, kind string) (last int, err error) {
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock('meeting'::regclass::oid::bigint)`); err != nil {
		return 0, err
	}
	err = t.QueryRow(ctx, `SELECT coalesce(max(number), 0) FROM meeting WHERE campaign = $1 AND year = $2 AND kind = $3`, campaign, year, kind).Scan(&last)
	return last, err
}

// MeetingNow reads a meeting and keeps it; see ledger.Tx.
func (t *tx) MeetingNow(ctx context.Context, id int64) (m ledger.Meeting, err error) {
	found, err := collect(ctx, t, scanMeeting, `SELECT `+meetingColumns+` FROM meeting WHERE id = $1 FOR UPDATE`, id)
	if err == nil && len(found) == 1 {
		m = found[0]
	}
	return m, err
}

// Meetings reads all of them as somebody sees them, the newest first; see httpapi.Catalogue.
func (s *Store) Meetings(ctx context.Context, scope auth.Scope) ([]ledger.Meeting, error) {
	found, err := collect(ctx, s.as(scope), scanMeeting, `SELECT `+meetingColumns+` FROM meeting ORDER BY on_day DESC, id DESC`)
	return found, translate(err)
}

func queueMeetings(b *pgx.Batch, w ledger.Writes) {
	for _, m := range w.Meetings {
		b.Queue(`INSERT INTO meeting (id, version, campaign, kind, year, number, on_day, agenda, decisions, acts) VALUES ($1, $2, $3, $4, $5, $6, $7::text::date, $8, $9, $10)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, agenda = excluded.agenda, decisions = excluded.decisions, acts = excluded.acts`,
			m.ID, m.Version, m.Campaign, m.Kind, m.Year, m.Number, string(m.On), orNone(m.Agenda), orNone(m.Decisions), m.Acts)
	}
}
