package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// Orders plays one day of a seed without a network: each phone works on the list it
// took along in the morning. What they did then arrives in two orders, that of each
// phone kept. What is known of each case afterwards must be the same: the order says
// only who was first, and what waits for somebody to compare.
func Orders(ctx context.Context, dir string, seed uint64, operations int) error {
	one, err := inOrder(ctx, dir, seed, operations, 1)
	if err != nil {
		return err
	}
	other, err := inOrder(ctx, dir, seed, operations, 2)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(one)) {
		if !slices.Equal(one[key], other[key]) {
			return fmt.Errorf("seed %d: %s is %v in one order and %v in the other", seed, key, one[key], other[key]) //nolint:err113 // what is found has no name
		}
	}
	if len(one) != len(other) {
		return fmt.Errorf("seed %d: %d things are known in one order and %d in the other", seed, len(one), len(other)) //nolint:err113 // what is found has no name
	}
	return nil
}

// inOrder is what is known after the day of a seed arrived in one of many orders.
func inOrder(ctx context.Context, dir string, seed uint64, operations int, order uint64) (map[string][]string, error) {
	folder, remove, err := scratch(dir)
	if err != nil {
		return nil, err
	}
	defer remove()
	w, err := newWorld(ctx, seed, Options{Folder: folder})
	if err != nil {
		return nil, err
	}
	w.day(operations)
	if err := w.arrive(rand.New(rand.NewPCG(seed, order))); err != nil { //nolint:gosec // the same order each time
		return nil, err
	}
	return w.known(), nil
}

// day is what the phones do without a network, all on one day and with clocks that are right.
func (w *world) day(operations int) {
	w.tame = true
	list := w.store.newsSince(0)
	for _, p := range w.phones {
		p.online, p.skew, p.tabs = false, 0, nil
		p.take(list)
	}
	for w.report.Operations < operations {
		w.now = w.now.Add(w.between(1e9, 30e9))
		p := w.phones[w.IntN(len(w.phones))]
		id, known := w.pick(p)
		switch n := w.IntN(10); {
		case !known:
			continue
		case n < 6:
			if next := w.nextOf(p, id); !w.judges(next) {
				w.mark(p, id, next)
			}
		case n < 9:
			w.save(p, &deed{caseID: id}, w.amendment(p, id))
		default:
			w.attach(p, id)
		}
	}
}

// judges says that who may mark a milestone hangs on who marked another before (验收人不能是标记腾空的人): there the order decides, as it should.
func (w *world) judges(milestone string) bool {
	i := w.track.Index(milestone)
	return i >= 0 && len(w.track.Milestones[i].OtherThan) > 0
}

// arrive delivers everything, the deeds of each phone in their order.
func (w *world) arrive(order *rand.Rand) error {
	w.calm = true
	left := make([][]*deed, len(w.phones))
	open := 0
	for i, p := range w.phones {
		left[i] = p.deeds
		open += len(p.deeds)
	}
	for open > 0 {
		i := order.IntN(len(left))
		if len(left[i]) == 0 {
			continue
		}
		d := left[i][0]
		left[i], open = left[i][1:], open-1
		if err := w.deliver(w.phones[i], d); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) deliver(p *phone, d *deed) error {
	out, err := w.door.Apply(w.ctx, p.actor, d.op)
	if err != nil && out.Refusal == nil {
		return err
	}
	w.report.acknowledged(out)
	w.acks[out.OpID] = ack{out, p.device}
	for _, each := range d.photos {
		content := p.files[each.hash]
		if _, err := w.photos.Append(w.ctx, p.actor, each.hash, photo.Part{Length: int64(len(content)), Body: &cut{bytes: content, left: len(content)}, Stop: func() {}}); err != nil {
			return err
		}
	}
	return nil
}

// known is everything that was ever said of a case and entered, standing or kept, by case and field.
func (w *world) known() map[string][]string {
	all := map[string][]string{}
	say := func(key, what string) {
		if !slices.Contains(all[key], what) {
			all[key] = append(all[key], what)
			slices.Sort(all[key])
		}
	}
	for _, row := range w.store.journal {
		if row.Noun == ledger.NounCase {
			for key, value := range row.Entry.Body.After {
				tell(say, row.NounID, key, value)
			}
		}
	}
	for _, k := range w.store.kept {
		tell(say, k.NounID, k.Field, k.Kept)
	}
	for _, p := range w.store.photos {
		say(fmt.Sprintf("photos of case %d", p.Case), fmt.Sprintf("%s %s %x %v", p.Milestone, p.Slot, p.SHA256, p.Arrived))
	}
	for id, told := range w.acks {
		say("refused "+id.String(), codeOfRefusal(told.outcome))
	}
	return all
}

func codeOfRefusal(out ledger.Outcome) string {
	if out.Refusal == nil {
		return ""
	}
	return out.Refusal.Code
}

// tell takes a milestone apart: when it is planned, and what was said to be done.
func tell(say func(key, what string), id int64, key string, value json.RawMessage) {
	name := fmt.Sprintf("%s of case %d", key, id)
	if key == "next" || key == "stage" || key == "deadline" {
		return
	}
	if !strings.HasPrefix(key, "milestone/") {
		say(name, string(value))
		return
	}
	var m campaign.Mark
	if json.Unmarshal(value, &m) != nil {
		say(name, string(value))
		return
	}
	if m.PlanOn != "" {
		say("plan of "+name, string(m.PlanOn))
	}
	if m.PlanOn, m.PlanOriginal = "", ""; m != (campaign.Mark{}) {
		say(name, fmt.Sprintf("%+v", m))
	}
}
