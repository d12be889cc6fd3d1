package simulate

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/ledger"
)

var _ ledger.Evidence = (*memory)(nil)

// seal gives a row its place in the chain.
func (m *memory) seal(row ledger.JournalRow) {
	row.ID, row.PrevHash = int64(len(m.journal))+1, ledger.Genesis()
	if n := len(m.journal); n > 0 {
		row.PrevHash = m.journal[n-1].Hash
	}
	row.Hash = row.Sealed()
	of := noun{row.Noun, row.NounID}
	m.byNoun[of] = append(m.byNoun[of], len(m.journal))
	m.journal = append(m.journal, row)
}

// Head implements ledger.Evidence.
func (m *memory) Head(context.Context) (id int64, hash []byte, err error) {
	if len(m.journal) == 0 {
		return 0, ledger.Genesis(), nil
	}
	last := m.journal[len(m.journal)-1]
	return last.ID, last.Hash, nil
}

// Journal implements ledger.Evidence.
func (m *memory) Journal(context.Context) iter.Seq2[ledger.JournalRow, error] {
	return withoutError(slices.Values(m.journal))
}

// EntriesOf implements ledger.Evidence.
func (m *memory) EntriesOf(_ context.Context, of string) iter.Seq2[ledger.Recorded, error] {
	var rows []ledger.Recorded
	for _, row := range m.journal {
		if row.Noun == of {
			rows = append(rows, row.Recorded)
		}
	}
	slices.SortStableFunc(rows, func(a, b ledger.Recorded) int { return cmp.Compare(a.NounID, b.NounID) })
	return withoutError(slices.Values(rows))
}

func withoutError[V any](values iter.Seq[V]) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// StateOf implements ledger.Evidence.
func (m *memory) StateOf(_ context.Context, of string) iter.Seq2[ledger.NounState, error] {
	return func(yield func(ledger.NounState, error) bool) {
		for _, id := range m.idsOf(of) {
			state, _, err := m.stateOf(noun{of, id})
			if !yield(state, err) {
				return
			}
		}
	}
}

func (m *memory) idsOf(of string) []int64 {
	switch of {
	case ledger.NounCampaign:
		return slices.Sorted(maps.Keys(m.campaigns))
	case ledger.NounUnit:
		return slices.Sorted(maps.Keys(m.units))
	case ledger.NounPerson:
		return slices.Sorted(maps.Keys(m.people))
	case ledger.NounCase:
		return slices.Sorted(maps.Keys(m.cases))
	case ledger.NounPhoto:
		return slices.Sorted(maps.Keys(m.photos))
	case ledger.NounQuarantine:
		return slices.Sorted(maps.Keys(m.kept))
	}
	return nil
}

// stateOf is a noun as it is stored.
func (m *memory) stateOf(n noun) (state ledger.NounState, there bool, err error) {
	state.ID = n.id
	switch n.noun {
	case ledger.NounCampaign:
		c, ok := m.campaigns[n.id]
		state.Version, there = c.Version, ok
		state.Fields, err = ledger.CampaignFields(c)
	case ledger.NounUnit:
		u, ok := m.units[n.id]
		state.Version, there = u.Version, ok
		state.Fields, err = ledger.UnitFields(u)
	case ledger.NounPerson:
		p, ok := m.people[n.id]
		state.Version, there = p.Version, ok
		state.Fields, err = ledger.PersonFields(p)
	case ledger.NounCase:
		c, ok := m.cases[n.id]
		state.Version, there = c.Case.Version, ok
		state.Fields, err = ledger.CaseFields(c.Case, c.Standing)
	case ledger.NounPhoto:
		p, ok := m.photos[n.id]
		state.Version, there = p.Version, ok
		state.Fields, err = ledger.PhotoFields(p)
	case ledger.NounQuarantine:
		k, ok := m.kept[n.id]
		state.Version, there = k.Version, ok
		state.Fields, err = ledger.KeptFields(k)
	}
	return state, there, err
}

// HistoryOf implements ledger.Evidence.
func (m *memory) HistoryOf(_ context.Context, of string) iter.Seq2[ledger.NounHistory, error] {
	return func(yield func(ledger.NounHistory, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(m.history[of])) {
			for _, row := range m.history[of][id] {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// BadShapes implements ledger.Evidence: there are no shapes.
func (*memory) BadShapes(context.Context) ([]ledger.BadShape, error) { return nil, nil }
