package figures

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
)

// Contender is a unit that is ranked by its printed rate.
type Contender struct {
	Unit  string // code
	Order int    // fixed order number, which lists equal rates
	Rate  Rate
}

// Place is a contender with its place (名次).
type Place struct {
	Contender
	Place int // equal printed rates share it: 1, 2, 2, 4
}

// Ranking holds places, best first.
type Ranking []Place

// Rank orders contenders by printed rate, the highest first. Those without a
// task are left out; the argument stays as it was.
func Rank(all []Contender) Ranking {
	var ranking Ranking
	for _, c := range all {
		if c.Rate.Known {
			ranking = append(ranking, Place{Contender: c})
		}
	}
	slices.SortStableFunc(ranking, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Rate.Tenths, a.Rate.Tenths), cmp.Compare(a.Order, b.Order))
	})
	for i := range ranking {
		ranking[i].Place = i + 1
		if i > 0 && ranking[i].Rate == ranking[i-1].Rate {
			ranking[i].Place = ranking[i-1].Place
		}
	}
	return ranking
}

// Place finds the place of a unit, 0 if it is not ranked.
func (r Ranking) Place(unit string) int {
	for _, p := range r {
		if p.Unit == unit {
			return p.Place
		}
	}
	return 0
}

// Movement is the change of place against an earlier ranking.
type Movement struct {
	Up    int  // places gained, negative when lost
	Known bool // false: not ranked in one of the two
}

// Movement compares a unit's place with that of an earlier ranking, which is
// the one of the last issued bulletin.
func (r Ranking) Movement(unit string, earlier Ranking) Movement {
	now, before := r.Place(unit), earlier.Place(unit)
	if now == 0 || before == 0 {
		return Movement{}
	}
	return Movement{before - now, true}
}

// String prints ↑1, ↓2, — for the same place, and nothing for a unit that was
// not ranked before.
func (m Movement) String() string {
	switch {
	case !m.Known:
		return ""
	case m.Up > 0:
		return "↑" + strconv.Itoa(m.Up)
	case m.Up < 0:
		return "↓" + strconv.Itoa(-m.Up)
	}
	return dash
}

// Spread is the distance from the fastest to the slowest, from printed rates;
// unknown with fewer than two ranked.
func (r Ranking) Spread() Points {
	if len(r) < 2 {
		return Points{}
	}
	return r[0].Rate.Minus(r[len(r)-1].Rate)
}

// SpreadWording prints 最快与最慢相差 23.3 个百分点; nothing where there is no spread.
func (r Ranking) SpreadWording() campaign.Text {
	s := r.Spread()
	if !s.Known {
		return campaign.Text{}
	}
	points := Number(int64(s.Tenths), 1, Document)
	return campaign.Text{
		ZH: "最快与最慢相差 " + points + " 个百分点",
		EN: "fastest and slowest differ by " + points + " points",
	}
}
