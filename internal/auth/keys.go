package auth

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// TokenStore keeps tokens and the codes of enrolments by their SHA-256.
type TokenStore interface {
	AddToken(ctx context.Context, hash []byte, t Token) (int64, error)
	// TokenBySecret and TokenByID find a token, in force or not; KindNotFound if there is none.
	TokenBySecret(ctx context.Context, hash []byte) (Token, error)
	TokenByID(ctx context.Context, id int64) (Token, error)
	// Tokens are those of a login, or all (""), newest first.
	Tokens(ctx context.Context, login string) ([]Token, error)
	// TouchToken notes a use; a later end replaces the old one, unless it is zero.
	TouchToken(ctx context.Context, id int64, at time.Time, from string, expires time.Time) error
	// TellUnsent keeps what a phone says it has not sent.
	TellUnsent(ctx context.Context, id int64, unsent int, at time.Time) error
	// RevokeToken ends a token that is in force; one that is not stays as it is.
	RevokeToken(ctx context.Context, id int64, at time.Time, by string) error
	AddEnrolment(ctx context.Context, code []byte, login string, now, expires time.Time) error
	// TakeEnrolment gives the login of a code once, if it has not expired; KindNotFound otherwise.
	TakeEnrolment(ctx context.Context, code []byte, now time.Time) (login string, err error)
	Account(ctx context.Context, login string) (Account, error)
}

// TokenDeed is what happens to a token, as the access log calls it.
type TokenDeed string

// What happens to tokens.
const (
	TokenMade    TokenDeed = "token.create"
	TokenUsed    TokenDeed = "token.use"
	TokenRevoked TokenDeed = "token.revoke"
)

// TokenEvent is a deed, let through or refused.
type TokenEvent struct {
	Deed    TokenDeed
	Refusal string // code of the refusal; "" if it was let through
	By      string // code of the person; "": nobody known
	Login   string
	Token   int64 // 0: none is known
	Kind    TokenKind
	Address string
}

// TokenWitness writes down what happens to tokens; what it cannot write down must not happen.
type TokenWitness interface {
	Token(ctx context.Context, e TokenEvent) error
}

// Keys gives out tokens, takes them, and takes them back.
type Keys struct {
	store   TokenStore
	witness TokenWitness
	clock   func() time.Time // real time, as the gate's
}

// NewKeys makes them; clock is real time.
func NewKeys(store TokenStore, witness TokenWitness, clock func() time.Time) *Keys {
	return &Keys{store: store, witness: witness, clock: clock}
}

// Holder is who asks for a token: an account and its person. The system has no account.
type Holder struct {
	Actor   Actor
	Login   string
	Address string
}

// manages tells who gives out walls and sees everybody's tokens.
func (h Holder) manages() bool {
	return h.Actor == System() || slices.Contains([]string{campaign.RoleDistrict, campaign.RoleSystemAdmin, campaign.RoleSecurityAdmin}, h.Actor.Role) && h.Actor.Unit == ""
}

// Wanted is a token to be made.
type Wanted struct {
	Kind      TokenKind
	Name      string
	Login     string // whose; "" is one's own
	Unit      string
	MayChange bool
	Networks  []netip.Prefix
	Days      int // of a program's token
}

const longestName = 60

func (w Wanted) check(h Holder) error {
	if n := utf8.RuneCountInString(w.Name); n == 0 || n > longestName || strings.ContainsAny(w.Name, "\r\n\t") {
		return fault.New(fault.KindInvalid, "token_name", fmt.Sprintf("请填名称，最多 %d 个字", longestName), fmt.Sprintf("a name is wanted, of at most %d characters", longestName))
	}
	switch {
	case w.Kind == WallToken && (w.MayChange || w.Days != 0):
		return fault.New(fault.KindInvalid, "wall_only_shows", "大屏令牌只能查看，不设到期", "a wall's token only shows, and does not end by itself")
	case w.Kind == WallToken && !h.manages(), w.Login != h.Login && h.Actor != System():
		return NoRight()
	case w.Kind == APIToken && campaign.Administers(h.Actor.Role):
		return fault.New(fault.KindDenied, "token_of_administrator", "管理员账号不发接口令牌", "no program works with the account of an administrator")
	case w.Kind == APIToken && (w.Days < 1 || time.Duration(w.Days)*24*time.Hour > longestToken):
		return fault.New(fault.KindInvalid, "token_days", "有效期应为 1 到 366 天", "a token is good for 1 to 366 days")
	case w.Kind != WallToken && w.Kind != APIToken:
		return fault.New(fault.KindInvalid, "token_kind", "没有这种令牌", "there is no such kind of token")
	}
	return nil
}

// Make makes a token; its secret is told now and never again.
func (k *Keys) Make(ctx context.Context, h Holder, w Wanted) (secret string, t Token, err error) {
	w.Name = strings.TrimSpace(w.Name)
	if w.Login == "" {
		w.Login = h.Login
	}
	t = Token{Kind: w.Kind, Name: w.Name, Login: w.Login, MadeBy: h.Login, Unit: w.Unit, MayChange: w.MayChange, Networks: w.Networks, MadeAt: k.clock()}
	if w.Kind == APIToken {
		t.ExpiresAt = t.MadeAt.AddDate(0, 0, w.Days)
	}
	err = w.check(h)
	// Nobody hands on more than they have: a token for one's unit, and for the whole district where one has it.
	if err == nil && h.Actor.Unit != "" && w.Unit != "" && w.Unit != h.Actor.Unit {
		err = NoRight()
	}
	if err := k.tell(ctx, TokenEvent{Deed: TokenMade, By: h.Actor.ID, Login: h.Login, Kind: w.Kind, Address: h.Address}, err); err != nil {
		return "", Token{}, err
	}
	return k.add(ctx, t)
}

func (k *Keys) add(ctx context.Context, t Token) (secret string, made Token, err error) {
	secret = newSecret(prefix(t.Kind))
	id, err := k.store.AddToken(ctx, fingerprint(secret), t)
	if err != nil {
		return "", Token{}, err
	}
	made, err = k.store.TokenByID(ctx, id)
	return secret, made, err
}

// tell has an event written down, with the refusal if there is one, and gives it back.
func (k *Keys) tell(ctx context.Context, e TokenEvent, refusal error) error {
	if f, ok := fault.As(refusal); ok {
		e.Refusal = f.Code
	}
	if err := k.witness.Token(ctx, e); err != nil {
		return err
	}
	return refusal
}

// useTold is how long a use from the same address is told once.
const useTold = time.Hour

// Use finds the token of a secret, and refuses it where it is no good.
func (k *Keys) Use(ctx context.Context, secret, address string, kinds ...TokenKind) (Token, error) {
	if !LooksLikeToken(secret) {
		return Token{}, errTokenUnknown()
	}
	t, err := k.store.TokenBySecret(ctx, fingerprint(secret))
	if fault.KindOf(err) == fault.KindNotFound || err == nil && !slices.Contains(kinds, t.Kind) {
		return Token{}, k.tell(ctx, TokenEvent{Deed: TokenUsed, Address: address}, errTokenUnknown())
	}
	if err != nil {
		return Token{}, err
	}
	now := k.clock()
	err = t.check(address, now)
	if err == nil && now.Sub(t.UsedAt) < touchStep && t.UsedFrom == address {
		return t, nil
	}
	if err != nil || now.Sub(t.UsedAt) >= useTold || t.UsedFrom != address {
		if err := k.tell(ctx, TokenEvent{Deed: TokenUsed, By: t.Actor().ID, Login: t.Login, Token: t.ID, Kind: t.Kind, Address: address}, err); err != nil {
			return Token{}, err
		}
	}
	var expires time.Time
	if t.Kind == DeviceToken {
		expires = now.Add(DeviceLife)
	}
	return t, k.store.TouchToken(ctx, t.ID, now, address, expires)
}

// Unsent takes what a phone says it has not sent; what was said a moment ago is not written again.
func (k *Keys) Unsent(ctx context.Context, t Token, n int) error {
	now := k.clock()
	if t.Kind != DeviceToken || n == t.Unsent && now.Sub(t.UnsentAt) < touchStep {
		return nil
	}
	return k.store.TellUnsent(ctx, t.ID, n, now)
}

// Stands gives a token that is in use as it is now, and refuses one that is no longer good; a stream asks it again and again.
func (k *Keys) Stands(ctx context.Context, id int64, address string) (Token, error) {
	t, err := k.store.TokenByID(ctx, id)
	if err != nil {
		return Token{}, err
	}
	return t, t.check(address, k.clock())
}

// List gives one's own tokens, or everybody's to who manages them.
func (k *Keys) List(ctx context.Context, h Holder) ([]Token, error) {
	login := h.Login
	if h.manages() {
		login = ""
	}
	list, err := k.store.Tokens(ctx, login)
	for i, t := range list {
		list[i].Expired = !t.ExpiresAt.IsZero() && !k.clock().Before(t.ExpiresAt)
	}
	return list, err
}

// Revoke ends a token: one's own, or anybody's for who manages them.
func (k *Keys) Revoke(ctx context.Context, h Holder, id int64) error {
	t, err := k.store.TokenByID(ctx, id)
	if err == nil && t.Login != h.Login && !h.manages() {
		err = fault.New(fault.KindNotFound, "token_not_found", "没有这个令牌", "there is no such token")
	}
	if err := k.tell(ctx, TokenEvent{Deed: TokenRevoked, By: h.Actor.ID, Login: h.Login, Token: id, Kind: t.Kind, Address: h.Address}, err); err != nil {
		return err
	}
	return k.store.RevokeToken(ctx, id, k.clock(), h.Login)
}

// Enrolment makes a code by which a phone becomes its owner's, once, within ten minutes.
func (k *Keys) Enrolment(ctx context.Context, h Holder) (code string, expires time.Time, err error) {
	now := k.clock()
	code, expires = newSecret("guatu_enrol_"), now.Add(EnrolmentLife)
	return code, expires, k.store.AddEnrolment(ctx, fingerprint(code), h.Login, now, expires)
}

// Enrol takes a code and makes the phone's token.
func (k *Keys) Enrol(ctx context.Context, code, name, address string) (secret string, t Token, err error) {
	now := k.clock()
	login, err := k.store.TakeEnrolment(ctx, fingerprint(code), now)
	if fault.KindOf(err) == fault.KindNotFound {
		err = fault.New(fault.KindUnidentified, "enrolment_unknown", "二维码已使用或已过期，请在电脑上重新生成", "the code has been used or has expired; please make another on the computer")
	}
	var a Account
	if err == nil {
		a, err = k.store.Account(ctx, login)
	}
	if err == nil && a.Disabled {
		err = fault.New(fault.KindDenied, "account_disabled", "账号已停用，可联系区整治办", "the account is disabled; please ask the district office")
	}
	if err := k.tell(ctx, TokenEvent{Deed: TokenMade, By: a.Person, Login: login, Kind: DeviceToken, Address: address}, err); err != nil {
		return "", Token{}, err
	}
	return k.add(ctx, Token{Kind: DeviceToken, Name: shortName(name), Login: login, MadeBy: login, MayChange: true, MadeAt: now, ExpiresAt: now.Add(DeviceLife), UsedAt: now, UsedFrom: address})
}

// shortName is what a phone calls itself, made fit.
func shortName(name string) string {
	plain := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " "))
	if len(plain) == 0 {
		return "手机"
	}
	return string(plain[:min(longestName, len(plain))])
}
