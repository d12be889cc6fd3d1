package chronicle

import "github.com/guatu/guatu/internal/lookup"

// Names are the names that this room looked at, with their initials.
func (b *Book) Names() *lookup.Names { return &b.words.names }

// search tests whether a case is what somebody types: part of its code, label
// or village, the initials of their pinyin (hlzzc for 宏联织造厂), or an operator.
func (v *View) search(f Filter) test {
	query := v.book.Names().Parse(f.Query)
	villages, operators := map[string]bool{}, map[int64]bool{}
	for _, village := range v.Definition.Villages {
		villages[village.Code] = query.Name(village.Name.ZH) != lookup.None
	}
	for _, id := range f.Operators {
		operators[id] = true
	}
	return func(c *Case) bool {
		return villages[c.Village] || query.Fits(c.Code, c.Label) || operators[c.Enterprise]
	}
}
