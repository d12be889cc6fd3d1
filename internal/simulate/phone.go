package simulate

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// phone is a device with one person, as frontend/src/sync works: what it has to say
// lies in its box before anything is sent, acts go first and in their order, then
// pictures, and nothing leaves the box before the server has said so.
type phone struct {
	world  *world
	actor  auth.Actor
	device string
	online bool
	skew   time.Duration // of its clock
	// locks says that its browser lets one tab alone send.
	locks   bool
	sending *tab
	tabs    []*tab

	deeds []*deed // its box
	files map[photo.Hash][]byte

	view     map[int64]ledger.Fields // the cases as it knows them
	versions map[int64]int64
	list     []int64 // of all it ever knew
	revision int64
}

// deed is something done, as it lies in the box.
type deed struct {
	op     ledger.Operation
	caseID int64
	marks  string // the milestone that it marks
	undoes uuid.UUID
	photos []*picture
	came   int // how often it came to the server
	answer *ledger.Outcome
	undone bool
}

// picture is a photo of a deed.
type picture struct {
	hash    photo.Hash
	stored  bool
	refused bool
}

func (d *deed) left() []*picture {
	if d.undone {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.photos), func(p *picture) bool { return p.stored || p.refused })
}

func (d *deed) unsent() bool { return d.answer == nil && !d.undone || len(d.left()) > 0 }

func (p *phone) deed(id uuid.UUID) *deed {
	for _, d := range p.deeds {
		if d.op.OpID == id {
			return d
		}
	}
	return nil
}

func (p *phone) unsent() bool {
	return slices.ContainsFunc(p.deeds, (*deed).unsent)
}

// now is the time as the phone tells it.
func (p *phone) now() time.Time { return p.world.now.Add(p.skew) }

// news are the entries of cases after a revision.
type news struct {
	since, revision int64
	entries         []ledger.Recorded
}

func (p *phone) take(n news) {
	for _, e := range n.entries {
		if p.versions[e.NounID] == 0 {
			p.list = append(p.list, e.NounID)
		}
		p.view[e.NounID], p.versions[e.NounID] = e.Body.Apply(p.view[e.NounID]), e.Version
	}
	p.revision = n.revision
}

func (m *memory) newsSince(revision int64) news {
	n := news{since: revision, revision: int64(len(m.journal))}
	for _, row := range m.journal[revision:] {
		if row.Noun == ledger.NounCase {
			n.entries = append(n.entries, row.Recorded)
		}
	}
	return n
}

// drop takes a deed out that has nothing to say any more.
func (p *phone) drop(d *deed) {
	p.world.dropped[d.op.OpID] = true
	p.deeds = slices.DeleteFunc(p.deeds, func(other *deed) bool { return other == d })
}

// save puts a deed into the box; only then anything is sent.
func (p *phone) save(d *deed, files map[photo.Hash][]byte) {
	maps.Copy(p.files, files)
	p.deeds = append(p.deeds, d)
	p.world.report.Operations++
	p.wake()
}

// wake has each tab look whether there is something to send.
func (p *phone) wake() {
	for _, t := range p.tabs {
		t.wake()
	}
}

// wipe is a browser that clears what a page has kept: what was not sent is gone, and only that.
func (p *phone) wipe() {
	for _, t := range p.tabs {
		t.kill()
	}
	for _, d := range p.deeds {
		p.world.lost(d)
	}
	p.deeds, p.files = nil, map[photo.Hash][]byte{}
	p.forget()
}

// forget drops what was read of the server; it is read anew.
func (p *phone) forget() {
	p.view, p.versions, p.list, p.revision = map[int64]ledger.Fields{}, map[int64]int64{}, nil, 0
}

// tidy forgets what the server has, as the page does after a week.
func (p *phone) tidy() {
	const shown = 40
	var keep []*deed
	for i, d := range p.deeds {
		if d.unsent() || i >= len(p.deeds)-shown {
			keep = append(keep, d)
			continue
		}
		for _, each := range d.photos {
			delete(p.files, each.hash)
		}
	}
	p.deeds = keep
}
