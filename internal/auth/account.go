package auth

import (
	"regexp"
	"strings"
	"time"
)

// Account is a person's right to sign in.
type Account struct {
	Login      string // lower case
	Person     string // code of the person it acts as
	Password   string // argon2id, as a PHC string
	ChangedAt  time.Time
	MustChange bool // the password was given by somebody else
	Disabled   bool
	CreatedAt  time.Time
	CreatedBy  string // code of the person, or system
	ApprovedBy string // "": nobody yet, and so it lets nobody in
	ApprovedAt time.Time
	SignedInAt time.Time // zero: never
	Role       string    // of the person; read, never stored with the account
}

// Listed is an account as who manages accounts sees it.
type Listed struct {
	Account
	Actor Actor
}

// Session is somebody signed in, in one browser.
type Session struct {
	Token     string // the secret of the cookie; only SignIn and ChangePassword give it
	Login     string
	Actor     Actor
	Due       Due
	Address   string
	Agent     string
	BeganAt   time.Time
	ActiveAt  time.Time
	ChangedAt time.Time // of the password
	Outside   bool      // another system said who it is; no password was shown here
}

// Open is a session as its owner sees it.
type Open struct {
	Name     string // the beginning of the SHA-256 of its token: it names it and opens nothing
	Address  string
	Agent    string
	BeganAt  time.Time
	ActiveAt time.Time
	Own      bool // the one that asks
}

// Due says why the password must be changed before anything else.
type Due string

// Reasons to change a password.
const (
	NotDue     Due = ""
	DueFirst   Due = "first"   // it was given by somebody else
	DueExpired Due = "expired" // it is older than the rules allow
)

// Rules are the habits of 等保 2.0 (GB/T 22239-2019, 8.1.4.1) as settings.
type Rules struct {
	PasswordLength  int           // at least so many characters
	PasswordClasses int           // of upper case, lower case, digits, others
	PasswordAge     time.Duration // 0: never expires
	Failures        int           // wrong attempts in a row before an account is locked for an address
	Lock            time.Duration
	Idle            time.Duration // without activity of the user a session ends
	Lifetime        time.Duration // a session ends in any case
}

// due judges a password at a time.
func (r Rules) due(mustChange bool, changedAt, now time.Time) Due {
	switch {
	case mustChange:
		return DueFirst
	case r.PasswordAge > 0 && now.Sub(changedAt) >= r.PasswordAge:
		return DueExpired
	}
	return NotDue
}

// UsualRules are the defaults.
func UsualRules() Rules {
	return Rules{
		PasswordLength: 8, PasswordClasses: 3, PasswordAge: 90 * 24 * time.Hour,
		Failures: 5, Lock: 30 * time.Minute, Idle: 30 * time.Minute, Lifetime: 12 * time.Hour,
	}
}

// loginForm is what a login looks like: also what the database allows.
var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// normalLogin is a login as it is stored; "" for what no account can be called.
func normalLogin(typed string) string {
	login := strings.ToLower(strings.TrimSpace(typed))
	if !loginForm.MatchString(login) {
		return ""
	}
	return login
}
