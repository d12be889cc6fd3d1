package postgres_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
)

// neighboursIn are the cases of the track on the parcels of a case, as memory has them: most land first.
func neighboursIn(v *chronicle.View, c *chronicle.Case) (found []dossier.Summary) {
	for _, other := range v.Cases() {
		n := dossier.Summary{
			ID: other.ID, Code: other.Code, Label: other.Label, Track: other.Track, Unit: other.Unit, Stage: other.Stage, Next: other.Next,
			Deadline: other.Deadline, Version: other.Version, Passed: other.Days(), Sides: other.SideCodes(), Reduced: other.Reduced,
		}
		beside := false
		for _, share := range other.Shares {
			if slices.ContainsFunc(c.Shares, func(own campaign.Share) bool { return own.Parcel == share.Parcel }) {
				beside, n.Land = true, n.Land+share.Area
			}
		}
		if beside && other.ID != c.ID && other.Track == c.Track {
			found = append(found, n)
		}
	}
	slices.SortFunc(found, func(a, b dossier.Summary) int {
		return cmp.Or(cmp.Compare(b.Land, a.Land), cmp.Compare(a.Code, b.Code))
	})
	return found
}

// sameNeighbours: what the file of a case says of the cases beside it is what lists say of them, without the names that
// its reader may not see. It says how many had none.
func (d *district) sameNeighbours(t *testing.T, scope auth.Scope) (nameless int) {
	t.Helper()
	if role := scope.Actor().Role; role != campaign.RoleTown && role != campaign.RoleVillage {
		return 0 // the others see the whole district, or nothing of a case
	}
	v := d.book.Now(scope, secondDay)
	for _, c := range v.Cases() {
		want := neighboursIn(v, c)
		if c.Reduced || len(want) == 0 {
			continue
		}
		file, err := d.store.Case(t.Context(), scope, c.ID)
		require.NoError(t, err)
		require.Len(t, file.Neighbours, len(want), c.Code)
		for i, n := range want {
			assert.EqualExportedValues(t, n, file.Neighbours[i], "beside %s", c.Code)
			if n.Reduced {
				nameless++
			}
		}
	}
	return nameless
}
