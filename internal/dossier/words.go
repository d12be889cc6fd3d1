package dossier

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Names that fields of a case by code begin with.
const (
	milestonePrefix = "milestone/"
	sidePrefix      = "side/"
	requestPrefix   = "request/"
)

// Deed is what an entry of the journal did as far as its kind and the names of
// its fields tell: enough for a sentence, and nothing of what they hold.
type Deed struct {
	Kind   string
	Before []string // names of the fields that had a value before
	After  []string // names of the fields that have another now
}

func deedOf(e ledger.Recorded) Deed {
	d := Deed{Kind: e.Kind}
	for k := range e.Body.Before {
		d.Before = append(d.Before, k)
	}
	for k := range e.Body.After {
		d.After = append(d.After, k)
	}
	slices.Sort(d.Before)
	slices.Sort(d.After)
	return d
}

// coded are the codes of the fields with this prefix.
func coded(fields []string, prefix string) []string {
	var codes []string
	for _, f := range fields {
		if code, is := strings.CutPrefix(f, prefix); is {
			codes = append(codes, code)
		}
	}
	return codes
}

// Evidence is how many photos an operation is about: those of the milestone that it marked, or all of the case where it brought
// photos in; false where it is about none.
func (d Deed) Evidence(of []Photographed) (sum Photographed, ok bool) {
	marked := coded(d.After, milestonePrefix)
	about := d.Kind == ledger.KindPhotoAttach || d.Kind == ledger.KindPhotoReceive
	for _, p := range of {
		if about || d.Kind == ledger.KindCaseMilestone && slices.Contains(marked, p.Milestone) {
			sum.Announced, sum.Arrived = sum.Announced+p.Announced, sum.Arrived+p.Arrived
		}
	}
	return sum, sum.Announced > 0
}

func text(zh, en string) campaign.Text { return campaign.Text{ZH: zh, EN: en} }

// voice has the words of a campaign and of the track a case is on.
type voice struct {
	definition campaign.Definition
	track      campaign.Track
}

// deed says what was done: 标记已腾空, 申请暂缓, 卡点已解决. Both the timeline
// and the live sentences are made of it.
func (v *voice) deed(d Deed) campaign.Text {
	switch d.Kind {
	case ledger.KindCaseList:
		return text("列入清单", "listed")
	case ledger.KindCaseMilestone:
		return v.ofMilestones(d.After, func(m campaign.Milestone) campaign.Text { return text(m.Button.ZH, m.State.EN) })
	case ledger.KindCaseNotApplicable:
		return v.ofMilestones(d.After, func(m campaign.Milestone) campaign.Text {
			return text(m.Name.ZH+"：不适用", m.Name.EN+": not applicable")
		})
	case ledger.KindCaseApplicable:
		return v.ofMilestones(slices.Concat(d.Before, d.After), func(m campaign.Milestone) campaign.Text {
			return text(m.Name.ZH+"：取消不适用", m.Name.EN+": applicable again")
		})
	case ledger.KindCaseTemplate:
		return v.template(d)
	case ledger.KindCaseAmend:
		return v.amended(d)
	case ledger.KindCaseAsk, ledger.KindCaseDecide, ledger.KindCaseLeave, ledger.KindCaseAssign:
		return v.sideways(d)
	}
	return plainly(d.Kind)
}

// plainly says kinds that need no fields; what is not known is a change all the same.
func plainly(kind string) campaign.Text {
	if said, known := plainKinds[kind]; known {
		return said
	}
	return text("有改动", "changed")
}

var plainKinds = map[string]campaign.Text{ //nolint:gochecknoglobals // a dictionary
	ledger.KindCaseMeasure:      text("认定面积", "accepted areas entered"),
	ledger.KindLadderTell:       text("逾期催办", "told that it is late"),
	ledger.KindCaseRemind:       text("催办", "sent a reminder"),
	ledger.KindCaseMove:         text("移交责任主体", "handed over to another unit"),
	ledger.KindCaseSplit:        text("分户", "split into two cases"),
	ledger.KindCaseMerge:        text("合并重复事项", "merged duplicates"),
	ledger.KindLandRecord:       text("登记腾退范围", "recorded the recovered land"),
	ledger.KindLandUse:          text("登记后续用途", "recorded the later use"),
	ledger.KindFindingWaive:     text("核查问题不作处理", "let a finding be"),
	ledger.KindBulletinFreeze:   text("冻结通报数据", "froze the figures of a bulletin"),
	ledger.KindBulletinAnswer:   text("核对通报数据", "checked the figures of a bulletin"),
	ledger.KindBulletinReply:    text("答复通报异议", "replied to an objection"),
	ledger.KindBulletinDraft:    text("通报拟稿", "drafted a bulletin"),
	ledger.KindBulletinReview:   text("通报审核", "reviewed a bulletin"),
	ledger.KindBulletinReturn:   text("退回通报", "returned a bulletin"),
	ledger.KindBulletinSign:     text("签发通报", "signed a bulletin"),
	ledger.KindBulletinIssue:    text("印发通报", "issued a bulletin"),
	ledger.KindLandRemove:       text("删除腾退范围", "removed the recovered land"),
	ledger.KindPhotoAttach:      text("添加照片", "attached a photo"),
	ledger.KindPhotoReceive:     text("照片已送达", "a photo arrived"),
	ledger.KindPhotoRemove:      text("删除照片", "removed a photo"),
	ledger.KindContactPut:       text("登记联系方式", "entered a contact"),
	ledger.KindContactErase:     text("清除联系方式", "erased a contact"),
	ledger.KindUndo:             text("撤销", "taken back"),
	ledger.KindConflictResolve:  text("核对后改正", "corrected after comparing"),
	ledger.KindConflictKept:     text("提交的内容与现值不一致，待核对", "sent a value that contradicts; to be compared"),
	ledger.KindEnterpriseEnter:  text("录入企业资料", "entered an enterprise"),
	ledger.KindEnterpriseAmend:  text("修改企业资料", "changed an enterprise"),
	ledger.KindEnterpriseMerge:  text("合并重复企业", "merged duplicate enterprises"),
	ledger.KindSheetFill:        text("填报资料", "filled in a sheet"),
	ledger.KindSheetRemove:      text("删除一行资料", "removed a row of a sheet"),
	ledger.KindOrderIssue:       text("发出督办单", "issued an order"),
	ledger.KindOrderSign:        text("签收督办单", "signed for an order"),
	ledger.KindOrderAnswer:      text("反馈督办单", "answered an order"),
	ledger.KindOrderReturn:      text("退回督办反馈", "returned the answer to an order"),
	ledger.KindOrderClose:       text("办结督办单", "closed an order"),
	ledger.KindOrderWithdraw:    text("撤回督办单", "withdrew an order"),
	ledger.KindMeetingCall:      text("召集会议", "called a meeting"),
	ledger.KindMeetingAgenda:    text("修改会议议程", "changed an agenda"),
	ledger.KindMeetingDecide:    text("登记会议议定事项", "entered a decision of a meeting"),
	ledger.KindMeetingDone:      text("会议议定事项办结", "carried out a decision of a meeting"),
	ledger.KindMeetingClose:     text("会议纪要定稿", "closed the minutes of a meeting"),
	ledger.KindRevisitDraw:      text("抽取回头看", "drew cases to look at again"),
	ledger.KindSheetJudge:       text("重新认定整治对象", "eligibility evaluated"),
	ledger.KindSheetOverlay:     text("叠加分析", "overlays measured"),
	ledger.KindParcelImport:     text("导入地块", "imported parcels"),
	ledger.KindParcelSplit:      text("图斑分割", "split the parcel"),
	ledger.KindParcelMerge:      text("图斑合并", "merged parcels"),
	ledger.KindReferenceReplace: text("更新底图要素", "updated reference features"),
	ledger.KindCampaignSetUp:    text("更新专项行动设置", "changed the campaign"),
	ledger.KindCampaignAmend:    text("更新专项行动设置", "changed the campaign"),
	ledger.KindPersonPut:        text("更新人员资料", "entered or changed a person"),
	ledger.KindLogHead:          text("登记访问日志校验值", "entered the head of the access log"),
}

// ofMilestones says the phrase of the first milestone among the fields.
func (v *voice) ofMilestones(fields []string, phrase func(campaign.Milestone) campaign.Text) campaign.Text {
	for _, m := range v.track.Milestones { // one that is planned by its time limit comes later
		if slices.Contains(fields, milestonePrefix+m.Code) {
			return phrase(m)
		}
	}
	return text("办理了现已取消的节点", "marked a milestone that is gone")
}

func (v *voice) template(d Deed) campaign.Text {
	var zh, en []string
	for _, m := range v.track.Milestones {
		if slices.Contains(d.After, milestonePrefix+m.Code) {
			zh, en = append(zh, m.Name.ZH), append(en, m.Name.EN)
		}
	}
	return text(strings.Join(zh, "、")+"：不适用", strings.Join(en, ", ")+": not applicable")
}

func (v *voice) amended(d Deed) campaign.Text {
	keys := slices.Concat(d.Before, d.After)
	slices.Sort(keys)
	var zh, en []string
	for _, k := range slices.Compact(keys) {
		if name, known := v.field(k, func(m campaign.Milestone) campaign.Text { return m.PlanLabel }); known {
			zh, en = append(zh, name.ZH), append(en, name.EN)
		}
	}
	return text("修改了"+strings.Join(zh, "、"), "changed "+strings.Join(en, ", "))
}

// field is the name of a field of a case; of a milestone, by what is meant of it.
func (v *voice) field(key string, of func(campaign.Milestone) campaign.Text) (campaign.Text, bool) {
	if code, isMark := strings.CutPrefix(key, milestonePrefix); isMark {
		i := v.track.Index(code)
		if i < 0 {
			return campaign.Text{}, false
		}
		return of(v.track.Milestones[i]), true
	}
	return campaign.FieldName(key)
}

// sideways says what became of a side state.
func (v *voice) sideways(d Deed) campaign.Text {
	before := append(coded(d.Before, requestPrefix), coded(d.Before, sidePrefix)...)
	after := append(coded(d.After, requestPrefix), coded(d.After, sidePrefix)...)
	all := slices.Concat(before, after)
	if len(all) == 0 {
		return text("有改动", "changed")
	}
	s, ok := v.definition.Side(all[0])
	if !ok {
		return text("办理了现已取消的状态", "changed a side state that is gone")
	}
	switch d.Kind {
	case ledger.KindCaseAssign:
		return text("指定"+s.Name.ZH+"责任人", s.Name.EN+": who is to end it")
	case ledger.KindCaseLeave:
		return text(s.ButtonOut.ZH, "no longer "+s.Name.EN)
	case ledger.KindCaseDecide:
		if len(after) > 0 || len(coded(d.After, milestonePrefix)) > 0 {
			return text("通过"+s.ButtonIn.ZH, s.Name.EN+": approved")
		}
		return text("退回"+s.ButtonIn.ZH, s.Name.EN+": not approved")
	}
	if len(coded(d.After, requestPrefix)) > 0 {
		return text(s.ButtonIn.ZH, "asked for: "+s.Name.EN)
	}
	return text(s.ButtonIn.ZH, s.Name.EN)
}

// Told is one committed operation as a sentence tells it.
type Told struct {
	Deed
	Actor   string   // name; "" is the program itself
	Unnamed bool     // who it was is not shown: somebody of another unit
	Case    *CaseRef // the first case it touches, if it is still there
	Cases   int      // how many it touches
	Parcels int
}

// Did says what an operation did, without who and to what: 标记已腾空.
func Did(d campaign.Definition, t Told) campaign.Text { return voiceOf(d, t).deed(t.Deed) }

func voiceOf(d campaign.Definition, t Told) *voice {
	v := &voice{definition: d}
	if t.Case != nil {
		v.track, _ = d.Track(t.Case.Track)
	} else if len(d.Tracks) > 0 {
		v.track, _ = d.Track(d.Tracks[0].Code)
	}
	return v
}

// Sentence tells an operation: 沈某 标记已腾空 · XZ-2020-0231 宏*织造厂 等 12 件.
func Sentence(d campaign.Definition, t Told) campaign.Text {
	did, who := Did(d, t), text(t.Actor, t.Actor)
	switch {
	case t.Unnamed:
		who = campaign.OtherPeople()
	case t.Actor == "":
		who = campaign.RoleName("system")
	}
	said := text(who.ZH+" "+did.ZH, who.EN+": "+did.EN)
	switch {
	case t.Case != nil:
		named := strings.TrimSpace(t.Case.Code + " " + t.Case.Label)
		said.ZH += " · " + named
		said.EN += " · " + named
		if t.Cases > 1 {
			said.ZH += fmt.Sprintf(" 等 %d 件", t.Cases)
			said.EN += fmt.Sprintf(" and %d more", t.Cases-1)
		}
	case t.Cases > 0:
		said.ZH += fmt.Sprintf(" · %d 件", t.Cases)
		said.EN += fmt.Sprintf(" · %d cases", t.Cases)
	case t.Parcels > 0:
		said.ZH += fmt.Sprintf(" · %d 个地块", t.Parcels)
		said.EN += fmt.Sprintf(" · %d parcels", t.Parcels)
	}
	return said
}
