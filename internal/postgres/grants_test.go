package postgres_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/postgres"
)

// restricted are the roles of rights-grants.csv; PUBLIC stands for whoever else can connect.
func restricted() []string { return []string{"app", "reader", "auditor", "gate"} }

// grants are the privileges as "role table verb column"; of deleting and truncating, the column is *.
type grants map[string]bool

func reviewedGrants(t *testing.T, conn *pgx.Conn) grants {
	t.Helper()
	_, rows := readTable(t, "rights-grants.csv")
	g := grants{}
	for _, row := range rows {
		for table := range strings.FieldsSeq(row[1]) {
			columns := strings.Fields(row[3])
			if row[3] == "*" {
				columns = columnsOf(t, conn, table)
			}
			for verb := range strings.FieldsSeq(row[2]) {
				if verb == "delete" {
					g[row[0]+" "+table+" delete *"] = true
					continue
				}
				for _, c := range columns {
					g[row[0]+" "+table+" "+verb+" "+c] = true
				}
			}
		}
	}
	return g
}

func columnsOf(t *testing.T, conn *pgx.Conn, table string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT attname::text FROM pg_attribute WHERE attrelid = ('guatu.' || $1)::regclass AND attnum > 0 AND NOT attisdropped`, table)
	require.NoError(t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return columns
}

// granted are the privileges as they are, of one table or ("") of all.
func granted(ctx context.Context, q interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}, table string,
) (grants, error) {
	rows, err := q.Query(ctx, `SELECT r.role || ' ' || c.relname || ' ' || v.verb || ' ' || a.attname
		FROM unnest($1::text[]) AS r (role), unnest(ARRAY['select', 'insert', 'update', 'references']) AS v (verb), pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'guatu'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND ($2 = '' OR c.relname = $2)
			AND has_column_privilege('guatu_' || r.role, c.oid, a.attnum, v.verb)
		UNION ALL
		SELECT r.role || ' ' || c.relname || ' ' || v.verb || ' *' FROM unnest($1::text[]) AS r (role), unnest(ARRAY['delete', 'truncate', 'trigger']) AS v (verb), pg_class c
		WHERE c.relnamespace = 'guatu'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND ($2 = '' OR c.relname = $2) AND has_table_privilege('guatu_' || r.role, c.oid, v.verb)`,
		restricted(), table)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	g := make(grants, len(found))
	for _, name := range found {
		g[name] = true
	}
	return g, err
}

// beyond are those of g that are not in other.
func (g grants) beyond(other grants) []string {
	var list []string
	for name := range g {
		if !other[name] {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// TestGrantsAreAsTheTableSays holds every column of every table and view.
func TestGrantsAreAsTheTableSays(t *testing.T) {
	t.Parallel()
	conn := connect(t, server.Open(t).DSN("postgres"))
	want := reviewedGrants(t, conn)
	is, err := granted(t.Context(), conn, "")
	require.NoError(t, err)
	assert.Empty(t, is.beyond(want), "granted, but not in the reviewed table")
	assert.Empty(t, want.beyond(is), "in the reviewed table, but not granted")
}

// TestNoRoleGoesPastThePolicies: but the backup's, which reads everything and can write nothing.
func TestNoRoleGoesPastThePolicies(t *testing.T) {
	t.Parallel()
	conn := connect(t, server.Open(t).DSN("postgres"))
	rows, err := conn.Query(t.Context(), `SELECT rolname::text, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication, rolbypassrls,
		EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid <> 'pg_read_all_data'::regrole),
		EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'guatu'::regnamespace AND c.relowner = r.oid)
			OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'guatu'::regnamespace AND p.proowner = r.oid)
		FROM pg_roles r WHERE rolname LIKE 'guatu_%'`)
	require.NoError(t, err)
	var name string
	var powerful, past, member, owns bool
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&name, &powerful, &past, &member, &owns}, func() error {
		n++
		assert.False(t, powerful || member, name)
		assert.Equal(t, name == "guatu_backup", past, name)
		assert.Equal(t, name == postgres.RoleOwner, owns, name)
		return nil
	})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, n, 6)
}

// TestWaysPastThePoliciesAreNamed: functions that run as their owner, and views.
func TestWaysPastThePoliciesAreNamed(t *testing.T) {
	t.Parallel()
	conn := connect(t, server.Open(t).DSN("postgres"))
	_, rows := readTable(t, "rights-functions.csv")
	want := map[string]string{}
	for _, row := range rows {
		if row[0] == "function" || row[0] == "view" {
			want[row[0]+" "+row[1]] = row[2]
		}
		assert.NotEmpty(t, row[3], row[1])
	}
	found, err := conn.Query(t.Context(), `
		SELECT 'function ' || p.proname, coalesce((SELECT string_agg(r, ' ' ORDER BY r) FROM unnest($1::text[]) AS r WHERE has_function_privilege('guatu_' || r, p.oid, 'execute')), '')
		FROM pg_proc p WHERE p.pronamespace = 'guatu'::regnamespace AND p.prosecdef
		UNION ALL
		SELECT 'view ' || c.relname, coalesce((SELECT string_agg(r, ' ' ORDER BY r) FROM unnest($1::text[]) AS r WHERE has_table_privilege('guatu_' || r, c.oid, 'select')), '')
		FROM pg_class c WHERE c.relnamespace = 'guatu'::regnamespace AND c.relkind IN ('v', 'm')`, restricted())
	require.NoError(t, err)
	is := map[string]string{}
	var name, users string
	_, err = pgx.ForEachRow(found, []any{&name, &users}, func() error { is[name] = users; return nil })
	require.NoError(t, err)
	assert.Equal(t, want, is)
}

// TestOwnersFunctionsTellNothing calls what runs as its owner as somebody of 洪合, and without a context.
func TestOwnersFunctionsTellNothing(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	town, none := connectIn(t, a.db.DSN(postgres.RoleApp), "person|town|honghe||me|"+a.honghe), connectIn(t, a.db.DSN(postgres.RoleApp), "")
	for _, view := range []string{"public_case", "public_parcel", "place_of"} {
		var whole string
		require.NoError(t, town.QueryRow(t.Context(), `SELECT coalesce(string_agg(v::text, ' '), '') FROM `+view+` v`).Scan(&whole))
		assert.NotEmpty(t, whole, view)
		for _, secret := range []string{"other", "甲", "乙"} { // label, name and responsible person of the other unit's case
			assert.NotContains(t, whole, secret, view)
		}
		var n int
		require.NoError(t, none.QueryRow(t.Context(), `SELECT count(*) FROM `+view).Scan(&n))
		assert.Zero(t, n, "%s without a context", view)
	}
	var pg *pgconn.PgError
	_, err := town.Exec(t.Context(), `SELECT history_close(1, '{case}', '{1}')`)
	require.ErrorAs(t, err, &pg)
	assert.Equal(t, "42501", pg.Code)
	// Somebody else's operation cannot be closed: the owner finds it, but it is not open; one that is open belongs to its own transaction.
	_, err = none.Exec(t.Context(), `SELECT * FROM journal_append('00000000-0000-0000-0000-000000000002', 'applied', NULL, now(), '{}', '{}', '{}', '{}', '{}', '{}', '{}', true)`)
	require.Error(t, err, "without a context there is no operation")
	var faults int
	require.NoError(t, none.QueryRow(t.Context(), `SELECT count(*) FROM land_faults('{1}', ARRAY[ST_GeomFromText('MULTIPOLYGON(((120.60 30.60,120.65 30.60,120.65 30.65,120.60 30.60)))', 4490)], ARRAY[NULL::geometry], '{}')`).Scan(&faults))
	assert.Zero(t, faults)
}

// TestCopyIsUnderThePolicies: COPY TO gives what SELECT gives; nothing comes in by COPY FROM.
func TestCopyIsUnderThePolicies(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	town := connectIn(t, a.db.DSN(postgres.RoleApp), "person|town|honghe||me|"+a.honghe)
	var out strings.Builder
	_, err := town.PgConn().CopyTo(t.Context(), &out, `COPY case_file (code, label) TO STDOUT`)
	require.NoError(t, err)
	assert.Contains(t, out.String(), "own")
	assert.NotContains(t, out.String(), "other")
	_, err = town.CopyFrom(t.Context(), pgx.Identifier{"case_counter"}, []string{"campaign_id", "prefix", "next"}, pgx.CopyFromRows([][]any{{int64(1), "zz", int64(1)}}))
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg)
	assert.Equal(t, "0A000", pg.Code)
}

// TestABackupIsWhole: pg_dump switches row-level security off and stops where it would thin a table.
func TestABackupIsWhole(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	backup := connectIn(t, a.db.DSN("guatu_backup"), "")
	_, err := backup.Exec(t.Context(), `SET row_security = off`)
	require.NoError(t, err)
	for table := range a.specimens {
		var all, dumped int
		require.NoError(t, a.super.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&all))
		require.NoError(t, backup.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&dumped))
		assert.Equal(t, all, dumped, table)
		_, err := backup.Exec(t.Context(), `DELETE FROM `+table)
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg, table)
		assert.Equal(t, "42501", pg.Code, table)
	}
	app := connectIn(t, a.db.DSN(postgres.RoleApp), "program")
	_, err = app.Exec(t.Context(), `SET row_security = off; SELECT * FROM case_file`)
	assert.ErrorContains(t, err, "row-level security", "the application cannot switch it off")
}

// TestPoliciesAreAskedOnceAStatement: the context is an init-plan, and boxes are looked up in their index before policies are asked.
func TestPoliciesAreAskedOnceAStatement(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	conn := connectIn(t, a.db.DSN(postgres.RoleApp), "person|town|honghe||me|"+a.honghe)
	_, err := conn.Exec(t.Context(), `SET enable_seqscan = off`)
	require.NoError(t, err)
	plan := func(sql string) string {
		rows, err := conn.Query(t.Context(), `EXPLAIN (VERBOSE, COSTS off) `+sql)
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return strings.Join(lines, "\n")
	}
	for _, sql := range []string{`SELECT label FROM case_file WHERE id = 1`, `SELECT name FROM enterprise WHERE id = 1`, `SELECT label FROM parcel WHERE id = 1`, `SELECT body FROM journal WHERE noun = 'case' AND noun_id = 1`} {
		text := plan(sql)
		assert.Contains(t, text, "InitPlan", sql)
		for line := range strings.SplitSeq(text, "\n") { // a function of the context in a filter would be asked for each row
			if strings.Contains(line, "Filter:") {
				for _, f := range []string{"whole()", "own_units()", "context_part", "insider()", "actor_code()", "current_setting"} {
					assert.NotContains(t, line, f, "%s\n%s", sql, text)
				}
			}
		}
	}
	assert.Contains(t, plan(`SELECT hash FROM shape WHERE geom && ST_MakeEnvelope(120.6, 30.6, 120.61, 30.61, 4490)`), "shape_geom_gist")
	assert.Contains(t, plan(`SELECT label FROM case_file WHERE id = 1`), "case_file_pk")
	assert.Contains(t, plan(`SELECT body FROM journal WHERE noun = 'case' AND noun_id = 1 AND version > 0`), "Index Cond")
}
