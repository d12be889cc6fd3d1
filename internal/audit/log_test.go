package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// rows are the entries that are in the log.
func (h *house) rows(t *testing.T, kinds ...audit.Kind) []audit.Row {
	t.Helper()
	page, err := h.store.AccessEntries(t.Context(), auth.System(), audit.Query{Kinds: kinds, Limit: 1000})
	require.NoError(t, err)
	return page
}

func TestWhatIsRecordedIsThereWhenItReturns(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ctx := audit.From(t.Context(), audit.Origin{Actor: "shen", Login: "shen.a", Address: "10.1.2.3", Agent: "Firefox", Request: "R1"})
	require.NoError(t, h.Record(ctx, audit.Entry{Kind: audit.Export, Object: "ledger", Details: map[string]any{"rows": 50, "format": "csv", "a": "<&>"}}))
	r := h.rows(t)[0]
	assert.Equal(t, "shen shen.a 10.1.2.3 Firefox R1 done", strings.Join([]string{r.Actor, r.Login, r.Address, r.Agent, r.Request, r.Outcome}, " "))
	require.Equal(t, []byte(`{"a":"<&>","format":"csv","rows":50}`), []byte(r.Text), "canonical, to the byte")
	assert.True(t, h.now.Equal(r.HappenedAt))
}

// TestNothingSomebodySendsKeepsAnEntryOut: names and agents are chosen by strangers.
func TestNothingSomebodySendsKeepsAnEntryOut(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for i, evil := range []string{"a\x00b", "a\nb\r", "\xff\xfe", strings.Repeat("字", 500), "'; DROP TABLE access_log; --", "\u2028", "=HYPERLINK(1)"} {
		e := audit.Entry{Kind: audit.Refused, Outcome: evil, Agent: evil, Object: evil, Login: evil, Details: map[string]any{"said": evil, "big": strings.Repeat(evil, 900)}}
		require.NoError(t, h.Record(t.Context(), e), "%q", evil)
		assert.Len(t, h.rows(t), i+1)
	}
	assert.Empty(t, h.verify(t).Findings)
}

func TestNobodyWaitsForANotedEntryAndNoneIsLost(t *testing.T) {
	t.Parallel()
	h := setup(t)
	var wg sync.WaitGroup
	for who := range 20 {
		wg.Go(func() {
			for i := range 100 {
				h.Note(t.Context(), audit.Entry{Kind: audit.Refused, Actor: fmt.Sprint("p", who), Object: strconv.Itoa(i)})
			}
		})
	}
	wg.Wait()
	require.NoError(t, h.Close(t.Context()))
	h.Note(t.Context(), audit.Entry{Kind: audit.Refused})
	require.Error(t, h.Record(t.Context(), audit.Entry{Kind: audit.SignIn}), "what cannot be logged does not happen")
	report := h.verify(t)
	assert.EqualValues(t, 2000, report.Entries)
	assert.Empty(t, report.Findings)
}

// away is a database that does not answer while it is down.
type away struct {
	audit.Appender

	down atomic.Bool
	hurt func(lines []audit.Line) bool // refuses these
}

func (a *away) AppendAccess(ctx context.Context, at time.Time, lines []audit.Line, job audit.Job) (bool, error) {
	if a.down.Load() {
		return false, fault.New(fault.KindUnavailable, "database_away", "暂时连不上数据库", "the database cannot be reached")
	}
	if a.hurt != nil && a.hurt(lines) {
		return false, errors.New("this cannot be stored")
	}
	return a.Appender.AppendAccess(ctx, at, lines, job)
}

func TestWhileTheDatabaseIsAwayNotedEntriesWaitAndRecordsFail(t *testing.T) {
	t.Parallel()
	h := setup(t)
	db := &away{Appender: h.store}
	db.down.Store(true)
	log := h.open(t, db)
	log.Note(t.Context(), audit.Entry{Kind: audit.Refused, Object: "first"})
	err := log.Record(t.Context(), audit.Entry{Kind: audit.SignIn, Login: "shen"})
	assert.Equal(t, fault.KindUnavailable, fault.KindOf(err))
	assert.True(t, fault.Is(log.Settle(t.Context(), audit.Entry{Kind: audit.AccountClosed, Object: "second"}), "logged_later"))
	db.down.Store(false)
	require.NoError(t, log.Record(t.Context(), audit.Entry{Kind: audit.SignIn, Login: "lu"}))
	rows := h.rows(t)
	require.Len(t, rows, 3)
	assert.Equal(t, "lu", rows[0].Login)
	assert.Equal(t, "second", rows[1].Object, "what has happened is not forgotten")
	assert.Equal(t, "first", rows[2].Object, "in the order in which they came")
}

// TestWhatIsLeftAtTheEndGoesToAFileAndIntoTheNextLog: a clean stop loses nothing.
func TestWhatIsLeftAtTheEndGoesToAFileAndIntoTheNextLog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	db := &away{Appender: h.store}
	db.down.Store(true)
	log := h.open(t, db)
	for i := range 10 {
		log.Note(t.Context(), audit.Entry{Kind: audit.Refused, Object: strconv.Itoa(i)})
	}
	require.NoError(t, log.Close(t.Context()))
	path := filepath.Join(h.folder, audit.SpoolFile)
	st, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	assert.Empty(t, h.rows(t))

	h.now = h.now.Add(time.Hour)
	db.down.Store(false)
	next := h.open(t, db)
	require.NoError(t, next.Record(t.Context(), audit.Entry{Kind: audit.SignIn}))
	require.NoError(t, next.Close(t.Context()))
	rows := h.rows(t, audit.Refused)
	require.Len(t, rows, 10)
	assert.True(t, rows[0].HappenedAt.Before(h.now), "when it happened, not when it was written")
	_, err = os.Stat(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestAnEntryThatCannotBeStoredStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	log := h.open(t, &away{Appender: h.store, hurt: func(lines []audit.Line) bool {
		for _, l := range lines {
			if l.Object == "poison" {
				return true
			}
		}
		return false
	}})
	log.Note(t.Context(), audit.Entry{Kind: audit.Refused, Object: "poison"})
	log.Note(t.Context(), audit.Entry{Kind: audit.Refused, Object: "good"})
	require.NoError(t, log.Record(t.Context(), audit.Entry{Kind: audit.SignIn}))
	assert.Len(t, h.rows(t), 2)
}
