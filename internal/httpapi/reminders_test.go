package httpapi_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ladder"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// servers are two ladders of servers of their own over one database, on one calendar.
type servers struct {
	calendar

	keepers [2]ladder.Keeper
}

func newServers(t *testing.T) (s servers, parcels []int64) {
	t.Helper()
	db := server.Open(t)
	s.calendar, parcels = calendarOver(t, db)
	for i := range s.keepers {
		quiet := slog.New(slog.DiscardHandler)
		store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, quiet)
		require.NoError(t, err)
		t.Cleanup(store.Close)
		s.keepers[i] = ladder.Keeper{Source: store, Door: ledger.New(store, s.clock, quiet), Now: s.clock}
	}
	return s, parcels
}

// morning is a day on which both servers look at the same time, and one of them again.
func (s servers) morning(t *testing.T, day int) {
	t.Helper()
	s.at(day)
	var both sync.WaitGroup
	for i := range s.keepers {
		both.Go(func() {
			_, err := s.keepers[i].Look(t.Context())
			assert.NoError(t, err)
		})
	}
	both.Wait()
	again, err := s.keepers[0].Look(t.Context())
	require.NoError(t, err)
	assert.False(t, again, "what was told is not told again")
	revision, _, err := s.rooms.Catalogue.Revision(t.Context())
	require.NoError(t, err)
	s.seen(t, revision)
}

func (s servers) reminders(t *testing.T, as string) gen.Reminders {
	t.Helper()
	var page gen.Reminders
	s.ask(t, request{path: "/api/v1/reminders", as: as}).into(t, &page)
	return page
}

func rungs(told []gen.Told) (list []string) {
	for _, each := range told {
		list = append(list, string(each.Rung)+" "+each.On.String())
	}
	return list
}

// tile is the number on somebody's tile 催办, and how many cases its list has; -1 where there is no such tile.
func (s servers) tile(t *testing.T, as string) (number, listed int64) {
	t.Helper()
	var strip gen.Todo
	s.ask(t, request{path: "/api/v1/todo", as: as}).into(t, &strip)
	for _, g := range strip.Groups {
		if g.Code == "told" {
			var page gen.CasePage
			s.ask(t, request{path: "/api/v1/cases?" + g.Query, as: as}).into(t, &page)
			return g.Count, page.Total
		}
	}
	return -1, -1
}

// reached asserts who has the case on their own page now.
func (s servers) reached(t *testing.T, want map[string]int64) {
	t.Helper()
	for who, n := range want {
		number, listed := s.tile(t, who)
		assert.Equal(t, []int64{n, n}, []int64{number, listed}, who)
	}
}

// TestTheLadderTellsPersonUnitLeaderAndWall: a case falls late; the person is told, then the unit, then the leader, then the
// wall's list marks it, each once with two servers on one database. Who catches up is told no further.
func TestTheLadderTellsPersonUnitLeaderAndWall(t *testing.T) {
	t.Parallel()
	s, parcels := newServers(t)
	var files [2]int64
	for i := range files {
		files[i] = s.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[i : i+1], "date": "2020-09-01"}).Entries[0].NounID
		s.change(t, "shen", fields{"kind": "case.amend", "case_id": files[i], "base_version": 1, "fields": fields{"responsible": "梅某", "plan:filed": "2020-09-26"}})
	}
	s.morning(t, 26)
	assert.Empty(t, s.reminders(t, "shen").Items, "its day is today")
	s.refuses(t, "not_late", s.post(t, "lu", text(t, operation(fields{"kind": "case.remind", "case_id": files[0]}))))

	s.morning(t, 27)
	s.reached(t, map[string]int64{"mei": 2, "shen": 0, "li": 0, "fei": 0, "lu": -1})
	s.change(t, "mei", milestone(files[1], "filed", "2020-09-27"))
	s.byHand(t, files[0])

	s.morning(t, 34)
	s.reached(t, map[string]int64{"mei": 1, "shen": 1, "li": 0, "fei": 0})
	s.morning(t, 42)
	s.reached(t, map[string]int64{"mei": 1, "shen": 1, "li": 1, "fei": 0})
	s.morning(t, 57)

	told := []string{"person 2020-09-27", "hand 2020-09-27", "unit 2020-10-04", "leader 2020-10-12", "wall 2020-10-27"}
	items := s.reminders(t, "shen").Items
	require.Len(t, items, 1, "the other has caught up")
	assert.Equal(t, told, rungs(items[0].Told))
	assert.Nil(t, items[0].Next)
	assert.Empty(t, s.reminders(t, "fei").Items, "another unit does not see it")
	wall := read[gen.WallLists](t, s.house, "/wall")
	require.Len(t, wall.Late, 1)
	assert.Equal(t, told, rungs(*wall.Late[0].Told))
	s.isAsSpecified(t, s.spec(t), "/reminders", "/reminders", "shen")
	s.onRecord(t, files)
}

// byHand: the district may send one reminder a day, the unit none.
func (s servers) byHand(t *testing.T, file int64) {
	t.Helper()
	remind := fields{"kind": "case.remind", "case_id": file, "note": "请于本周内建档"}
	s.refuses(t, "no_right", s.post(t, "shen", text(t, operation(remind))))
	sent := s.change(t, "lu", remind)
	s.refuses(t, "reminded_today", s.post(t, "li", text(t, operation(remind))))
	s.refuses(t, "not_undoable", s.post(t, "lu", text(t, operation(fields{"kind": "batch.undo", "batch_id": sent.BatchID, "reason": "误发"}))))
}

// onRecord: every step stands in the case's timeline, for its unit too, and follows from the journal; with another plan the ladder begins anew.
func (s servers) onRecord(t *testing.T, files [2]int64) {
	t.Helper()
	var said []string
	for _, e := range s.file(t, "shen", files[0]).Timeline {
		if strings.Contains(e.Text.ZH, "催办") {
			said = append(said, e.Text.ZH)
		}
	}
	assert.Equal(t, []string{"逾期催办：大屏逾期清单（尚未建档）", "逾期催办：区领导（尚未建档）", "逾期催办：责任主体（尚未建档）", "催办梅某（尚未建档）", "逾期催办：责任人梅某（尚未建档）"}, said)
	s.change(t, "shen", fields{"kind": "case.amend", "case_id": files[0], "base_version": 2, "fields": fields{"plan:filed": "2020-10-28"}})
	s.morning(t, 60)
	assert.Equal(t, []string{"person 2020-10-30"}, rungs(s.reminders(t, "lu").Items[0].Told))
	assert.Equal(t, campaign.RungUnit, string(s.reminders(t, "lu").Items[0].Next.Rung))
	store, is := s.rooms.Catalogue.(*postgres.Store)
	require.True(t, is)
	report, err := store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}
