package demo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// keepLedgers fills the ledgers of units and what the district says of parks, the
// day before the demo's. Its operation has an id by name, like that of the ground.
func (l *loader) keepLedgers(ctx context.Context, w *world) error {
	l.now = at(lastDay, 17*60, 0)
	if err := l.drawClusters(ctx, w); err != nil {
		return err
	}
	if err := l.layOver(ctx, "autumn"); err != nil {
		return err
	}
	var changes []ledger.Change
	for i, t := range w.towns {
		changes = append(changes, unitLedgers(i, t, l.units[t.unit])...)
	}
	for i, m := range w.matters {
		if m.track == parks && m.reached > 0 {
			changes = append(changes, l.parkLedgers(i, m)...)
		}
	}
	changes = append(changes, l.acceptance(w)...)
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("ledgers")), Device: device, HappenedAt: l.now, Changes: changes}
	if _, err := l.ledger.Apply(ctx, acting("zhou"), op); err != nil {
		return fmt.Errorf("ledgers: %w", err)
	}
	return l.supervise(ctx, w)
}

// unitLedgers are unused land, replaced capacity and technical renewal of a unit.
func unitLedgers(i int, t town, id int64) []ledger.Change {
	row := func(sheet string, values map[string]string) ledger.Change {
		return ledger.FillSheet{Sheet: sheet, Of: campaign.OfUnit, OfID: id, Values: values}
	}
	kinds := []string{"unsupplied", "unused", "partly", "idle", "below"}
	industry := []string{"weaving", "fibres", "weaving", "chemicals", "dyeing", "chemicals"}[i]
	changes := []ledger.Change{
		row("five_un", map[string]string{"place": "工业区" + strconv.Itoa(i+1) + "号地块", "kind": kinds[i%5], "land": hundredths(int64(12_40 + i*7_15)), "disposal": "约谈后限期动工", "due_on": "2020-11-30"}),
		row("five_un", map[string]string{"place": "工业区" + strconv.Itoa(i+11) + "号地块", "kind": kinds[(i+3)%5], "land": hundredths(int64(8_20 + i*3_05)), "disposal": "收回重新供应", "due_on": "2020-08-31", "done_on": "2020-08-2" + strconv.Itoa(i), "result": "已收回"}),
		row("replacement", map[string]string{"industry": industry, "direction": "retired", "amount": strconv.Itoa(1200 + 150*i), "on": "2020-05-20", "project": "淘汰落后产能（" + t.prefix + "）", "doc": fmt.Sprintf("秀洲经商〔2020〕%d号", 31+i)}),
		row("retrofit", map[string]string{"firm": "示例企业" + t.prefix, "project": "机器换人技术改造", "record": fmt.Sprintf("2020-330411-17-03-%d", 100+i), "investment": strconv.Itoa(600 + 120*i), "saved": strconv.Itoa(180 + 20*i), "process": campaign.NoBan, "done_on": "2020-07-15"}),
	}
	if i%2 == 0 {
		changes = append(changes, row("replacement", map[string]string{"industry": industry, "direction": "new", "amount": strconv.Itoa(600 + 40*i), "ratio": "125", "on": "2020-07-10", "project": "高端面料项目（" + t.prefix + "）", "doc": fmt.Sprintf("秀洲经商〔2020〕%d号", 61+i)}))
	}
	return changes
}

// parkLedgers are the evaluation, the stars and the help of a park that is being built or built.
func (l *loader) parkLedgers(i int, m *matter) []ledger.Change {
	changes := []ledger.Change{l.fill(m, "park_help", map[string]string{"on": "2020-09-15", "by": "区经信商务局", "matter": "落实园区供电扩容", "result": "已完成"})}
	if m.reached < 2 {
		return changes
	}
	star, rater := strconv.Itoa(1+i%3), "district"
	if star == "3" {
		rater = "city"
	}
	return append(changes,
		l.fill(m, "park_score", map[string]string{"year": "2020", "score": strconv.Itoa(78 + i%15), "class": []string{"A", "B"}[i%2], "doc": "秀小微园办〔2020〕9号"}),
		l.fill(m, "park_star", map[string]string{"star": star, "rater": rater, "on": "2020-09-18", "doc": "秀小微园办〔2020〕11号"}),
	)
}
