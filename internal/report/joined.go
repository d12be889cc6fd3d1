package report

// count adds every case to its row, and to the total: through the rows where
// these count by the same rules as it does, so that each case is looked at once.
func (k *counting) count(total *tally, rows []*tally, index map[string]int) {
	alike := k.query.By == ByUnit || k.query.By == ByVillage // rows of tracks and stages count theirs alone
	for _, c := range k.view.Cases() {
		if !k.wanted(c) {
			continue
		}
		i, ok := index[k.key(c)]
		if ok {
			k.add(rows[i], c)
		}
		if !ok || !alike {
			k.add(total, c)
		}
	}
	if alike {
		for _, t := range rows {
			total.join(t)
		}
	}
}

// join adds what another row has counted by the same rules.
func (t *tally) join(o *tally) {
	r, other := &t.row, &o.row
	r.Listed.join(other.Listed)
	r.Late.join(other.Late)
	r.Rebounded.join(other.Rebounded)
	r.Rebounds += other.Rebounds
	for code, n := range other.Sides {
		side := r.Sides[code]
		side.Filter = t.filter
		side.Filter.Side = code
		side.join(n)
		r.Sides[code] = side
	}
	for i := range r.Metrics {
		t.joinMetric(o, i)
	}
	for i := range r.Stages {
		r.Stages[i].join(other.Stages[i])
	}
	for i := range r.Steps {
		r.Steps[i].Reached.join(other.Steps[i].Reached)
		r.Steps[i].Skipped.join(other.Steps[i].Skipped)
	}
}

func (t *tally) joinMetric(o *tally, i int) {
	m, other := &t.row.Metrics[i], o.row.Metrics[i]
	m.Done += other.Done
	m.Gross += other.Gross
	code := m.Metric.Code
	if plan := o.plan[code]; plan != "" && (t.plan[code] == "" || plan < t.plan[code]) {
		t.plan[code] = plan
	}
	t.late[code] = max(t.late[code], o.late[code])
}

func (n *Count) join(o Count) {
	n.Cases += o.Cases
	n.Land += o.Land
}
