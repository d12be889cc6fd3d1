// Package block joins recovered land into contiguous blocks (连片区块) and says
// how much of it lies in such blocks, on any day.
//
// A block is counted land whose polygons lie within the campaign's gap of each
// other, as a chain; its size is the sum of what its cases count, not the size
// of its outline. What joins what is asked of the database once for each set of
// polygons: nothing is stored, so that nothing can be out of date.
package block

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Member is the land of a case in a block.
type Member struct {
	Case *chronicle.Case
	Land *chronicle.Land
	Area geo.Area // as the case counts it: the accepted area
}

// Block is contiguous land of the campaign's least size or more.
type Block struct {
	Name    campaign.Text
	Unit    string // of the greatest part
	Area    geo.Area
	Members []Member // by code of the case
}

// Source is the database as this room reads it.
type Source interface {
	// Joined numbers shapes, which it knows by name: those that lie within so many metres of each other have the same number.
	Joined(ctx context.Context, shapes []string, gap float64) (map[string]int, error)
	// Outline is the ground about shapes with the gaps between them filled.
	Outline(ctx context.Context, shapes []string, gap float64) (orb.MultiPolygon, error)
}

// Desk makes blocks, and keeps what was asked for lately.
type Desk struct {
	source Source

	mu       sync.Mutex
	joined   kept[map[string]int]
	outlines kept[orb.MultiPolygon]
}

// NewDesk makes a desk over a source.
func NewDesk(source Source) *Desk {
	const sets, outlines = 16, 512
	return &Desk{source: source, joined: newKept[map[string]int](sets), outlines: newKept[orb.MultiPolygon](outlines)}
}

// Blocks are the blocks at a view, by name. Counted is land that the campaign's
// metric of recovered land counts: what rebounded or was struck out is in none.
func (d *Desk) Blocks(ctx context.Context, v *chronicle.View) ([]Block, error) {
	members := counted(v)
	if len(members) == 0 {
		return nil, nil
	}
	rule := v.Definition.LandRule().Blocks
	names := shapesOf(members)
	numbers, err := d.joined.get(&d.mu, key(names, rule.Gap), func() (map[string]int, error) { return d.source.Joined(ctx, names, rule.Gap) })
	if err != nil {
		return nil, err
	}
	groups := map[int][]Member{}
	for _, m := range members {
		n := numbers[m.Land.Recovered]
		groups[n] = append(groups[n], m)
	}
	var blocks []Block
	for _, g := range groups {
		if b := newBlock(g); b.Area >= rule.Least {
			blocks = append(blocks, b)
		}
	}
	named(v, blocks)
	return blocks, nil
}

// Outline is the outline of a block; it may have several parts where corners meet.
func (d *Desk) Outline(ctx context.Context, v *chronicle.View, b Block) (orb.MultiPolygon, error) {
	gap, names := v.Definition.LandRule().Blocks.Gap, shapesOf(b.Members)
	return d.outlines.get(&d.mu, key(names, gap), func() (orb.MultiPolygon, error) { return d.source.Outline(ctx, names, gap) })
}

// counted is the land of the cases that the metric of recovered land counts, by code.
func counted(v *chronicle.View) []Member {
	m, ok := v.Definition.Metric(campaign.MetricRecovered)
	if !ok {
		return nil
	}
	counter := v.Counter(m)
	var members []Member
	for _, l := range v.Lands() {
		c := v.Case(l.Case)
		if area, ok := counter.Of(c); ok {
			members = append(members, Member{c, l, geo.Area(area)})
		}
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Case.Code, b.Case.Code) })
	return members
}

func newBlock(members []Member) Block {
	b := Block{Members: members}
	units := map[string]geo.Area{}
	for _, m := range members {
		b.Area += m.Area
		units[m.Case.Unit] += m.Area
		if u := m.Case.Unit; b.Unit == "" || units[u] > units[b.Unit] {
			b.Unit = u
		}
	}
	return b
}

// named sorts blocks by unit and first member, and numbers them within their unit.
func named(v *chronicle.View, blocks []Block) {
	order := map[string]int{}
	for i, u := range v.Units {
		order[u.Code] = i
	}
	slices.SortFunc(blocks, func(a, b Block) int {
		return cmp.Or(cmp.Compare(order[a.Unit], order[b.Unit]), strings.Compare(a.Members[0].Case.Code, b.Members[0].Case.Code))
	})
	number := map[string]int{}
	for i := range blocks {
		b := &blocks[i]
		number[b.Unit]++
		short := v.Units[order[b.Unit]].Short
		b.Name = campaign.Text{ZH: fmt.Sprintf("%s连片%d", short.ZH, number[b.Unit]), EN: fmt.Sprintf("%s block %d", short.EN, number[b.Unit])}
	}
}

func shapesOf(members []Member) []string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Land.Recovered
	}
	slices.Sort(names)
	return names
}

// setKey names a set of shapes and a gap.
type setKey [sha256.Size]byte

func key(names []string, gap float64) setKey {
	return sha256.Sum256(fmt.Appendf(nil, "%v %s", gap, strings.Join(names, ",")))
}

// kept holds the last results that were asked for.
type kept[V any] struct {
	most  int
	byKey map[setKey]V
	order []setKey // the last asked last
}

func newKept[V any](most int) kept[V] { return kept[V]{most: most, byKey: map[setKey]V{}} }

// get finds a result or makes it; a failure is not kept. Two who ask for the same at once may both make it.
func (k *kept[V]) get(mu *sync.Mutex, at setKey, compute func() (V, error)) (V, error) {
	mu.Lock()
	v, known := k.byKey[at]
	if known {
		i := slices.Index(k.order, at)
		k.order = append(slices.Delete(k.order, i, i+1), at)
	}
	mu.Unlock()
	if known {
		return v, nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	mu.Lock()
	defer mu.Unlock()
	if _, known := k.byKey[at]; known {
		return v, nil
	}
	if len(k.order) >= k.most {
		delete(k.byKey, k.order[0])
		k.order = slices.Delete(k.order, 0, 1)
	}
	k.byKey[at], k.order = v, append(k.order, at)
	return v, nil
}
