package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	. "github.com/guatu/guatu/internal/campaign"
)

func reading(account, month, kwh, on string) Filled {
	return Filled{Sheet: "power", Values: map[string]string{PowerAccount: account, PowerMonth: month, PowerKWh: kwh, PowerReadOn: on}}
}

func TestASiteThatDrawsPowerIsFlagged(t *testing.T) {
	t.Parallel()
	rule := Power{Readings: "power", Checks: "power_check", After: "accepted", FromKWh: 100, Days: 7}
	looked := func(through string) Filled {
		return Filled{Sheet: "power_check", Values: map[string]string{PowerThrough: through}}
	}
	flag := func(month, kwh, since, due Date) *PowerFlag {
		return &PowerFlag{Month: month, KWh: string(kwh), Since: since, DueOn: due}
	}
	for name, c := range map[string]struct {
		through Date
		rows    []Filled
		want    *PowerFlag
	}{
		"nothing read":                   {"2020-08-20", nil, nil},
		"not through yet":                {"", []Filled{reading("1", "2020-09", "500", "2020-10-05")}, nil},
		"the month it was accepted in":   {"2020-08-20", []Filled{reading("1", "2020-08", "500", "2020-09-05")}, nil},
		"a lamp":                         {"2020-08-20", []Filled{reading("1", "2020-09", "99.99", "2020-10-05")}, nil},
		"as much as the threshold":       {"2020-08-20", []Filled{reading("1", "2020-09", "100", "2020-10-05")}, flag("2020-09-01", "100", "2020-09-01", "2020-10-12")},
		"two accounts of one site":       {"2020-08-20", []Filled{reading("1", "2020-09", "60.5", "2020-10-05"), reading("2", "2020-09", "60", "2020-10-06")}, flag("2020-09-01", "120.5", "2020-09-01", "2020-10-13")},
		"due by the first, told by last": {"2020-08-20", []Filled{reading("1", "2020-09", "500", "2020-10-05"), reading("1", "2020-10", "800", "2020-11-05")}, flag("2020-10-01", "800", "2020-09-01", "2020-10-12")},
		"somebody looked":                {"2020-08-20", []Filled{reading("1", "2020-09", "500", "2020-10-05"), looked("2020-09")}, nil},
		"and it goes on":                 {"2020-08-20", []Filled{reading("1", "2020-09", "500", "2020-10-05"), looked("2020-09"), reading("1", "2020-10", "300", "2020-11-05")}, flag("2020-10-01", "300", "2020-10-01", "2020-11-12")},
	} {
		got, found := rule.Flag(c.through, c.rows)
		assert.Equal(t, c.want != nil, found, name)
		if c.want != nil {
			assert.Equal(t, *c.want, got, name)
		}
	}
}

func TestMonthsAreWrittenAsMonths(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Date("2020-09-01"), Month("2020-09"))
	for _, text := range []string{"", "2020-9", "2020-13", "2020-00", "2020-09-01", "09-2020"} {
		assert.Empty(t, Month(text), text)
	}
}
