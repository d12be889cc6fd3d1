package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestTheJournalIsAppendOnly: no role writes past journal_append, and triggers stop even the superuser's slips.
func TestTheJournalIsAppendOnly(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	for _, role := range []string{"guatu_app", "guatu_owner", "postgres"} {
		conn, err := pgx.Connect(t.Context(), db.DSN(role))
		require.NoError(t, err)
		for _, s := range []string{`UPDATE guatu.journal SET actor = 'x'`, `DELETE FROM guatu.journal`, `TRUNCATE guatu.journal`, `UPDATE guatu.shape SET area = 1`} {
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
