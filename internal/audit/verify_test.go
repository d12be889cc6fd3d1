package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
)

// What a superuser would do who knows how the chains are made: every hash from an entry to the end computed anew, the head too.
const (
	rechainLog = `DO $$ DECLARE r access_log; h bytea; BEGIN
		FOR r IN SELECT * FROM access_log ORDER BY id LOOP
			IF h IS NULL THEN h := r.prev_hash; END IF;
			UPDATE access_log SET prev_hash = h, hash = sha256(h || convert_to(concat_ws(E'\n', id::text,
				(extract(epoch FROM recorded_at) * 1000000)::bigint::text, (extract(epoch FROM happened_at) * 1000000)::bigint::text,
				kind, outcome, actor, login, address, agent, request, object, details), 'UTF8')) WHERE id = r.id RETURNING hash INTO h;
		END LOOP;
		UPDATE access_head SET hash = h, id = (SELECT max(id) FROM access_log);
	END $$`
	rechainJournal = `DO $$ DECLARE r journal; h bytea; BEGIN
		FOR r IN SELECT * FROM journal ORDER BY id LOOP
			IF h IS NULL THEN h := r.prev_hash; END IF;
			UPDATE journal SET prev_hash = h, hash = sha256(h || convert_to(concat_ws(E'\n', id::text,
				(extract(epoch FROM recorded_at) * 1000000)::bigint::text, (extract(epoch FROM happened_at) * 1000000)::bigint::text,
				actor, device, op_id::text, batch_id::text, kind, kind_version::text, noun, noun_id::text,
				base_version::text, version::text, body), 'UTF8')) WHERE id = r.id RETURNING hash INTO h;
		END LOOP;
		UPDATE journal_head SET hash = h, id = (SELECT max(id) FROM journal);
	END $$`
	// retie makes what each chain says of the other true again.
	retieLog = `UPDATE access_log l SET details = (l.details::jsonb || jsonb_build_object('hash', encode(j.hash, 'hex')))::text FROM journal j
		WHERE l.kind = 'log.tie' AND j.id = (l.details::jsonb ->> 'id')::bigint`
	retieJournal = `UPDATE journal j SET body = '{"after":{"hash":"' || encode(l.hash, 'hex') || '"}}' FROM access_log l WHERE j.noun = 'access_log' AND l.id = j.version`
)

// TestVerifyNamesWhatASuperuserDidToTheLog: the log holds 1 tie, 2 anchor (of 27 November), 3 to 5 sign-ins of shen, lu and
// mei, 6 tie, 7 anchor (of the 28th), 8 a sign-in of he; the journal 1 head of the log, 2 and 3 people, 4 head of the log.
func TestVerifyNamesWhatASuperuserDidToTheLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements []string
		wants      string
		entry      int64
	}{
		"an edited entry":          {[]string{`UPDATE access_log SET actor = 'he' WHERE id = 4`}, "entry 4 of the access log (session.begin) was edited", 4},
		"an edited detail":         {[]string{`UPDATE access_log SET details = '{"x":1}' WHERE id = 4`}, "entry 4 of the access log (session.begin) was edited", 4},
		"a deleted entry":          {[]string{`DELETE FROM access_log WHERE id = 4`}, "missing between 3 and 5", 5},
		"an inserted entry":        {[]string{`UPDATE access_log SET id = id + 10 WHERE id > 4`, `UPDATE access_log SET id = id - 9 WHERE id > 10`, `INSERT INTO access_log SELECT 5, prev_hash, hash, recorded_at, happened_at, kind, outcome, actor, login, address, agent, request, object, details FROM access_log WHERE id = 4`}, "entry 5 of the access log (session.begin) was edited", 5},
		"a swapped pair":           {[]string{`UPDATE access_log SET id = -1 WHERE id = 3`, `UPDATE access_log SET id = 3 WHERE id = 4`, `UPDATE access_log SET id = 4 WHERE id = -1`}, "entry 3 of the access log", 3},
		"a cut tail":               {[]string{`DELETE FROM access_log WHERE id = 8`}, "should end at entry 8, but ends at 7", 7},
		"a cut beginning":          {[]string{`DELETE FROM access_log WHERE id < 4`}, "the first 3 entries of the access log were deleted", 4},
		"a cut that is not signed": {[]string{`DELETE FROM access_log WHERE id < 4`, `UPDATE access_log SET kind = 'log.cut', details = '{"through":3,"hash":"' || (SELECT encode(prev_hash, 'hex') FROM access_log WHERE id = 4) || '","signature":"AAAA"}' WHERE id = 5`}, "the first 3 entries of the access log were deleted", 4},
		"another beginning":        {[]string{`UPDATE access_log SET prev_hash = sha256('x') WHERE id = 1`, rechainLog}, "the beginning of the access log was replaced", 1},
		"a past computed anew":     {[]string{`UPDATE access_log SET actor = 'he' WHERE id = 4`, rechainLog}, "not what entry 4 of the journal says", 6},
		"a tail cut with its head": {[]string{`DELETE FROM access_log WHERE id > 5`, rechainLog}, "recomputed or cut: it is not what entry 4 of the journal says", 6},
		"both chains computed anew and tied again": {
			[]string{`UPDATE access_log SET actor = 'he' WHERE id = 4`, rechainLog, retieJournal, rechainJournal, retieLog, rechainLog, retieJournal, rechainJournal},
			"it is not what the anchor of 2026-11-28 says", 6,
		},
		"a journal computed anew": {
			[]string{`UPDATE journal SET actor = 'lu' WHERE id = 2`, rechainJournal}, "the journal up to entry 3 was recomputed or cut: it is not what entry 6 of the access log says", 6,
		},
		"a journal cut with its head": {
			[]string{`DELETE FROM journal WHERE id >= 3`, rechainJournal}, "the journal up to entry 3 was recomputed or cut", 6,
		},
		"a journal computed anew, ties mended": {
			[]string{`UPDATE journal SET actor = 'lu' WHERE id = 2`, rechainJournal, retieLog, rechainLog, retieJournal, rechainJournal}, "the journal up to entry 4 was recomputed or cut: it is not what the anchor of 2026-11-28 says", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.fill(t)
			require.Empty(t, h.verify(t).Findings, "clean before")
			h.tamper(t, c.statements...)
			report := h.verify(t)
			assert.True(t, named(report, c.entry, c.wants), "%v", report.Findings)
		})
	}
}

// fill makes the two chains of the tests.
func (h *house) fill(t *testing.T) {
	t.Helper()
	require.NoError(t, h.keeper.Do(t.Context(), h.now))
	for _, who := range []string{"shen", "lu", "mei"} {
		h.record(t, audit.SignIn, who)
	}
	h.person(t, "shen")
	h.person(t, "lu")
	h.now = h.now.Add(24 * time.Hour)
	require.NoError(t, h.keeper.Do(t.Context(), h.now))
	h.record(t, audit.SignIn, "he")
}

func named(report audit.Report, entry int64, text string) bool {
	for _, f := range report.Findings {
		if f.Entry == entry && strings.Contains(f.Text.EN, text) {
			return true
		}
	}
	return false
}

// TestACopyOfTheAnchorsFindsWhatTheHouseNoLongerTells: whoever has the machine may edit the file too, or sign with a key of
// their own; a copy kept elsewhere is out of reach.
func TestACopyOfTheAnchorsFindsWhatTheHouseNoLongerTells(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fill(t)
	kept := h.witnesses(t)
	kept.Whole = false
	assert.Equal(t, 2, h.verify(t).Anchors)

	path := filepath.Join(h.folder, audit.AnchorsFile)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), `"id":6`, `"id":5`)), 0o600))
	assert.True(t, named(h.verify(t), 0, "the signature of 2026-11-28 is not valid"))
	require.NoError(t, os.Remove(path))
	assert.True(t, named(h.verify(t), 0, "the file of anchors lacks the anchor of 2026-11-27"))

	h.tamper(t, `UPDATE access_log SET actor = 'he' WHERE id = 4`, rechainLog, `DELETE FROM access_log WHERE kind IN ('log.anchor', 'log.tie')`, `DELETE FROM journal`, `UPDATE journal_head SET id = 0, hash = sha256('guatu journal')`)
	report, err := h.store.VerifyLog(t.Context(), kept)
	require.NoError(t, err)
	assert.True(t, named(report, 0, "the journal up to entry 1 was recomputed or cut: it is not what the anchor of"), "%v", report.Findings)

	other, err := audit.OpenKey(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	kept.Keys = []audit.Public{other.Public}
	report, err = h.store.VerifyLog(t.Context(), kept)
	require.NoError(t, err)
	assert.True(t, named(report, 0, "the signature of 2026-11-27 is not valid"))
}
