package postgres_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/postgres"
)

// offices is a database with the three administrators, a field officer and their accounts, and an entry in the log.
func offices(t *testing.T) *dbtest.DB {
	t.Helper()
	db := server.Open(t)
	db.Exec(t, "postgres", `SET search_path = guatu, public; SET guatu.context = 'program'`,
		`INSERT INTO campaign (id, version, code, definition) VALUES (90, 1, 'c', '{}')`,
		`INSERT INTO unit (id, version, campaign_id, code, sort, name_zh, name_en, short_zh, short_en, outside) VALUES (91, 1, 90, 'u', 1, '', '', '', '', false)`,
		`INSERT INTO case_file (id, version, campaign_id, track, code, label, unit_id, responsible, note, stage) VALUES (92, 1, 90, 't', 'C1', '某厂', 91, '', '', 1)`,
		`INSERT INTO person (id, version, code, sort, name, role) VALUES (1, 1, 'xi', 1, '系某', 'sysadmin'), (2, 1, 'an', 2, '安某', 'secadmin'), (3, 1, 'shenji', 3, '审某', 'auditor'), (4, 1, 'shen', 4, '沈某', 'field'), (5, 1, 'lu', 5, '陆某', 'district')`,
		`SET guatu.person = 'system'`,
		`INSERT INTO account (login, person, password, changed_at, must_change, created_at, approved_by, approved_at)
			SELECT code, code, '$argon2id$x', now(), false, now(), 'system', now() FROM person`,
		`SELECT * FROM access_append(now(), ARRAY[now()], '{session.begin}', '{done}', '{shen}', '{shen}', '{a}', '{b}', '{c}', '{d}', '{"{}"}', NULL, NULL)`)
	return db
}

// try runs a statement as a role of the database for a person, in a transaction that is taken back.
func try(t *testing.T, db *dbtest.DB, role, person, statement string) (rows int64, err error) {
	t.Helper()
	contexts := map[string]string{postgres.RoleGate: "gate", postgres.RoleAuditor: "audit", postgres.RoleReader: "memory", postgres.RoleArchive: "archive"}
	conn := connectIn(t, db.DSN(role), cmp.Or(contexts[role], "program"))
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback(t.Context())) }()
	_, err = tx.Exec(t.Context(), `SELECT set_config('guatu.person', $1, true)`, person)
	require.NoError(t, err)
	tag, err := tx.Exec(t.Context(), statement)
	return tag.RowsAffected(), err
}

// TestNobodyButTheAuditorReadsTheLogAndNobodyAltersIt, by grants, policies and triggers: whatever a route forgets.
func TestNobodyButTheAuditorReadsTheLogAndNobodyAltersIt(t *testing.T) {
	t.Parallel()
	db := offices(t)
	const read = `SELECT * FROM access_log`
	for _, person := range []string{"xi", "an", "shen", "lu", "nobody", ""} {
		n, err := try(t, db, postgres.RoleAuditor, person, read)
		require.NoError(t, err)
		assert.Zero(t, n, "%s reads through the auditor's role", person)
	}
	n, err := try(t, db, postgres.RoleAuditor, "shenji", read)
	require.NoError(t, err)
	assert.EqualValues(t, 1, n)
	for _, role := range []string{postgres.RoleApp, postgres.RoleReader, postgres.RoleGate, postgres.RoleArchive} {
		for _, table := range []string{"access_log", "access_head", "access_due"} {
			_, err := try(t, db, role, "shenji", `SELECT * FROM `+table)
			require.ErrorContains(t, err, "permission denied", "%s reads %s", role, table)
		}
	}
	for _, role := range []string{postgres.RoleApp, postgres.RoleReader, postgres.RoleGate, postgres.RoleArchive, postgres.RoleAuditor, postgres.RoleOwner, "postgres"} {
		for _, alter := range []string{`UPDATE access_log SET actor = 'x'`, `DELETE FROM access_log`, `TRUNCATE access_log`, `DELETE FROM access_head`, `TRUNCATE access_head`} {
			_, err := try(t, db, role, "shenji", alter)
			require.Error(t, err, "%s as %s", alter, role)
		}
		if role == postgres.RoleOwner || role == "postgres" {
			continue
		}
		_, err := try(t, db, role, "system", `INSERT INTO access_log SELECT l.* FROM access_log l`)
		require.ErrorContains(t, err, "permission denied", role)
		_, err = try(t, db, role, "system", `UPDATE access_head SET id = 0`)
		require.ErrorContains(t, err, "permission denied", role)
	}
}

func TestOnlyTheGateAppendsAndOnlyTheArchivistTrims(t *testing.T) {
	t.Parallel()
	db := offices(t)
	const (
		appends = `SELECT access_append(now(), ARRAY[now()], '{session.begin}', '{done}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', NULL, NULL)`
		trims   = `SELECT access_trim(1)`
	)
	for _, role := range []string{postgres.RoleApp, postgres.RoleReader, postgres.RoleAuditor, postgres.RoleArchive} {
		_, err := try(t, db, role, "system", appends)
		require.ErrorContains(t, err, "permission denied", role)
	}
	for _, role := range []string{postgres.RoleApp, postgres.RoleReader, postgres.RoleAuditor, postgres.RoleGate} {
		_, err := try(t, db, role, "system", trims)
		require.ErrorContains(t, err, "permission denied", role)
	}
	_, err := try(t, db, postgres.RoleArchive, "system", trims)
	require.ErrorContains(t, err, "query returned no rows", "there is no entry log.cut")
}

// TestWhoMayDoWhatToAnAccount: the system administrator keeps accounts and gives no rights, the security administrator approves and
// keeps none, the audit administrator does neither; nobody of the three touches another's account.
func TestWhoMayDoWhatToAnAccount(t *testing.T) {
	t.Parallel()
	db := offices(t)
	db.Exec(t, "postgres", `SET search_path = guatu, public; SET guatu.context = 'gate'; SET guatu.person = 'xi'`,
		`INSERT INTO account (login, person, password, changed_at, must_change, created_at, created_by) VALUES ('he', 'shen', '$argon2id$x', now(), true, now(), 'xi')`)
	create := func(person, by, approved string) string {
		return strings.NewReplacer("PERSON", person, "BY", by, "APPROVED", approved).Replace(
			`INSERT INTO account (login, person, password, changed_at, must_change, created_at, created_by, approved_by, approved_at) VALUES ('new', 'PERSON', '$argon2id$x', now(), true, now(), 'BY', APPROVED)`)
	}
	const none = "NULL, NULL"
	for name, c := range map[string]struct {
		statement string
		may       string // who of the five
	}{
		"make an account":                     {create("shen", "xi", none), "xi"},
		"make one that lets in at once":       {create("shen", "xi", "'an', now()"), ""},
		"make one in another's name":          {create("shen", "lu", none), ""},
		"make an auditor's":                   {create("shenji", "xi", none), ""},
		"make one whose password is known":    {strings.Replace(create("shen", "xi", none), "true", "false", 1), ""},
		"approve":                             {`UPDATE account SET approved_by = current_setting('guatu.person'), approved_at = now() WHERE login = 'he'`, "an"},
		"approve for another":                 {`UPDATE account SET approved_by = 'an', approved_at = now() WHERE login = 'he'`, "an"},
		"take an approval back":               {`UPDATE account SET approved_by = NULL, approved_at = NULL WHERE login = 'shen'`, ""},
		"close":                               {`UPDATE account SET disabled = true WHERE login = 'shen'`, "xi"},
		"close the auditor's":                 {`UPDATE account SET disabled = true WHERE login = 'shenji'`, ""},
		"reset":                               {`UPDATE account SET password = '$argon2id$y', changed_at = now(), must_change = true WHERE login = 'lu'`, "xi lu"},
		"reset to a password that is kept":    {`UPDATE account SET password = '$argon2id$y', changed_at = now(), must_change = false WHERE login = 'lu'`, "lu"},
		"reset the auditor's":                 {`UPDATE account SET password = '$argon2id$y', changed_at = now(), must_change = true WHERE login = 'shenji'`, "shenji"},
		"reset the security administrator's":  {`UPDATE account SET password = '$argon2id$y', changed_at = now(), must_change = true WHERE login = 'an'`, "an"},
		"give the account to somebody else":   {`UPDATE account SET person = 'lu' WHERE login = 'shen'`, ""},
		"say that somebody else made it":      {`UPDATE account SET created_by = 'lu' WHERE login = 'shen'`, ""},
		"note a sign-in":                      {`UPDATE account SET signed_in_at = now() WHERE login = 'shen'`, "xi an shenji shen lu"},
		"give somebody a role":                {`UPDATE person SET role = 'district' WHERE code = 'shen'`, ""},
		"read who may do what, and the names": {`SELECT code, name, role FROM person`, "xi an shenji shen lu"},
	} {
		for _, who := range []string{"xi", "an", "shenji", "shen", "lu"} {
			_, err := try(t, db, postgres.RoleGate, who, c.statement)
			assert.Equal(t, strings.Contains(" "+c.may+" ", " "+who+" "), err == nil, "%s, %s: %v", who, name, err)
		}
	}
	for _, role := range []string{postgres.RoleApp, postgres.RoleReader, postgres.RoleAuditor, postgres.RoleArchive} {
		for _, table := range []string{"account", "session", "sign_in_attempt"} {
			_, err := try(t, db, role, "xi", `SELECT * FROM `+table)
			require.ErrorContains(t, err, "permission denied", "%s reads %s", role, table)
		}
	}
}

// TestAnAdministratorIsNothingElse: no role before, none after, and no hand in the campaign.
func TestAnAdministratorIsNothingElse(t *testing.T) {
	t.Parallel()
	db := offices(t)
	for _, change := range []string{`'auditor' WHERE code = 'xi'`, `'field' WHERE code = 'shenji'`, `'secadmin' WHERE code = 'lu'`} {
		for _, role := range []string{postgres.RoleApp, "postgres"} {
			_, err := try(t, db, role, "system", `UPDATE person SET role = `+change)
			require.ErrorContains(t, err, "cannot change between", change)
		}
	}
	_, err := try(t, db, postgres.RoleApp, "system", `UPDATE person SET role = 'town' WHERE code = 'shen'`)
	require.NoError(t, err)
	const claim = `INSERT INTO operation (op_id, actor, device, body_hash, batch_id, happened_at, received_at, outcome) VALUES (gen_random_uuid(), 'WHO', 'test', 'x', gen_random_uuid(), now(), now(), 'received')`
	for who, may := range map[string]bool{"xi": false, "shenji": false, "an": true, "shen": true, "system": true} {
		_, err := try(t, db, postgres.RoleApp, who, strings.Replace(claim, "WHO", who, 1))
		assert.Equal(t, may, err == nil, "%s: %v", who, err)
	}
	for _, table := range []string{"case_file", "parcel", "enterprise", "unit", "campaign", "journal", "operation", "public_case", "public_parcel", "place_of", "land"} {
		for who, role := range map[string]string{"xi": "sysadmin", "shenji": "auditor"} {
			var n int
			conn := connectIn(t, db.DSN(postgres.RoleApp), "person|"+role+"|||"+who)
			require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
			assert.Zero(t, n, "%s reads %s", who, table)
			require.NoError(t, conn.Close(t.Context()))
		}
	}
	for kind, may := range map[string]bool{"person.put": true, "case.amend": false} {
		conn := connect(t, db.DSN(postgres.RoleApp))
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), strings.NewReplacer("WHO", "an", "gen_random_uuid()", "'0a0a0a0a-0000-4000-8000-000000000001'").Replace(claim))
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `SELECT journal_append('0a0a0a0a-0000-4000-8000-000000000001', 'applied', NULL, now(), ARRAY[$1], '{1}', '{person}', '{4}', '{1}', '{2}', '{"{}"}', true)`, kind)
		assert.Equal(t, may, err == nil, "the security administrator writes %s: %v", kind, err)
		require.NoError(t, tx.Rollback(t.Context()))
		require.NoError(t, conn.Close(t.Context()))
	}
}
