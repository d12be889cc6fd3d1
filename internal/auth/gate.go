package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// Store keeps accounts, sessions and attempts.
type Store interface {
	Accounts
	Sessions
	// CountAttempt counts an attempt of a login (its SHA-256) from an address before it is judged, and gives how many there were in a
	// row, this one among them; beyond the limit it counts no further. A row is forgotten after the lock's time.
	CountAttempt(ctx context.Context, login []byte, address string, now time.Time, limit int, lock time.Duration) (int, error)
	ForgetAttempts(ctx context.Context, login []byte, address string) error
}

// Accounts keeps the accounts.
type Accounts interface {
	// Account finds an account; KindNotFound if there is none.
	Account(ctx context.Context, login string) (Account, error)
	Listed(ctx context.Context) ([]Listed, error)
	// AddAccounts stores new accounts, all or none. Of this and what follows the database itself looks whether the person by may do so.
	AddAccounts(ctx context.Context, by string, all []Account) error
	// SetPassword replaces the password and ends the account's sessions.
	SetPassword(ctx context.Context, by string, a Account) error
	// SetDisabled closes or opens an account; closing ends its sessions.
	SetDisabled(ctx context.Context, by, login string, disabled bool) error
	// Approve lets an account in; an approved one stays as it is.
	Approve(ctx context.Context, by, login string, at time.Time) error
}

// Sessions keeps who is signed in; tokens are known by their SHA-256 alone.
type Sessions interface {
	// OpenSession stores a session, drops the one it replaces (nil: none) and those that began before a time.
	OpenSession(ctx context.Context, token, replaced []byte, s Session, stale time.Time) error
	// Session finds a session of an account that is not disabled; KindNotFound if there is none.
	Session(ctx context.Context, token []byte) (s Session, mustChange bool, err error)
	TouchSession(ctx context.Context, token []byte, at time.Time) error
	CloseSession(ctx context.Context, token []byte) error
	CloseSessions(ctx context.Context, login string) error
	// Sessions are the sessions of an account, newest first, each named by the beginning of its token's SHA-256.
	Sessions(ctx context.Context, login string) ([]Open, error)
	// CloseNamed ends one of the account's sessions and says whether there was one.
	CloseNamed(ctx context.Context, login, name string) (bool, error)
	// WatchSessions calls changed once when it listens, and then whenever a session has ended or an account or person has changed; it
	// returns when the connection ends.
	WatchSessions(ctx context.Context, changed func()) error
}

// Gate lets people in and out.
type Gate struct {
	store  *memory
	rules  Rules
	hasher *hasher
	clock  func() time.Time // real time: a demo's campaign may be in another year, its sessions are not
	decoy  string           // compared against where there is no account, so that it takes as long

	witness Witness
}

// NewGate makes the gate; clock is real time.
func NewGate(ctx context.Context, store Store, rules Rules, cost Cost, clock func() time.Time) (*Gate, error) {
	g := &Gate{store: newMemory(store, clock), rules: rules, hasher: newHasher(cost), clock: clock, witness: nobody{}}
	var err error
	g.decoy, err = g.hasher.hash(ctx, rand.Text())
	return g, err
}

// Rules are the rules of the gate.
func (g *Gate) Rules() Rules { return g.rules }

// Attempt is what somebody shows at the gate.
type Attempt struct {
	Login, Password string
	Address         string // of the client, without port
	Agent           string // what the browser calls itself
	Token           string // of the session it replaces, if any: no token survives a sign-in

	outside bool // another system said who it is
}

// SignIn lets somebody in. Five wrong attempts in a row lock the account for that address alone.
func (g *Gate) SignIn(ctx context.Context, a Attempt) (Session, error) {
	account, err := g.prove(ctx, a)
	if err == nil {
		err = account.open()
	}
	return g.letIn(ctx, account, a, err)
}

// open refuses an account that lets nobody in, whoever knows its password.
func (a Account) open() error {
	switch {
	case a.Disabled:
		return fault.New(fault.KindDenied, "account_disabled", "账号已停用，可联系区整治办", "the account is disabled; please ask the district office")
	case a.ApprovedBy == "":
		return fault.New(fault.KindDenied, "account_not_approved", "账号待安全管理员批准", "the account waits for the security administrator's approval")
	}
	return nil
}

// letIn begins the session of who has proved an account, unless err says why not; both are written down first.
func (g *Gate) letIn(ctx context.Context, account Account, a Attempt, err error) (Session, error) {
	e := Event{Deed: SignedIn, Refusal: refusalOf(err), Login: attempted(account, a.Login), Address: a.Address, Agent: a.Agent}
	if err == nil {
		e.By = account.Person // only who proved it is called so
	}
	if told := g.witness.Before(ctx, e); told != nil {
		return Session{}, told
	}
	if err != nil {
		return Session{}, err
	}
	return g.open(ctx, account.Login, a)
}

// open begins a session under a new token.
func (g *Gate) open(ctx context.Context, login string, a Attempt) (Session, error) {
	now, token := g.clock(), rand.Text()
	s := Session{Login: login, Address: a.Address, Agent: a.Agent, BeganAt: now, ActiveAt: now, Outside: a.outside}
	var replaced []byte
	if a.Token != "" {
		replaced = fingerprint(a.Token)
	}
	if err := g.store.OpenSession(ctx, fingerprint(token), replaced, s, now.Add(-2*g.rules.Lifetime)); err != nil {
		return Session{}, err
	}
	s, err := g.Visit(ctx, token, Background)
	s.Token = token
	return s, err
}

// prove finds the account whose password is shown, and counts. With a refusal comes the account it is about; none if it is unknown.
func (g *Gate) prove(ctx context.Context, a Attempt) (Account, error) {
	login := strings.ToLower(strings.TrimSpace(a.Login))
	n, err := g.store.CountAttempt(ctx, fingerprint(login), a.Address, g.clock(), g.rules.Failures+1, g.rules.Lock)
	if err != nil {
		return Account{}, err
	}
	account, err := g.store.Account(ctx, normalLogin(a.Login))
	known := err == nil
	if fault.KindOf(err) == fault.KindNotFound {
		account, err = Account{Password: g.decoy}, nil
	}
	if err != nil {
		return Account{}, err
	}
	if n > g.rules.Failures {
		return account, g.locked()
	}
	same, outdated, err := g.hasher.check(ctx, bounded(a.Password), account.Password)
	if err != nil {
		return Account{}, err
	}
	if !same || !known {
		return account, g.wrong(g.rules.Failures - n)
	}
	if outdated {
		if err := g.rehash(ctx, account, a.Password); err != nil {
			return Account{}, err
		}
	}
	return account, g.store.ForgetAttempts(ctx, fingerprint(login), a.Address)
}

// bounded cuts what no password can be, so that nobody makes the server hash megabytes.
func bounded(password string) string {
	if len(password) > 4*longestPassword {
		return ""
	}
	return password
}

// rehash keeps the same password, and its age, at today's cost.
func (g *Gate) rehash(ctx context.Context, a Account, password string) error {
	hash, err := g.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	a.Password = hash
	return g.store.SetPassword(ctx, a.Person, a)
}

func (g *Gate) locked() error {
	minutes := int(math.Ceil(g.rules.Lock.Minutes()))
	return fault.New(fault.KindUnidentified, "sign_in_locked",
		fmt.Sprintf("连续 %d 次输错，账号已锁定 %d 分钟", g.rules.Failures, minutes),
		fmt.Sprintf("%d wrong attempts in a row: the account is locked for %d minutes", g.rules.Failures, minutes))
}

func (g *Gate) wrong(left int) error {
	if left <= 0 {
		return g.locked()
	}
	return fault.New(fault.KindUnidentified, "sign_in_wrong",
		fmt.Sprintf("账号或密码不正确，还可尝试 %d 次", left),
		fmt.Sprintf("the account or the password is wrong; %d more attempts", left))
}

// Background is how long the user has done nothing where a request is no activity of theirs: streams, timers.
const Background = time.Duration(math.MaxInt64)

// touchStep is how much later an activity must be to be worth a write.
const touchStep = time.Minute

// Visit finds the session of a token. quiet is how long ago the user last did
// something; a session ends when that is too long ago. What is asked in the Background finds out by it that a session has ended.
func (g *Gate) Visit(ctx context.Context, token string, quiet time.Duration) (Session, error) {
	if token == "" {
		return Session{}, errNotSignedIn()
	}
	hash := fingerprint(token)
	s, mustChange, err := g.find(ctx, hash, quiet)
	if fault.KindOf(err) == fault.KindNotFound {
		return Session{}, errNotSignedIn()
	}
	if err != nil {
		return Session{}, err
	}
	now := g.clock()
	if err := g.over(s, now); err != nil {
		return Session{}, err
	}
	if !s.Outside {
		s.Due = g.rules.due(mustChange, s.ChangedAt, now)
	}
	if quiet < 0 || quiet >= g.rules.Idle || now.Add(-quiet).Sub(s.ActiveAt) < min(touchStep, g.rules.Idle/10) {
		return s, nil
	}
	s.ActiveAt = now.Add(-quiet)
	return s, g.store.TouchSession(ctx, hash, s.ActiveAt)
}

// find remembers a session, or asks the database: always in the background, and about one that seems to be over.
func (g *Gate) find(ctx context.Context, token []byte, quiet time.Duration) (Session, bool, error) {
	if quiet != Background {
		if s, mustChange, known := g.store.recall(token); known && g.over(s, g.clock()) == nil {
			return s, mustChange, nil
		}
	}
	return g.store.Session(ctx, token)
}

func errNotSignedIn() error {
	return fault.New(fault.KindUnidentified, "not_signed_in", "请先登录", "please sign in first")
}

func (g *Gate) over(s Session, now time.Time) error {
	minutes, hours := int(g.rules.Idle.Minutes()), int(g.rules.Lifetime.Hours())
	switch {
	case now.Sub(s.ActiveAt) >= g.rules.Idle:
		return fault.New(fault.KindUnidentified, "session_over", fmt.Sprintf("%d 分钟未操作，已退出；未保存的内容已保留", minutes),
			fmt.Sprintf("signed out after %d minutes without activity; what was not saved is kept", minutes))
	case now.Sub(s.BeganAt) >= g.rules.Lifetime:
		return fault.New(fault.KindUnidentified, "session_over", fmt.Sprintf("登录已满 %d 小时，请重新登录；未保存的内容已保留", hours),
			fmt.Sprintf("signed in for %d hours; please sign in again, what was not saved is kept", hours))
	}
	return nil
}

// SignOut ends a session; everywhere ends all sessions of its account.
func (g *Gate) SignOut(ctx context.Context, token string, everywhere bool) error {
	s, err := g.Visit(ctx, token, Background)
	if err != nil {
		return err
	}
	if !everywhere {
		return g.ended(ctx, SignedOut, s, g.store.CloseSession(ctx, fingerprint(token)))
	}
	return g.ended(ctx, SessionsEnded, s, g.store.CloseSessions(ctx, s.Login))
}

// ended has what somebody did to their own sessions written down, with how it went.
func (g *Gate) ended(ctx context.Context, deed Deed, s Session, err error) error {
	told := g.witness.After(ctx, Event{Deed: deed, Refusal: refusalOf(err), By: s.Actor.ID, Login: s.Login})
	if err == nil {
		return told
	}
	return err
}

// ChangePassword replaces the password of who is signed in, ends all their sessions and begins a new one.
// A wrong old password counts as an attempt to sign in.
func (g *Gate) ChangePassword(ctx context.Context, s Session, old, wanted string) (Session, error) {
	a := Attempt{Login: s.Login, Password: old, Address: s.Address, Agent: s.Agent}
	if err := g.ended(ctx, PasswordChanged, s, g.replace(ctx, a, wanted)); err != nil {
		return Session{}, err
	}
	return g.open(ctx, s.Login, a)
}

// replace gives an account the wanted password if the attempt proves the old one.
func (g *Gate) replace(ctx context.Context, a Attempt, wanted string) error {
	account, err := g.prove(ctx, a)
	if err != nil {
		return asRefusal(err)
	}
	if a.Password == wanted {
		return fault.New(fault.KindInvalid, "password_same", "新密码不能与原密码相同", "the new password must differ from the old one")
	}
	account.MustChange = false
	return g.setPassword(ctx, account.Person, account, wanted)
}

// asRefusal says of a wrong old password that it is wrong: who asks is signed in all the same.
func asRefusal(err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindUnidentified {
		return err
	}
	refused := *f
	refused.Kind = fault.KindDenied
	return &refused
}

func (g *Gate) setPassword(ctx context.Context, by string, a Account, password string) error {
	if err := g.rules.CheckPassword(a.Login, password); err != nil {
		return err
	}
	hash, err := g.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	a.Password, a.ChangedAt = hash, g.clock()
	return g.store.SetPassword(ctx, by, a)
}

func fingerprint(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
