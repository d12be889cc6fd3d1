package register

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Watched is somebody on a list: an enterprise, or a case with its operator.
type Watched struct {
	Case       *chronicle.Case    // nil on lists of enterprises
	Enterprise *ledger.Enterprise // nil where none is known or to be seen
	Unit       string
	Shows      []Shown
}

// Shown is a fact told beside somebody on a list.
type Shown struct {
	Name, Value campaign.Text
}

// Watch is a list with who is on it, those of the reader's area alone.
func (d *Desk) Watch(ctx context.Context, scope auth.Scope, v *chronicle.View, code string) (campaign.Watch, []Watched, error) {
	w, ok := v.Definition.Watch(code)
	if !ok {
		return w, nil, fault.New(fault.KindNotFound, "unknown_list", "没有“"+code+"”这份名单", "there is no list "+code)
	}
	r, err := d.read(ctx, scope, v)
	if err != nil {
		return w, nil, err
	}
	return w, r.watched(w), nil
}

// watched are those who fit a list's condition, in the order of codes and ids.
func (r *reading) watched(w campaign.Watch) []Watched {
	var list []Watched
	if w.Of == campaign.OfCase {
		for _, c := range r.Cases() {
			if c.Track != w.Track || r.Excluded(c) || !sees(r.scope, c.Unit, c.Village) {
				continue
			}
			if f := r.ofCase(c); w.Where.Fits(f) {
				list = append(list, Watched{Case: c, Enterprise: r.firm(c.Enterprise), Unit: c.Unit, Shows: r.shows(w, f)})
			}
		}
		return list
	}
	for _, e := range r.firmsInOrder() {
		if !sees(r.scope, e.Unit, e.Village) {
			continue
		}
		if f := r.ofFirm(e); w.Where.Fits(f) {
			list = append(list, Watched{Enterprise: e, Unit: e.Unit, Shows: r.shows(w, f)})
		}
	}
	return list
}

func (r *reading) shows(w campaign.Watch, f campaign.Facts) []Shown {
	list := make([]Shown, len(w.Shows))
	for i, fact := range w.Shows {
		list[i] = Shown{r.Definition.FactName(fact), r.Definition.ValueWords(fact, f[fact])}
		if f[fact] == "" {
			list[i].Value = campaign.Text{ZH: "—", EN: "—"}
		}
	}
	return list
}
