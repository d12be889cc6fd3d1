package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/ledger"
)

// Report counts what happened in one world or, added up, in many.
type Report struct {
	Seed   uint64
	Phones int

	Operations int // done on a phone
	Steps      int // things that happened
	Checks     int // full ones

	Results    map[string]int // acknowledged, by outcome
	Refusals   map[string]int // recorded, by code
	PhotoFalls map[string]int // photos that the server would not take, by code
	Repeated   int            // operations that came again
	Entries    int

	Photos, Stored, Missing int // taken; of the state at the end, with and without their file

	Requests, LostRequests, LostAnswers, Doubled, Cut, Broken int
	Restarts, TabsKilled, Wiped, LostUnsent                   int

	failure error
}

func newReport(seed uint64) *Report {
	return &Report{Seed: seed, Results: map[string]int{}, Refusals: map[string]int{}, PhotoFalls: map[string]int{}}
}

func (r *Report) acknowledged(out ledger.Outcome) {
	r.Results[out.Result]++
	if out.Refusal != nil {
		r.Refusals[out.Refusal.Code]++
	}
	if out.Revision != 0 {
		r.Entries += int(out.Revision - out.First + 1)
	}
}

func (r *Report) refused(err error) { r.PhotoFalls[codeOf(err)]++ }

// Add adds another report up.
func (r *Report) Add(o *Report) {
	r.Phones += o.Phones
	for _, each := range []struct{ to, from *int }{
		{&r.Operations, &o.Operations},
		{&r.Steps, &o.Steps},
		{&r.Checks, &o.Checks},
		{&r.Repeated, &o.Repeated},
		{&r.Entries, &o.Entries},
		{&r.Photos, &o.Photos},
		{&r.Stored, &o.Stored},
		{&r.Missing, &o.Missing},
		{&r.Requests, &o.Requests},
		{&r.LostRequests, &o.LostRequests},
		{&r.LostAnswers, &o.LostAnswers},
		{&r.Doubled, &o.Doubled},
		{&r.Cut, &o.Cut},
		{&r.Broken, &o.Broken},
		{&r.Restarts, &o.Restarts},
		{&r.TabsKilled, &o.TabsKilled},
		{&r.Wiped, &o.Wiped},
		{&r.LostUnsent, &o.LostUnsent},
	} {
		*each.to += *each.from
	}
	r.Results, r.Refusals, r.PhotoFalls = added(r.Results, o.Results), added(r.Refusals, o.Refusals), added(r.PhotoFalls, o.PhotoFalls)
}

func added(to, from map[string]int) map[string]int {
	if to == nil {
		to = map[string]int{}
	}
	for key, n := range from {
		to[key] += n
	}
	return to
}

// Lines are the report for people.
func (r *Report) Lines() []string {
	return []string{
		fmt.Sprintf("%d phones, %d operations, %d things that happened, %d full checks", r.Phones, r.Operations, r.Steps, r.Checks),
		fmt.Sprintf("acknowledged: %s; came again %d times; %d entries", counts(r.Results), r.Repeated, r.Entries),
		"refused: " + counts(r.Refusals),
		fmt.Sprintf("photos: %d taken; at the end %d stored, %d listed as missing (cleared by a browser before they were sent); not taken: %s", r.Photos, r.Stored, r.Missing, counts(r.PhotoFalls)),
		fmt.Sprintf("the way: %d requests, %d lost, %d answers lost, %d doubled, %d uploads cut off", r.Requests, r.LostRequests, r.LostAnswers, r.Doubled, r.Cut),
		fmt.Sprintf("the server: stopped %d times, %d transactions broken; phones: %d tabs killed, %d browsers cleared with %d unsent acts", r.Restarts, r.Broken, r.TabsKilled, r.Wiped, r.LostUnsent),
	}
}

func counts(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", key, m[key]))
	}
	return strings.Join(parts, ", ")
}
