package campaign

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Balance is a ledger of rows in and out (产能置换): for each group the sum of
// what came in less what was taken never falls below zero on any day. What comes
// in on a day may be taken on that day.
type Balance struct {
	Group  []string  `json:"group"`  // fields: the industry
	Amount string    `json:"amount"` // a field with a number
	On     string    `json:"on"`     // a field with a day
	In     Condition `json:"in"`     // rows that bring; the others take
	// Ratio is a field with the per cent of its amount that a row takes (减量置换); empty: all take 100 %.
	Ratio string `json:"ratio,omitempty"`
	Name  Text   `json:"name"`
}

// move is a row as the balance sees it, in units of the last decimal and of one thousandth of it.
type move struct {
	on     Date
	amount int64
	row    Filled
}

const thousandth = 1000

// MayStand refuses rows of which one takes more than is there: it names the group, the day and what is missing.
func (s Sheet) MayStand(rows []Filled) error {
	if s.Balance == nil {
		return nil
	}
	groups := map[string][]move{}
	for _, r := range rows {
		m := s.Balance.move(s, r)
		key := s.Balance.key(r)
		groups[key] = append(groups[key], m)
	}
	keys := make([]string, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if err := s.Balance.stands(s, groups[key]); err != nil {
			return err
		}
	}
	return nil
}

// Left is what is there of each group of rows at the end, by the group's values joined by slashes.
func (s Sheet) Left(rows []Filled) map[string]string {
	f, _ := s.Field(s.Balance.Amount)
	decimals, _ := f.Decimals()
	sums := map[string]int64{}
	for _, r := range rows {
		sums[s.Balance.key(r)] += s.Balance.move(s, r).amount
	}
	left := make(map[string]string, len(sums))
	for key, sum := range sums {
		left[key] = decimal(sum/thousandth, decimals)
	}
	return left
}

func (b *Balance) key(r Filled) string {
	values := make([]string, len(b.Group))
	for i, code := range b.Group {
		values[i] = r.Values[code]
	}
	return strings.Join(values, "/")
}

// move is positive for what comes in. A ratio is in tenths of one per cent, so amounts are kept in thousandths.
func (b *Balance) move(s Sheet, r Filled) move {
	amount, _ := s.Field(b.Amount)
	decimals, _ := amount.Decimals()
	n, _ := parseDecimal(r.Values[b.Amount], decimals) // read when it was filled
	m := move{on: Date(r.Values[b.On]), amount: n * thousandth, row: r}
	if b.In.Fits(r.Values) {
		return m
	}
	if ratio, err := parseDecimal(r.Values[b.Ratio], 1); err == nil && b.Ratio != "" {
		m.amount = n * ratio
	}
	m.amount = -m.amount
	return m
}

func (b *Balance) stands(s Sheet, moves []move) error {
	slices.SortStableFunc(moves, func(a, c move) int { return cmp.Or(cmp.Compare(a.on, c.on), cmp.Compare(c.amount, a.amount)) })
	f, _ := s.Field(b.Amount)
	decimals, _ := f.Decimals()
	var sum int64
	for _, m := range moves {
		if sum+m.amount >= 0 {
			sum += m.amount
			continue
		}
		group := make([]Text, len(b.Group))
		for i, code := range b.Group {
			field, _ := s.Field(code)
			group[i] = field.Words(m.row.Values[code])
		}
		names, needed, there, lacks := listed(group), decimal(-m.amount/thousandth, decimals), decimal(sum/thousandth, decimals), decimal((-m.amount-sum+thousandth-1)/thousandth, decimals)
		return fault.New(fault.KindConflict, "balance_negative",
			fmt.Sprintf("“%s”不能为负：%s %s 需 %s%s，可用 %s%s，缺 %s%s", b.Name.ZH, names.ZH, m.on, needed, f.Unit.ZH, there, f.Unit.ZH, lacks, f.Unit.ZH),
			fmt.Sprintf("%s cannot fall below zero: %s on %s needs %s %s, %s are there, %s are missing", b.Name.EN, names.EN, m.on, needed, f.Unit.EN, there, lacks))
	}
	return nil
}

func (b *Balance) check(s Sheet) error {
	if b == nil {
		return nil
	}
	amount, known := s.Field(b.Amount)
	_, number := amount.Decimals()
	on, dated := s.Field(b.On)
	if !s.Many || !known || !number || !dated || on.Type != FieldDate || !on.Required || !amount.Required || len(b.Group) == 0 {
		return errors.New("a balance needs rows with a required number, a required day and a group")
	}
	for _, code := range b.Group {
		if f, ok := s.Field(code); !ok || !f.Required {
			return fmt.Errorf("balance: %q is no required field", code)
		}
	}
	if ratio, ok := s.Field(b.Ratio); b.Ratio != "" && (!ok || ratio.Type != FieldPercent) {
		return fmt.Errorf("balance: %q is no per cent", b.Ratio)
	}
	return b.In.check()
}
