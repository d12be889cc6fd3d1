package campaign

import (
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// CheckWords refuses names, titles and words of milestones that were emptied in
// a language: pages and buttons would be without them.
func (d Definition) CheckWords() error {
	if d.Name.lacking() {
		return wordsMissing(wordOf("name"))
	}
	if d.Title.lacking() {
		return wordsMissing(wordOf("title"))
	}
	for _, t := range d.Tracks {
		if t.Name.lacking() {
			return wordsMissing(joined([]Text{wordOf("track"), alike(t.Code), wordOf("name")}, " · ", " · "))
		}
		for i, m := range t.Milestones {
			place := Text{fmt.Sprintf("%s · 第%d个节点", t.Name.ZH, i+1), fmt.Sprintf("%s · milestone %d", t.Name.EN, i+1)}
			for _, w := range []struct {
				key  string
				text Text
			}{{"name", m.Name}, {"button", m.Button}, {"state", m.State}, {"plan_label", m.PlanLabel}, {"missing", m.Missing}} {
				if w.text.lacking() {
					return wordsMissing(joined([]Text{place, wordOf(w.key)}, " · ", " · "))
				}
			}
		}
	}
	return nil
}

func (t Text) lacking() bool { return strings.TrimSpace(t.ZH) == "" || strings.TrimSpace(t.EN) == "" }

func wordsMissing(where Text) error {
	return fault.New(fault.KindInvalid, "words_missing", "“"+where.ZH+"”不能为空，中英文都要填写", where.EN+" must not be empty, in either language")
}
