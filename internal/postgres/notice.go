package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ladder"
	"github.com/guatu/guatu/internal/ledger"
)

var _ ladder.Source = (*Store)(nil)

const noticeColumns = `id, case_id, milestone, due_on::text, rung, told_on::text, told_at, person, author, words`

func scanNotice(row pgx.CollectableRow) (ledger.Notice, error) {
	return pgx.RowToStructByPos[ledger.Notice](row)
}

func scanNoticeState(row pgx.CollectableRow) (ledger.NounState, error) {
	n, err := scanNotice(row)
	return state(n.ID, 1, err, func() (ledger.Fields, error) { return ledger.NoticeFields(n) })
}

// NoticesOf reads what was told of a case; see ledger.Tx.
func (t *tx) NoticesOf(ctx context.Context, caseID int64) ([]ledger.Notice, error) {
	return collect(ctx, t, scanNotice, `SELECT `+noticeColumns+` FROM notice WHERE case_id = $1 ORDER BY id`, caseID)
}

// standingNotices joins a notice to the case that is still due as it was when it was sent.
const standingNotices = ` FROM notice n JOIN case_file c ON c.id = n.case_id AND c.next = n.milestone AND c.deadline = n.due_on`

// Notices reads those that stand, the first first; see httpapi.Catalogue.
func (s *Store) Notices(ctx context.Context, scope auth.Scope) ([]ledger.Notice, error) {
	found, err := collect(ctx, s.as(scope), scanNotice, `SELECT n.id, n.case_id, n.milestone, n.due_on::text, n.rung, n.told_on::text, n.told_at, n.person, n.author, n.words`+standingNotices+` ORDER BY n.id`)
	return found, translate(err)
}

// Overdue reads the open cases whose day is over, with the rungs that were told of it; see ladder.Source.
func (s *Store) Overdue(ctx context.Context, today campaign.Date) ([]ladder.Case, error) {
	found, err := collect(ctx, s.program(), pgx.RowToStructByPos[ladder.Case], `SELECT c.id, c.next, c.deadline::text, ARRAY(SELECT jsonb_object_keys(c.sides)),
		ARRAY(SELECT n.rung FROM notice n WHERE n.case_id = c.id AND n.milestone = c.next AND n.due_on = c.deadline)
		FROM case_file c WHERE c.next <> '' AND c.deadline < $1::text::date ORDER BY c.id`, string(today))
	return found, translate(err)
}

func queueNotices(b *pgx.Batch, w ledger.Writes) {
	for _, n := range w.Notices {
		b.Queue(`INSERT INTO notice (id, case_id, milestone, due_on, rung, told_on, told_at, person, author, words) VALUES ($1, $2, $3, $4::text::date, $5, $6::text::date, $7, $8, $9, $10)`,
			n.ID, n.Case, n.Milestone, string(n.DueOn), n.Rung, string(n.ToldOn), n.ToldAt, n.Person, n.Author, n.Words)
	}
}
