package ledger_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

func TestPeopleAndWhatTheyMayDoAreEntriesOfTheJournal(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, auth.System(), ledger.PutPerson{Code: "he", Name: " 何某 ", Role: "field", Unit: "honghe"})
	h.apply(t, auth.System(), ledger.PutPerson{Code: "he", Name: "何某", Role: "town", Unit: "wangdian"})
	people, err := h.store.People(t.Context(), auth.Everything())
	require.NoError(t, err)
	last := people[len(people)-1]
	assert.Equal(t, "何某 town wangdian", last.Name+" "+last.Role+" "+last.Unit)
	assert.EqualValues(t, 2, last.Version)
	again := h.apply(t, auth.System(), ledger.PutPerson{Code: "he", Name: "何某", Role: "town", Unit: "wangdian"})
	assert.Zero(t, again.Revision, "nothing changed, nothing was written")
	report, err := h.store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

func TestAPersonIsEnteredProperlyOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for code, c := range map[string]ledger.PutPerson{
		"person_code_not_plain": {Code: "He某", Name: "何某", Role: "field"},
		"name_missing":          {Code: "he", Name: " ", Role: "field"},
		"role_unknown":          {Code: "he", Name: "何某", Role: "emperor"},
		"unit_unknown":          {Code: "he", Name: "何某", Role: "field", Unit: "jiabei"},
	} {
		_, err := h.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{c}})
		assert.ErrorContains(t, err, code)
	}
}
