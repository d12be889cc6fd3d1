package app

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/interchange"
)

// progressLine shows on a terminal how far an import is; elsewhere it says nothing.
type progressLine struct {
	out   io.Writer // nil: not a terminal
	shown bool
}

func newProgressLine(t Terminal) *progressLine {
	f, isFile := t.Err.(*os.File)
	if !isFile {
		return &progressLine{}
	}
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return &progressLine{}
	}
	return &progressLine{out: f}
}

func (p *progressLine) tell(phase string, done, total int) {
	if p.out == nil {
		return
	}
	words := map[string]string{interchange.PhaseRead: "读取 reading", interchange.PhaseWrite: "写入 writing", "export": "导出 exporting"}
	text := fmt.Sprintf("%s %d", words[phase], done)
	if total > 0 {
		text += fmt.Sprintf("/%d（%d%%）", total, 100*done/total)
	}
	_, _ = fmt.Fprintf(p.out, "\r\x1b[K%s", text)
	p.shown = true
}

// clear leaves an empty line for what follows.
func (p *progressLine) clear() {
	if p.shown {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func printReport(t Terminal, r gen.ImportReport) {
	if r.Refusal != nil {
		t.say("未导入："+r.Refusal.Zh, "not imported: "+r.Refusal.En)
		for _, n := range r.Needs {
			t.say("请补充："+n, "please say: --"+n)
		}
		if r.Layers != nil {
			t.say("可选图层："+strings.Join(*r.Layers, "、"), "layers: "+strings.Join(*r.Layers, ", "))
		}
		return
	}
	verb := "已导入"
	if r.DryRun {
		verb = "预览"
	}
	wrong := int64(len(r.Rejected)) + r.RejectedMore
	t.say(fmt.Sprintf("%s：共 %d 行，可导入 %d 行，有误 %d 行", verb, r.Features, r.Accepted, wrong),
		fmt.Sprintf("%d rows, %d accepted, %d rejected", r.Features, r.Accepted, wrong))
	t.say(fmt.Sprintf("新增 %d，变化 %d，无变化 %d，本次文件中没有的 %d", r.Created, r.Changed, r.Unchanged, r.Gone),
		fmt.Sprintf("%d new, %d changed, %d unchanged, %d not in this file", r.Created, r.Changed, r.Unchanged, r.Gone))
	if r.TotalMu != nil {
		t.say(fmt.Sprintf("面积合计 %s 亩（%.2f ㎡，CGCS2000椭球）", *r.TotalMu, *r.TotalM2), "total area "+*r.TotalMu+" mu")
	}
	printDiff(t, r.Diff)
	for _, row := range r.Rejected {
		t.say(fmt.Sprintf("第 %d 行：%s", row.Row, row.Reason), fmt.Sprintf("row %d: %s", row.Row, row.ReasonEn))
	}
	printMore(t, r.RejectedMore)
	for _, f := range r.Findings {
		row := ""
		if f.Row != nil {
			row = fmt.Sprintf("%d: ", *f.Row)
		}
		t.say("提示："+row+f.Text.Zh, "note: "+f.Text.En)
	}
	printMore(t, r.FindingsMore)
}

func printMore(t Terminal, more int64) {
	if more > 0 {
		t.say(fmt.Sprintf("……另有 %d 条", more), fmt.Sprintf("… and %d more", more))
	}
}

func printDiff(t Terminal, d gen.ImportDiff) {
	for _, c := range d.Changed {
		var parts []string
		if c.Geometry != nil {
			parts = append(parts, fmt.Sprintf("图形 %s → %s 亩", c.Geometry.BeforeMu, c.Geometry.AfterMu))
		}
		for _, f := range c.Fields {
			parts = append(parts, fmt.Sprintf("%s “%s” → “%s”", f.Field, f.Before, f.After))
		}
		t.say(fmt.Sprintf("变化 %s（第 %d 行）：%s", c.Code, c.Row, strings.Join(parts, "；")), "changed "+c.Code)
	}
	for _, g := range d.Gone {
		t.say(fmt.Sprintf("本次文件中没有：%s %s（%s 亩，未删除）", g.Code, g.Label, g.Mu), "not in this file: "+g.Code+" (kept)")
	}
}
