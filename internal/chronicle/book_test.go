package chronicle_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// journal is a history that grows: what a database would give.
type journal struct {
	mu         sync.Mutex
	definition campaign.Definition
	revision   int64
	cases      []chronicle.CaseRow // every version, by id and revision
	days       []chronicle.DayRow
}

// News implements chronicle.Source.
func (j *journal) News(_ context.Context, after int64) (chronicle.News, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := chronicle.News{Revision: j.revision}
	if after == 0 {
		n.Definitions = []chronicle.DefinitionRow{{From: 1, Definition: j.definition}}
		n.Units = []chronicle.Unit{{ID: 1, Code: "honghe"}, {ID: 2, Code: "wangdian"}}
	}
	for _, row := range j.cases {
		if row.From > after || row.To > after {
			n.Cases = append(n.Cases, row)
		}
	}
	for _, d := range j.days {
		if d.Last > after {
			n.Days = append(n.Days, d)
		}
	}
	return n, nil
}

// open is the row of a case that still holds, nil when there is none.
func (j *journal) open(id int64) *chronicle.CaseRow {
	for i := range j.cases {
		if j.cases[i].ID == id && j.cases[i].To == 0 {
			return &j.cases[i]
		}
	}
	return nil
}

// happen lets one random thing happen: a case begins, goes on, is taken back, or a day ends.
func (j *journal) happen(r *rand.Rand) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.revision++
	id := int64(1 + r.IntN(12))
	row := chronicle.CaseRow{ID: id, From: j.revision}
	if old := j.open(id); old != nil {
		old.To = j.revision
		if r.IntN(4) == 0 {
			row.ID = 0 // taken back: its listing was undone
		}
	}
	if row.ID != 0 {
		row.Version = j.revision
		row.Identity = chronicle.Identity{Code: fmt.Sprintf("XZ-%02d", id), Label: "作坊", Track: "rectify", Unit: []string{"honghe", "wangdian"}[r.IntN(2)], Shares: []campaign.Share{{Parcel: id % 5, Area: 100}}}
		row.Standing = campaign.Standing{Stage: 1 + r.IntN(9), Next: "closed", Deadline: "2020-06-30"}
		row.Recovered = 0
		row.Passed = map[string]campaign.Date{"surveyed": "2020-01-05"}
		if row.Standing.Stage >= 8 {
			row.Passed["accepted"], row.Recovered = "2020-05-05", 500
		}
		j.cases = append(j.cases, row)
		slices.SortFunc(j.cases, func(a, b chronicle.CaseRow) int { return int((a.ID-b.ID)*1_000_000 + a.From - b.From) })
	}
	day := campaign.Date("2020-01-01")
	if n := len(j.days); n > 0 {
		day = j.days[n-1].On.AddDays(r.IntN(2) * r.IntN(3))
	}
	if n := len(j.days); n > 0 && j.days[n-1].On == day {
		j.days[n-1].Last = j.revision
		return
	}
	j.days = append(j.days, chronicle.DayRow{On: day, Last: j.revision})
}

func definition(t *testing.T) campaign.Definition {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	return d
}

// told is a view in words, to compare.
func told(v *chronicle.View) []string {
	list := []string{fmt.Sprint(v.Revision, " map ", v.MapRevision())}
	for _, c := range v.Cases() {
		list = append(list, fmt.Sprint(c.Code, c.Version, c.Unit, c.Stage, c.Recovered, c.Days(), v.Late(c)))
	}
	for parcel := range int64(5) {
		for _, c := range v.OnParcel(parcel) {
			list = append(list, fmt.Sprint("on ", parcel, " ", c.Code))
		}
	}
	return list
}

// TestFedEqualsFreshAtEveryRevision: however the journal arrived, the book says
// the same of every revision, and what it once said of one it always says.
func TestFedEqualsFreshAtEveryRevision(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		j := &journal{definition: definition(t)}
		j.happen(r)
		fed, err := chronicle.Open(t.Context(), j)
		require.NoError(t, err)
		said := map[int64][]string{}
		for range 60 {
			for range 1 + r.IntN(3) {
				j.happen(r)
			}
			require.NoError(t, fed.CatchUp(t.Context(), j.revision))
			said[j.revision] = told(fed.Now(auth.Everything(), "2020-07-15"))
		}
		fresh, err := chronicle.Open(t.Context(), j)
		require.NoError(t, err)
		for revision, words := range said {
			require.Equal(t, words, told(fed.At(auth.Everything(), revision, "2020-07-15")), "seed %d revision %d", seed, revision)
			require.Equal(t, words, told(fresh.At(auth.Everything(), revision, "2020-07-15")), "seed %d revision %d", seed, revision)
		}
		last := j.days[len(j.days)-1].On
		series := fresh.Now(auth.Everything(), last).Series(campaign.MetricRecovered, "honghe", campaign.Span{From: "2019-12-30", To: last})
		for i, got := range series {
			view, err := fed.AsOf(auth.Everything(), campaign.Date("2019-12-30").AddDays(i), last)
			require.NoError(t, err)
			_, total, err := view.Select(chronicle.Filter{Unit: "honghe", Metric: campaign.MetricRecovered})
			require.NoError(t, err)
			require.EqualValues(t, total.Recovered, got, "seed %d day %d", seed, i)
		}
	}
}

func TestReadersMeetNoTornView(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	j := &journal{definition: definition(t)}
	for range 20 {
		j.happen(r)
	}
	book, err := chronicle.Open(t.Context(), j)
	require.NoError(t, err)
	then := book.Now(auth.Everything(), "2020-07-15")
	words := told(then)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for range 100 {
				assert.Equal(t, words, told(book.At(auth.Everything(), then.Revision, "2020-07-15")))
			}
		})
	}
	for range 100 {
		j.happen(r)
		require.NoError(t, book.CatchUp(t.Context(), j.revision))
	}
	readers.Wait()
}

func TestWaitingForARevision(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	j := &journal{definition: definition(t)}
	j.happen(r)
	book, err := chronicle.Open(t.Context(), j)
	require.NoError(t, err)
	require.NoError(t, book.Wait(t.Context(), 1))
	arrived := make(chan error, 1)
	go func() { arrived <- book.Wait(t.Context(), 2) }()
	j.happen(r)
	require.NoError(t, book.CatchUp(t.Context(), 2))
	require.NoError(t, <-arrived)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, fault.KindUnavailable, fault.KindOf(book.Wait(ended, 99)))
}

func TestSearchKnowsPinyin(t *testing.T) {
	t.Parallel()
	j := &journal{definition: definition(t), revision: 1}
	village := j.definition.Villages[0]
	j.cases = []chronicle.CaseRow{{ID: 1, Version: 1, From: 1, Identity: chronicle.Identity{Code: "XZ-2020-0001", Label: "宏*织造厂", Track: "rectify", Village: village.Code, Enterprise: 7}, Standing: campaign.Standing{Stage: 1}}}
	j.days = []chronicle.DayRow{{On: "2020-01-01", Last: 1}}
	book, err := chronicle.Open(t.Context(), j)
	require.NoError(t, err)
	for query, found := range map[string]bool{"织造": true, "h*zzc": false, "zzc": true, "ZZC": true, "0001": true, "xz-2020": true, string([]rune(village.Name.ZH)[:2]): true, "纸箱": false, "zxc": false} {
		list, err := book.Now(auth.Everything(), "2020-01-01").List(chronicle.Filter{Query: query}, chronicle.Paging{Limit: 5})
		require.NoError(t, err)
		assert.Equal(t, found, list.Total.Cases == 1, query)
	}
	list, err := book.Now(auth.Everything(), "2020-01-01").List(chronicle.Filter{Query: "宏联织造", Operators: []int64{7}}, chronicle.Paging{Limit: 5})
	require.NoError(t, err)
	assert.EqualValues(t, 1, list.Total.Cases, "found by its operator's name, which this room does not hold")
}
