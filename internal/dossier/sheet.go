package dossier

import (
	"encoding/json"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// valuePrefix begins the journalled names of a sheet's fields.
const valuePrefix = "value/"

// sheetsOf are the sheets that entries are about, by noun: only the first entry of one says which it is.
func sheetsOf(d campaign.Definition, entries []ledger.Recorded) map[int64]campaign.Sheet {
	found := map[int64]campaign.Sheet{}
	for _, e := range entries {
		var code string
		if e.Noun != ledger.NounSheet || json.Unmarshal(e.Body.After["sheet"], &code) != nil {
			continue
		}
		if s, known := d.Sheet(code); known {
			found[e.NounID] = s
		}
	}
	return found
}

// filledIn adds which sheet it was, and the names of the fields that changed.
func filledIn(said campaign.Text, s campaign.Sheet, b ledger.Body) campaign.Text {
	said = text(said.ZH+"：“"+s.Name.ZH+"”", said.EN+": "+s.Name.EN)
	var zh, en []string
	for _, f := range s.Fields {
		_, was := b.Before[valuePrefix+f.Code]
		if _, is := b.After[valuePrefix+f.Code]; was || is {
			zh, en = append(zh, f.Name.ZH), append(en, f.Name.EN)
		}
	}
	if len(zh) == 0 {
		return said
	}
	return text(said.ZH+"（"+strings.Join(zh, "、")+"）", said.EN+" ("+strings.Join(en, ", ")+")")
}
