package postgres_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mutation is one way to weaken the database.
type mutation struct {
	table, name, sql string
	grant            bool // seen by the grants' test, else by the rows'
}

// mutations are every policy in turn let through everything (but one that does so already, as the reviewed table says), row-level security off and not forced for
// each table, and each privilege on a column that a role has not.
func mutations(t *testing.T, conn *pgx.Conn) []mutation {
	t.Helper()
	var all []mutation
	rows, err := conn.Query(t.Context(), `SELECT tablename::text, policyname::text, cmd FROM pg_policies 
		WHERE schemaname = 'guatu' AND NOT (coalesce(qual, 'true') = 'true' AND coalesce(with_check, 'true') = 'true') ORDER BY 1, 2`)
	require.NoError(t, err)
	var table, policy, verb string
	_, err = pgx.ForEachRow(rows, []any{&table, &policy, &verb}, func() error {
		clause := map[string]string{"SELECT": "USING (true)", "DELETE": "USING (true)", "INSERT": "WITH CHECK (true)", "UPDATE": "USING (true) WITH CHECK (true)", "ALL": "USING (true) WITH CHECK (true)"}[verb]
		require.NotEmpty(t, clause, verb)
		all = append(all, mutation{table: table, name: policy + " " + clause, sql: fmt.Sprintf("ALTER POLICY %s ON guatu.%s %s", policy, table, clause)})
		return nil
	})
	require.NoError(t, err)
	_, reviewed := readTable(t, "rights-rows.csv")
	seen := map[string]bool{}
	for _, row := range reviewed {
		if !seen[row[0]] {
			seen[row[0]] = true
			for _, how := range []string{"DISABLE", "NO FORCE"} {
				all = append(all, mutation{table: row[0], name: strings.ToLower(how) + " row-level security", sql: fmt.Sprintf("ALTER TABLE guatu.%s %s ROW LEVEL SECURITY", row[0], how)})
			}
		}
	}
	return append(all, grantMutations(t, conn, seen)...)
}

func grantMutations(t *testing.T, conn *pgx.Conn, tables map[string]bool) []mutation {
	t.Helper()
	want := reviewedGrants(t, conn)
	var all []mutation
	for table := range tables {
		for _, column := range columnsOf(t, conn, table) {
			for _, role := range restricted() {
				for _, verb := range []string{"select", "insert", "update"} {
					if !want[role+" "+table+" "+verb+" "+column] {
						all = append(all, mutation{
							table: table, name: fmt.Sprintf("grant %s (%s) to %s", verb, column, role), grant: true,
							sql: fmt.Sprintf("GRANT %s (%s) ON guatu.%s TO guatu_%s", verb, column, table, role),
						})
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b mutation) int { return strings.Compare(a.table+a.name, b.table+b.name) })
	return all
}

// TestEveryMutationIsCaught weakens the database in every way and tries the reviewed tables again: each time a denial
// must fail. Without GUATU_PROOF it takes one in forty ("make proof" takes all).
func TestEveryMutationIsCaught(t *testing.T) {
	t.Parallel()
	step := 40
	if os.Getenv("GUATU_PROOF") != "" {
		step = 1
	}
	a := newArchive(t)
	all := mutations(t, a.super)
	want := reviewedGrants(t, a.super)
	tx, err := a.super.Begin(t.Context())
	require.NoError(t, err)
	tried, caught := map[string]int{}, 0
	for i := 0; i < len(all); i += step {
		m := all[i]
		how := a.caught(t, tx, m, want)
		assert.NotEmpty(t, how, "%s: %s is not noticed", m.table, m.name)
		if how != "" {
			caught++
		}
		kind := m.name
		switch {
		case m.grant:
			kind = "a column granted"
		case strings.Contains(m.name, "("):
			kind = "a policy widened"
			t.Logf("%s, %s: %s", m.table, m.name, how)
		}
		tried[kind]++
	}
	require.NoError(t, tx.Rollback(t.Context()))
	for kind, n := range tried {
		t.Logf("%s: %d", kind, n)
	}
	t.Logf("%d of %d mutations tried, %d caught", (len(all)+step-1)/step, len(all), caught)
}

// caught is the first difference that a mutation makes, "" where it makes none. The mutation is taken back.
func (a *archive) caught(t *testing.T, tx pgx.Tx, m mutation, want grants) string {
	t.Helper()
	nested, err := tx.Begin(t.Context())
	require.NoError(t, err)
	_, err = nested.Exec(t.Context(), m.sql)
	require.NoError(t, err, m.sql)
	var found []string
	if m.grant {
		is, err := granted(t.Context(), nested, m.table)
		require.NoError(t, err)
		found = is.beyond(want)
	} else {
		found = a.differences(t, nested, m.table)
	}
	require.NoError(t, nested.Rollback(t.Context()))
	if len(found) == 0 {
		return ""
	}
	return found[0]
}
