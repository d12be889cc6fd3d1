package campaign

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// Issuing is how the bulletin (通报) goes out.
type Issuing struct {
	Office Text   `json:"office"` // 发文机关, in full
	Mark   string `json:"mark"`   // 机关代字 of the weekly ones: 秀低散乱办周报
	Months string `json:"months"` // 机关代字 of the monthly ones
	To     Text   `json:"to"`     // 主送
	Copies Text   `json:"copies"` // 抄送
}

// Bulletin is an issue of the 通报 with the day whose figures it printed.
type Bulletin struct {
	Number  int  `json:"number"`
	On      Date `json:"on"`
	Monthly bool `json:"monthly,omitempty"` // 月通报; else 周通报. Each is numbered by itself
}

// LastBulletin is the last weekly or monthly issue before a day; false when there is none.
func (d Definition) LastBulletin(monthly bool, before Date) (Bulletin, bool) {
	var last Bulletin
	for _, b := range d.Bulletins {
		if b.Monthly == monthly && b.On < before && b.On > last.On {
			last = b
		}
	}
	return last, last.Number > 0
}

// WithBulletin is the definition with an issue more.
func (d Definition) WithBulletin(b Bulletin) Definition {
	d.Bulletins = append(slices.Clone(d.Bulletins), b)
	slices.SortStableFunc(d.Bulletins, func(a, b Bulletin) int { return cmp.Compare(a.On, b.On) })
	return d
}

// NextBulletin is the issue that a day closes: a month's has its number and can be made on the month's last day alone.
// Its last issue, and days that are not over, are refused.
func (d Definition) NextBulletin(monthly bool, on, today Date) (Bulletin, error) {
	b := Bulletin{On: on, Monthly: monthly}
	month, lastDay := on.Month()
	switch {
	case month == 0:
		return b, fault.New(fault.KindInvalid, "bad_day", "统计截止日有误", "the day of the cut-off is wrong")
	case on >= today:
		return b, fault.New(fault.KindConflict, "day_not_over", "统计截止日还没有过完，次日起可以冻结", "the day is not over; its figures can be frozen from the next day on")
	case monthly && !lastDay:
		return b, fault.New(fault.KindInvalid, "not_a_month", "月通报的统计截止日须为当月最后一天", "a monthly bulletin ends with the last day of its month")
	}
	last, _ := d.LastBulletin(monthly, "9999-12-31")
	if last.On >= on {
		return b, fault.New(fault.KindConflict, "bulletin_before", fmt.Sprintf("第%d期已截至%s，新一期须晚于该日", last.Number, last.On), fmt.Sprintf("issue %d is of %s already; a new one must be of a later day", last.Number, last.On))
	}
	b.Number = last.Number + 1
	if monthly {
		b.Number = month
	}
	return b, nil
}

func checkBulletins(all []Bulletin) error {
	last := map[bool]Bulletin{}
	for _, b := range all {
		before := last[b.Monthly]
		if _, err := ParseDate(string(b.On)); err != nil || b.Number <= before.Number || b.On <= before.On {
			return fmt.Errorf("bulletin %d on %q: issues count up with their days", b.Number, b.On)
		}
		last[b.Monthly] = b
	}
	return nil
}

func (i *Issuing) check() error {
	if i == nil {
		return nil
	}
	for _, t := range []Text{i.Office, i.To} {
		if t.ZH == "" || t.EN == "" {
			return errors.New("issuing: who issues it, or to whom, is missing in a language")
		}
	}
	if i.Mark == "" || i.Months == "" || i.Mark == i.Months {
		return errors.New("issuing: weekly and monthly bulletins need marks of their own")
	}
	return nil
}

// DocumentNumber is the 发文字号 of an issue: 秀低散乱办周报〔2020〕37号.
func (i Issuing) DocumentNumber(year string, b Bulletin) string {
	mark := i.Mark
	if b.Monthly {
		mark = i.Months
	}
	return fmt.Sprintf("%s〔%s〕%d号", mark, year, b.Number)
}

// Stages of a bulletin on its way: 冻结 (各单位核对) → 拟稿 → 审核 → 签发 → 印发.
const (
	BulletinFrozen   = "frozen"
	BulletinDrafted  = "drafted"
	BulletinReviewed = "reviewed"
	BulletinSigned   = "signed"
	BulletinIssued   = "issued"
)

// BulletinStep leads a bulletin from one stage to another.
type BulletinStep struct {
	Code string
	Name Text
	From []string
	To   string
	// OtherThan is the stage whose author may not take this step.
	OtherThan string
}

// BulletinSteps are the steps in their order.
func BulletinSteps() []BulletinStep {
	return []BulletinStep{
		{"draft", Text{"拟稿", "draft"}, []string{BulletinFrozen, BulletinDrafted}, BulletinDrafted, ""},
		{"review", Text{"审核", "review"}, []string{BulletinDrafted}, BulletinReviewed, BulletinDrafted},
		{"return", Text{"退回", "return"}, []string{BulletinDrafted, BulletinReviewed}, BulletinFrozen, ""},
		{"sign", Text{"签发", "sign"}, []string{BulletinReviewed}, BulletinSigned, BulletinDrafted},
		{"issue", Text{"印发", "issue"}, []string{BulletinSigned}, BulletinIssued, ""},
	}
}

// BulletinStepOf finds a step by its code.
func BulletinStepOf(code string) (BulletinStep, bool) {
	for _, s := range BulletinSteps() {
		if s.Code == code {
			return s, true
		}
	}
	return BulletinStep{}, false
}

// Allow refuses a step that the stage does not allow, or that its author may not take; by are the authors of the stages so far.
func (s BulletinStep) Allow(stage, author string, by map[string]string) error {
	switch {
	case stage == BulletinSigned && s.To != BulletinIssued, stage == BulletinIssued:
		return fault.New(fault.KindConflict, "bulletin_frozen", "已签发，不能修改；更正将写入下一期", "it has been signed and cannot be changed; what is corrected will be in the next issue")
	case !slices.Contains(s.From, stage):
		return fault.New(fault.KindConflict, "bulletin_stage", "现在还不能"+s.Name.ZH, "it is not the turn of this step: "+s.Name.EN)
	case s.OtherThan != "" && by[s.OtherThan] == author:
		return fault.New(fault.KindDenied, "same_person", s.Name.ZH+"人不能是拟稿人", "who drafted it may not "+s.Name.EN+" it")
	}
	return nil
}
