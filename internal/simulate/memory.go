package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// memory is the database of the simulation: the contract of ledger.Store with the
// state in maps, one transaction at a time. A test holds it against PostgreSQL:
// the same operations get the same answers and make the same journal, hash for hash.
type memory struct {
	campaigns  map[int64]ledger.Campaign
	units      map[int64]ledger.Unit
	people     map[int64]ledger.Person
	cases      map[int64]ledger.CaseWrite
	photos     map[int64]ledger.Photo
	kept       map[int64]ledger.Kept
	operations map[uuid.UUID]*operation
	journal    []ledger.JournalRow
	history    map[string]map[int64][]ledger.NounHistory

	byNoun   map[noun][]int         // places in the journal
	ofCase   map[int64][]int64      // photos by case, in the order of their ids
	byHash   map[photo.Hash][]int64 // photos that ever had a file
	numbers  map[string]int64
	lastID   int64
	recorded time.Time
	files    files

	// fails says whether the transaction breaks: before its commit, after it, or not at all.
	fails func() breakage
}

type noun struct {
	noun string
	id   int64
}

// operation is a claimed operation with its outcome.
type operation struct {
	claim   ledger.Claim
	outcome ledger.Outcome
}

// breakage is where a server or its connection breaks.
type breakage int

const (
	whole breakage = iota
	beforeCommit
	afterCommit
	pretended // answered without a commit: what no database may do, for the tests of the checks
)

// errBroken is what the caller of a broken transaction sees.
var errBroken = errors.New("the connection to the database broke")

func newMemory() *memory {
	return &memory{
		campaigns: map[int64]ledger.Campaign{}, units: map[int64]ledger.Unit{}, people: map[int64]ledger.Person{},
		cases: map[int64]ledger.CaseWrite{}, photos: map[int64]ledger.Photo{}, kept: map[int64]ledger.Kept{},
		operations: map[uuid.UUID]*operation{}, history: map[string]map[int64][]ledger.NounHistory{ledger.NounCase: {}, ledger.NounPhoto: {}},
		byNoun: map[noun][]int{}, ofCase: map[int64][]int64{}, byHash: map[photo.Hash][]int64{}, numbers: map[string]int64{}, files: files{},
		fails: func() breakage { return whole },
	}
}

// InTx implements ledger.Store. What is written waits for the commit; ids and
// numbers that were drawn are gone with a transaction that breaks, as sequences are.
func (m *memory) InTx(_ context.Context, scope auth.Scope, f func(ledger.Tx) error) error {
	return f(&tx{memory: m, actor: scope.Actor(), fails: m.fails(), drawn: map[string]int64{}})
}

// Outcome implements ledger.Store.
func (m *memory) Outcome(_ context.Context, opID uuid.UUID) (ledger.Outcome, error) {
	op, known := m.operations[opID]
	if !known {
		return ledger.Outcome{}, fault.New(fault.KindNotFound, "operation_not_found", "没有这个操作", "there is no such operation")
	}
	return op.outcome, nil
}

// PersonEntries implements ledger.Store.
func (m *memory) PersonEntries(_ context.Context, code string) ([]ledger.Recorded, error) {
	var found []ledger.Recorded
	for id, p := range m.people {
		if p.Code != code {
			continue
		}
		for _, at := range m.byNoun[noun{ledger.NounPerson, id}] {
			found = append(found, m.journal[at].Recorded)
		}
	}
	return found, nil
}

// tx is one transaction.
type tx struct {
	*memory
	ledger.Tx // what no change of the simulation asks for: nil, a call ends the run

	actor auth.Actor
	claim ledger.Claim
	fails breakage
	drawn map[string]int64 // numbers of cases, by campaign and prefix
}

// Claim implements ledger.Tx.
func (t *tx) Claim(_ context.Context, c ledger.Claim) (*ledger.Claim, error) {
	if earlier, taken := t.operations[c.OpID]; taken {
		return &earlier.claim, nil
	}
	t.claim = c
	return nil, nil //nolint:nilnil // no earlier claim is the ordinary case
}

// Lock implements ledger.Tx: there is nobody to wait for.
func (t *tx) Lock(_ context.Context, l ledger.Locks) (ledger.Locked, error) {
	there := ledger.Locked{
		Cases: map[int64]campaign.Case{}, Parcels: map[int64]ledger.LockedParcel{}, Enterprises: map[int64]ledger.Enterprise{}, Conflicts: map[int64]ledger.Kept{},
		People: map[string]ledger.Person{}, Campaigns: maps.Clone(t.campaigns), Lands: map[int64]ledger.Land{}, Photos: map[int64][]ledger.Photo{}, Contacts: map[int64]ledger.Contact{},
	}
	for _, id := range l.Cases {
		t.lockCase(id, &there)
	}
	for _, id := range l.Conflicts {
		if k, ok := t.kept[id]; ok {
			there.Conflicts[id] = k
			t.place(&there, t.cases[k.NounID].Case)
		}
	}
	for id := range t.campaigns {
		there.Running = max(there.Running, id)
	}
	return there, nil
}

func (t *tx) lockCase(id int64, there *ledger.Locked) {
	written, ok := t.cases[id]
	if !ok {
		return
	}
	c := written.Case
	t.place(there, c)
	if !t.actor.Has(c.Unit, c.Village) {
		return
	}
	c.Marks, c.Sides, c.Requests, c.Shares = maps.Clone(c.Marks), maps.Clone(c.Sides), maps.Clone(c.Requests), slices.Clone(c.Shares)
	there.Cases[id] = c
	there.Photos[id] = t.photosOf(id)
}

// place says in whose area something lies, to an actor of a unit alone.
func (t *tx) place(there *ledger.Locked, c campaign.Case) {
	if t.actor.Unit != "" {
		there.Places = append(there.Places, ledger.Place{Unit: c.Unit, Village: c.Village})
	}
}

// photosOf are the photos of a case by id.
func (m *memory) photosOf(id int64) []ledger.Photo {
	var found []ledger.Photo
	for _, photo := range m.ofCase[id] {
		found = append(found, m.photos[photo])
	}
	return found
}

// Entries implements ledger.Tx.
func (t *tx) Entries(_ context.Context, q ledger.Query) ([]ledger.Recorded, error) {
	var found []ledger.Recorded
	for _, id := range q.NounIDs {
		for _, at := range t.byNoun[noun{q.Noun, id}] {
			if e := t.journal[at].Recorded; e.Version > q.AfterVersion && e.ID >= q.From {
				found = append(found, t.journal[at].Recorded)
			}
		}
	}
	slices.SortFunc(found, func(a, b ledger.Recorded) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// UnitNames implements ledger.Tx.
func (t *tx) UnitNames(context.Context) (map[string]campaign.Text, error) {
	names := map[string]campaign.Text{}
	for _, u := range t.units {
		names[u.Code] = u.Name
	}
	return names, nil
}

// UnitCodes implements ledger.Tx.
func (t *tx) UnitCodes(context.Context) (map[int64]string, error) {
	codes := map[int64]string{}
	for id, u := range t.units {
		codes[id] = u.Code
	}
	return codes, nil
}

// Touched implements ledger.Tx.
func (t *tx) Touched(_ context.Context, batch uuid.UUID) (ledger.Touched, error) {
	touched := ledger.Touched{Nouns: map[string][]int64{}}
	op, known := t.operations[batch]
	if !known || op.outcome.Revision == 0 {
		return touched, nil
	}
	touched.First, touched.Last, touched.Author = op.outcome.First, op.outcome.Revision, op.claim.Actor
	for at := touched.Last; at >= touched.First; at-- {
		e := t.journal[at-1]
		if !slices.Contains(touched.Nouns[e.Noun], e.NounID) {
			touched.Nouns[e.Noun] = append(touched.Nouns[e.Noun], e.NounID)
		}
	}
	return touched, nil
}

// Sheets implements ledger.Tx: none are filled here.
func (*tx) Sheets(context.Context, ledger.SheetQuery) ([]campaign.Filled, error) { return nil, nil }

// PhotoHeld implements ledger.Tx.
func (t *tx) PhotoHeld(_ context.Context, person string, sha256 []byte) (size int64, held bool, err error) {
	f, held := t.files.held(sha256, person)
	return f.Size, held, nil
}

// CasesOfPhotos implements ledger.Tx.
func (t *tx) CasesOfPhotos(_ context.Context, ids []int64) ([]int64, error) {
	var cases []int64
	for _, id := range ids {
		for _, h := range t.history[ledger.NounPhoto][id] {
			p, err := ledger.PhotoOf(id, h.Version, h.Fields)
			if err != nil {
				return nil, err
			}
			cases = append(cases, p.Case)
		}
	}
	slices.Sort(cases)
	return slices.Compact(cases), nil
}

// NewIDs implements ledger.Tx.
func (t *tx) NewIDs(_ context.Context, n int) ([]int64, error) {
	ids := make([]int64, n)
	for i := range ids {
		t.lastID++
		ids[i] = t.lastID
	}
	return ids, nil
}

// NextCaseNumber implements ledger.Tx. The number is drawn with the commit: a broken transaction leaves no gap.
func (t *tx) NextCaseNumber(_ context.Context, campaignID int64, prefix string) (int64, error) {
	key := fmt.Sprint(campaignID, prefix)
	t.drawn[key]++
	return t.numbers[key] + t.drawn[key], nil
}
