package simulate

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// Append implements ledger.Tx.
func (t *tx) Append(_ context.Context, w ledger.Writes, end ledger.Ending) (ledger.Revisions, error) {
	if err := simulated(w, end); err != nil {
		return ledger.Revisions{}, err
	}
	rows, err := t.rows(end)
	if err != nil {
		return ledger.Revisions{}, err
	}
	revs := ledger.Revisions{RecordedAt: latest(t.recorded, end.RecordedAt)}
	if n := int64(len(rows)); n > 0 {
		revs.First, revs.Last = int64(len(t.journal))+1, int64(len(t.journal))+n
	}
	var kept error
	err = t.commit(func() {
		t.write(w)
		for _, row := range rows {
			row.RecordedAt = revs.RecordedAt
			t.seal(row)
		}
		if len(rows) > 0 {
			t.recorded = revs.RecordedAt
		}
		kept = t.keepHistory(end.Entries, revs.First)
		t.end(ledger.Outcome{
			OpID: end.OpID, BatchID: end.OpID, Result: end.Result, First: revs.First, Revision: revs.Last,
			RecordedAt: revs.RecordedAt, Conflicts: end.Conflicts, Entries: refsOf(end.Entries, revs.First),
		})
	})
	return revs, errors.Join(err, kept)
}

// Refuse implements ledger.Tx.
func (t *tx) Refuse(_ context.Context, _ uuid.UUID, r ledger.Refusal, _ *ledger.HeldOperation) error {
	return t.commit(func() {
		t.end(ledger.Outcome{OpID: t.claim.OpID, BatchID: t.claim.OpID, Result: ledger.Refused, Refusal: &r})
	})
}

// commit does what is to be done at once, and breaks where it is to.
func (t *tx) commit(f func()) error {
	if t.fails == beforeCommit {
		return errBroken
	}
	if t.fails == pretended {
		return nil
	}
	f()
	for key, n := range t.drawn {
		t.numbers[key] += n
	}
	if t.fails == afterCommit {
		return errBroken
	}
	return nil
}

func (t *tx) end(out ledger.Outcome) {
	t.operations[out.OpID] = &operation{claim: t.claim, outcome: out}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func refsOf(entries []ledger.Entry, first int64) []ledger.EntryRef {
	var refs []ledger.EntryRef
	for i, e := range entries {
		refs = append(refs, ledger.EntryRef{ID: first + int64(i), Kind: e.Kind, Noun: e.Noun, NounID: e.NounID, Version: e.Version})
	}
	return refs
}

// rows are the entries as they will stand in the journal, not yet in its chain.
func (t *tx) rows(end ledger.Ending) ([]ledger.JournalRow, error) {
	rows := make([]ledger.JournalRow, len(end.Entries))
	for i, e := range end.Entries {
		text, err := e.Body.Text()
		if err != nil {
			return nil, err
		}
		// What is read back is what was written, not what the writer still holds.
		if e.Body, err = ledger.ParseBody(text); err != nil {
			return nil, err
		}
		rows[i] = ledger.JournalRow{Body: string(text), Recorded: ledger.Recorded{
			Entry: e, HappenedAt: t.claim.HappenedAt, Actor: t.claim.Actor, ActorName: t.nameOf(t.claim.Actor),
			Device: t.claim.Device, OpID: t.claim.OpID, BatchID: t.claim.BatchID,
		}}
	}
	return rows, nil
}

// nameOf is a person's name; the program has none.
func (m *memory) nameOf(code string) string {
	for _, p := range m.people {
		if p.Code == code {
			return p.Name
		}
	}
	return code
}

func (m *memory) write(w ledger.Writes) {
	for _, c := range w.Campaigns {
		m.campaigns[c.ID] = c
	}
	for _, u := range w.Units {
		m.units[u.ID] = u
	}
	for _, p := range w.People {
		m.people[p.ID] = p
	}
	for _, c := range w.Cases {
		m.cases[c.Case.ID] = c
	}
	for _, id := range w.RemovedCases {
		delete(m.cases, id)
	}
	for _, id := range w.RemovedPhotos {
		of := m.photos[id].Case
		m.ofCase[of] = slices.DeleteFunc(m.ofCase[of], func(other int64) bool { return other == id })
		delete(m.photos, id)
	}
	for _, p := range w.Photos {
		if !slices.Contains(m.ofCase[p.Case], p.ID) {
			m.ofCase[p.Case] = append(m.ofCase[p.Case], p.ID)
			slices.Sort(m.ofCase[p.Case])
			if hash := photo.Hash(p.SHA256); !slices.Contains(m.byHash[hash], p.ID) {
				m.byHash[hash] = append(m.byHash[hash], p.ID)
			}
		}
		m.photos[p.ID] = p
	}
	for _, k := range w.Conflicts {
		m.kept[k.ID] = k
	}
}

// keepHistory closes the row of each case and photo that was touched and opens the next, with the state as it was written.
func (m *memory) keepHistory(entries []ledger.Entry, first int64) error {
	last := map[noun]int64{}
	for i, e := range entries {
		last[noun{e.Noun, e.NounID}] = first + int64(i)
	}
	for n, rev := range last {
		kept, has := m.history[n.noun]
		if !has {
			continue
		}
		rows := kept[n.id]
		if len(rows) > 0 && rows[len(rows)-1].ToRev == 0 {
			rows[len(rows)-1].ToRev = rev
		}
		row, there, err := m.historyRow(n, rev)
		if err != nil {
			return err
		}
		if there {
			rows = append(rows, row)
		}
		kept[n.id] = rows
	}
	return nil
}

func (m *memory) historyRow(n noun, rev int64) (row ledger.NounHistory, there bool, err error) {
	state, there, err := m.stateOf(n)
	if err != nil || !there {
		return row, there, err
	}
	row = ledger.NounHistory{ID: n.id, FromRev: rev, Version: state.Version, Fields: maps.Clone(state.Fields)}
	if n.noun == ledger.NounCase {
		row.Short, err = state.Fields.Short()
	}
	return row, there, err
}
