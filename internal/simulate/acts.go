package simulate

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// live lets a phone's person act, its network come and go, and its page beat.
func (w *world) live(p *phone) {
	w.every(10*time.Second, 10*time.Minute, func() { w.act(p) })
	w.every(time.Minute, 3*time.Hour, func() { w.befall(p) })
	w.beat(p)
}

// every does something again and again, at irregular intervals, until the world is calm.
func (w *world) every(least, most time.Duration, do func()) {
	w.after(w.between(least, most), func() {
		if w.calm {
			return
		}
		do()
		w.every(least, most, do)
	})
}

// beat is the page that looks every 30 s whether it can send, and reads what is new.
func (w *world) beat(p *phone) {
	w.after(30*time.Second, func() {
		if p.online {
			p.tidy()
			p.wake()
		}
		w.beat(p)
	})
}

// befall is what happens to a phone.
func (w *world) befall(p *phone) {
	switch n := w.IntN(100); {
	case n < 45:
		p.online = !p.online
		if p.online {
			p.wake()
		}
	case n < 62:
		w.report.TabsKilled++
		p.tabs[w.IntN(len(p.tabs))].kill()
	case n < 75:
		w.secondTab(p)
	case n < 85:
		p.skew = w.skew()
	case n < 90:
		p.forget() // signed out and in again
	case n < 94:
		w.report.Wiped++
		p.wipe()
	}
}

func (w *world) secondTab(p *phone) {
	if len(p.tabs) == 1 {
		p.tabs = append(p.tabs, &tab{phone: p})
		p.wake()
		return
	}
	p.tabs[1].kill()
	p.tabs = p.tabs[:1]
}

// act is one thing that a person does with a phone.
func (w *world) act(p *phone) {
	id, known := w.pick(p)
	switch n := w.IntN(100); {
	case !known || n < 4:
		w.save(p, &deed{}, ledger.ListCase{Unit: w.unitOf(p), Label: fmt.Sprintf("作坊%d号", w.report.Operations)})
	case n < 55:
		w.mark(p, id, w.nextOf(p, id))
	case n < 57: // whatever stands in the way
		w.mark(p, id, w.track.Milestones[w.IntN(len(w.track.Milestones))].Code)
	case n < 75:
		w.save(p, &deed{caseID: id}, w.amendment(p, id))
	case n < 81:
		w.save(p, &deed{caseID: id}, w.blocker(p, id))
	case n < 87:
		w.takeBack(p)
	case n < 92:
		w.attach(p, id)
	case p.actor.Role != campaign.RoleField || n < 93:
		w.lead(p, id)
	}
}

// unitOf is the unit a person works in; people of the district work in either.
func (w *world) unitOf(p *phone) string {
	if p.actor.Unit != "" {
		return p.actor.Unit
	}
	return units()[w.IntN(2)].Code
}

// pick is a case of the phone's list, seldom one of another unit.
func (w *world) pick(p *phone) (id int64, known bool) {
	const tries = 8
	unit, everywhere := w.unitOf(p), !w.tame && w.happens(0.02)
	for range tries {
		if len(p.list) == 0 {
			break
		}
		id = p.list[w.IntN(len(p.list))]
		if of := textOf(p.view[id], "unit"); of == unit || everywhere && of != "" {
			return id, true
		}
	}
	return 0, false
}

func textOf(f ledger.Fields, key string) string {
	var text string
	if json.Unmarshal(f[key], &text) != nil {
		return ""
	}
	return text
}

// nextOf is the milestone that the phone expects to be next: by its list, and by what it has not sent.
func (w *world) nextOf(p *phone, id int64) string {
	next := textOf(p.view[id], "next")
	for _, d := range p.deeds {
		if d.caseID == id && d.marks == next && d.answer == nil && !d.undone {
			if i := w.track.Index(next); i >= 0 && i+1 < len(w.track.Milestones) {
				next = w.track.Milestones[i+1].Code
			}
		}
	}
	return next
}

// mark marks a milestone with photos, at times for several cases at once.
func (w *world) mark(p *phone, id int64, milestone string) {
	d := &deed{caseID: id, marks: milestone}
	files := map[photo.Hash][]byte{}
	m := campaign.Milestone{}
	if i := w.track.Index(milestone); i >= 0 {
		m = w.track.Milestones[i]
	}
	if len(m.By) > 0 && !slices.Contains(m.By, p.actor.Role) && w.happens(0.95) {
		return // the page does not offer it
	}
	ids := []int64{id}
	if other, ok := w.pick(p); ok && other != id && w.happens(0.3) && w.nextOf(p, other) == milestone {
		ids = append(ids, other) // of the same building, with the same pictures
	}
	var attached []ledger.AttachPhoto
	for _, slot := range m.Photos {
		if w.happens(0.7) {
			attached = append(attached, w.takePicture(p, d, files, slot.Code))
		}
	}
	var changes []ledger.Change
	for _, each := range ids {
		for _, a := range attached {
			a.Case, a.Milestone = each, milestone
			changes = append(changes, a)
		}
		changes = append(changes, ledger.MarkMilestone{Case: each, Milestone: milestone, Checks: boxesOf(m), BaseVersion: p.versions[each]})
	}
	w.saveWith(p, d, files, changes...)
}

// boxesOf are all boxes of a milestone.
func boxesOf(m campaign.Milestone) []string {
	var codes []string
	for _, box := range slices.Concat(m.Checks, m.Observe) {
		codes = append(codes, box.Code)
	}
	return codes
}

// takePicture is a photo of the case that the deed is about.
func (w *world) takePicture(p *phone, d *deed, files map[photo.Hash][]byte, slot string) ledger.AttachPhoto {
	bytes := w.picture()
	hash := photo.Hash(sha256.Sum256(bytes))
	files[hash] = bytes
	d.photos = append(d.photos, &picture{hash: hash})
	w.report.Photos++
	return ledger.AttachPhoto{Slot: slot, SHA256: hash.String(), TakenAt: p.now()}
}

// attach brings a photo later.
func (w *world) attach(p *phone, id int64) {
	d, files := &deed{caseID: id}, map[photo.Hash][]byte{}
	a := w.takePicture(p, d, files, "")
	a.Case, a.Milestone = id, "vacated"
	w.saveWith(p, d, files, a)
}

func (w *world) amendment(p *phone, id int64) ledger.AmendCase {
	fields := map[string]string{}
	for range 1 + w.IntN(2) {
		switch w.IntN(4) {
		case 0:
			fields["label"] = fmt.Sprintf("作坊%d号", w.IntN(100))
		case 1:
			fields["responsible"] = fmt.Sprintf("责任人%d", w.IntN(5))
		case 2:
			fields["note"] = fmt.Sprintf("说明%d", w.IntN(50))
		default:
			fields["plan:vacated"] = fmt.Sprintf("2020-10-%02d", 1+w.IntN(28))
		}
	}
	return ledger.AmendCase{Case: id, Fields: fields, BaseVersion: max(1, p.versions[id])}
}

// blocker reports a 卡点, or ends it.
func (w *world) blocker(p *phone, id int64) ledger.Change {
	if _, blocked := p.view[id]["side/blocked"]; blocked {
		return ledger.LeaveSide{Case: id, Side: "blocked", Note: "已解决", BaseVersion: p.versions[id]}
	}
	return ledger.AskSide{Case: id, Side: "blocked", ReasonCode: "relocation", BaseVersion: p.versions[id]}
}

// takeBack takes one of the last deeds back, sent or not.
func (w *world) takeBack(p *phone) {
	var open []*deed
	for _, d := range p.deeds[max(0, len(p.deeds)-5):] {
		if !d.undone && d.undoes == uuid.Nil {
			open = append(open, d)
		}
	}
	if len(open) == 0 {
		return
	}
	d := open[w.IntN(len(open))]
	w.save(p, &deed{caseID: d.caseID, undoes: d.op.OpID}, ledger.UndoBatch{Batch: d.op.OpID, Reason: "误操作"})
}

// lead is an act of those above: what contradicts is resolved, a photo taken out, a milestone skipped or not, land accepted.
func (w *world) lead(p *phone, id int64) {
	d := &deed{caseID: id}
	switch w.IntN(5) {
	case 0:
		if kept, ok := w.openConflict(); ok {
			d.caseID = w.store.kept[kept].NounID
			w.save(p, d, ledger.ResolveConflict{Conflict: kept, Choose: []string{ledger.ChooseKept, ledger.ChooseStanding}[w.IntN(2)], Reason: "已核对"})
		}
	case 1:
		if of := w.store.ofCase[id]; len(of) > 0 {
			w.save(p, d, ledger.RemovePhoto{Case: id, Photo: of[w.IntN(len(of))], Reason: "拍错"})
		}
	case 2:
		w.save(p, d, ledger.MarkNotApplicable{Case: id, Milestone: w.nextOf(p, id), Reason: "不涉及", BaseVersion: p.versions[id]})
	case 3:
		area := geo.FromSquareMetres(float64(500 + w.IntN(2000)))
		w.save(p, d, ledger.MeasureCase{Case: id, Recovered: area, Effective: area, Reason: "验收测量", BaseVersion: p.versions[id]})
	default:
		w.save(p, d, ledger.MarkApplicable{Case: id, Milestone: "notified", Reason: "需要", BaseVersion: p.versions[id]})
	}
}

// openConflict is the oldest that nobody resolved, as the desk shows it.
func (w *world) openConflict() (int64, bool) {
	for _, id := range slices.Sorted(maps.Keys(w.store.kept)) {
		if w.store.kept[id].Resolution == "" {
			return id, true
		}
	}
	return 0, false
}

func (w *world) save(p *phone, d *deed, changes ...ledger.Change) {
	w.saveWith(p, d, nil, changes...)
}

func (w *world) saveWith(p *phone, d *deed, files map[photo.Hash][]byte, changes ...ledger.Change) {
	d.op = ledger.Operation{OpID: w.newID(), Device: p.device, HappenedAt: p.now(), Told: &ledger.Told{At: p.now()}, Changes: changes}
	w.sent[d.op.OpID] = d
	p.save(d, files)
}
