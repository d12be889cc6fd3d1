package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Codes of the campaign's kinds of operators.
const (
	enterprise = "enterprise"
	workshop   = "workshop"
)

// firm is an operator of our own invention.
type firm struct {
	name, label, kind, code, class string
	evaluation                     string // of 2019; empty: 未评价
	tax                            float64
}

func (f firm) draft() *ledger.EnterpriseDraft {
	d := &ledger.EnterpriseDraft{Code: f.code, Name: f.name, Label: f.label, Kind: f.kind, Industry: f.class}
	if f.evaluation != "" {
		d.Evaluations = map[string]string{"2019": f.evaluation}
		d.TaxPerMu = map[string]float64{"2019": f.tax}
	}
	return d
}

var (
	firstSigns  = []string{"宏", "锦", "华", "麟", "金", "嘉", "庄", "洛", "新", "顺", "恒", "永", "宝", "凤", "泰", "兴"} //nolint:gochecknoglobals // words of the story
	secondSigns = []string{"盛", "福", "联", "湖", "泾", "达", "源", "丰", "隆", "昌", "益", "和", "美", "利", "泰", "安"} //nolint:gochecknoglobals // words of the story
)

// namer invents firms, each name once.
type namer struct {
	r     *rand.Rand
	used  map[string]bool
	codes int
}

func newNamer(r *rand.Rand) *namer { return &namer{r: r, used: map[string]bool{}} }

// firm invents an operator. A workshop is named after its village, never after
// a person, and has no credit code; now and then a firm's name hides one sign,
// as where it would be a person's.
func (n *namer) firm(t town, kind string, v campaign.Village) firm {
	for number := 1; ; number++ {
		business := t.trades[n.r.IntN(len(t.trades))]
		first, second := firstSigns[n.r.IntN(len(firstSigns))], secondSigns[n.r.IntN(len(secondSigns))]
		if first == second {
			continue
		}
		f := firm{name: first + second + business.word, kind: kind, class: business.class}
		if kind == workshop {
			f.name = fmt.Sprintf("%s%s作坊%d号", villageName(v), strings.TrimSuffix(business.word, "厂"), number)
		}
		if n.used[f.name] {
			continue
		}
		n.used[f.name] = true
		f.label = f.name
		if kind == enterprise {
			n.known(&f)
			if n.r.IntN(12) == 0 {
				f.label = first + "*" + business.word
			}
		}
		return f
	}
}

// known gives an enterprise a credit code and a class.
func (n *namer) known(f *firm) {
	n.codes++
	f.code = creditCode(n.codes)
	f.evaluation = []string{"C", "D", "D", "C", ""}[n.r.IntN(5)]
	f.tax = float64(2000 + n.r.IntN(26_000)) // yuan per mu
}

// creditCode is a code that passes both checks and that no office gives out:
// its organisation reads XUAN.
func creditCode(number int) string {
	for _, check := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		body := fmt.Sprintf("91330411XUAN%04d%c", number, check)
		last, _ := uscc.CheckCharacter(body) // 17 characters of the alphabet
		if code := body + string(last); len(uscc.Check(code)) == 0 {
			return code
		}
	}
	return "" // no check character of the alphabet: not with digits
}

// villageName is the place's name: 凤桥村 of 凤桥村委会.
func villageName(v campaign.Village) string { return strings.TrimSuffix(v.Name.ZH, "委会") }

// surnames of the people in charge, all invented.
var surnames = []string{"沈", "陆", "钱", "顾", "金", "吴", "朱", "徐", "姚", "屠", "褚", "郁", "曹", "计"} //nolint:gochecknoglobals // words of the story
