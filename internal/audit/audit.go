// Package audit keeps the access log: who came in, what was refused, what left
// the house and what personal data was read.
//
// The log is a second hash chain beside the journal, with a database role of
// its own to read it. The heads of the two are entered in each other every
// hour; once a day both heads are signed by a key that no database holds, and
// the signed line is appended to a file beside the data.
package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kind is what an entry is about.
type Kind string

// Kinds of entries. A kind is what happened, whether it was let through or not: that is the outcome.
const (
	SignIn          Kind = "session.begin"
	SignOut         Kind = "session.end"
	SessionsEnded   Kind = "session.end_all"
	PasswordChange  Kind = "password.change"
	AccountCreated  Kind = "account.create"
	AccountApproved Kind = "account.approve"
	AccountClosed   Kind = "account.disable"
	AccountOpened   Kind = "account.enable"
	PasswordReset   Kind = "account.reset"
	RightsAssigned  Kind = "rights.assign"
	Refused         Kind = "request.refused" // no right to it, or not there for this person
	Foreign         Kind = "request.foreign" // sent by a page of another site, or a key that does not fit
	Import          Kind = "data.import"
	Export          Kind = "data.export" // whatever leaves as a file
	SecretRead      Kind = "secret.read"
	TokenMade       Kind = "token.create"
	TokenUsed       Kind = "token.use"
	TokenRevoked    Kind = "token.revoke"
	LogRead         Kind = "log.read"
	LogExport       Kind = "log.export"
	LogVerified     Kind = "log.verify"
	Tied            Kind = "log.tie"    // the journal's head, entered every hour
	Anchored        Kind = "log.anchor" // both heads, signed once a day
	Cut             Kind = "log.cut"    // entries past their time were removed; signed
)

// Outcomes every kind can have; any other is the code of a refusal.
const (
	Done  = "done"
	Begun = "begun" // of what takes long: an entry with the outcome follows
)

// OutcomeOf is the outcome of what ended with an error, or without.
func OutcomeOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return "failed"
	}
	return Done
}

// named is a kind with its wording.
type named struct {
	kind Kind
	text campaign.Text
}

// words are the wordings of the kinds, in the order of the filter.
var words = []named{ //nolint:gochecknoglobals // the one list of wordings, never written
	{SignIn, campaign.Text{ZH: "登录", EN: "sign-in"}},
	{SignOut, campaign.Text{ZH: "退出", EN: "sign-out"}},
	{SessionsEnded, campaign.Text{ZH: "结束全部登录", EN: "all sessions ended"}},
	{PasswordChange, campaign.Text{ZH: "修改密码", EN: "password changed"}},
	{AccountCreated, campaign.Text{ZH: "建立账号", EN: "account created"}},
	{AccountApproved, campaign.Text{ZH: "批准账号", EN: "account approved"}},
	{AccountClosed, campaign.Text{ZH: "停用账号", EN: "account disabled"}},
	{AccountOpened, campaign.Text{ZH: "启用账号", EN: "account enabled"}},
	{PasswordReset, campaign.Text{ZH: "重置密码", EN: "password reset"}},
	{RightsAssigned, campaign.Text{ZH: "分配权限", EN: "rights assigned"}},
	{Refused, campaign.Text{ZH: "越权访问", EN: "refused for want of a right"}},
	{Foreign, campaign.Text{ZH: "异常来源请求", EN: "request from elsewhere"}},
	{Import, campaign.Text{ZH: "导入数据", EN: "import"}},
	{Export, campaign.Text{ZH: "导出数据", EN: "export"}},
	{SecretRead, campaign.Text{ZH: "查看个人信息", EN: "personal data read"}},
	{TokenMade, campaign.Text{ZH: "建立令牌", EN: "token created"}},
	{TokenUsed, campaign.Text{ZH: "使用令牌", EN: "token used"}},
	{TokenRevoked, campaign.Text{ZH: "吊销令牌", EN: "token revoked"}},
	{LogRead, campaign.Text{ZH: "查看日志", EN: "log read"}},
	{LogExport, campaign.Text{ZH: "导出日志", EN: "log exported"}},
	{LogVerified, campaign.Text{ZH: "校验日志", EN: "log verified"}},
	{Tied, campaign.Text{ZH: "登记流水校验值", EN: "journal's head entered"}},
	{Anchored, campaign.Text{ZH: "每日签名", EN: "daily signature"}},
	{Cut, campaign.Text{ZH: "到期清理", EN: "past their time, removed"}},
}

// Kinds are all kinds with their wording.
func Kinds() []campaign.Choice {
	list := make([]campaign.Choice, len(words))
	for i, w := range words {
		list[i] = campaign.Choice{Code: string(w.kind), Name: w.text}
	}
	return list
}

// KindName is the wording of a kind.
func KindName(k Kind) campaign.Text {
	i := slices.IndexFunc(words, func(w named) bool { return w.kind == k })
	if i < 0 {
		return campaign.Text{ZH: string(k), EN: string(k)}
	}
	return words[i].text
}

// outcomes are the wordings of the outcomes that are met often.
var outcomes = map[string]campaign.Text{ //nolint:gochecknoglobals // wordings, never written
	Done:                   {ZH: "成功", EN: "done"},
	Begun:                  {ZH: "开始", EN: "begun"},
	"failed":               {ZH: "出错", EN: "failed"},
	"findings":             {ZH: "发现异常", EN: "something is wrong"},
	"sign_in_wrong":        {ZH: "账号或密码不正确", EN: "wrong account or password"},
	"sign_in_locked":       {ZH: "已锁定", EN: "locked"},
	"account_disabled":     {ZH: "账号已停用", EN: "account disabled"},
	"account_not_approved": {ZH: "账号待批准", EN: "account not approved"},
	"password_weak":        {ZH: "密码不符合要求", EN: "password not as required"},
	"no_right":             {ZH: "没有权限", EN: "no right"},
	"other_unit":           {ZH: "不属本责任主体", EN: "another unit's"},
	"not_your_own":         {ZH: "非本人办理", EN: "not one's own"},
	"foreign_origin":       {ZH: "来自其他网站", EN: "from another site"},
	"tool_unknown":         {ZH: "密钥不符", EN: "the key does not fit"},
}

// OutcomeName is the wording of an outcome; of a refusal that has none, its code.
func OutcomeName(outcome string) campaign.Text {
	if text, known := outcomes[outcome]; known {
		return text
	}
	return campaign.Text{ZH: "已拒绝：" + outcome, EN: "refused: " + outcome}
}

// Entry is something to be logged. What is empty is filled in from the Origin of the context.
type Entry struct {
	HappenedAt time.Time // real time; zero: now
	Kind       Kind
	Outcome    string // Done, Begun or the code of a refusal; "" is Done
	Actor      string // code of the person
	Login      string // account; never what was typed (see auth.Event)
	Address    string
	Agent      string
	Request    string // id of the request
	Object     string // what it is about: account/shen, case/12, GET /api/v1/layers/parcels
	// Details are canonical JSON in the log. Nothing personal goes in here.
	Details map[string]any
}

// Longest texts of an entry, in bytes.
const (
	longestText   = 200
	longestDetail = 4000
)

// plain makes an entry fit to be stored: one line a field, nothing PostgreSQL
// would refuse. An entry is never lost because of what somebody sent.
func (e Entry) plain(now time.Time) Entry {
	if e.HappenedAt.IsZero() {
		e.HappenedAt = now
	}
	e.HappenedAt = e.HappenedAt.Truncate(time.Microsecond)
	if e.Outcome == "" {
		e.Outcome = Done
	}
	for _, s := range []*string{&e.Outcome, &e.Actor, &e.Login, &e.Address, &e.Agent, &e.Request, &e.Object} {
		*s = oneLine(*s)
	}
	return e
}

func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	return strings.ToValidUTF8(s[:min(len(s), longestText)], "")
}

// text is the details as they are hashed and stored: sorted keys, no spaces, no HTML escapes.
func (e Entry) text() string {
	if len(e.Details) == 0 {
		return "{}"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e.Details)
	text := strings.TrimSpace(b.String())
	if err != nil || len(text) > longestDetail || strings.Contains(text, `\u0000`) {
		return fmt.Sprintf(`{"unreadable":%d}`, len(text))
	}
	return text
}
