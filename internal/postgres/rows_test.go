package postgres_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// readTable reads a reviewed table of testdata.
func readTable(t *testing.T, name string) (head []string, rows [][]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	require.NoError(t, err)
	return lines[0], lines[1:]
}

// looker is a column of rights-rows.csv: a database role in a context.
type looker struct{ role, context string }

func lookers() map[string]looker {
	return map[string]looker{
		"app none":     {postgres.RoleApp, ""},
		"app program":  {postgres.RoleApp, "program"},
		"app district": {postgres.RoleApp, "person|district|||me|"},
		"app viewer":   {postgres.RoleApp, "person|viewer|||me|"},
		"app town":     {postgres.RoleApp, "person|town|honghe||me|{honghe}"},
		"app grid":     {postgres.RoleApp, "person|village|honghe|330411106001|me|{honghe}"},
		"app park":     {postgres.RoleApp, "person|park|honghe||me|{honghe}"},
		"reader":       {postgres.RoleReader, "memory"}, "reader none": {postgres.RoleReader, ""},
		"auditor": {postgres.RoleAuditor, "audit"}, "auditor none": {postgres.RoleAuditor, ""},
		"gate": {postgres.RoleGate, "gate"}, "gate none": {postgres.RoleGate, ""},
		"owner": {postgres.RoleOwner, "program"}, "owner none": {postgres.RoleOwner, ""},
	}
}

// specimen is a row: how it is found, a column that an update sets to itself, its value, and what makes a new row of it.
type specimen struct {
	where, touch, value string
	fresh               map[string]string
}

// archive is a database with rows of every scope in every table.
type archive struct {
	db        *dbtest.DB
	super     *pgx.Conn
	specimens map[string]map[string]specimen // by table and scope
	honghe    string                         // id of the unit
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{db: server.Open(t), specimens: map[string]map[string]specimen{}}
	a.super = connectIn(t, a.db.DSN("postgres"), "")
	quiet := slog.New(slog.DiscardHandler)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: a.db.DSN}, quiet)
	require.NoError(t, err)
	defer store.Close()
	a.furnish(t, ledger.New(store, time.Now, quiet))
	return a
}

// one notes the row that a condition names.
func (a *archive) one(t *testing.T, table, of, where, touch string, fresh map[string]string) {
	t.Helper()
	var n int
	var value string
	require.NoError(t, a.super.QueryRow(t.Context(), `SELECT count(*), coalesce(max(quote_literal(`+touch+`)), 'NULL') FROM `+table+` WHERE `+where).Scan(&n, &value))
	require.Equal(t, 1, n, "%s of %s: %s", table, of, where)
	if a.specimens[table] == nil {
		a.specimens[table] = map[string]specimen{}
	}
	a.specimens[table][of] = specimen{where, touch, value, fresh}
}

func (a *archive) furnish(t *testing.T, book *ledger.Ledger) {
	t.Helper()
	do := func(changes ...ledger.Change) ledger.Outcome {
		out, err := book.Apply(t.Context(), auth.System(), op(changes...))
		require.NoError(t, err)
		return out
	}
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	unit := func(code string, sort int, lon float64) ledger.UnitDraft {
		name := campaign.Text{ZH: code, EN: code}
		return ledger.UnitDraft{Unit: ledger.Unit{Code: code, Sort: sort, Name: name, Short: name}, Boundary: box(lon, 30.60, 0.05)}
	}
	do(ledger.SetUpCampaign{Definition: d, Units: []ledger.UnitDraft{unit("honghe", 1, 120.60), unit("wangdian", 2, 120.70)}})
	require.NoError(t, a.super.QueryRow(t.Context(), `SELECT id::text FROM unit WHERE code = 'honghe'`).Scan(&a.honghe))
	do(ledger.PutPerson{Code: "me", Name: "某", Role: "viewer"}, ledger.PutPerson{Code: "boss", Name: "某", Role: "district"})
	for of, at := range map[string]struct {
		unit, village string
		lon           float64
	}{"own": {"honghe", "330411106001", 120.601}, "unit": {"honghe", "330411106002", 120.611}, "other": {"wangdian", "330411105001", 120.701}} {
		a.furnishOf(t, do, of, at.unit, at.village, at.lon)
	}
	free := a.parcel(t, do, "free", 120.63)
	a.one(t, "parcel", "free", fmt.Sprintf("id = %d", free), "id", map[string]string{"id": "9900001", "code": "'zz'"})
	vacant := a.parcel(t, do, "vacant", 121.5)
	a.one(t, "parcel", "vacant", fmt.Sprintf("id = %d", vacant), "id", map[string]string{"id": "9900001", "code": "'zz'"})
	a.furnishRest(t)
}

func (a *archive) parcel(t *testing.T, do func(...ledger.Change) ledger.Outcome, label string, lon float64) int64 {
	t.Helper()
	out := do(ledger.ImportParcels{Digest: label, Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		return each(ledger.ParcelDraft{Row: 1, Label: label, Geometry: box(lon, 30.601, 0.002)})
	}})
	return out.Entries[0].NounID
}

// furnishOf makes the rows of one scope.
func (a *archive) furnishOf(t *testing.T, do func(...ledger.Change) ledger.Outcome, of, unit, village string, lon float64) {
	t.Helper()
	do(ledger.PutPerson{Code: of + "_man", Name: "某", Role: "town", Unit: unit})
	parcel := a.parcel(t, do, of, lon)
	out := do(ledger.ListCase{Parcels: []int64{parcel}, Plans: map[string]campaign.Date{"filed": "2020-09-01"}, Village: village, Operator: &ledger.EnterpriseDraft{Name: of, Code: of, Kind: "enterprise", Unit: unit, Village: village}})
	ids := map[string]int64{}
	for _, e := range out.Entries {
		ids[e.Noun] = e.NounID
	}
	file := ids[ledger.NounCase]
	amend := func(who string) ledger.Change {
		return ledger.AmendCase{Case: file, BaseVersion: 1, Fields: map[string]string{"responsible": who}}
	}
	do(amend("甲"))
	kept := do(amend("乙")).Conflicts[0].ConflictID
	land := do(ledger.RecordLand{Case: file, Recovered: box(lon, 30.601, 0.001)}).Entries[0].NounID
	key := func(column string, id int64) string { return fmt.Sprintf("%s = %d", column, id) }
	fresh := map[string]string{"id": "9900001"}
	if of != "unit" {
		a.one(t, "person", of, "code = '"+of+"_man'", "code", map[string]string{"id": "9900001", "code": "'zz'"})
		a.one(t, "parcel_history", of, key("parcel_id", parcel), "parcel_id", map[string]string{"parcel_id": "9900001"})
	}
	a.one(t, "parcel", of, key("id", parcel), "id", map[string]string{"id": "9900001", "code": "'zz'"})
	a.one(t, "case_file", of, key("id", file), "id", map[string]string{"id": "9900001", "code": "'zz'"})
	a.one(t, "milestone", of, key("case_id", file)+" AND code = 'filed'", "code", map[string]string{"code": "'zz'"})
	a.one(t, "case_parcel", of, key("case_id", file), "share", map[string]string{"parcel_id": "9900001"})
	a.one(t, "enterprise", of, key("id", ids[ledger.NounEnterprise]), "id", map[string]string{"id": "9900001", "code": "'zz'"})
	a.one(t, "quarantine", of, key("id", kept), "id", fresh)
	a.one(t, "land", of, key("id", land), "id", fresh)
	a.one(t, "journal", of, key("id", a.newest(t, file)), "id", map[string]string{"id": "9900001", "version": "9900001"})
	a.one(t, "case_history", of, key("case_id", file)+" AND to_rev IS NULL", "case_id", map[string]string{"case_id": "9900001"})
	a.furnishDocuments(t, of, file, ids[ledger.NounEnterprise])
	a.one(t, "land_history", of, key("land_id", land), "land_id", map[string]string{"land_id": "9900001"})
}

// furnishDocuments makes a photo and a contact of a case and its enterprise: of these rows only whose they are matters.
func (a *archive) furnishDocuments(t *testing.T, of string, file, enterprise int64) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO photo (id, version, case_id, milestone, sha256, author, added_at) VALUES (%[1]d + 7000000, 1, %[1]d, 'filed', sha256('%[3]s'), 'somebody', now())`,
		`INSERT INTO held_operation (op_id, actor, device, happened_at, told_at, received_at, refusal, asked, cases, photos) VALUES (md5('%[3]s')::uuid, 'somebody', 'test', now(), now(), now(), '{}', '[]', ARRAY[%[1]d::bigint], '{}')`,
		`INSERT INTO notice VALUES (%[1]d + 7000000, %[1]d, 'filed', '2020-09-01', 'person', '2020-09-02', now(), '', 'system', '')`,
		`INSERT INTO photo_history (photo_id, from_rev, version, case_id, milestone, slot, sha256, arrived) VALUES (%[1]d + 7000000, 1, 1, %[1]d, 'filed', '', sha256('%[3]s'), true)`,
		`INSERT INTO photo_file (sha256, size, media, width, height, told, stored_at) VALUES (sha256('%[3]s'), 1, 'image/jpeg', 1, 1, false, now())`,
		`INSERT INTO person_secret (subject, key) VALUES (md5('%[3]s')::uuid, NULL)`,
		`INSERT INTO person_sealed (sha256, subject, sealed) VALUES (sha256('%[3]s'), md5('%[3]s')::uuid, '%[3]s')`,
		`INSERT INTO contact (id, version, enterprise_id, subject, sealed) VALUES (%[2]d + 7000000, 1, %[2]d, md5('%[3]s')::uuid, sha256('%[3]s'))`,
		`INSERT INTO sheet (id, version, code, noun, noun_id, single) VALUES (%[2]d + 7000000, 1, 'talent', 'enterprise', %[2]d, false)`,
	} {
		_, err := a.super.Exec(t.Context(), fmt.Sprintf(sql, file, enterprise, of))
		require.NoError(t, err, sql)
	}
	fresh := map[string]string{"id": "9900001", "sha256": "sha256('new')"}
	a.one(t, "photo", of, fmt.Sprintf("id = %d", file+7000000), "id", fresh)
	a.one(t, "held_operation", of, "op_id = md5('"+of+"')::uuid", "reason", map[string]string{"op_id": "gen_random_uuid()"})
	a.one(t, "notice", of, fmt.Sprintf("id = %d", file+7000000), "id", map[string]string{"id": "9900001", "milestone": "'zz'"})
	a.one(t, "photo_history", of, fmt.Sprintf("photo_id = %d", file+7000000), "photo_id", map[string]string{"photo_id": "9900001"})
	a.one(t, "photo_file", of, "sha256 = sha256('"+of+"')", "size", fresh)
	a.one(t, "person_secret", of, "subject = md5('"+of+"')::uuid", "key", map[string]string{"subject": "gen_random_uuid()"})
	a.one(t, "person_sealed", of, "sha256 = sha256('"+of+"')", "sealed", map[string]string{"sha256": "sha256('new')", "sealed": "'new'"})
	a.one(t, "sheet", of, fmt.Sprintf("id = %d", enterprise+7000000), "id", map[string]string{"id": "9900001"})
	a.one(t, "contact", of, fmt.Sprintf("id = %d", enterprise+7000000), "id", map[string]string{"id": "9900001", "enterprise_id": strconv.FormatInt(enterprise, 10)})
}

// newest is the revision of the last entry about a case.
func (a *archive) newest(t *testing.T, file int64) (id int64) {
	t.Helper()
	require.NoError(t, a.super.QueryRow(t.Context(), `SELECT max(id) FROM journal WHERE noun = 'case' AND noun_id = $1`, file).Scan(&id))
	return id
}

// furnishRest makes the rows that belong to nobody's unit.
func (a *archive) furnishRest(t *testing.T) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO operation (op_id, actor, device, body_hash, batch_id, happened_at, received_at, outcome) SELECT u, w, 'test', '\x00', u, now(), now(), 'received'
			FROM (VALUES ('00000000-0000-0000-0000-000000000001'::uuid, 'me'), ('00000000-0000-0000-0000-000000000002'::uuid, 'somebody')) AS o (u, w)`,
		`INSERT INTO reference_shape SELECT sha256('x'), ST_GeomFromText('LINESTRING(120 30, 121 31)', 4490)`,
		`INSERT INTO reference (id, version, layer, code, class, shape) SELECT 9800001, 1, 'water', 'W1', 'river', sha256('x')`,
		`SET guatu.person = 'system'`,
		`INSERT INTO account (login, person, password, changed_at, must_change, created_at) VALUES ('me', 'me', '$argon2id$x', now(), false, now())`,
		`INSERT INTO session (token, login, address, agent, began_at, active_at) VALUES (sha256('x'), 'me', '', '', now(), now())`,
		`INSERT INTO sign_in_attempt (login, address, tries, last_at) VALUES (sha256('x'), '', 1, now())`,
		`INSERT INTO token (id, kind, hash, name, login, made_by, made_at) VALUES (9800001, 'wall', sha256('x'), 'hall', 'me', 'me', now())`,
		`INSERT INTO enrolment (code, login, expires_at) VALUES (sha256('x'), 'me', now())`,
		`INSERT INTO photo_holder (sha256, person, at) VALUES (sha256('own'), 'somebody', now())`,
		`INSERT INTO photo_scrub (due, began) VALUES ('2020-09-30', now())`,
		`INSERT INTO outside_account (system, subject, login) VALUES ('zhezhengding', '100135', 'me')`,
		`SET guatu.context = 'program'`,
		`SELECT access_append(now(), ARRAY[now()], '{session.begin}', '{done}', '{me}', '{me}', '{a}', '{b}', '{c}', '{d}', '{"{}"}', NULL, NULL)`,
		`RESET guatu.context`,
		`INSERT INTO access_due (job, due) VALUES ('tie', now())`,
		`INSERT INTO finding (rule, one, noun, area, ground, found_at) VALUES ('sliver', 9800001, 'parcel', 1, ST_GeomFromText('MULTIPOLYGON(((120 30, 121 30, 121 31, 120 30)))', 4490), now())`,
		`INSERT INTO finding_run (due, began) VALUES ('2020-09-30', now())`,
		`INSERT INTO waiver VALUES (9800001, 1, 'sliver', 9800001, 0, 1, 'x', 'me', now(), gen_random_uuid())`,
		`INSERT INTO bulletin VALUES (9800001, 1, 'xz-2020', false, 1, '2020-09-24', 1, '{}', '2020-09-25', 'frozen', '', '', '{}', '[]', '{}')`,
		`INSERT INTO bulletin_answer VALUES (9800001, 1, 9800001, 'honghe', true, '', 'me', now(), '', ''), (9800002, 1, 9800001, 'wangdian', true, '', 'me', now(), '', '')`,
		`INSERT INTO supervision_order SELECT id, 1, 'xz-2020', 2020, id, u, 'x', '{}', '2020-09-25', 'issued', '', '', '{}' FROM (VALUES (9800001, 'honghe'), (9800002, 'wangdian')) AS o (id, u)`,
		`INSERT INTO meeting VALUES (9800001, 1, 'xz-2020', 'regular', 2020, 1, '2020-09-25', '[]', '[]', '{}')`,
		`INSERT INTO bulletin_file VALUES (sha256('x'), 'x')`,
		`INSERT INTO sheet (id, version, code, noun, noun_id, single) SELECT 9800003, 1, 'talent', 'campaign', id, false FROM campaign`,
		`INSERT INTO file_memory (signature, unit, said) VALUES (repeat('a', 64), 'honghe', '{}'), (repeat('b', 64), '', '{}')`,
		`INSERT INTO land_turn SELECT id, 1 FROM campaign ON CONFLICT DO NOTHING`,
	} {
		_, err := a.super.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	id := map[string]string{"id": "9900001", "code": "'zz'"}
	a.one(t, "campaign", "", "id > 0", "id", id)
	a.one(t, "unit", "", "code = 'wangdian'", "id", id)
	a.one(t, "person", "district", "code = 'boss'", "code", id)
	var shape string
	require.NoError(t, a.super.QueryRow(t.Context(), `SELECT encode(hash, 'hex') FROM shape LIMIT 1`).Scan(&shape))
	a.one(t, "shape", "", "hash = decode('"+shape+"', 'hex')", "hash", map[string]string{"hash": "sha256('new')"})
	a.one(t, "case_counter", "", "next > 0", "prefix", map[string]string{"prefix": "'zz'"})
	a.one(t, "operation", "own", "op_id = '00000000-0000-0000-0000-000000000001'", "outcome", map[string]string{"op_id": "gen_random_uuid()"})
	a.one(t, "operation", "other", "op_id = '00000000-0000-0000-0000-000000000002'", "outcome", map[string]string{"op_id": "gen_random_uuid()"})
	a.one(t, "photo_holder", "", "person = 'somebody'", "person", map[string]string{"person": "'zz'"})
	a.one(t, "file_memory", "own", "unit = 'honghe'", "said", map[string]string{"signature": "repeat('c', 64)"})
	a.one(t, "sheet", "district", "noun = 'campaign'", "version", map[string]string{"id": "9900001"})
	a.one(t, "file_memory", "district", "unit = ''", "said", map[string]string{"signature": "repeat('c', 64)"})
	a.one(t, "photo_scrub", "", "files = 0", "files", map[string]string{"due": "'2020-10-01'"})
	a.one(t, "journal_head", "", "id > 0", "id", nil)
	a.one(t, "land_turn", "", "campaign_id > 0", "campaign_id", nil)
	a.one(t, "finding", "", "one = 9800001", "area", map[string]string{"one": "9900001"})
	a.one(t, "finding_state", "", "single", "revision", map[string]string{"single": "NULL"})
	a.one(t, "finding_run", "", "findings = 0", "findings", map[string]string{"due": "'2020-10-01'"})
	a.one(t, "waiver", "", "id = 9800001", "area", map[string]string{"id": "9900001", "one": "9900001"})
	a.one(t, "bulletin", "", "id = 9800001", "outlook", map[string]string{"id": "9900001", "number": "2", "on_day": "'2020-10-01'"})
	a.one(t, "bulletin_answer", "unit", "id = 9800001", "reason", map[string]string{"id": "9900001", "bulletin": "9900001"})
	a.one(t, "bulletin_answer", "other", "id = 9800002", "reason", map[string]string{"id": "9900001", "bulletin": "9900001"})
	a.one(t, "supervision_order", "unit", "id = 9800001", "answer", map[string]string{"id": "9900001", "number": "9900001"})
	a.one(t, "supervision_order", "other", "id = 9800002", "answer", map[string]string{"id": "9900001", "number": "9900001"})
	a.one(t, "meeting", "", "id = 9800001", "agenda", map[string]string{"id": "9900001", "number": "2"})
	a.one(t, "bulletin_file", "", "sha256 = sha256('x')", "content", map[string]string{"sha256": "sha256('y')", "content": "'y'"})
	a.one(t, "reference", "", "id = 9800001", "id", id)
	a.one(t, "reference_shape", "", "hash = sha256('x')", "hash", map[string]string{"hash": "sha256('new')"})
	a.one(t, "account", "", "login = 'me'", "login", map[string]string{"login": "'zz'"})
	a.one(t, "session", "", "login = 'me'", "login", map[string]string{"token": "sha256('new')"})
	a.one(t, "token", "", "id = 9800001", "used_from", map[string]string{"id": "9900001", "hash": "sha256('new')"})
	a.one(t, "outside_account", "", "login = 'me'", "login", map[string]string{"subject": "'zz'"})
	a.one(t, "enrolment", "", "login = 'me'", "login", map[string]string{"code": "sha256('new')"})
	a.one(t, "access_log", "", "id = 1", "actor", map[string]string{"id": "2"})
	a.one(t, "access_head", "", "id > 0", "id", map[string]string{"single": "true"})
	a.one(t, "access_due", "", "job = 'tie'", "due", map[string]string{"job": "'zz'"})
	a.one(t, "sign_in_attempt", "", "login = sha256('x')", "tries", map[string]string{"address": "'zz'"})
}

// insertion is the statement that makes a new row of a specimen.
func (a *archive) insertion(t *testing.T, table string, s specimen) string {
	t.Helper()
	rows, err := a.super.Query(t.Context(), `SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
	require.NoError(t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = "quote_nullable(" + c + "::text)"
	}
	var values []string
	require.NoError(t, a.super.QueryRow(t.Context(), `SELECT ARRAY[`+strings.Join(quoted, ", ")+`] FROM `+table+` WHERE `+s.where).Scan(&values))
	for i, c := range columns {
		if expression, is := s.fresh[c]; is {
			values[i] = expression
		}
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(values, ", ") + `)`
}

// may are the verbs that somebody may do with a row, tried in a transaction that is taken back.
func (a *archive) may(ctx context.Context, tx pgx.Tx, who looker, table string, s specimen, insertion string) (string, error) {
	var did []string
	type attempt struct{ verb, sql string }
	tries := []attempt{
		{"s", `SELECT 1 FROM ` + table + ` WHERE ` + s.where},
		{"i", insertion},
		{"u", `UPDATE ` + table + ` SET ` + s.touch + ` = ` + s.touch + ` WHERE ` + s.where},
		{"d", `DELETE FROM ` + table + ` WHERE ` + s.where},
	}
	if who.context == "" { // blindly: what names no column is not under the policies of reading
		tries = append(tries, attempt{"U", `UPDATE ` + table + ` SET ` + s.touch + ` = ` + s.value}, attempt{"D", `DELETE FROM ` + table})
	}
	for _, try := range tries {
		nested, err := tx.Begin(ctx)
		if err != nil {
			return "", err
		}
		b := &pgx.Batch{}
		b.Queue(`SELECT set_config('guatu.context', $1, true)`, strings.ReplaceAll(who.context, "{honghe}", a.honghe))
		b.Queue(`SET LOCAL ROLE ` + who.role)
		if err := nested.SendBatch(ctx, b).Close(); err != nil {
			return "", err
		}
		tag, err := nested.Exec(ctx, try.sql)
		if let(err) && (err != nil || tag.RowsAffected() > 0) {
			did = append(did, try.verb)
		}
		if err := nested.Rollback(ctx); err != nil {
			return "", err
		}
	}
	if len(did) == 0 {
		return "-", nil
	}
	return strings.Join(did, ""), nil
}

// let tells whether neither rights, policies nor the triggers that keep tables append-only were in the way: a constraint that fails
// comes after them.
func let(err error) bool {
	var pg *pgconn.PgError
	return err == nil || errors.As(err, &pg) && strings.HasPrefix(pg.Code, "23") && pg.Code != "23001"
}

// differences are the cells of the reviewed table, of some tables or all, that are not as it says.
func (a *archive) differences(t *testing.T, tx pgx.Tx, only ...string) []string {
	t.Helper()
	head, rows := readTable(t, "rights-rows.csv")
	var found []string
	for _, row := range rows {
		if len(only) > 0 && !slices.Contains(only, row[0]) {
			continue
		}
		s := a.specimens[row[0]][row[1]]
		require.NotEmpty(t, s.where, "no row of %s, %s", row[0], row[1])
		insertion := a.insertion(t, row[0], s)
		for i, name := range head[2:] {
			who := lookers()[name]
			require.NotEmpty(t, who.role, name)
			did, err := a.may(t.Context(), tx, who, row[0], s, insertion)
			require.NoError(t, err)
			if want := row[2+i]; did != want {
				found = append(found, fmt.Sprintf("%s, %s: %s may %s, not %s", row[0], row[1], name, did, want))
			}
		}
	}
	return found
}

// TestRowsAreAsTheTableSays tries every verb on rows of every scope, as every role in every context.
func TestRowsAreAsTheTableSays(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	tx, err := a.super.Begin(t.Context())
	require.NoError(t, err)
	for _, d := range a.differences(t, tx) {
		t.Error(d)
	}
	require.NoError(t, tx.Rollback(t.Context()))
}

// TestEveryTableIsInTheReviewedTable and under row-level security that binds its owner as well.
func TestEveryTableIsInTheReviewedTable(t *testing.T) {
	t.Parallel()
	conn := connect(t, server.Open(t).DSN("postgres"))
	_, rows := readTable(t, "rights-rows.csv")
	reviewed := map[string]bool{}
	for _, row := range rows {
		reviewed[row[0]] = true
	}
	found, err := conn.Query(t.Context(), `SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class
		WHERE relnamespace = 'guatu'::regnamespace AND relkind IN ('r', 'p', 'f', 'm')`)
	require.NoError(t, err)
	var name, owner string
	var on, forced bool
	_, err = pgx.ForEachRow(found, []any{&name, &on, &forced, &owner}, func() error {
		assert.True(t, reviewed[name], "%s has no verdicts", name)
		assert.True(t, on && forced, "%s: row-level security is off or not forced", name)
		assert.Equal(t, postgres.RoleOwner, owner, name)
		delete(reviewed, name)
		return nil
	})
	require.NoError(t, err)
	assert.Empty(t, reviewed, "no such tables")
}
