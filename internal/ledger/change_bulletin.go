package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about bulletins. Those of the steps are kindBulletin and campaign.BulletinStep.Code.
const (
	kindBulletin       = "bulletin."
	KindBulletinFreeze = kindBulletin + "freeze"
	KindBulletinAnswer = kindBulletin + "answer"
	KindBulletinReply  = kindBulletin + "reply"
	KindBulletinDraft  = kindBulletin + "draft"
	KindBulletinReview = kindBulletin + "review"
	KindBulletinReturn = kindBulletin + "return"
	KindBulletinSign   = kindBulletin + "sign"
	KindBulletinIssue  = kindBulletin + "issue"
)

// FreezeBulletin begins an issue: its figures are those known at the end of a day that is over, and stay so (冻结).
type FreezeBulletin struct {
	Monthly bool          `json:"monthly,omitempty"`
	On      campaign.Date `json:"on"`
	CheckBy campaign.Date `json:"check_by"`
}

func (FreezeBulletin) kind() string   { return KindBulletinFreeze }
func (c FreezeBulletin) content() any { return c }
func (FreezeBulletin) names(*Locks)   {}

func (c FreezeBulletin) decide(ctx context.Context, w *work) error {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	if def.Issuing == nil {
		return fault.New(fault.KindConflict, "no_issuing", "请先在设置中填写通报的发文机关、主送和抄送", "please enter in the settings who issues bulletins, and to whom")
	}
	begun, err := w.tx.BulletinsBegun(ctx, c.On)
	if err != nil {
		return err
	}
	for _, b := range begun.Issues { // those on their way count as well
		if !slices.Contains(def.Bulletins, b) {
			def = def.WithBulletin(b)
		}
	}
	next, err := def.NextBulletin(c.Monthly, c.On, w.today())
	switch {
	case err != nil:
		return err
	case begun.Revision == 0:
		return fault.New(fault.KindConflict, "nothing_recorded", "该日以前没有任何记录，无可通报", "nothing had been recorded by that day")
	case c.CheckBy < w.today():
		return fault.New(fault.KindInvalid, "check_by_over", "核对期限不能早于今天", "the units cannot answer by a day that is over")
	}
	b := Bulletin{
		Version: 1, Campaign: def.Code, Monthly: c.Monthly, Number: next.Number, On: c.On, Revision: begun.Revision, CheckBy: c.CheckBy, Stage: campaign.BulletinFrozen, Issuing: *def.Issuing,
		Acts: map[string]Act{campaign.BulletinFrozen: {w.actor.ID, w.now}},
	}
	b.Before, _ = def.LastBulletin(c.Monthly, c.On)
	if b.ID, err = w.newID(ctx); err != nil {
		return err
	}
	return w.recordBulletin(Bulletin{}, b, c.kind())
}

// StepBulletin leads a bulletin on, or back: 拟稿, 审核, 退回, 签发, 印发.
type StepBulletin struct {
	Bulletin    int64          `json:"bulletin"`
	BaseVersion int64          `json:"base_version"`
	Step        string         `json:"step"`
	Text        string         `json:"text,omitempty"`  // of a draft: what comes next; of a return: why
	Files       []BulletinFile `json:"files,omitempty"` // of an issue
	On          campaign.Date  `json:"on,omitempty"`    // of an issue: the day that its files print
}

func (c StepBulletin) kind() string { return kindBulletin + c.Step }
func (c StepBulletin) content() any { return c }
func (StepBulletin) names(*Locks)   {}

func (c StepBulletin) decide(ctx context.Context, w *work) error {
	step, known := campaign.BulletinStepOf(c.Step)
	if !known {
		return fault.New(fault.KindInvalid, "unknown_change", "没有“"+c.kind()+"”这种改动", "there is no change of kind "+c.kind())
	}
	found, err := w.bulletin(ctx, c.Bulletin)
	if err != nil {
		return err
	}
	before := found.Bulletin
	if before.Version != c.BaseVersion {
		return w.changedByAnother(ctx, NounBulletin, before.ID, c.BaseVersion)
	}
	if err := step.Allow(before.Stage, w.actor.ID, before.Authors()); err != nil {
		return err
	}
	after := before
	after.Version++
	after.Stage = step.To
	after.Acts = maps.Clone(before.Acts)
	if err := c.take(w, &after, found); err != nil {
		return err
	}
	return w.recordBulletin(before, after, c.kind())
}

// take is what a step changes beside the stage.
func (c StepBulletin) take(w *work, b *Bulletin, found BulletinNow) error {
	text := strings.TrimSpace(c.Text)
	switch c.kind() {
	case KindBulletinDraft:
		if err := mayDraft(w, found, text); err != nil {
			return err
		}
		b.Outlook, b.Reason = text, ""
	case KindBulletinReturn:
		if text == "" {
			return fault.New(fault.KindInvalid, "reason_missing", "请填写退回的原因", "please give the reason for returning it")
		}
		b.Reason = text
		for _, stage := range []string{campaign.BulletinDrafted, campaign.BulletinReviewed} {
			delete(b.Acts, stage)
		}
		return nil
	case KindBulletinIssue:
		if len(c.Files) == 0 {
			return fault.New(fault.KindInvalid, "files_missing", "印发须有文件", "what is issued has files")
		}
		if c.On != w.today() {
			return fault.New(fault.KindConflict, "another_day", "日期已变，请再印发一次", "the day has changed; please issue it again")
		}
		b.Files = c.Files
		if err := w.noteIssue(b); err != nil {
			return err
		}
	}
	b.Acts[b.Stage] = Act{w.actor.ID, w.now}
	return nil
}

// noteIssue enters the issue in the campaign, where ranks and the time line look for it.
func (w *work) noteIssue(b *Bulletin) error {
	old := w.there.Campaigns[w.there.Running]
	next := Campaign{ID: old.ID, Version: old.Version + 1, Definition: old.Definition.WithBulletin(b.Issue())}
	before, err := CampaignFields(old)
	if err != nil {
		return err
	}
	after, err := CampaignFields(next)
	w.writes.Campaigns = append(w.writes.Campaigns, next)
	w.entries = append(w.entries, Entry{Kind: KindBulletinIssue, KindVersion: 1, Noun: NounCampaign, NounID: next.ID, Version: next.Version, Body: diff(before, after)})
	return err
}

// mayDraft refuses a draft while units may still answer, or objections stand without a reply.
func mayDraft(w *work, found BulletinNow, text string) error {
	said := map[string]bool{}
	for _, a := range found.Answers {
		said[a.Unit] = true
		if !a.Agrees && a.Reply == "" {
			return fault.New(fault.KindConflict, "objection_open", "还有异议没有答复，答复后再拟稿", "an objection has no reply yet")
		}
	}
	if err := campaign.NamesNobody(text, found.People); err != nil {
		return err
	}
	silent := slices.ContainsFunc(found.Units, func(code string) bool { return !said[code] })
	if by := found.Bulletin.CheckBy; silent && by >= w.today() {
		return fault.New(fault.KindConflict, "still_checking", "核对期限为"+by.Written()+"，还有单位没有答复", "the units may answer until "+string(by)+", and not all have")
	}
	return nil
}

// AnswerBulletin is a unit's answer to the frozen figures; a later one takes its place.
type AnswerBulletin struct {
	Bulletin int64  `json:"bulletin"`
	Unit     string `json:"unit"`
	Agrees   bool   `json:"agrees,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

func (AnswerBulletin) kind() string   { return KindBulletinAnswer }
func (c AnswerBulletin) content() any { return c }
func (AnswerBulletin) names(*Locks)   {}

func (c AnswerBulletin) decide(ctx context.Context, w *work) error {
	if !w.actor.Has(c.Unit, "") || c.Unit == "" {
		return w.otherUnit(ctx, c.Unit)
	}
	found, err := w.bulletin(ctx, c.Bulletin)
	b, reason := found.Bulletin, strings.TrimSpace(c.Reason)
	switch {
	case err != nil:
		return err
	case b.Stage != campaign.BulletinFrozen || b.CheckBy < w.today():
		return fault.New(fault.KindConflict, "check_is_over", "核对已经结束；更正将写入下一期", "the time for answers is over; what is corrected will be in the next issue")
	case !slices.Contains(found.Units, c.Unit):
		return fault.New(fault.KindInvalid, "unknown_unit", "没有“"+c.Unit+"”这个责任主体", "there is no unit "+c.Unit)
	case !c.Agrees && reason == "":
		return fault.New(fault.KindInvalid, "reason_missing", "请写明异议内容", "please say what is wrong")
	}
	before := found.answer(c.Unit)
	after := BulletinAnswer{ID: before.ID, Version: before.Version + 1, Bulletin: b.ID, Unit: c.Unit, Agrees: c.Agrees, Reason: reason, By: w.actor.ID, At: w.now}
	if before.ID == 0 {
		if after.ID, err = w.newID(ctx); err != nil {
			return err
		}
	}
	return w.recordAnswer(before, after, c.kind())
}

// ReplyBulletin is what the office says to an objection.
type ReplyBulletin struct {
	Bulletin int64  `json:"bulletin"`
	Unit     string `json:"unit"`
	Reply    string `json:"reply"`
}

func (ReplyBulletin) kind() string   { return KindBulletinReply }
func (c ReplyBulletin) content() any { return c }
func (ReplyBulletin) names(*Locks)   {}

func (c ReplyBulletin) decide(ctx context.Context, w *work) error {
	found, err := w.bulletin(ctx, c.Bulletin)
	before := found.answer(c.Unit)
	switch {
	case err != nil:
		return err
	case found.Bulletin.Stage != campaign.BulletinFrozen:
		return fault.New(fault.KindConflict, "bulletin_stage", "已经拟稿，不能再答复", "it has been drafted; there is no more to reply to")
	case before.ID == 0 || before.Agrees:
		return fault.New(fault.KindNotFound, "no_objection", "该单位没有提出异议", "the unit has no objection")
	case strings.TrimSpace(c.Reply) == "":
		return fault.New(fault.KindInvalid, "reason_missing", "请填写答复", "please give a reply")
	}
	after := before
	after.Version++
	after.Reply, after.Replier = strings.TrimSpace(c.Reply), w.actor.ID
	return w.recordAnswer(before, after, c.kind())
}
