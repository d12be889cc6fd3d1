package campaign

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Ban is outdated capacity that nobody may add any more (严禁新增淘汰类落后产能).
type Ban struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Industries are classes of GB/T 4754, or their first digits, of which no new firm is let in at all.
	Industries []string `json:"industries,omitempty"`
	Basis      Text     `json:"basis"` // where it is written
}

// NoBan is the value of a process field where none of the banned ones is used.
const NoBan = "none"

// Ban finds a ban by its code.
func (d Definition) Ban(code string) (Ban, bool) {
	i := slices.IndexFunc(d.Bans, func(b Ban) bool { return b.Code == code })
	if i < 0 {
		return Ban{}, false
	}
	return d.Bans[i], true
}

// MayEnter refuses an operator of a banned industry, unless it is listed on a
// track that leads out of production.
func (d Definition) MayEnter(industry string, track Track) error {
	if track.Exits || industry == "" {
		return nil
	}
	for _, b := range d.Bans {
		for _, class := range b.Industries {
			if strings.HasPrefix(industry, class) {
				return b.refusal()
			}
		}
	}
	return nil
}

func (b Ban) refusal() error {
	return fault.New(fault.KindConflict, "banned_capacity",
		fmt.Sprintf("严禁新增淘汰类落后产能：%s（依据：%s）；现有企业请随整治或淘汰事项登记", b.Name.ZH, b.Basis.ZH),
		fmt.Sprintf("no new outdated capacity: %s (%s); an existing firm is entered with its case of rectification or phasing out", b.Name.EN, b.Basis.EN))
}

func (d Definition) checkBans() error {
	list := make([]Choice, len(d.Bans))
	for i, b := range d.Bans {
		list[i] = Choice{b.Code, b.Name}
		if b.Code == NoBan || b.Basis.ZH == "" || b.Basis.EN == "" {
			return errors.New("a ban has a code of its own and says in both languages where it is written")
		}
	}
	return checkChoices("ban", list)
}
