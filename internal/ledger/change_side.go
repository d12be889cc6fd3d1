package ledger

import (
	"context"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
)

// Kinds of journal entries about side states.
const (
	KindCaseAsk    = "case.ask"
	KindCaseDecide = "case.decide"
	KindCaseLeave  = "case.leave"
	KindCaseAssign = "case.assign"
)

// AskSide asks for a side state (申请暂缓, 申请延期, 申请剔除), or puts the case into
// one that needs no approval (报卡点, 上报反弹, 退回整改, 登记争议, 转强制执法).
type AskSide struct {
	Case        int64         `json:"case"`
	Side        string        `json:"side"`
	Reason      string        `json:"reason"`
	ReasonCode  string        `json:"reason_code,omitempty"` // a usual reason of the side state
	Milestone   string        `json:"milestone,omitempty"`   // whose plan is to move (延期)
	Until       campaign.Date `json:"until,omitempty"`
	BaseVersion int64         `json:"base_version,omitempty"`
}

func (AskSide) kind() string     { return KindCaseAsk }
func (c AskSide) content() any   { return c }
func (c AskSide) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c AskSide) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseAsk, BaseVersion: c.BaseVersion}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		return t.Ask(from, c.Side, campaign.Request{On: w.happenedOn(), Reason: c.Reason, Code: c.ReasonCode, By: w.actor.ID, Milestone: c.Milestone, Until: c.Until})
	})
}

// DecideSide approves or rejects what was asked for; never by who asked.
type DecideSide struct {
	Case        int64  `json:"case"`
	Side        string `json:"side"`
	Approve     bool   `json:"approve"`
	Note        string `json:"note,omitempty"` // why
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (DecideSide) kind() string     { return KindCaseDecide }
func (c DecideSide) content() any   { return c }
func (c DecideSide) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c DecideSide) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseDecide, BaseVersion: c.BaseVersion, Body: noted(c.Note)}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		return t.Decide(from, c.Side, c.Approve, w.actor.ID, w.today())
	})
}

// LeaveSide ends a side state (恢复办理, 整改完成, 重新申报, 卡点已解决).
type LeaveSide struct {
	Case        int64  `json:"case"`
	Side        string `json:"side"`
	Note        string `json:"note,omitempty"`
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (LeaveSide) kind() string     { return KindCaseLeave }
func (c LeaveSide) content() any   { return c }
func (c LeaveSide) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c LeaveSide) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseLeave, BaseVersion: c.BaseVersion, Body: noted(c.Note)}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		return t.Leave(from, c.Side, w.today())
	})
}

// AssignSide says who is to end a side state (卡点责任人), and by when.
type AssignSide struct {
	Case        int64         `json:"case"`
	Side        string        `json:"side"`
	Owner       string        `json:"owner"`
	Until       campaign.Date `json:"until,omitempty"`
	BaseVersion int64         `json:"base_version,omitempty"`
}

func (AssignSide) kind() string     { return KindCaseAssign }
func (c AssignSide) content() any   { return c }
func (c AssignSide) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c AssignSide) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseAssign, BaseVersion: c.BaseVersion}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		return t.Assign(from, c.Side, c.Owner, c.Until)
	})
}

// sideways applies a rule about side states to the case as it stands: what
// others did meanwhile is no conflict, for the rule judges the state itself.
func (w *work) sideways(id int64, e Entry, rule func(campaign.Track, campaign.Case) (campaign.Case, error)) error {
	cw, err := w.caseNow(id)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	next, err := rule(track, cw.now)
	if err != nil {
		return err
	}
	return w.record(cw, next, e)
}

// noted is a body that says why; what changed is added when it is recorded.
func noted(why string) Body { return Body{Note: strings.TrimSpace(why)} }
