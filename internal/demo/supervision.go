package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// supervise is what keeps closed cases closed on the evening before the demo's day: a draw, what was looked at, readings of electricity
// of which two are flagged, two joint actions; and what the work rests on, funds and land in use again. Nothing of it moves a figure.
func (l *loader) supervise(ctx context.Context, w *world) error {
	closed := l.closedCases(w)
	draw := ledger.DrawRevisits{Track: rectify, Count: 9, DueOn: "2020-10-20", Seed: "demo-2020-09-29"}
	for _, m := range closed {
		draw.Cases = append(draw.Cases, l.cases[m])
	}
	for _, p := range people() {
		if p.Role == campaign.RoleAcceptance || p.Role == campaign.RoleDepartment {
			draw.People = append(draw.People, p)
		}
	}
	if err := l.named(ctx, "revisits", draw); err != nil {
		return err
	}
	return l.named(ctx, "funds, electricity, joint actions", slices.Concat(l.revisited(closed), l.readings(closed), l.assured(w, closed), l.joint(w))...)
}

// named applies an operation that has its id by name, so that the numbered ones stay what they are.
func (l *loader) named(ctx context.Context, name string, changes ...ledger.Change) error {
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte(name)), Device: device, HappenedAt: l.now, Changes: changes}
	if _, err := l.ledger.Apply(ctx, acting("zhou"), op); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// revisited are three that the towns looked at of their own accord.
func (l *loader) revisited(closed []*matter) []ledger.Change {
	var changes []ledger.Change
	for _, m := range closed[:3] {
		changes = append(changes, l.fill(m, "recheck", map[string]string{
			"on": string(lastDay), "result": campaign.ResultHeld, "held": "water,power,materials,products,equipment", "note": "厂房空置，门窗封存",
		}))
	}
	return changes
}

// closedCases are the matters that are closed by the evening, in the order of the story.
func (l *loader) closedCases(w *world) []*matter {
	var closed []*matter
	for _, m := range w.matters {
		if m.track == rectify && m.reached > acceptedAt && m.minute == 0 && !m.withdrawn && !m.told && len(m.incidents) == 0 {
			closed = append(closed, m)
		}
	}
	return closed
}

// readings are those of August of every eighth site that was through before; two draw power like a workshop.
func (l *loader) readings(closed []*matter) []ledger.Change {
	var changes []ledger.Change
	for i, m := range closed {
		if i%8 != 0 || m.on[acceptedAt] >= "2020-08-01" {
			continue
		}
		kwh := strconv.Itoa(6 + i%29)
		if n := len(changes); n == 2 || n == 5 {
			kwh = strconv.Itoa(840 + 310*n)
		}
		changes = append(changes, l.fill(m, "power", map[string]string{"account": fmt.Sprintf("33040%07d", 12000+i), "month": "2020-08", "kwh": kwh, "read_on": "2020-09-25"}))
	}
	return changes
}

// assured are funds, channel and use again of every fifth closed case, and what parks are given.
func (l *loader) assured(w *world, closed []*matter) []ledger.Change {
	sources := []string{"town", "district", "state_firm", "superior"}
	channels := []string{"agreement", "lease", "swap", "purchase", "closing", "demolition"}
	uses := []string{"reclaim", "rebuild", "reserve", "workshops", "supply"}
	var changes []ledger.Change
	for i, m := range closed {
		if i%5 != 0 || m.landless {
			continue
		}
		agreed := m.area * int64(9+i%6) / 100 // 万元: by the land
		changes = append(changes,
			l.fill(m, "funds", map[string]string{"item": "compensation", "source": sources[i/5%len(sources)], "agreed": strconv.FormatInt(agreed+1, 10), "paid": strconv.FormatInt(agreed*int64(5+i%6)/10, 10), "paid_on": "2020-09-21"}),
			l.fill(m, "channel", map[string]string{"channel": channels[i/5%len(channels)]}))
		if i%10 == 0 {
			changes = append(changes, l.fill(m, "reuse", map[string]string{"use": uses[i/10%len(uses)], "land": hundredths(m.effective), "on": "2020-09-24"}))
		}
	}
	for i, m := range w.matters {
		if m.track == parks && m.reached > 0 {
			changes = append(changes,
				l.fill(m, "park_loan", map[string]string{"bank": "示例银行", "granted": strconv.Itoa(3000 + 10*i), "drawn": "1500", "on": "2020-06-12"}),
				l.fill(m, "park_land", map[string]string{"kind": "stock", "granted": m.footprint(), "used": m.footprint(), "document": "示例用地〔2020〕" + strconv.Itoa(i) + "号", "on": "2020-05-18"}),
				l.fill(m, "park_grant", map[string]string{"policy": "秀洲委办发〔2019〕65号", "granted": "120", "paid": "60", "on": "2020-08-30"}))
		}
	}
	return changes
}

// joint are two actions of several departments, one of them with what came of its sites.
func (l *loader) joint(w *world) []ledger.Change {
	var changes []ledger.Change
	for i, unit := range []string{"honghe", "wangjiangjing"} {
		number := "联执2020-0" + strconv.Itoa(i+1)
		values := map[string]string{
			"number": number, "on": []string{"2020-09-22", "2020-10-12"}[i], "lead": "enforcement", "departments": "environment,emergency,enforcement,market,police,grid", "matters": "safety,pollution,refusal",
			"plan": []string{"集中检查拒不腾退的作坊，断水断电、清运设备", "检查印染后整理作坊，查处违法排放"}[i], "people": "36",
		}
		if i == 0 {
			values["done_on"], values["outcome"] = "2020-09-22", "检查3家，当场断电2家，限期整改1家"
		}
		changes = append(changes, ledger.FillSheet{Sheet: "joint", Of: campaign.OfUnit, OfID: l.units[unit], Values: values})
		changes = append(changes, l.sites(w, unit, number, i == 0)...)
	}
	return changes
}

// sites are three cases of the unit that are not vacated yet.
func (l *loader) sites(w *world, unit, number string, done bool) []ledger.Change {
	var changes []ledger.Change
	for _, m := range w.matters {
		if m.track != rectify || m.town.unit != unit || m.reached < 2 || m.reached > 4 || m.told || len(changes) == 3 {
			continue
		}
		values := map[string]string{"action": number}
		if done {
			values["on"], values["measures"], values["outcome"] = "2020-09-22", "cut,order", "settled"
			if len(changes) == 2 {
				values["measures"], values["outcome"], values["due_on"] = "order", "due", "2020-10-08"
			}
		}
		changes = append(changes, l.fill(m, "joint_site", values))
	}
	return changes
}
