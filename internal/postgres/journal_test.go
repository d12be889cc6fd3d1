package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/postgres"
)

// TestTheJournalIsAppendOnly: no role writes past journal_append, and triggers stop even the superuser's slips.
func TestTheJournalIsAppendOnly(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	for _, role := range []string{"guatu_app", "guatu_owner", "postgres"} {
		conn, err := pgx.Connect(t.Context(), db.DSN(role))
		require.NoError(t, err)
		for _, s := range []string{`UPDATE guatu.journal SET actor = 'x'`, `DELETE FROM guatu.journal`, `TRUNCATE guatu.journal`, `UPDATE guatu.shape SET area = 1`, `DELETE FROM guatu.reference_shape`} {
			_, err := conn.Exec(t.Context(), s)
			require.Error(t, err, "%s as %s", s, role)
		}
		require.NoError(t, conn.Close(t.Context()))
	}
	conn, err := pgx.Connect(t.Context(), db.DSN("guatu_app"))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `INSERT INTO guatu.journal SELECT j.* FROM guatu.journal j`)
	require.ErrorContains(t, err, "permission denied")
	_, err = conn.Exec(t.Context(), `SELECT guatu.history_close(1, '{}', '{}')`)
	require.ErrorContains(t, err, "permission denied")
	require.NoError(t, conn.Close(t.Context()))
}

// TestAParcelRefersToWhatIsThere: held once a statement, for every role.
func TestAParcelRefersToWhatIsThere(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	conn := connect(t, db.DSN(postgres.RoleApp))
	const insert = `INSERT INTO parcel (id, version, code, label, unit_id, shape) VALUES (1, 1, 'P1', '', $1, $2)`
	_, err := conn.Exec(t.Context(), insert, nil, []byte("no such shape"))
	require.ErrorContains(t, err, "a shape that is not there")
	db.Exec(t, "postgres", `SET search_path = guatu, public`,
		`INSERT INTO shape SELECT sha256(ST_AsEWKB(g, 'NDR')), g, 1, 1 FROM (SELECT 'SRID=4490;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'::geometry AS g) x`)
	_, err = conn.Exec(t.Context(), `INSERT INTO parcel (id, version, code, label, unit_id, shape) SELECT 1, 1, 'P1', '', 77, hash FROM shape`)
	require.ErrorContains(t, err, "a unit that is not there")
	_, err = conn.Exec(t.Context(), `INSERT INTO parcel (id, version, code, label, shape) SELECT 1, 1, 'P1', '', hash FROM shape`)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `UPDATE parcel SET unit_id = 77`)
	require.ErrorContains(t, err, "a unit that is not there")
}
