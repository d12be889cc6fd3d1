package ledger_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/ledger"
)

// tamper runs statements as the superuser, with triggers off, as a dishonest administrator would.
func (h *house) tamper(t *testing.T, statements ...string) {
	t.Helper()
	h.db.Exec(t, "postgres", append([]string{`SET search_path = guatu, public; SET session_replication_role = replica`}, statements...)...)
}

// rehash gives an edited entry the hash that its text asks for.
const rehash = `UPDATE journal SET hash = sha256(prev_hash || convert_to(concat_ws(E'\n', id::text,
	(extract(epoch FROM recorded_at) * 1000000)::bigint::text, (extract(epoch FROM happened_at) * 1000000)::bigint::text,
	actor, device, op_id::text, batch_id::text, kind, kind_version::text, noun, noun_id::text,
	base_version::text, version::text, body), 'UTF8')) WHERE id = 8`

func TestVerifyNamesWhatASuperuserDid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements []string
		wants      string
		revision   int64
	}{
		"an edited entry": {
			[]string{`UPDATE journal SET body = replace(body, '2020-03-25', '2020-03-20') WHERE id = 8`}, "entry 8 (case", 8,
		},
		"another author":  {[]string{`UPDATE journal SET actor = 'lu' WHERE id = 7`}, "entry 7 (case", 7},
		"a deleted entry": {[]string{`DELETE FROM journal WHERE id = 8`}, "entries are missing between 7 and 9", 9},
		"a cut tail": {
			[]string{`DELETE FROM journal WHERE id = 9`}, "the journal's tail was cut", 8,
		},
		"a swapped pair": {
			[]string{`UPDATE journal SET id = -1 WHERE id = 8`, `UPDATE journal SET id = 8 WHERE id = 9`, `UPDATE journal SET id = 9 WHERE id = -1`}, "entry 8 (case", 8,
		},
		"a recomputed hash": {
			[]string{`UPDATE journal SET body = replace(body, '2020-03-25', '2020-03-20') WHERE id = 8`, rehash}, "entry 9 does not follow", 9,
		},
		"a changed state":      {[]string{`UPDATE case_file SET label = '另一家'`}, "the state (label) differs", 9},
		"a changed milestone":  {[]string{`UPDATE milestone SET done_on = '2020-03-02' WHERE code = 'filed'`}, "the state (milestone/filed) differs", 9},
		"a case from nowhere":  {[]string{`INSERT INTO case_file SELECT id + 1, version, campaign_id, track, 'XZ-2020-0009', label, unit_id, '', '', stage FROM case_file`}, "is in the state but not in the journal", 0},
		"a vanished parcel":    {[]string{`DELETE FROM parcel`}, "is in the journal but not in the state", 6},
		"a changed history":    {[]string{`UPDATE case_history SET stage = 9 WHERE version = 2`}, "the history (stage) differs", 8},
		"a lost history":       {[]string{`DELETE FROM case_history WHERE version = 2`}, "the history differs", 8},
		"a moved boundary":     {[]string{`UPDATE shape SET geom = ST_Translate(geom, 0.0001, 0)`}, "does not match its hash", 0},
		"a changed area":       {[]string{`UPDATE shape SET area = area + 20 WHERE area = (SELECT min(area) FROM shape)`}, "the areas of shape", 0},
		"a stage without work": {[]string{`UPDATE case_file SET stage = 9`}, "the state (stage) differs", 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			id := h.listed(t)
			h.apply(t, shen, mark(id, "filed", "2020-03-25"))
			h.apply(t, shen, ledger.AmendCase{Case: id, BaseVersion: 2, Fields: map[string]string{"note": "钥匙已交村"}})
			require.NoError(t, h.verify(t), "clean before")
			h.tamper(t, c.statements...)
			report, err := h.store.Verify(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, report.Findings)
			found := false
			for _, f := range report.Findings {
				found = found || (assert.ObjectsAreEqual(c.revision, f.Revision) && strings.Contains(f.Text.EN, c.wants))
			}
			assert.True(t, found, "%v", report.Findings)
		})
	}
}

// TestWhatContradictsIsKeptAsJournalled: a clock of nanoseconds leaves no difference between state and journal.
func TestWhatContradictsIsKeptAsJournalled(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	precise := ledger.New(h.store, func() time.Time { return time.Date(2020, 9, 30, 14, 12, 0, 123456789, time.UTC) }, slog.New(slog.DiscardHandler))
	for _, note := range []string{"一", "二"} {
		_, err := precise.Apply(t.Context(), shen, operation(ledger.AmendCase{Case: id, BaseVersion: 1, Fields: map[string]string{"note": note}}))
		require.NoError(t, err)
	}
	require.NoError(t, h.verify(t))
}
