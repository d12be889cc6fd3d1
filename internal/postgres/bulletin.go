package postgres

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

const (
	bulletinColumns = `id, version, campaign, monthly, number, on_day::text, revision, before, check_by::text, stage, outlook, reason, acts, files, issuing`
	answerColumns   = `id, version, bulletin, unit, agrees, reason, author, made_at, reply, replier`
)

func scanBulletin(row pgx.CollectableRow) (ledger.Bulletin, error) {
	return pgx.RowToStructByPos[ledger.Bulletin](row)
}

func scanAnswer(row pgx.CollectableRow) (ledger.BulletinAnswer, error) {
	return pgx.RowToStructByPos[ledger.BulletinAnswer](row)
}

func scanBulletinState(row pgx.CollectableRow) (ledger.NounState, error) {
	b, err := scanBulletin(row)
	return state(b.ID, b.Version, err, func() (ledger.Fields, error) { return ledger.BulletinFields(b) })
}

func scanAnswerState(row pgx.CollectableRow) (ledger.NounState, error) {
	a, err := scanAnswer(row)
	return state(a.ID, a.Version, err, func() (ledger.Fields, error) { return ledger.BulletinAnswerFields(a) })
}

// lockBulletins makes those who change bulletins wait for each other: there are a few a week.
func (t *tx) lockBulletins(ctx context.Context) error {
	_, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock('bulletin'::regclass::oid::bigint)`)
	return err
}

// BulletinsBegun reads what was begun, and the last revision of a day; see ledger.Tx.
func (t *tx) BulletinsBegun(ctx context.Context, on campaign.Date) (found ledger.BulletinsBegun, err error) {
	if err := t.lockBulletins(ctx); err != nil {
		return found, err
	}
	found.Issues, err = collect(ctx, t, pgx.RowToStructByPos[campaign.Bulletin], `SELECT number, on_day::text, monthly FROM bulletin ORDER BY on_day`)
	if err != nil {
		return found, err
	}
	// recorded_at never falls, so that the newest entry of the day is the last.
	err = t.QueryRow(ctx, `SELECT coalesce((SELECT id FROM journal WHERE recorded_at < ($1::date + 1) AT TIME ZONE interval '8 hours' ORDER BY id DESC LIMIT 1), 0)`, string(on)).Scan(&found.Revision)
	return found, err
}

// BulletinNow reads a bulletin with what the actor sees of its answers; see ledger.Tx.
func (t *tx) BulletinNow(ctx context.Context, id int64) (found ledger.BulletinNow, err error) {
	if err := t.lockBulletins(ctx); err != nil {
		return found, err
	}
	if found, err = readBulletin(ctx, t, id); err != nil {
		return found, err
	}
	found.People, err = collect(ctx, t, pgx.RowTo[string], `SELECT name FROM person`)
	return found, err
}

func readBulletin(ctx context.Context, q rowsQuerier, id int64) (found ledger.BulletinNow, err error) {
	these, err := collect(ctx, q, scanBulletin, `SELECT `+bulletinColumns+` FROM bulletin WHERE id = $1`, id)
	if err != nil || len(these) == 0 {
		return found, err
	}
	found.Bulletin = these[0]
	if found.Answers, err = collect(ctx, q, scanAnswer, `SELECT `+answerColumns+` FROM bulletin_answer WHERE bulletin = $1 ORDER BY id`, id); err != nil {
		return found, err
	}
	found.Units, err = collect(ctx, q, pgx.RowTo[string], `SELECT code FROM unit WHERE NOT outside ORDER BY sort`)
	return found, err
}

// Bulletin reads a bulletin as somebody sees it; see bulletin.Library.
func (s *Store) Bulletin(ctx context.Context, scope auth.Scope, id int64) (ledger.BulletinNow, error) {
	found, err := readBulletin(ctx, s.as(scope), id)
	return found, translate(err)
}

// Bulletins reads all of them, the newest first, as somebody sees them; see bulletin.Library.
func (s *Store) Bulletins(ctx context.Context, scope auth.Scope) ([]ledger.Bulletin, error) {
	found, err := collect(ctx, s.as(scope), scanBulletin, `SELECT `+bulletinColumns+` FROM bulletin ORDER BY on_day DESC, monthly DESC`)
	return found, translate(err)
}

// BulletinFile reads a file as it was issued; see bulletin.Library.
func (s *Store) BulletinFile(ctx context.Context, scope auth.Scope, sha256 string) (content []byte, err error) {
	hash, err := hex.DecodeString(sha256)
	if err != nil {
		return nil, err
	}
	err = s.as(scope).QueryRow(ctx, `SELECT content FROM bulletin_file WHERE sha256 = $1`, hash).Scan(&content)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.New(fault.KindNotFound, "file_not_found", "没有这个文件", "there is no such file")
	}
	return content, translate(err)
}

// KeepBulletinFile keeps a file that is issued; see bulletin.Library.
func (s *Store) KeepBulletinFile(ctx context.Context, content []byte) error {
	_, err := s.order(ctx, `INSERT INTO bulletin_file (sha256, content) VALUES (sha256($1), $1) ON CONFLICT ON CONSTRAINT bulletin_file_pk DO NOTHING`, content)
	return err
}

func queueBulletins(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedBulletins) > 0 {
		b.Queue(`DELETE FROM bulletin_answer WHERE bulletin = ANY($1)`, w.RemovedBulletins)
		b.Queue(`DELETE FROM bulletin WHERE id = ANY($1)`, w.RemovedBulletins)
	}
	for _, each := range w.Bulletins {
		b.Queue(statement("write_bulletin"), each.ID, each.Version, each.Campaign, each.Monthly, each.Number, string(each.On), each.Revision, each.Before, string(each.CheckBy), each.Stage, each.Outlook, each.Reason, each.Acts, orNone(each.Files), each.Issuing)
	}
	for _, a := range w.BulletinAnswers {
		b.Queue(`INSERT INTO bulletin_answer (`+answerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT ON CONSTRAINT bulletin_answer_pk DO UPDATE SET version = excluded.version, agrees = excluded.agrees, reason = excluded.reason,
				author = excluded.author, made_at = excluded.made_at, reply = excluded.reply, replier = excluded.replier`,
			a.ID, a.Version, a.Bulletin, a.Unit, a.Agrees, a.Reason, a.By, a.At, a.Reply, a.Replier)
	}
}
