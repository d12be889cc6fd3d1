package directory

import (
	"context"
	"fmt"
	"strings"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Codes of notices.
const (
	NoticeCode = "credit_code"
	NoticeTwin = "duplicate_firm"
)

// Notice is something to look at that keeps nothing from being saved.
type Notice struct {
	Code string
	Text campaign.Text
	// Enterprises are those of the same name.
	Enterprises []int64
	// Details say what exactly is odd about a credit code.
	Details []campaign.Text
}

// Check says what to look at before an enterprise is saved; but is its own id, 0 for a new one.
func (d *Directory) Check(ctx context.Context, scope auth.Scope, v *chronicle.View, name, code string, but int64) ([]Notice, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	return p.notices(strings.TrimSpace(name), code, but), nil
}

func (p *page) notices(name, code string, but int64) []Notice {
	var list []Notice
	if odd := uscc.Check(code); len(odd) > 0 {
		n := Notice{Code: NoticeCode, Text: campaign.Text{ZH: "统一社会信用代码校验位不符，可先保存，请核对", EN: "the credit code does not check; you may save, please check it"}}
		for _, f := range odd {
			n.Details = append(n.Details, campaign.Text{ZH: f.ZH, EN: f.EN})
		}
		list = append(list, n)
	}
	if same := p.named(name, but); name != "" && len(same) > 0 {
		n := Notice{Code: NoticeTwin, Text: campaign.Text{
			ZH: fmt.Sprintf("已有同名企业 %d 家，请确认是否重复", len(same)),
			EN: fmt.Sprintf("there are %d enterprises of this name; please check whether it is one of them", len(same)),
		}}
		for _, e := range same {
			n.Enterprises = append(n.Enterprises, e.ID)
		}
		list = append(list, n)
	}
	return list
}
