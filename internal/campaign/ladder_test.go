package campaign

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ladder() []Rung {
	return []Rung{{RungPerson, Text{"责任人", "person"}, 1}, {RungUnit, Text{"责任主体", "unit"}, 8}, {RungLeader, Text{"区领导", "leader"}, 16}, {RungWall, Text{"大屏", "wall"}, 31}}
}

// TestEachRungComesOnItsDayAndOnce: a rung is due from its day on until it was told; one that was missed comes with the next.
func TestEachRungComesOnItsDayAndOnce(t *testing.T) {
	t.Parallel()
	var told []string
	on := map[int][]string{}
	for late := range 60 {
		if due := StepsDue(ladder(), late, told); due != nil {
			on[late], told = due, append(told, due...)
		}
	}
	assert.Equal(t, map[int][]string{1: {RungPerson}, 8: {RungUnit}, 16: {RungLeader}, 31: {RungWall}}, on)
	assert.Equal(t, []string{RungUnit, RungLeader}, StepsDue(ladder(), 20, []string{RungPerson, RungHand}), "the server was away")
	next, day, more := NextRung(ladder(), "2020-09-01", []string{RungHand, RungPerson})
	assert.Equal(t, []any{RungUnit, Date("2020-09-09"), true}, []any{next.Code, day, more})
	_, _, more = NextRung(ladder(), "2020-09-01", told)
	assert.False(t, more)
}

func TestWhoIsReachedByARung(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rung, person, reader, role string
		reached                    bool
	}{
		{RungPerson, "沈某", "沈某", RoleField, true},
		{RungPerson, "沈某", "陆某", RoleField, false},
		{RungPerson, "", "沈某", RoleField, false},
		{RungPerson, "", "王某", RoleTown, true},
		{RungHand, "沈某", "沈某", RoleVillage, true},
		{RungUnit, "沈某", "沈某", RoleField, false},
		{RungUnit, "沈某", "王某", RoleTown, true},
		{RungLeader, "沈某", "李某", RoleCommander, true},
		{RungLeader, "沈某", "周某", RoleDistrict, false},
		{RungWall, "沈某", "李某", RoleCommander, false},
	} {
		assert.Equal(t, c.reached, Reaches(c.rung, c.person, c.reader, c.role), "%+v", c)
	}
}

func TestALadderThatDoesNotRiseIsRefused(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func([]Rung){
		"days that fall":   func(l []Rung) { l[1].LateDays = 1 },
		"out of order":     func(l []Rung) { l[0], l[1] = l[1], l[0] },
		"twice":            func(l []Rung) { l[1].Code = RungPerson },
		"unknown":          func(l []Rung) { l[3].Code = "mayor" },
		"without its name": func(l []Rung) { l[2].Name.EN = "" },
	} {
		l := ladder()
		require.NoError(t, Definition{Ladder: l}.checkLadder())
		spoil(l)
		assert.Error(t, Definition{Ladder: l}.checkLadder(), what)
	}
}
